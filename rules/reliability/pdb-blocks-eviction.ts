import {
  type At,
  type Context,
  defineRule,
  formatResource,
  type Graph,
  joinSome,
  kind,
  memo,
  type PodTemplate,
  readLabelSelector,
  readReplicas,
  set,
  toScaledCount,
} from '../../src/rule.ts'

export default defineRule({
  id: 'pdb-blocks-eviction',
  category: 'reliability',
  severity: 'error',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  title: 'Budget allows no eviction at all',
  why: `
    With as many pods demanded as there are, no pod may be evicted: draining a node hangs, and so do upgrades of the cluster
    and its autoscaler. Leave room for at least one pod; for a single replica decide between a second one and no budget.
    Percentages are rounded up. Of autoscaled workloads the fewest replicas count.`,
  see: [
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/',
  ],
  bad: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
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
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      minAvailable: 3
      selector:
        matchLabels:
          app: web
  `,
  good: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
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
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      minAvailable: 2
      selector:
        matchLabels:
          app: web
  `,
  on: kind('PodDisruptionBudget'),
  check(budget, ctx) {
    const spec = budget.get('spec')
    const minimum = spec?.get('minAvailable')
    const maximum = spec?.get('maxUnavailable')
    if (!spec || (minimum && maximum)) return
    if (maximum && (maximum.value === 0 || maximum.value === '0%'))
      return ctx.report(maximum, `maxUnavailable ${String(maximum.value)} allows no eviction at all`, {
        fixes: [{ title: 'Use 1', safe: false, patch: set(maximum, 1) }],
      })
    if (!minimum) return
    if (minimum.value === '100%') return ctx.report(minimum, 'minAvailable 100% allows no eviction at all')
    const pods = countPods(spec, ctx)
    const needed = pods && toScaledCount(minimum.value, pods.count, 'up')
    if (!pods || needed === undefined || needed < pods.count) return
    const { count, owners, at } = pods
    const replicas = count === 1 ? 'the only replica' : `all ${count} replicas`
    ctx.report(
      minimum,
      `minAvailable ${String(minimum.value)} demands ${replicas} of ${owners}, so no pod may be evicted`,
      {
        related: at ? [{ at, part: 'pair', message: 'the fewest replicas' }] : [],
        fixes:
          typeof minimum.value === 'number' && count > 1
            ? [{ title: `Use ${count - 1}`, safe: false, patch: set(minimum, count - 1) }]
            : [],
      },
    )
  },
})

const SCALABLE: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'Rollout',
])

const areScalable = memo((templates: readonly PodTemplate[]): boolean =>
  templates.every(it => SCALABLE.has(it.resource.kind)),
)

/** The fewest pods that the budget guards; undefined where that cannot be told. */
function countPods(
  spec: At,
  { graph, resource }: Context,
): { count: number; owners: string; at: At | undefined } | undefined {
  const at = spec.get('selector')
  const selector = at?.isMap ? readLabelSelector(at) : undefined
  if (!selector) return undefined
  const { verdict, open, templates } = graph.selectPods(selector, graph.namespaceOf(resource), resource)
  if (verdict !== 'found' || open || !areScalable(templates)) return undefined
  return sumReplicas(graph)(templates)
}

const replicasIn = memo((graph: Graph) => memo(({ resource }: PodTemplate) => readReplicas(graph, resource)))

/** What all pods of some templates come to; budgets of equal selectors guard one list. */
const sumReplicas = memo((graph: Graph) =>
  memo((templates: readonly PodTemplate[]) => {
    const replicas = templates.map(replicasIn(graph))
    if (replicas.some(it => !it.count)) return undefined
    return {
      count: replicas.reduce((sum, it) => sum + it.count!, 0),
      owners: joinSome(templates, it => formatResource(it.resource)),
      at: replicas[0]?.at,
    }
  }),
)
