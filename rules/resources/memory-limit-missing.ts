import {
  defineRule,
  findContainerResource,
  hasContainerDefault,
  isHelmHook,
  runningContainers,
} from '../../src/rule.ts'

export default defineRule({
  id: 'memory-limit-missing',
  category: 'resources',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'security'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Container has no memory limit',
  why: `
    A leak in a container without a memory limit takes the memory of the whole node, and the kernel then kills processes of
    others. With a limit it is the leaking container that is restarted. Resources of the pod and defaults of a LimitRange
    beside it count.`,
  see: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/',
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
            limits:
              memory: 256Mi
  `,
  on: runningContainers,
  check(container, ctx) {
    const { resource, graph } = ctx
    if (findContainerResource(resource, container, 'limits', 'memory') || isHelmHook(resource)) return
    if (hasContainerDefault(graph, resource, 'limits', 'memory')) return
    const at = container.get('resources') ?? container.get('name') ?? container
    ctx.report(at, `container "${container.text('name') ?? ''}" has no memory limit`, { part: 'key' })
  },
})
