import { defineRule, formatNearMiss, inNamespace, kind } from '../../src/rule.ts'

export default defineRule({
  id: 'service-selector-no-match',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Service selects no pods',
  why: `
    A Service finds its pods by their labels, in its own namespace; every pair of the selector must be among the labels of
    the pod template. The labels of a Deployment itself do not count. Without pods the Service has no endpoints, and
    connections to it are refused. The finding is made only where the manifests hold other pods of the namespace.`,
  see: [
    'https://kubernetes.io/docs/concepts/services-networking/service/',
    'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
  ],
  bad: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4.0
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: webb
      ports:
        - port: 80
          targetPort: 8080
  `,
  good: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4.0
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: 8080
  `,
  on: kind('Service'),
  check(service, ctx) {
    const selection = ctx.graph.podsBehind(ctx.resource)
    if (selection?.verdict !== 'absent') return
    const { hint, related } = formatNearMiss(selection.nearest)
    const where = inNamespace(ctx.graph.namespaceOf(ctx.resource))
    const at = service.get('spec', 'selector')!
    ctx.report(at, `no pod${where} has the labels that the Service selects${hint}`, { part: 'pair', related })
  },
})
