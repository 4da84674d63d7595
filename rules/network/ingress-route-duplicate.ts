import {
  type At,
  areTogether,
  defineRule,
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
    const { resource, graph } = ctx
    if (isMerged(resource)) return
    for (const { key, at, backend } of listRoutes(resource))
      for (const other of findRoutes(graph).get(key) ?? []) {
        if (other.ingress === resource) break
        if (!areTogether(other.ingress, resource) || other.ingress.name === resource.name) continue
        if (other.backend === backend && graph.namespaceOf(other.ingress) === graph.namespaceOf(resource))
          continue
        ctx.report(at, `${formatResource(other.ingress)} claims this host and path already`, {
          related: [{ at: other.at, message: 'the same route' }],
        })
        break
      }
  },
})

interface Route {
  /** Class, host, path and type of path. */
  readonly key: string
  readonly at: At
  readonly backend: string
}

/** Annotations by which a controller joins several Ingresses, or tells their routes apart by something else. */
const MERGED =
  /^(?:nginx\.ingress\.kubernetes\.io\/canary|nginx\.org\/mergeable-ingress-type|alb\.ingress\.kubernetes\.io\/(?:group\.order|conditions\..*)|zalando\.org\/skipper-predicate|haproxy-ingress\.github\.io\/.*match.*|traefik\.ingress\.kubernetes\.io\/.*)$/

function isMerged({ root }: Resource): boolean {
  for (const { key } of root.get('metadata', 'annotations')?.each() ?? [])
    if (MERGED.test(String(key))) return true
  return false
}

function* listRoutes({ root }: Resource): Iterable<Route> {
  const spec = root.get('spec')
  const old = root.text('metadata', 'annotations', 'kubernetes.io/ingress.class')
  const ingressClass = spec?.text('ingressClassName') ?? old ?? ''
  for (const rule of spec?.get('rules')?.each() ?? [])
    for (const at of rule.get('http', 'paths')?.each() ?? []) {
      const path = at.get('path') ?? at
      const route = [ingressClass, rule.text('host') ?? '', at.text('path') ?? '/', at.text('pathType') ?? '']
      yield { key: route.join('\n'), at: path, backend: JSON.stringify(at.get('backend')?.value) }
    }
}

const findRoutes = memo((graph: Graph): ReadonlyMap<string, readonly (Route & { ingress: Resource })[]> => {
  const routes = new Map<string, (Route & { ingress: Resource })[]>()
  for (const ingress of graph.ofKind('Ingress')) {
    if (isMerged(ingress)) continue
    for (const route of listRoutes(ingress)) {
      const list = routes.get(route.key)
      if (list) list.push({ ...route, ingress })
      else routes.set(route.key, [{ ...route, ingress }])
    }
  }
  return routes
})
