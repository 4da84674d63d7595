import { defineRule, kind, setBelow } from '../../src/rule.ts'

export default defineRule({
  id: 'network-policy-rules-ignored',
  category: 'network',
  severity: 'error',
  presets: ['recommended', 'security', 'helm'],
  title: 'Rules of a direction that the policy does not govern',
  why: `
    \`policyTypes\` lists the directions that a policy governs. Rules of another direction are accepted and have no effect:
    what they were meant to allow is not restricted at all. Without \`policyTypes\` the policy governs Ingress, and Egress
    when it has egress rules.`,
  see: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/',
  ],
  bad: `
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector: {}
      policyTypes:
        - Ingress
      ingress:
        - ports:
            - port: 8080
      egress:
        - ports:
            - port: 5432
  `,
  good: `
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector: {}
      policyTypes:
        - Ingress
        - Egress
      ingress:
        - ports:
            - port: 8080
      egress:
        - ports:
            - port: 5432
  `,
  on: kind('NetworkPolicy'),
  check(policy, ctx) {
    if (ctx.resource.group !== 'networking.k8s.io' && ctx.resource.group !== 'extensions') return
    const types = policy.get('spec', 'policyTypes')
    if (!types?.isList) return
    const governed = types.each().map(it => it.value)
    for (const [field, direction] of DIRECTIONS) {
      const rules = policy.get('spec', field)
      if (!rules?.isList || rules.get(0) === undefined || governed.includes(direction)) continue
      ctx.report(rules, `${field} rules have no effect, because policyTypes does not list ${direction}`, {
        part: 'key',
        related: [{ at: types, part: 'pair', message: 'the directions that are governed' }],
        fixes: [
          {
            title: `Add ${direction} to policyTypes`,
            safe: false,
            patch: setBelow(types, [governed.length], direction),
          },
        ],
      })
    }
  },
})

const DIRECTIONS = [
  ['ingress', 'Ingress'],
  ['egress', 'Egress'],
] as const
