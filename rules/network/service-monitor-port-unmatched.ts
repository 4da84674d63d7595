import {
  type Context,
  defineRule,
  didYouMean,
  formatResource,
  kind,
  listServicePorts,
  memo,
  type Namespaces,
  quoteNames,
  type Resource,
  readLabelSelector,
  selectServices,
  set,
  suggestName,
} from '../../src/rule.ts'

export default defineRule({
  id: 'service-monitor-port-unmatched',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  title: 'Monitor names a port that the Service does not have',
  why: `
    \`endpoints[].port\` of a ServiceMonitor is the name of a port of the Service: no number, and no port of the pods. Targets
    without it are dropped, and nothing is scraped.`,
  see: [
    'https://prometheus-operator.dev/docs/developer/getting-started/',
    'https://prometheus-operator.dev/docs/api-reference/api/',
  ],
  bad: `
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      labels:
        app: web
    spec:
      selector:
        app: web
      ports:
        - name: metrics
          port: 9090
    ---
    apiVersion: monitoring.coreos.com/v1
    kind: ServiceMonitor
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      endpoints:
        - port: http
  `,
  good: `
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      labels:
        app: web
    spec:
      selector:
        app: web
      ports:
        - name: metrics
          port: 9090
    ---
    apiVersion: monitoring.coreos.com/v1
    kind: ServiceMonitor
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      endpoints:
        - port: metrics
  `,
  on: kind('ServiceMonitor'),
  check(monitor, ctx) {
    const at = monitor.get('spec', 'selector')
    const selector = at?.isMap ? readLabelSelector(at) : undefined
    const services = selector ? selectServices(ctx.graph, selector, readNamespaces(ctx)) : []
    const isOperated = selector?.some(it => it.values.some(ctx.graph.mayBeOperated))
    if (services.length === 0 || isOperated) return
    const names = listPortNames(services)
    for (const endpoint of monitor.get('spec', 'endpoints')?.each() ?? []) {
      const port = endpoint.get('port')
      const name = port?.text()
      if (!port || !name || names.has(name)) continue
      const meant = suggestName(name, names) ?? (names.size === 1 ? [...names][0] : undefined)
      const [service] = services
      ctx.report(port, `no port of ${formatResource(service!)} is named "${name}"${didYouMean(meant)}`, {
        related: [
          {
            at: service!.root.get('spec', 'ports') ?? service!.root,
            part: 'key',
            message: names.size > 0 ? `its named ports: ${quoteNames(names)}` : 'its ports have no names',
          },
        ],
        fixes: meant ? [{ title: `Use "${meant}"`, safe: false, patch: set(port, meant) }] : [],
      })
    }
  },
})

/** The names of all ports; many monitors may select the same Services. */
const listPortNames = memo(
  (services: readonly Resource[]): ReadonlySet<string> =>
    new Set(services.flatMap(listServicePorts).flatMap(it => it.name ?? [])),
)

function readNamespaces({ graph, resource }: Context): Namespaces {
  const choice = resource.root.get('spec', 'namespaceSelector')
  if (choice?.get('any')?.value === true) return 'any'
  const names = choice?.get('matchNames')
  return names?.isList ? names.each().map(it => it.text()) : [graph.namespaceOf(resource)]
}
