import {
  type At,
  defineRule,
  type Fix,
  joinSome,
  kind,
  listLinks,
  type Resource,
  readOfferedPorts,
  reportAbsent,
  set,
} from '../../src/rule.ts'

export default defineRule({
  id: 'route-backend-missing',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Route leads to a Service or port that does not exist',
  why: `
    A route sends requests to a Service by name and to one of its ports by number; without it the gateway answers 500. The
    Service is looked up in the namespace of the route unless the reference names another one.`,
  see: [
    'https://gateway-api.sigs.k8s.io/reference/spec/#backendref',
    'https://gateway-api.sigs.k8s.io/api-types/httproute/',
  ],
  bad: `
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: web
    spec:
      parentRefs:
        - name: public
          namespace: infra
      rules:
        - backendRefs:
            - name: web
              port: 8080
  `,
  good: `
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: web
    spec:
      parentRefs:
        - name: public
          namespace: infra
      rules:
        - backendRefs:
            - name: web
              port: 80
  `,
  on: kind('HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'),
  check(_, ctx) {
    const { resource, graph } = ctx
    const links = listLinks(resource).filter(
      it => it.relation === 'routes-to' && it.kind === 'Service' && it.group === '',
    )
    reportAbsent(ctx, links)
    for (const link of links) {
      const port = findSibling(resource, link.at)
      const wanted = port?.value
      const services = graph.follow(resource, link).resources
      if (!port || typeof wanted !== 'number' || services.length === 0) continue
      const { ports: offered, numbers } = readOfferedPorts(services)
      if (offered.length === 0 || numbers.has(wanted)) continue
      const fixes: Fix[] =
        offered.length === 1 && offered[0]!.number !== undefined
          ? [{ title: `Use ${offered[0]!.number}`, safe: false, patch: set(port, offered[0]!.number) }]
          : []
      ctx.report(port, `Service "${link.name}" has no port ${wanted}`, {
        fixes,
        related: [
          { at: offered[0]!.at, message: `its ports: ${joinSome(offered, it => String(it.number))}` },
        ],
      })
    }
  },
})

/** The port beside the name of a backend. */
function findSibling({ root }: Resource, name: At): At | undefined {
  const steps = name.path.slice(root.path.length, -1)
  return root.get(...steps, 'port')
}
