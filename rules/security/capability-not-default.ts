import { containers, DEFAULT_CAPABILITIES, defineRule } from '../../src/rule.ts'

export default defineRule({
  id: 'capability-not-default',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'Container adds a capability that containers do not have by themselves',
  why: `
    A capability is a piece of what root may do; beyond those that runtimes give by themselves, most open a way to the
    node: SYS_ADMIN is nearly root, NET_ADMIN rewrites the network, SYS_PTRACE reads other processes. Take it out, or allow
    the finding with the reason. Names are compared as they are written, without CAP_.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
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
          securityContext:
            capabilities:
              add: [NET_ADMIN, CHOWN]
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
              add: [CHOWN]
  `,
  on: containers,
  check(container, ctx) {
    for (const at of container.get('securityContext', 'capabilities', 'add')?.each() ?? []) {
      const capability = at.text()
      if (capability === undefined || DEFAULT_CAPABILITIES.has(capability)) continue
      ctx.report(at, `container "${container.text('name') ?? ''}" adds the capability "${capability}"`)
    }
  },
})
