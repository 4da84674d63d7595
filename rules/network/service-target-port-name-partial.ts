import {
  appliedWith,
  defineRule,
  formatResource,
  groupBy,
  isServing,
  joinSome,
  kind,
  listPodPorts,
  memo,
  type PodTemplate,
} from '../../src/rule.ts'

export default defineRule({
  id: 'service-target-port-name-partial',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  title: 'Some selected pods lack the port of this name',
  why: `
    The Service takes pods of several workloads, and only some of them have a container port of this name. The others are
    selected and get no endpoint, so that they receive no traffic, or none on this port.`,
  see: ['https://kubernetes.io/docs/concepts/services-networking/service/'],
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
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web-canary
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
                - name: web
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
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web-canary
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
    const templates = findBeside(selection.templates).get(appliedWith(ctx.resource)) ?? []
    for (const port of templates.length < 2 ? [] : (service.get('spec', 'ports')?.each() ?? [])) {
      const at = port.get('targetPort')
      const name = at?.text()
      if (!at || !name) continue
      const lacking = findLacking(templates)(`${port.text('protocol') || 'TCP'}/${name}`)
      if (lacking.length === 0 || lacking.length === templates.length) continue
      const owners = joinSome(lacking, it => formatResource(it.resource))
      ctx.report(at, `pods of ${owners} have no port named "${name}", others that are selected do`, {
        related: lacking.slice(0, MOST_RELATED).map(it => ({
          at: it.at.get('spec', 'containers') ?? it.at,
          part: 'key',
          message: `pods of ${formatResource(it.resource)}`,
        })),
      })
    }
  },
})

/** Of many workloads the message says how many more there are. */
const MOST_RELATED = 20

/** The templates that serve, by what is applied together. */
const findBeside = memo(
  (templates: readonly PodTemplate[]): ReadonlyMap<object, readonly PodTemplate[]> =>
    groupBy(templates.filter(isServing), it => appliedWith(it.resource)),
)

/** Which templates have no port of a protocol and name; many Services ask for one. */
const findLacking = memo((templates: readonly PodTemplate[]) => {
  const known = new Map<string, readonly PodTemplate[]>()
  return (port: string): readonly PodTemplate[] => {
    let lacking = known.get(port)
    if (!lacking) {
      lacking = templates.filter(
        it => !listPodPorts(it.spec).some(({ name, protocol }) => `${protocol}/${name}` === port),
      )
      known.set(port, lacking)
    }
    return lacking
  }
})
