import { containers, defineRule, remove } from '../../src/rule.ts'

export default defineRule({
  id: 'host-port-used',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'Container takes a port of its node',
  why: `
    A host port makes the container reachable at the address of every node it runs on, past Services and most network
    policies, and only one pod a node can have it. Use a Service; what must listen on the node itself, like an ingress
    controller, allows the finding.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/concepts/configuration/overview/',
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
          ports:
            - containerPort: 8080
              hostPort: 80
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
          ports:
            - containerPort: 8080
  `,
  on: containers,
  check(container, ctx) {
    for (const port of container.get('ports')?.each() ?? []) {
      const at = port.get('hostPort')
      if (typeof at?.value !== 'number' || at.value === 0) continue
      ctx.report(at, `container "${container.text('name') ?? ''}" takes port ${at.value} of its node`, {
        part: 'pair',
        fixes: [{ title: `Take out hostPort ${at.value}`, safe: false, patch: remove(at) }],
      })
    }
  },
})
