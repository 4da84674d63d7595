import { beforeMinor, defineRule, hasUserNamespace, listSecured, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'run-as-user-root',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-restricted'],
  title: 'Container runs as root',
  why: `
    \`runAsUser: 0\` starts the container as root, whatever its image says. Use the user that the image is made for, or any
    number above zero.`,
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
          securityContext:
            runAsUser: 0
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
            runAsUser: 1000
  `,
  on: podSpecs,
  check(spec, ctx) {
    const { versions } = ctx.apis
    const kubernetes = hasUserNamespace(spec) ? beforeMinor(versions, 35) : versions
    if (kubernetes.length === 0) return
    const ofPod = spec.get('securityContext', 'runAsNonRoot')
    for (const { context, name } of listSecured(spec)) {
      const at = context?.get('runAsUser')
      if (at?.value !== 0) continue
      const mustNot = (context?.get('runAsNonRoot') ?? ofPod)?.value === true
      if (mustNot && ctx.isOn('run-as-non-root-contradiction')) continue
      ctx.report(at, `${name} runs as root`, { part: 'pair', kubernetes })
    }
  },
})
