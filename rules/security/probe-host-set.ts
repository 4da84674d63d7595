import { containers, defineRule, remove, sinceMinor } from '../../src/rule.ts'

export default defineRule({
  id: 'probe-host-set',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'Probe or hook calls another host',
  why: `
    The kubelet makes the calls of probes and hooks. Where they name a host, the kubelet calls that host, from the network
    of the node: a way to reach what pods cannot. Leave the host out, so that the pod itself is called; a virtual host goes
    into the header Host. Pod Security admission refuses it since 1.34.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
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
          livenessProbe:
            tcpSocket:
              host: 127.0.0.1
              port: 8080
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
          livenessProbe:
            tcpSocket:
              port: 8080
  `,
  on: containers,
  check(container, ctx) {
    const kubernetes = sinceMinor(ctx.apis.versions, 34)
    if (kubernetes.length === 0) return
    for (const path of CALLS)
      for (const action of ['httpGet', 'tcpSocket']) {
        const at = container.get(...path, action, 'host')
        if (!at?.text()) continue
        ctx.report(
          at,
          `${path.join('.')} of container "${container.text('name') ?? ''}" calls "${at.text()}"`,
          {
            part: 'pair',
            kubernetes,
            fixes: [{ title: 'Take out the host', safe: false, patch: remove(at) }],
          },
        )
      }
  },
})

const CALLS = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
] as const
