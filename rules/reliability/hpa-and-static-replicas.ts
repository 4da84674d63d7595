import { defineRule, formatResource, kind, listScalers, remove } from '../../src/rule.ts'

export default defineRule({
  id: 'hpa-and-static-replicas',
  category: 'reliability',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  title: 'Workload sets replicas that its autoscaler decides',
  why: `
    Every apply sets the number back to what the manifest says, and the autoscaler then moves it again: at each rollout pods
    are stopped and started for nothing, possibly under load. Leave the field out of autoscaled workloads.`,
  see: [
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/',
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling',
  ],
  bad: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
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
  on: kind('Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout'),
  check(workload, ctx) {
    const replicas = workload.get('spec', 'replicas')
    // Zero turns autoscaling off.
    if (!replicas || replicas.value === null || replicas.value === 0) return
    const [scaler] = listScalers(ctx.graph, ctx.resource)
    if (!scaler) return
    const message = `${formatResource(scaler)} decides the replicas of ${formatResource(ctx.resource)}, and each apply sets them to ${String(replicas.value)}`
    ctx.report(replicas, message, {
      part: 'pair',
      related: [
        {
          at: scaler.root.get('spec', 'scaleTargetRef') ?? scaler.root,
          part: 'key',
          message: 'the autoscaler',
        },
      ],
      fixes: [{ title: 'Remove replicas', safe: false, patch: remove(replicas) }],
    })
  },
})
