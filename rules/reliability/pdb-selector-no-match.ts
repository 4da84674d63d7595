import { defineRule, formatNearMiss, inNamespace, kind, readLabelSelector } from '../../src/rule.ts'

export default defineRule({
  id: 'pdb-selector-no-match',
  category: 'reliability',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Budget guards no pods',
  why: `
    A PodDisruptionBudget selects pods by their labels in its own namespace. When it selects none it guards nothing, and a
    drained node stops all replicas at once. The finding is made only where the manifests hold other pods of the namespace.`,
  see: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
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
          app: webb
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
    const at = budget.get('spec', 'selector')
    const selector = at?.isMap ? readLabelSelector(at) : undefined
    if (!at || !selector) return
    const namespace = ctx.graph.namespaceOf(ctx.resource)
    const { verdict, nearest } = ctx.graph.selectPods(selector, namespace, ctx.resource)
    if (verdict !== 'absent') return
    const { hint, related } = formatNearMiss(nearest)
    ctx.report(at, `no pod${inNamespace(namespace)} has the labels that the budget selects${hint}`, {
      part: 'pair',
      related,
    })
  },
})
