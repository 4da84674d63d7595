import {
  areTogether,
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
    const { resource, graph } = ctx
    const guards = findGuards(graph)
    for (const template of selectPods(graph, resource)) {
      const [first] = guards
        .get(template)!
        .filter(it => it === resource || (it.name !== resource.name && areTogether(it, resource)))
      if (!first || first === resource) continue
      const message = `pods of ${formatResource(template.resource)} are guarded by ${formatResource(first)} already`
      ctx.report(budget.get('spec', 'selector')!, message, {
        part: 'pair',
        related: [{ at: first.root.get('spec', 'selector')!, part: 'pair', message: 'the other budget' }],
      })
      return
    }
  },
})

function selectPods(graph: Graph, budget: Resource): readonly PodTemplate[] {
  const at = budget.root.get('spec', 'selector')
  const selector = at?.isMap ? readLabelSelector(at) : undefined
  return selector ? graph.selectPods(selector, graph.namespaceOf(budget), budget).templates : []
}

/** The budgets of every template, in the order of the input. */
const findGuards = memo((graph: Graph): ReadonlyMap<PodTemplate, readonly Resource[]> => {
  const guards = new Map<PodTemplate, Resource[]>()
  for (const budget of graph.ofKind('PodDisruptionBudget'))
    for (const template of selectPods(graph, budget)) {
      const list = guards.get(template)
      if (list) list.push(budget)
      else guards.set(template, [budget])
    }
  return guards
})
