import { defineRule, hasUserNamespace, listContainers, podSpecs, set, sinceMinor } from '../../src/rule.ts'

export default defineRule({
  id: 'proc-mount-not-default',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-restricted'],
  title: 'Container sees all of /proc in its user namespace',
  why: `
    The level baseline of the Pod Security Standards takes an unmasked /proc in a user namespace since 1.35; the level
    restricted never does.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      hostUsers: false
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
      hostUsers: false
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          securityContext:
            procMount: Default
  `,
  on: podSpecs,
  check(spec, ctx) {
    const kubernetes = sinceMinor(ctx.apis.versions, 35)
    if (kubernetes.length === 0 || !hasUserNamespace(spec)) return
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
