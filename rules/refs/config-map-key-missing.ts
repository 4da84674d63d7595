import { defineRule, didYouMean, type Fix, listLinks, podSpecs, quoteNames, set } from '../../src/rule.ts'

export default defineRule({
  id: 'config-map-key-missing',
  category: 'refs',
  severity: 'error',
  presets: ['recommended', 'helm'],
  scope: 'graph',
  title: 'ConfigMap does not have the key',
  why: `
    The ConfigMap exists and the key does not: the container stays in CreateContainerConfigError, or the volume cannot be
    mounted. Keys of \`data\` and \`binaryData\` count.`,
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
                  name: web-settings
                  key: log-level
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
    const { resource, graph } = ctx
    for (const link of listLinks(resource)) {
      if (link.kind !== 'ConfigMap' || link.group !== '' || link.optional) continue
      for (const at of link.keys) {
        const key = at.text()
        if (key === undefined) continue
        const { verdict, keys, holder, suggestion } = graph.followKey(resource, link, key)
        if (verdict !== 'absent') continue
        const fixes: Fix[] = suggestion
          ? [{ title: `Use "${suggestion}"`, safe: false, patch: set(at, suggestion) }]
          : []
        ctx.report(at, `ConfigMap "${link.name}" has no key "${key}"${didYouMean(suggestion)}`, {
          fixes,
          related: holder
            ? [
                {
                  at: holder.root.get('metadata', 'name') ?? holder.root,
                  message: `it has ${quoteNames(keys)}`,
                },
              ]
            : [],
        })
      }
    }
  },
})
