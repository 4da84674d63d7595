import {
  beforeMinor,
  DEFAULT_CAPABILITIES,
  defineRule,
  isForWindows,
  listSecured,
  podSpecs,
} from '../../src/rule.ts'

export default defineRule({
  id: 'capabilities-not-dropped',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-restricted'],
  title: 'Container keeps capabilities',
  why: `
    Runtimes give containers about a dozen capabilities that most programs never use. Drop ALL of them, in capitals, and add
    back at most NET_BIND_SERVICE, which lets a program listen below port 1024.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          securityContext:
            capabilities:
              drop: [ALL]
  `,
  on: podSpecs,
  check(spec, ctx) {
    const { versions } = ctx.apis
    const kubernetes = isForWindows(spec) ? beforeMinor(versions, 25) : versions
    if (kubernetes.length === 0) return
    const [, ...containers] = listSecured(spec)
    for (const { context, name, place } of containers) {
      const capabilities = context?.get('capabilities')
      const drop = capabilities?.get('drop')
      if (!drop?.each().some(it => it.text() === 'ALL'))
        ctx.report(drop ?? capabilities ?? place, `${name} does not drop ALL capabilities`, {
          part: 'key',
          kubernetes,
        })
      for (const added of capabilities?.get('add')?.each() ?? []) {
        const capability = added.text() ?? ''
        // What is not among the defaults is the business of capability-not-default.
        if (capability === 'NET_BIND_SERVICE' || !DEFAULT_CAPABILITIES.has(capability)) continue
        ctx.report(added, `${name} adds the capability "${capability}"`, { kubernetes })
      }
    }
  },
})
