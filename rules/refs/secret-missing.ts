import { defineRule, listLinks, podSpecs, reportAbsent } from '../../src/rule.ts'

export default defineRule({
  id: 'secret-missing',
  category: 'refs',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Secret does not exist',
  why: `
    A container whose environment comes from a missing Secret stays in CreateContainerConfigError; a pod with a missing
    volume hangs in ContainerCreating. Secrets made by SealedSecret, ExternalSecret, Certificate and the like count as
    there. Declare what is made elsewhere under \`external\` in plimsoll.yaml.`,
  see: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  bad: `
    apiVersion: v1
    kind: Secret
    metadata:
      name: web-login
    stringData:
      password: changed-on-delivery
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          env:
            - name: PASSWORD
              valueFrom:
                secretKeyRef:
                  name: web-logn
                  key: password
  `,
  good: `
    apiVersion: v1
    kind: Secret
    metadata:
      name: web-login
    stringData:
      password: changed-on-delivery
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          env:
            - name: PASSWORD
              valueFrom:
                secretKeyRef:
                  name: web-login
                  key: password
  `,
  on: podSpecs,
  check(_, ctx) {
    const links = listLinks(ctx.resource)
    reportAbsent(
      ctx,
      links.filter(
        it => it.kind === 'Secret' && it.group === '' && !it.optional && it.relation !== 'pulls-with',
      ),
    )
  },
})
