import {
  appliedWith,
  defineRule,
  findLabelledTemplate,
  formatResource,
  groupBy,
  isSelected,
  kind,
  memo,
  type PodSelector,
  type PodTemplate,
  type Resource,
  readLabelSelector,
} from '../../src/rule.ts'

export default defineRule({
  id: 'workload-selector-overlap',
  category: 'reliability',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  title: 'Selector takes the pods of another workload',
  why: `
    A controller counts the pods that its selector takes. When these include pods of another workload, autoscalers and
    \`kubectl\` mix the two, and orphaned pods are adopted by the wrong one. Give each workload a label of its own, in the
    selector and in the template.`,
  see: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector'],
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
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web-admin
    spec:
      selector:
        matchLabels:
          app: web
          role: admin
      template:
        metadata:
          labels:
            app: web
            role: admin
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4.0
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
          role: site
      template:
        metadata:
          labels:
            app: web
            role: site
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4.0
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web-admin
    spec:
      selector:
        matchLabels:
          app: web
          role: admin
      template:
        metadata:
          labels:
            app: web
            role: admin
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4.0
  `,
  on: kind('Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'),
  check(workload, ctx) {
    const { resource, graph } = ctx
    const at = workload.get('spec', 'selector')
    const selector = readSelector(resource)
    const own = findLabelledTemplate(resource)
    if (!at || !own || !selector || selector.length === 0 || !isSelected(own, selector)) return
    const { templates } = graph.selectPods(selector, graph.namespaceOf(resource), resource)
    const beside = findBeside(templates).get(appliedWith(resource))
    const first = beside?.firsts.find(it => it.resource.name !== resource.name)
    if (!beside || !first) return
    // Of two that take each other's pods the second is told.
    const other =
      beside.positions.get(first)! < beside.positions.get(own)!
        ? first
        : beside.templates.find(it => it.resource.name !== resource.name && !takes(it, own))
    if (!other) return
    ctx.report(at, `the selector takes the pods of ${formatResource(other.resource)} too`, {
      part: 'pair',
      related: [
        { at: other.at.get('metadata', 'labels') ?? other.at, part: 'pair', message: 'labels of those pods' },
      ],
    })
  },
})

/** Jobs select by a label that is unique to each of them. */
const CONTROLLERS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'])

/** Templates of controllers that are applied together. */
interface Beside {
  readonly templates: readonly PodTemplate[]
  readonly positions: ReadonlyMap<PodTemplate, number>
  /** The first of all, and the first of another name. */
  readonly firsts: readonly PodTemplate[]
}

const findBeside = memo((selected: readonly PodTemplate[]): ReadonlyMap<object, Beside> => {
  const controllers = selected.filter(it => CONTROLLERS.has(it.resource.kind))
  const groups = groupBy(controllers, it => appliedWith(it.resource))
  return new Map([...groups].map(([key, templates]) => [key, toBeside(templates)]))
})

function toBeside(templates: readonly PodTemplate[]): Beside {
  const first = templates[0]!
  const second = templates.find(it => it.resource.name !== first.resource.name)
  return {
    templates,
    positions: new Map(templates.map((it, i) => [it, i])),
    firsts: second ? [first, second] : [first],
  }
}

/** Whether the selector of one workload takes the pods of another. */
function takes({ resource }: PodTemplate, other: PodTemplate): boolean {
  const selector = readSelector(resource)
  return selector !== undefined && isSelected(other, selector)
}

const readSelector = memo(({ root }: Resource): PodSelector | undefined => {
  const at = root.get('spec', 'selector')
  return at?.isMap ? readLabelSelector(at) : undefined
})
