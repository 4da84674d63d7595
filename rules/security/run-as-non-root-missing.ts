import { beforeMinor, defineRule, hasUserNamespace, listSecured, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'run-as-non-root-missing',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-restricted'],
  title: 'Container may run as root',
  why: `
    The user of an image is often root, and root in a container is root on the node once it breaks out. With
    \`runAsNonRoot: true\` the kubelet refuses to start a container as root; set it for the pod or for each container, and
    never to false.`,
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
            runAsNonRoot: true
  `,
  on: podSpecs,
  check(spec, ctx) {
    const { versions } = ctx.apis
    const kubernetes = hasUserNamespace(spec) ? beforeMinor(versions, 35) : versions
    if (kubernetes.length === 0) return
    const [pod, ...containers] = listSecured(spec)
    const ofPod = pod?.context?.get('runAsNonRoot')
    if (ofPod?.value === false) ctx.report(ofPod, 'the pod may run as root', { part: 'pair', kubernetes })
    for (const { context, name, place } of containers) {
      const own = context?.get('runAsNonRoot')
      const value = own?.value ?? ofPod?.value
      // That the pod allows it is said once.
      if (value === true || (own?.value == null && ofPod?.value === false)) continue
      ctx.report(own ?? place, `${name} may run as root`, { part: own ? 'pair' : 'key', kubernetes })
    }
  },
})
