import { type At, defineRule, type Graph, kind, memo, type Resource } from '../../src/rule.ts'

export default defineRule({
  id: 'network-policy-dns-blocked',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Egress is restricted and DNS is forgotten',
  why: `
    A pod with an egress policy reaches only what a policy allows. Without a rule for port 53 it resolves no names, so that
    the connections which are allowed fail as well, unless they are made by address. Policies of the same pods add up: one
    of them that allows DNS is enough.`,
  see: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  bad: `
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector:
        matchLabels:
          app: web
      policyTypes: [Egress]
      egress:
        - to:
            - podSelector:
                matchLabels:
                  app: database
          ports:
            - port: 5432
  `,
  good: `
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector:
        matchLabels:
          app: web
      policyTypes: [Egress]
      egress:
        - to:
            - podSelector:
                matchLabels:
                  app: database
          ports:
            - port: 5432
        - ports:
            - port: 53
              protocol: UDP
            - port: 53
              protocol: TCP
  `,
  on: kind('NetworkPolicy'),
  check(policy, ctx) {
    const { resource, graph } = ctx
    const egress = policy.get('spec', 'egress')
    // Without any rule everything is denied, on purpose; another policy may open what is needed.
    if (resource.group !== 'networking.k8s.io' || !egress?.isList || egress.get(0) === undefined) return
    if (!egress.each().some(reachesPods) || graph.incomplete.length > 0) return
    const namespace = graph.namespaceOf(resource)
    const open = findOpenNamespaces(graph)
    if (open.has(namespace) || open.has(undefined) || OTHER_POLICIES.some(it => graph.ofKind(it).length > 0))
      return
    ctx.report(
      egress,
      'egress is restricted and no rule allows DNS (port 53), so that names cannot be resolved',
      {
        part: 'key',
      },
    )
  },
})

/** Kinds of network add-ons that may allow what standard policies do not. */
const OTHER_POLICIES = [
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'GlobalNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
]

/** Pods are reached by names of Services; address blocks are not. */
function reachesPods(rule: At): boolean {
  for (const peer of rule.get('to')?.each() ?? [])
    if (peer.get('podSelector') || peer.get('namespaceSelector')) return true
  return false
}

/** Namespaces in which a policy allows DNS; undefined: a policy whose namespace is not known does. */
const findOpenNamespaces = memo(
  (graph: Graph): ReadonlySet<string | undefined> =>
    new Set(
      graph
        .ofKind('NetworkPolicy')
        .filter(allowsDns)
        .map(it => graph.namespaceOf(it)),
    ),
)

function allowsDns({ root, group }: Resource): boolean {
  if (group !== 'networking.k8s.io') return true
  for (const rule of root.get('spec', 'egress')?.each() ?? []) {
    const ports = rule.get('ports')
    if (!ports?.isList || ports.get(0) === undefined) return true
    for (const port of ports.each()) if (isDns(port)) return true
  }
  return false
}

function isDns(entry: At): boolean {
  const port = entry.get('port')?.value
  const end = entry.get('endPort')?.value
  if (port === undefined || port === null || port === 5353) return true
  if (typeof port === 'string') return port.startsWith('dns')
  return port === 53 || (typeof port === 'number' && typeof end === 'number' && port <= 53 && end >= 53)
}
