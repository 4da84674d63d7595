import { defineRule, describeCause, kind, reportFit } from '../../src/rule.ts'

export default defineRule({
  id: 'hpa-maximum-unschedulable',
  category: 'scheduling',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  title: 'The nodes have no room for the maximum of an autoscaler',
  why: `
    When load comes, an autoscaler asks for more pods up to its maximum; those that no node of the inventory has room for
    stay Pending just when they are needed, while dashboards show the replicas that were asked for. All autoscalers of the
    manifests are taken to be at their maximum at once, beside everything else. Where nodes are added on demand, give
    the rule an inventory with as many nodes as there may be, or switch it off.`,
  see: [
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/',
    'https://kubernetes.io/docs/concepts/cluster-administration/node-autoscaling/',
  ],
  bad: `
    # nodes.yaml
    kind: Node
    metadata:
      name: node-1
    status:
      allocatable: { cpu: "4", memory: 16Gi, pods: "110" }
    # web.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels: { app: web }
      template:
        metadata:
          labels: { app: web }
        spec:
          containers:
            - name: web
              image: registry.example.com/shop/web:1.4.0
              resources:
                requests: { cpu: 500m, memory: 512Mi }
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
      minReplicas: 2
      maxReplicas: 12
      metrics:
        - type: Resource
          resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } }
  `,
  good: `
    # nodes.yaml
    kind: Node
    metadata:
      name: node-1
    status:
      allocatable: { cpu: "4", memory: 16Gi, pods: "110" }
    # web.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels: { app: web }
      template:
        metadata:
          labels: { app: web }
        spec:
          containers:
            - name: web
              image: registry.example.com/shop/web:1.4.0
              resources:
                requests: { cpu: 500m, memory: 512Mi }
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
      minReplicas: 2
      maxReplicas: 8
      metrics:
        - type: Resource
          resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } }
  `,
  scope: 'graph',
  on: kind('HorizontalPodAutoscaler', 'ScaledObject'),
  check(root, ctx) {
    // A maximum that nobody wrote is the default of KEDA, and no promise.
    if (!root.get('spec', 'maxReplicas') && !root.get('spec', 'maxReplicaCount')) return
    const fit = ctx.findFit()
    if (fit === undefined) return
    const { workload, desired, scheduled } = fit
    reportFit(
      ctx,
      fit,
      `at the maximum ${scheduled} of ${desired} pods of ${workload} find a node: ${describeCause(fit)}`,
    )
  },
})
