import { defineRule, isConfined, listSecured, podSpecs, set } from '../../src/rule.ts'

export default defineRule({
  id: 'seccomp-profile-unconfined',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'Seccomp is switched off',
  why: `
    A seccomp profile keeps a container from system calls that programs do not need and exploits do. Unconfined allows all
    of them. Use RuntimeDefault, or a profile of the node.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tutorials/security/seccomp/',
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
            seccompProfile:
              type: Unconfined
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
            seccompProfile:
              type: RuntimeDefault
  `,
  on: podSpecs,
  check(spec, ctx) {
    for (const { context, name } of listSecured(spec)) {
      const at = context?.get('seccompProfile', 'type')
      if (!at || at.value === null || isConfined(at.text())) continue
      ctx.report(at, `${name} has the seccomp profile "${at.text() ?? ''}"`, {
        part: 'pair',
        fixes: [{ title: 'Use RuntimeDefault', safe: false, patch: set(at, 'RuntimeDefault') }],
      })
    }
  },
})
