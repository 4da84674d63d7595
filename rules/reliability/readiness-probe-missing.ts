import {
  type At,
  defineRule,
  formatResource,
  isServing,
  kind,
  listContainers,
  memo,
  type PodTemplate,
} from '../../src/rule.ts'

export default defineRule({
  id: 'readiness-probe-missing',
  category: 'reliability',
  severity: 'warning',
  presets: ['reliability'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Pods behind a Service are never asked whether they are ready',
  why: `
    Without a readiness probe a pod gets traffic as soon as its process runs: before it listens, and while it cannot answer.
    Every rollout then loses requests. Only pods that a Service of the manifests selects are judged, and one container with
    a probe is enough.`,
  see: [
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe',
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
          targetPort: 8080
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
              readinessProbe:
                httpGet:
                  path: /ready
                  port: 8080
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
          targetPort: 8080
  `,
  on: kind('Service'),
  check(_, ctx) {
    const selection = ctx.graph.podsBehind(ctx.resource)
    const unready = selection?.verdict === 'found' ? listUnready(selection.templates) : []
    for (const [i, { owner, container }] of unready.slice(0, MOST_OWNERS).entries()) {
      const more = i === MOST_OWNERS - 1 ? unready.length - MOST_OWNERS : 0
      const others = more > 0 ? ` and ${more} more` : ''
      ctx.report(
        ctx.resource.root.get('spec', 'selector')!,
        `pods of ${owner}${others} get traffic without a readiness probe`,
        {
          part: 'key',
          related: [
            { at: container.get('name') ?? container, message: 'a container without readinessProbe' },
          ],
        },
      )
    }
  },
})

/** The last one tells how many more there are. */
const MOST_OWNERS = 20

interface Unready {
  readonly owner: string
  /** The first of the containers. */
  readonly container: At
}

/** Pods that nobody asks; many Services may take the same ones. */
const listUnready = memo((templates: readonly PodTemplate[]): readonly Unready[] => {
  const unready: Unready[] = []
  for (const template of templates.filter(isServing)) {
    const { resource, spec } = template
    if (spec.get('readinessGates')) continue
    const running = listContainers(spec).filter(it => it.role === 'main' || it.role === 'sidecar')
    if (running.length === 0 || running.some(it => it.at.get('readinessProbe'))) continue
    unready.push({ owner: formatResource(resource), container: running[0]!.at })
  }
  return unready
})
