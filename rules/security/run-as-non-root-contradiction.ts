import { defineRule, listContainers, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'run-as-non-root-contradiction',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'security', 'reliability', 'helm'],
  title: 'Container must not be root and is',
  why: `
    With \`runAsNonRoot\` the kubelet refuses to start a container whose user is 0: it stays in
    CreateContainerConfigError. The values of a container win over those of the pod, each field by itself.`,
  see: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
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
            runAsNonRoot: true
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
            runAsNonRoot: true
            runAsUser: 1000
  `,
  on: podSpecs,
  check(spec, ctx) {
    const pod = spec.get('securityContext')
    for (const { at, name } of listContainers(spec)) {
      const own = at.get('securityContext')
      const nonRoot = own?.get('runAsNonRoot') ?? pod?.get('runAsNonRoot')
      const user = own?.get('runAsUser') ?? pod?.get('runAsUser')
      if (nonRoot?.value !== true || user?.value !== 0) continue
      ctx.report(
        user,
        `container "${name}" runs as user 0 and must not (runAsNonRoot), so that it cannot start`,
        {
          part: 'pair',
          related: [{ at: nonRoot, part: 'pair', message: 'must not be root' }],
        },
      )
    }
  },
})
