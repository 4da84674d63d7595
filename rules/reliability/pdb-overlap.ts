import {
  appliedWith,
  defineRule,
  formatResource,
  type Graph,
  kind,
  memo,
  type PodTemplate,
  type Resource,
  readLabelSelector,
} from '../../src/rule.ts'

export default defineRule({
  id: 'pdb-overlap',
  category: 'reliability',
  severity: 'error',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  title: 'Two budgets guard the same pods',
  why: `
    The eviction API refuses a pod that more than one PodDisruptionBudget selects, with an error and not with a wait: the
    node cannot be drained until one of the budgets is gone.`,
  see: [
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/',
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
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      maxUnavailable: 1
      selector:
        matchLabels:
          app: web
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web-again
    spec:
      maxUnavailable: 1
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
      maxUnavailable: 1
      selector:
        matchLabels:
          app: web
  `,
  on: kind('PodDisruptionBudget'),
  check(budget, ctx) {
    const overlap = findOverlaps(ctx.graph).get(ctx.resource)
    if (!overlap) return
    const { template, first } = overlap
    const message = `pods of ${formatResource(template.resource)} are guarded by ${formatResource(first)} already`
    ctx.report(budget.get('spec', 'selector')!, message, {
      part: 'pair',
      related: [{ at: first.root.get('spec', 'selector')!, part: 'pair', message: 'the other budget' }],
    })
  },
})

interface Overlap {
  readonly template: PodTemplate
  /** The first budget that guards its pods. */
  readonly first: Resource
}

type Templates = readonly PodTemplate[]

interface Guard {
  readonly budget: Resource
  readonly order: number
}

/**
 * Of each budget the first of its templates that a budget before it guards, and is applied together with it. Budgets of
 * equal selectors guard one list of templates, so lists are compared and not budgets.
 */
const findOverlaps = memo((graph: Graph): ReadonlyMap<Resource, Overlap> => {
  const overlaps = new Map<Resource, Overlap>()
  const budgets = graph.ofKind('PodDisruptionBudget')
  const selected = budgets.map(it => selectPods(graph, it))
  const touching = createTouching(new Set(selected))
  /** Of what is applied together: of each list the first budget, and the first of another name. */
  const groups = new Map<object, Map<Templates, Guard[]>>()
  for (const [order, budget] of budgets.entries()) {
    const templates = selected[order]!
    const group = appliedWith(budget)
    const guards = groups.get(group)
    const isOther = (it: Guard): boolean => it.budget.name !== budget.name
    for (const { template, lists } of guards ? touching(templates) : []) {
      const before = lists.flatMap(it => guards!.get(it)?.find(isOther) ?? [])
      if (before.length === 0) continue
      const first = before.reduce((a, b) => (a.order < b.order ? a : b))
      overlaps.set(budget, { template, first: first.budget })
      break
    }
    if (!guards) groups.set(group, new Map([[templates, [{ budget, order }]]]))
    else if (!guards.has(templates)) guards.set(templates, [{ budget, order }])
    else {
      const list = guards.get(templates)!
      if (list.length === 1 && isOther(list[0]!)) list.push({ budget, order })
    }
  }
  return overlaps
})

/** Of a list its templates, each with the lists that hold it and none of the templates before it. */
function createTouching(lists: ReadonlySet<Templates>) {
  const holders = new Map<PodTemplate, Templates[]>()
  for (const list of lists)
    for (const template of list) {
      const some = holders.get(template)
      if (some) some.push(list)
      else holders.set(template, [list])
    }
  return memo((templates: Templates) => {
    const seen = new Set<Templates>()
    const touching: { readonly template: PodTemplate; readonly lists: readonly Templates[] }[] = []
    for (const template of templates) {
      if (seen.size === lists.size) break
      const fresh = holders.get(template)!.filter(it => !seen.has(it))
      for (const it of fresh) seen.add(it)
      if (fresh.length > 0) touching.push({ template, lists: fresh })
    }
    return touching
  })
}

function selectPods(graph: Graph, budget: Resource): readonly PodTemplate[] {
  const at = budget.root.get('spec', 'selector')
  const selector = at?.isMap ? readLabelSelector(at) : undefined
  return selector ? graph.selectPods(selector, graph.namespaceOf(budget), budget).templates : []
}
