import { beforeMinor, defineRule, isForWindows, listSecured, podSpecs, setBelow } from '../../src/rule.ts'

export default defineRule({
  id: 'privilege-escalation-allowed',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-restricted'],
  title: 'Container may gain more privileges than its parent',
  why: `
    Unless allowPrivilegeEscalation is false, a setuid program inside the container can become root. Set it to false:
    programs that need no setuid, which are nearly all, never notice.`,
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
            allowPrivilegeEscalation: false
  `,
  on: podSpecs,
  check(spec, ctx) {
    const { versions } = ctx.apis
    const kubernetes = isForWindows(spec) ? beforeMinor(versions, 25) : versions
    if (kubernetes.length === 0) return
    const [, ...containers] = listSecured(spec)
    for (const { at, context, name, place } of containers) {
      const flag = context?.get('allowPrivilegeEscalation')
      if (flag?.value === false) continue
      ctx.report(flag ?? place, `${name} does not set allowPrivilegeEscalation to false`, {
        part: flag ? 'pair' : 'key',
        kubernetes,
        fixes: [
          {
            title: 'Set allowPrivilegeEscalation to false',
            safe: false,
            patch: setBelow(at, ['securityContext', 'allowPrivilegeEscalation'], false),
          },
        ],
      })
    }
  },
})
