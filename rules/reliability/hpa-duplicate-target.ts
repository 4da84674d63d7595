import {
  areTogether,
  defineRule,
  formatResource,
  kind,
  listScalers,
  listScaleTargets,
} from '../../src/rule.ts'

export default defineRule({
  id: 'hpa-duplicate-target',
  category: 'reliability',
  severity: 'error',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  title: 'Two autoscalers scale one workload',
  why: `
    Each of them sets the number of replicas by its own metrics and undoes what the other did. Give one autoscaler all the
    metrics: it takes the largest number that any of them asks for.`,
  see: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
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
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web-more
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
  on: kind('HorizontalPodAutoscaler', 'ScaledObject'),
  check(scaler, ctx) {
    const { resource, graph } = ctx
    for (const target of listScaleTargets(graph, resource)) {
      const [first] = listScalers(graph, target).filter(
        it =>
          it === resource ||
          (areTogether(it, resource) && (it.name !== resource.name || it.kind !== resource.kind)),
      )
      if (!first || first === resource) continue
      const at = scaler.get('spec', 'scaleTargetRef', 'name')
      const other = first.root.get('spec', 'scaleTargetRef', 'name')
      if (at && other)
        ctx.report(at, `${formatResource(target)} is scaled by ${formatResource(first)} already`, {
          related: [{ at: other, message: 'the other autoscaler' }],
        })
    }
  },
})
