import {
  type Claim,
  defineRule,
  findRivalries,
  formatResource,
  type Graph,
  kind,
  memo,
  type Resource,
} from '../../src/rule.ts'

export default defineRule({
  id: 'ingress-route-duplicate',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  title: 'Two Ingresses claim one route',
  why: `
    The same host and path of one class lead to different backends; which of them answers depends on the controller, often on
    which Ingress is older. Canary Ingresses and those that a controller merges by annotation are no finding, and files are
    taken for alternatives.`,
  see: ['https://kubernetes.io/docs/concepts/services-networking/ingress/'],
  bad: `
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      ingressClassName: nginx
      rules:
        - host: shop.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
    spec:
      ingressClassName: nginx
      rules:
        - host: shop.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: shop
                    port:
                      number: 80
  `,
  good: `
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      ingressClassName: nginx
      rules:
        - host: shop.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
    spec:
      ingressClassName: nginx
      rules:
        - host: shop.example.com
          http:
            paths:
              - path: /shop
                pathType: Prefix
                backend:
                  service:
                    name: shop
                    port:
                      number: 80
  `,
  on: kind('Ingress'),
  check(_, ctx) {
    for (const { claim, rival } of findConflicts(ctx.graph).get(ctx.resource) ?? [])
      ctx.report(claim.at, `${formatResource(rival.by)} claims this host and path already`, {
        related: [{ at: rival.at, message: 'the same route' }],
      })
  },
})

/** Annotations by which a controller joins several Ingresses, or tells their routes apart by something else. */
const MERGED =
  /^(?:nginx\.ingress\.kubernetes\.io\/canary|nginx\.org\/mergeable-ingress-type|alb\.ingress\.kubernetes\.io\/(?:group\.order|conditions\..*)|zalando\.org\/skipper-predicate|haproxy-ingress\.github\.io\/.*match.*|traefik\.ingress\.kubernetes\.io\/.*)$/

function isMerged({ root }: Resource): boolean {
  for (const { key } of root.get('metadata', 'annotations')?.each() ?? [])
    if (MERGED.test(String(key))) return true
  return false
}

const findConflicts = memo((graph: Graph) => findRivalries(listRoutes(graph)))

/** What is claimed is the class, the host, the path and the type of the path. */
function* listRoutes(graph: Graph): Iterable<Claim> {
  for (const by of graph.ofKind('Ingress')) {
    if (isMerged(by)) continue
    const spec = by.root.get('spec')
    const old = by.root.text('metadata', 'annotations', 'kubernetes.io/ingress.class')
    const ingressClass = spec?.text('ingressClassName') ?? old ?? ''
    for (const rule of spec?.get('rules')?.each() ?? [])
      for (const path of rule.get('http', 'paths')?.each() ?? []) {
        const host = rule.text('host') ?? ''
        const thing = [ingressClass, host, path.text('path') ?? '/', path.text('pathType') ?? ''].join('\n')
        const purpose = JSON.stringify([path.get('backend')?.value, graph.namespaceOf(by)])
        yield { thing, by, name: by.name, purpose, at: path.get('path') ?? path }
      }
  }
}
