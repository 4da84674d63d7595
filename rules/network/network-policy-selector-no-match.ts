import {
  defineRule,
  findNearest,
  formatNearMiss,
  inNamespace,
  kind,
  type NearMiss,
  type Resource,
  readLabelSelector,
} from '../../src/rule.ts'

export default defineRule({
  id: 'network-policy-selector-no-match',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'security', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Network policy isolates no pods',
  why: `
    The policy selects pods by their labels in its own namespace. When it selects none, the pods that it was written for stay
    open to everybody. An empty selector takes all pods and is never reported. Pods also come from elsewhere, as those that
    programs start: the finding is made only where pods of the manifests are nearly selected, or have the policy's name.`,
  see: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
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
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector:
        matchLabels:
          app: webb
      ingress:
        - ports:
            - port: 8080
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
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector:
        matchLabels:
          app: web
      ingress:
        - ports:
            - port: 8080
  `,
  on: kind('NetworkPolicy'),
  check(policy, ctx) {
    const at = policy.get('spec', 'podSelector')
    const selector = at?.isMap ? readLabelSelector(at) : undefined
    if (!at || !selector || selector.length === 0) return
    const namespace = ctx.graph.namespaceOf(ctx.resource)
    const { verdict, nearest } = ctx.graph.selectPods(selector, namespace, ctx.resource)
    if (verdict !== 'absent' || !nearest || !isMeant(nearest, ctx.resource)) return
    const { hint, related } = formatNearMiss(nearest)
    ctx.report(at, `no pod${inNamespace(namespace)} has the labels that the policy selects${hint}`, {
      part: 'pair',
      related,
    })
  },
})

/** The labels are a slip away from those that the policy wants, or the names tell that these pods are meant. */
function isMeant({ template, missed, onMetadata }: NearMiss, policy: Resource): boolean {
  const { labels, resource } = template
  if (onMetadata || resource.name === policy.name) return true
  return missed.every(it => {
    const [key, value] = [String(it.key), it.text()]
    if (value === undefined) return false
    const own = labels.get(key)
    if (own !== undefined) return findNearest(value, [own]) !== undefined
    const similar = findNearest(key, labels.keys())
    return similar !== undefined && labels.get(similar) === value
  })
}
