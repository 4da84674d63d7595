import { defineRule, didYouMean, type Fix, listLinks, podSpecs, quoteNames, set } from '../../src/rule.ts'

export default defineRule({
  id: 'secret-key-missing',
  category: 'refs',
  severity: 'error',
  presets: ['recommended', 'helm'],
  scope: 'graph',
  title: 'Secret does not have the key',
  why: `
    The Secret exists and the key does not: the container stays in CreateContainerConfigError, or the volume cannot be
    mounted. Keys of \`data\` and \`stringData\` count, and those that a SealedSecret, ExternalSecret or Certificate makes.`,
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
                  name: web-login
                  key: pasword
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
    const { resource, graph } = ctx
    for (const link of listLinks(resource)) {
      if (link.kind !== 'Secret' || link.group !== '' || link.optional) continue
      for (const at of link.keys) {
        const key = at.text()
        if (key === undefined) continue
        const { verdict, keys, holder, suggestion } = graph.followKey(resource, link, key)
        if (verdict !== 'absent') continue
        const fixes: Fix[] = suggestion
          ? [{ title: `Use "${suggestion}"`, safe: false, patch: set(at, suggestion) }]
          : []
        ctx.report(at, `Secret "${link.name}" has no key "${key}"${didYouMean(suggestion)}`, {
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
