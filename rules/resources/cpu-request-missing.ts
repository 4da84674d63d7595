import {
  defineRule,
  findContainerResource,
  hasContainerDefault,
  isHelmHook,
  runningContainers,
} from '../../src/rule.ts'

export default defineRule({
  id: 'cpu-request-missing',
  category: 'resources',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Container requests no CPU',
  why: `
    The scheduler counts requests, not use: a container without one is placed on a node that has no CPU left, and gets the
    smallest share of it when others compute. Autoscalers that look at utilization cannot compute one either. A limit
    counts as a request; so do resources of the pod and defaults of a LimitRange beside it.`,
  see: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          resources:
            requests:
              memory: 256Mi
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          resources:
            requests:
              memory: 256Mi
              cpu: 250m
  `,
  on: runningContainers,
  check(container, ctx) {
    const { resource, graph } = ctx
    if (findContainerResource(resource, container, 'requests', 'cpu') || isHelmHook(resource)) return
    if (hasContainerDefault(graph, resource, 'requests', 'cpu')) return
    const at = container.get('resources') ?? container.get('name') ?? container
    ctx.report(at, `container "${container.text('name') ?? ''}" has no cpu request`, { part: 'key' })
  },
})
