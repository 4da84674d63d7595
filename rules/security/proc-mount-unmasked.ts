import { beforeMinor, defineRule, hasUserNamespace, listContainers, podSpecs, set } from '../../src/rule.ts'

export default defineRule({
  id: 'proc-mount-unmasked',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'Container sees all of /proc',
  why: `
    Runtimes hide parts of /proc that tell about the node or change it. Unmasked shows them; it is meant for containers
    that run containers, in a user namespace of their own (\`hostUsers: false\`).`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
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
          securityContext:
            procMount: Unmasked
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
            procMount: Default
  `,
  on: podSpecs,
  check(spec, ctx) {
    // Since 1.35 the level baseline takes it in a user namespace; the level restricted does not.
    const { versions } = ctx.apis
    const kubernetes = hasUserNamespace(spec) ? beforeMinor(versions, 35) : versions
    if (kubernetes.length === 0) return
    for (const { at: container, name } of listContainers(spec)) {
      const at = container.get('securityContext', 'procMount')
      if (!at || at.value === null || at.text() === 'Default') continue
      ctx.report(at, `container "${name}" mounts /proc "${at.text() ?? ''}"`, {
        part: 'pair',
        kubernetes,
        fixes: [{ title: 'Use Default', safe: false, patch: set(at, 'Default') }],
      })
    }
  },
})
