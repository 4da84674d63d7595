import {
  defineRule,
  findContainerResource,
  hasContainerDefault,
  isHelmHook,
  runningContainers,
} from '../../src/rule.ts'

export default defineRule({
  id: 'cpu-limit-missing',
  category: 'resources',
  severity: 'info',
  presets: [],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Container has no CPU limit',
  why: `
    Without a CPU limit a container uses what its node has to spare. Many operators want exactly that, since a limit slows a
    container down while CPUs idle; others want every tenant capped. The rule is for the second school and in no preset
    but \`strict\`. Resources of the pod and defaults of a LimitRange beside it count.`,
  see: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
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
            limits:
              cpu: 500m
  `,
  on: runningContainers,
  check(container, ctx) {
    const { resource, graph } = ctx
    if (findContainerResource(resource, container, 'limits', 'cpu') || isHelmHook(resource)) return
    if (hasContainerDefault(graph, resource, 'limits', 'cpu')) return
    const at = container.get('resources') ?? container.get('name') ?? container
    ctx.report(at, `container "${container.text('name') ?? ''}" has no cpu limit`, { part: 'key' })
  },
})
