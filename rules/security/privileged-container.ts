import { containers, defineRule, set } from '../../src/rule.ts'

export default defineRule({
  id: 'privileged-container',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'security', 'pss-baseline', 'pss-restricted'],
  title: 'Container runs privileged',
  why: `
    A privileged container sees every device of its node and skips the seccomp and AppArmor profiles: who breaks out of
    the process owns the node. Most programs need one capability at most; add that instead. Agents of the node itself
    may have to be privileged: allow the finding there, with the reason.`,
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
            privileged: true # was needed for the old driver
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
            privileged: false # was needed for the old driver
  `,
  on: containers,
  check(container, ctx) {
    const at = container.get('securityContext', 'privileged')
    if (at?.value !== true) return
    ctx.report(at, `container "${container.text('name') ?? ''}" is privileged`, {
      part: 'pair',
      fixes: [{ title: 'Set privileged to false', safe: false, patch: set(at, false) }],
    })
  },
})
