import { defineRule, listLinks, podSpecs, reportAbsent } from '../../src/rule.ts'

export default defineRule({
  id: 'service-account-missing',
  category: 'refs',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Service account does not exist',
  why: `
    Pods of a missing ServiceAccount are refused at admission: for a Deployment or Job that shows only in the events of its
    controller. The account \`default\` exists in every namespace. The finding is made only where the manifests hold other
    accounts of the namespace. Declare accounts that are made elsewhere under \`external\` in plimsoll.yaml.`,
  see: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/'],
  bad: `
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: web
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      serviceAccountName: wbe
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  good: `
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: web
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  on: podSpecs,
  check(_, ctx) {
    reportAbsent(
      ctx,
      listLinks(ctx.resource).filter(it => it.relation === 'runs-as'),
    )
  },
})
