import {
  defineRule,
  formatResource,
  groupBy,
  inNamespace,
  kind,
  listServices,
  memo,
  type Resource,
  readLabelSelector,
  selectServices,
} from '../../src/rule.ts'

export default defineRule({
  id: 'service-monitor-no-match',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Monitor selects no Service',
  why: `
    A ServiceMonitor selects Services by the labels of their metadata (not by their selector, and not by labels of pods), in
    its own namespace unless it names others. When none has the labels, nothing is scraped and nobody is told. The finding is
    made only where the manifests hold other Services of the namespace.`,
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
          app: webb
      endpoints:
        - port: metrics
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
    const { graph, resource } = ctx
    const at = monitor.get('spec', 'selector')
    const selector = at?.isMap ? readLabelSelector(at) : undefined
    const namespace = graph.namespaceOf(resource)
    const isElsewhere =
      graph.incomplete.length > 0 ||
      graph.hasInstaller(namespace) ||
      monitor.get('spec', 'namespaceSelector') !== undefined
    if (!at || !selector || selector.length === 0 || isElsewhere) return
    if (selector.some(it => it.values.some(graph.mayBeOperated))) return
    const beside = listServices(graph, namespace)
    if (beside.length === 0 || selectServices(graph, selector, [namespace]).length > 0) return
    const named = groupByName(beside).get(resource.name)?.[0] ?? beside[0]!
    const labels = named.root.get('metadata', 'labels')
    ctx.report(at, `no Service${inNamespace(namespace)} has the labels that the monitor selects`, {
      part: 'pair',
      related: [
        labels
          ? { at: labels, part: 'pair' as const, message: `labels of ${formatResource(named)}` }
          : {
              at: named.root.get('metadata') ?? named.root,
              part: 'key' as const,
              message: `${formatResource(named)} has no labels`,
            },
      ],
    })
  },
})

const groupByName = memo((services: readonly Resource[]) => groupBy(services, it => it.name))
