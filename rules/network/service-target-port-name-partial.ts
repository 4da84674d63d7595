import { areTogether, defineRule, formatResource, isServing, kind, listPodPorts } from '../../src/rule.ts'

export default defineRule({
  id: 'service-target-port-name-partial',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  title: 'Some selected pods lack the port of this name',
  why: `
    The Service takes pods of several workloads, and only some of them have a container port of this name. The others are
    selected and get no endpoint, so that they receive no traffic, or none on this port.`,
  see: ['https://kubernetes.io/docs/concepts/services-networking/service/'],
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
              ports:
                - name: http
                  containerPort: 8080
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web-canary
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
              ports:
                - name: web
                  containerPort: 8080
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
          targetPort: http
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
              ports:
                - name: http
                  containerPort: 8080
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web-canary
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
              ports:
                - name: http
                  containerPort: 8080
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
          targetPort: http
  `,
  on: kind('Service'),
  check(service, ctx) {
    const selection = ctx.graph.podsBehind(ctx.resource)
    if (selection?.verdict !== 'found' || selection.open) return
    const templates = selection.templates.filter(
      it => isServing(it) && areTogether(it.resource, ctx.resource),
    )
    for (const port of service.get('spec', 'ports')?.each() ?? []) {
      const at = port.get('targetPort')
      const name = at?.text()
      if (!at || !name) continue
      const protocol = port.text('protocol') || 'TCP'
      const lacking = templates.filter(
        it => !listPodPorts(it.spec).some(it => it.name === name && it.protocol === protocol),
      )
      if (lacking.length === 0 || lacking.length === templates.length) continue
      const owners = lacking.map(it => formatResource(it.resource))
      ctx.report(
        at,
        `pods of ${owners.join(', ')} have no port named "${name}", others that are selected do`,
        {
          related: lacking.map(it => ({
            at: it.at.get('spec', 'containers') ?? it.at,
            part: 'key',
            message: `pods of ${formatResource(it.resource)}`,
          })),
        },
      )
    }
  },
})
