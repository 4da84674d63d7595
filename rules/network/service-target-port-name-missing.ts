import {
  type At,
  defineRule,
  type Fix,
  formatResource,
  kind,
  listPodPorts,
  type PodTemplate,
  quoteNames,
  readSelectedPorts,
  set,
  suggestName,
} from '../../src/rule.ts'

export default defineRule({
  id: 'service-target-port-name-missing',
  category: 'network',
  severity: 'error',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  title: 'No selected pod has a port of this name',
  why: `
    A text as targetPort is the name of a container port, looked up in every selected pod by name and protocol, in main
    containers and native sidecars. Pods without it get no endpoint for the port, so connections are refused.`,
  see: [
    'https://kubernetes.io/docs/concepts/services-networking/service/',
    'https://github.com/kubernetes/kubernetes/blob/master/pkg/api/v1/pod/util.go',
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
              ports:
                - name: http
                  containerPort: 8080
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: web
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
              ports:
                - name: http
                  containerPort: 8080
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: http
  `,
  on: kind('Service'),
  check(service, ctx) {
    const selection = ctx.graph.podsBehind(ctx.resource)
    if (selection?.verdict !== 'found' || selection.open) return
    const { templates, isInjected, names } = readSelectedPorts(selection.templates)
    if (templates.length === 0 || isInjected) return
    for (const port of service.get('spec', 'ports')?.each() ?? []) {
      const at = port.get('targetPort')
      const name = at?.text()
      if (!at || !name || INJECTED.test(name)) continue
      const protocol = port.text('protocol') || 'TCP'
      const offered = names.get(protocol) ?? NONE
      if (offered.has(name)) continue
      const meant = suggestName(name, offered) ?? (offered.size === 1 ? [...offered][0] : undefined)
      const others = templates.length > 1 ? ` and ${templates.length - 1} more` : ''
      const fixes: Fix[] = meant ? [{ title: `Use "${meant}"`, safe: false, patch: set(at, meant) }] : []
      const what = protocol === 'TCP' ? 'port' : `${protocol} port`
      ctx.report(
        at,
        `no container of ${formatResource(templates[0]!.resource)}${others} has a ${what} named "${name}"`,
        {
          fixes,
          related: templates.slice(0, 3).map(it => showPorts(it)),
        },
      )
    }
  },
})

const NONE: ReadonlySet<string> = new Set()

/** Sidecars that admission webhooks of service meshes add bring ports of these names. */
const INJECTED = /^(?:http-envoy-prom|status-port|linkerd-(?:proxy|admin)|dapr-[a-z-]+)$/

function showPorts({ spec }: PodTemplate): { at: At; part: 'key'; message: string } {
  const named = listPodPorts(spec).flatMap(it => it.name ?? [])
  const ports = (spec.get('containers')?.each() ?? []).find(it => it.get('ports'))?.get('ports')
  const message =
    named.length > 0 ? `named ports of these pods: ${quoteNames(named)}` : 'these pods name no port'
  return { at: ports ?? spec.get('containers') ?? spec, part: 'key', message }
}
