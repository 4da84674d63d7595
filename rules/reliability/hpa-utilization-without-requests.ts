import {
  type At,
  defineRule,
  findContainerResource,
  findLabelledTemplate,
  formatResource,
  hasContainerDefault,
  kind,
  listContainers,
  listScaleTargets,
  quoteNames,
} from '../../src/rule.ts'

export default defineRule({
  id: 'hpa-utilization-without-requests',
  category: 'reliability',
  severity: 'error',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Autoscaler needs requests that a container lacks',
  why: `
    Utilization is use divided by request. When one container of the pod, a native sidecar included, has no request for the
    resource, the autoscaler computes nothing, reports FailedGetResourceMetric and never scales. A limit counts as a
    request; so do resources of the pod and defaults of a LimitRange beside it. Sidecars that are injected later need one
    as well.`,
  see: [
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/',
    'https://github.com/kubernetes/kubernetes/issues/79365',
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
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
      minReplicas: 2
      maxReplicas: 6
      metrics:
        - type: Resource
          resource:
            name: cpu
            target:
              type: Utilization
              averageUtilization: 70
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
              resources:
                requests:
                  cpu: 250m
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
      minReplicas: 2
      maxReplicas: 6
      metrics:
        - type: Resource
          resource:
            name: cpu
            target:
              type: Utilization
              averageUtilization: 70
  `,
  on: kind('HorizontalPodAutoscaler'),
  check(hpa, ctx) {
    const { resource, graph } = ctx
    for (const target of listScaleTargets(graph, resource)) {
      const template = findLabelledTemplate(target)
      for (const { at, resource: name, container } of template?.certain ? listMetrics(hpa) : []) {
        const lacking = listContainers(template!.spec)
          .filter(it => it.role === 'main' || it.role === 'sidecar')
          .filter(it => container === undefined || it.name === container)
          .filter(it => !findContainerResource(target, it.at, 'requests', name))
        if (lacking.length === 0 || hasContainerDefault(graph, target, 'requests', name)) continue
        const names = quoteNames(lacking.map(it => it.name))
        const who = `${lacking.length === 1 ? 'container' : 'containers'} ${names} of ${formatResource(target)}`
        ctx.report(
          at,
          `utilization of ${name} cannot be computed: ${who} ${lacking.length === 1 ? 'has' : 'have'} no ${name} request`,
          {
            related: lacking.map(it => ({
              at: it.at.get('name') ?? it.at,
              part: 'value',
              message: `no ${name} request`,
            })),
          },
        )
      }
    }
  },
})

interface Metric {
  readonly at: At
  readonly resource: string
  /** The one container that is measured; undefined: all. */
  readonly container: string | undefined
}

/** Metrics about utilization in the shapes of autoscaling/v1, v2beta1 and v2. */
function listMetrics(hpa: At): Metric[] {
  const spec = hpa.get('spec')
  const metrics: Metric[] = []
  const old = spec?.get('targetCPUUtilizationPercentage')
  if (old) metrics.push({ at: old, resource: 'cpu', container: undefined })
  for (const metric of spec?.get('metrics')?.each() ?? [])
    for (const field of ['resource', 'containerResource']) {
      const source = metric.get(field)
      const name = source?.text('name')
      const at = source?.get('target', 'averageUtilization') ?? source?.get('targetAverageUtilization')
      if (name && at) metrics.push({ at, resource: name, container: source?.text('container') })
    }
  return metrics
}
