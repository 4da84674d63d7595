import { defineRule, formatResource, joinSome, kind, readSelectedPorts } from '../../src/rule.ts'

export default defineRule({
  id: 'service-target-port-number-undeclared',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  title: 'Selected pods declare other ports than this one',
  why: `
    A number as targetPort is used as it is, whether a container declares it or not. When the pods declare ports and this
    one is not among them, it is most often a mistake: connections are refused. Pods that declare no port at all are no
    finding. Declare the port where the program does listen on it.`,
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
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: 8081
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
    // Headless Services translate no ports.
    if (selection?.verdict !== 'found' || selection.open || service.text('spec', 'clusterIP') === 'None')
      return
    const { templates, isInjected, hasSilent, ports, protocols } = readSelectedPorts(selection.templates)
    if (templates.length === 0 || hasSilent || isInjected) return
    for (const port of service.get('spec', 'ports')?.each() ?? []) {
      const at = port.get('targetPort') ?? port.get('port')
      const number = at?.value
      if (!at || typeof number !== 'number') continue
      const protocol = port.text('protocol') || 'TCP'
      const others = protocols.get(number)
      if (others?.has(protocol)) continue
      const nameOf = (it: { readonly number: number | undefined; readonly protocol: string }): string =>
        it.protocol !== 'TCP' || (others && it.number === number)
          ? `${it.number}/${it.protocol}`
          : `${it.number}`
      const owner = formatResource(templates[0]!.resource)
      const wanted = nameOf({ number, protocol })
      const target = at.key === 'port' ? `${wanted}, which is the target without a targetPort,` : wanted
      ctx.report(at, `pods of ${owner} do not declare port ${target} but ${joinSome(ports, nameOf)}`, {
        related: [{ at: ports[0]!.at, message: 'a port that is declared' }],
      })
    }
  },
})
