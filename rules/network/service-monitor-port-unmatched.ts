import {
  type Context,
  defineRule,
  didYouMean,
  findNearest,
  formatResource,
  kind,
  listServicePorts,
  matchesSelector,
  type PodSelector,
  quoteNames,
  type Resource,
  readLabelSelector,
  readLabels,
  set,
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
    const services = selector ? selectServices(ctx, selector) : []
    const isOperated = selector?.some(it => it.values.some(ctx.graph.mayBeOperated))
    if (services.length === 0 || isOperated) return
    const names = services.flatMap(listServicePorts).flatMap(it => it.name ?? [])
    for (const endpoint of monitor.get('spec', 'endpoints')?.each() ?? []) {
      const port = endpoint.get('port')
      const name = port?.text()
      if (!port || !name || names.includes(name)) continue
      const meant = findNearest(name, names) ?? (new Set(names).size === 1 ? names[0] : undefined)
      const [service] = services
      ctx.report(port, `no port of ${formatResource(service!)} is named "${name}"${didYouMean(meant)}`, {
        related: [
          {
            at: service!.root.get('spec', 'ports') ?? service!.root,
            part: 'key',
            message: names.length > 0 ? `its named ports: ${quoteNames(names)}` : 'its ports have no names',
          },
        ],
        fixes: meant ? [{ title: `Use "${meant}"`, safe: false, patch: set(port, meant) }] : [],
      })
    }
  },
})

function selectServices({ graph, resource }: Context, selector: PodSelector): readonly Resource[] {
  const own = graph.namespaceOf(resource)
  const choice = resource.root.get('spec', 'namespaceSelector')
  const names = choice?.get('matchNames')
  const namespaces = names?.isList ? names.each().map(it => it.text()) : [own]
  return graph.ofKind('Service').filter(service => {
    if (service.group !== '') return false
    const namespace = graph.namespaceOf(service)
    const isChosen =
      choice?.get('any')?.value === true || namespace === undefined || namespaces.includes(namespace)
    return isChosen && matchesSelector(selector, readLabels(service.root))
  })
}
