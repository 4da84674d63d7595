import {
  defineRule,
  type Fix,
  joinSome,
  kind,
  listIngressBackends,
  listServicePorts,
  type OfferedPorts,
  type Port,
  readOfferedPorts,
  set,
} from '../../src/rule.ts'

export default defineRule({
  id: 'ingress-backend-port-missing',
  category: 'network',
  severity: 'error',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  title: 'Service of the Ingress has no such port',
  why: `
    The backend names a port of the Service, by number or by name: its \`port\`, not the \`targetPort\` and not a port of
    the container. The controller answers 503 for a port that the Service does not have.`,
  see: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource'],
  bad: `
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - name: http
          port: 80
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      rules:
        - host: www.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 8080
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
        - name: http
          port: 80
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      rules:
        - host: www.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80
  `,
  on: kind('Ingress'),
  check(ingress, ctx) {
    const { resource, graph } = ctx
    for (const { service, port } of listIngressBackends(resource)) {
      const wanted = port?.value
      const name = service.text()
      if (!port || !name || (typeof wanted !== 'number' && typeof wanted !== 'string')) continue
      if (wanted === 'use-annotation' && ingress.get('metadata', 'annotations', `${ALB_ACTIONS}${name}`))
        continue
      const reference = { group: '', kind: 'Service', namespace: graph.namespaceOf(resource), name }
      const services = graph.find(reference, resource).resources
      if (services.length === 0 || isOffered(readOfferedPorts(services), wanted)) continue
      const ports = listServicePorts(services[0]!)
      const written = typeof wanted === 'number' ? String(wanted) : `named "${wanted}"`
      const only =
        ports.length === 1 ? (typeof wanted === 'number' ? ports[0]!.number : ports[0]!.name) : undefined
      const fixes: Fix[] =
        only === undefined
          ? []
          : [{ title: `Use ${JSON.stringify(only)}`, safe: false, patch: set(port, only) }]
      ctx.report(port, `Service "${name}" has no port ${written}`, {
        fixes,
        related: [{ at: ports[0]!.at, message: `ports of the Service: ${joinSome(ports, wordPort)}` }],
      })
    }
  },
})

/** The AWS controller takes the backend from an annotation where the port has the name `use-annotation`. */
const ALB_ACTIONS = 'alb.ingress.kubernetes.io/actions.'

/** Services without ports, as those of type ExternalName, are the controller's business. */
const isOffered = ({ numbers, names, hasPortless }: OfferedPorts, wanted: number | string): boolean =>
  hasPortless || (typeof wanted === 'number' ? numbers.has(wanted) : names.has(wanted))

const wordPort = ({ name, number }: Port): string => (name ? `${number} "${name}"` : String(number))
