import { defineRule, kind } from '../../src/rule.ts'

export default defineRule({
  id: 'hpa-cannot-scale',
  category: 'reliability',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  title: 'Autoscaler has no room to scale',
  why: `
    With minReplicas equal to maxReplicas the number of replicas is fixed, and the autoscaler does nothing but hide that.
    Raise the maximum, or set the replicas of the workload and drop the autoscaler.`,
  see: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  bad: `
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
      maxReplicas: 2
      metrics:
        - type: Resource
          resource:
            name: cpu
            target:
              type: Utilization
              averageUtilization: 70
  `,
  good: `
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
    const spec = hpa.get('spec')
    const maximum = spec?.get('maxReplicas')
    const minimum = spec?.get('minReplicas')
    if (!maximum || typeof maximum.value !== 'number' || maximum.value < 1) return
    const least = minimum?.value ?? 1
    // A minimum above the maximum is refused by the server.
    if (least !== maximum.value) return
    ctx.report(maximum, `minReplicas and maxReplicas are both ${maximum.value}, so nothing is scaled`, {
      related: minimum ? [{ at: minimum, part: 'pair', message: 'the minimum' }] : [],
    })
  },
})
