import { defineRule, kind } from '../../src/rule.ts'

export default defineRule({
  id: 'hpa-target-not-scalable',
  category: 'reliability',
  severity: 'error',
  presets: ['recommended', 'reliability', 'helm'],
  title: 'Autoscaler targets a kind that cannot be scaled',
  why: `
    The autoscaler writes the number of replicas through the scale subresource of its target. DaemonSets, Jobs, CronJobs and
    Pods have none, so that it reports FailedGetScale for ever.`,
  see: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  bad: `
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: DaemonSet
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
    const at = hpa.get('spec', 'scaleTargetRef', 'kind')
    const target = at?.text()
    if (at && target && UNSCALABLE.has(target))
      ctx.report(at, `a ${target} has no number of replicas to scale`)
  },
})

const UNSCALABLE: ReadonlySet<string> = new Set(['DaemonSet', 'Job', 'CronJob', 'Pod'])
