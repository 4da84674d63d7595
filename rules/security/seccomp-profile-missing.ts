import { beforeMinor, defineRule, isForWindows, listSecured, podSpecs, setBelow } from '../../src/rule.ts'

export default defineRule({
  id: 'seccomp-profile-missing',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-restricted'],
  title: 'Container has no seccomp profile',
  why: `
    Without a profile a container may use all system calls of the kernel, those that exploits live on included, unless
    the kubelet is told to use the default of the runtime. Set \`type: RuntimeDefault\` for the pod.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
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
    const { versions } = ctx.apis
    const kubernetes = isForWindows(spec) ? beforeMinor(versions, 25) : versions
    const [pod, ...containers] = listSecured(spec)
    if (kubernetes.length === 0 || pod?.context?.get('seccompProfile', 'type')) return
    for (const { at, context, name, place } of containers) {
      if (context?.get('seccompProfile', 'type')) continue
      ctx.report(place, `neither the pod nor ${name} has a seccomp profile`, {
        part: 'key',
        kubernetes,
        fixes: [
          {
            title: 'Use RuntimeDefault',
            safe: false,
            patch: setBelow(at, ['securityContext', 'seccompProfile', 'type'], 'RuntimeDefault'),
          },
        ],
      })
    }
  },
})
