import { defineRule, listLinks, podSpecs, reportAbsent } from '../../src/rule.ts'

export default defineRule({
  id: 'config-map-missing',
  category: 'refs',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'ConfigMap does not exist',
  why: `
    A container whose environment comes from a missing ConfigMap stays in CreateContainerConfigError; a pod with a missing
    volume hangs in ContainerCreating. The finding is made only where the manifests hold other ConfigMaps of the namespace,
    or are said to be complete (\`closed: true\`). Declare what is made elsewhere under \`external\` in plimsoll.yaml.`,
  see: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/'],
  bad: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-settings
    data:
      log.level: info
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
            - name: LOG_LEVEL
              valueFrom:
                configMapKeyRef:
                  name: web-setings
                  key: log.level
  `,
  good: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-settings
    data:
      log.level: info
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
            - name: LOG_LEVEL
              valueFrom:
                configMapKeyRef:
                  name: web-settings
                  key: log.level
  `,
  on: podSpecs,
  check(_, ctx) {
    const links = listLinks(ctx.resource)
    reportAbsent(
      ctx,
      links.filter(it => it.kind === 'ConfigMap' && it.group === '' && !it.optional),
    )
  },
})
