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

/** The first budget that guards some pods, and the first of another name. */
interface Guards {
  readonly first: Resource
  second?: Resource
}

/** Of budgets that are applied together. */
interface Group {
  readonly guards: Map<PodTemplate, Guards>
  /** Names of the budgets that select a list; what more than two would add is known. */
  readonly names: Map<Templates, Set<string>>
  /** What was found last for a list: it holds for the next budget of that name until guards are added. */
  readonly answers: Map<Templates, Answer>
  added: number
}

interface Answer {
  readonly name: string
  readonly added: number
  readonly overlap: Overlap | undefined
}

/**
 * Of each budget the first of its templates that a budget before it guards, and is applied together with it. Budgets of
 * equal selectors guard one list of templates, which is gone through for two of them at most.
 */
const findOverlaps = memo((graph: Graph): ReadonlyMap<Resource, Overlap> => {
  const applied = new Map<object, Resource[]>()
  for (const budget of graph.ofKind('PodDisruptionBudget')) {
    const key = appliedWith(budget)
    const others = applied.get(key)
    if (others) others.push(budget)
    else applied.set(key, [budget])
  }
  const overlaps = new Map<Resource, Overlap>()
  // Most are applied alone.
  for (const budgets of applied.values()) if (budgets.length > 1) addOverlaps(graph, budgets, overlaps)
  return overlaps
})

function addOverlaps(graph: Graph, budgets: readonly Resource[], overlaps: Map<Resource, Overlap>): void {
  const group = createGroup()
  const { answers } = group
  for (const budget of budgets) {
    const templates = selectPods(graph, budget)
    const { name } = budget
    const { added } = group
    let answer = answers.get(templates)
    if (answer?.name !== name || answer.added !== added)
      answers.set(templates, (answer = { name, added, overlap: findOverlap(group, name, templates) }))
    if (answer.overlap) overlaps.set(budget, answer.overlap)
    addBudget(group, budget, templates)
  }
}

const createGroup = (): Group => ({ guards: new Map(), names: new Map(), answers: new Map(), added: 0 })

function findOverlap({ guards }: Group, name: string, templates: Templates): Overlap | undefined {
  for (const template of templates) {
    const { first, second } = guards.get(template) ?? {}
    if (first && first.name !== name) return { template, first }
    if (second) return { template, first: second }
  }
  return undefined
}

function addBudget(group: Group, budget: Resource, templates: Templates): void {
  const { guards, names } = group
  const { name } = budget
  const known = names.get(templates) ?? new Set<string>()
  if (known.size > 1 || known.has(name)) return
  names.set(templates, known.add(name))
  group.added++
  for (const template of templates) {
    const some = guards.get(template)
    if (!some) guards.set(template, { first: budget })
    else if (some.first.name !== name) some.second ??= budget
  }
}

function selectPods(graph: Graph, budget: Resource): readonly PodTemplate[] {
  const at = budget.root.get('spec', 'selector')
  const selector = at?.isMap ? readLabelSelector(at) : undefined
  return selector ? graph.selectPods(selector, graph.namespaceOf(budget), budget).templates : []
}
