import {
  defineRule,
  findContainerResource,
  hasContainerDefault,
  isHelmHook,
  runningContainers,
} from '../../src/rule.ts'

export default defineRule({
  id: 'memory-request-missing',
  category: 'resources',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Container requests no memory',
  why: `
    The scheduler counts requests, not use: pods without one crowd a node until its memory runs out, and they are the first
    to be evicted then. A limit counts as a request; so do resources of the pod and defaults of a LimitRange beside it.`,
  see: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
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
              cpu: 250m
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
              cpu: 250m
              memory: 256Mi
  `,
  on: runningContainers,
  check(container, ctx) {
    const { resource, graph } = ctx
    if (findContainerResource(resource, container, 'requests', 'memory') || isHelmHook(resource)) return
    if (hasContainerDefault(graph, resource, 'requests', 'memory')) return
    const at = container.get('resources') ?? container.get('name') ?? container
    ctx.report(at, `container "${container.text('name') ?? ''}" has no memory request`, { part: 'key' })
  },
})
