import {
  areTogether,
  defineRule,
  findLabelledTemplate,
  formatResource,
  isSelected,
  kind,
  type PodTemplate,
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
    const selector = at?.isMap ? readLabelSelector(at) : undefined
    const own = findLabelledTemplate(resource)
    if (!at || !own || !selector || selector.length === 0 || !isSelected(own, selector)) return
    const { templates } = graph.selectPods(selector, graph.namespaceOf(resource), resource)
    const other = templates.find(
      it =>
        it.resource.name !== resource.name &&
        CONTROLLERS.has(it.resource.kind) &&
        areTogether(it.resource, resource) &&
        // Of two that take each other's pods the second is told.
        (templates.indexOf(it) < templates.indexOf(own) || !takes(it, own)),
    )
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

/** Whether the selector of one workload takes the pods of another. */
function takes({ resource }: PodTemplate, other: PodTemplate): boolean {
  const at = resource.root.get('spec', 'selector')
  const selector = at?.isMap ? readLabelSelector(at) : undefined
  return selector !== undefined && isSelected(other, selector)
}
