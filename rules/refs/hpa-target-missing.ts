import { defineRule, kind, listLinks, reportAbsent } from '../../src/rule.ts'

export default defineRule({
  id: 'hpa-target-missing',
  category: 'refs',
  severity: 'error',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Autoscaler targets nothing',
  why: `
    The autoscaler looks its target up by group, kind and name in its own namespace and reports FailedGetScale for
    ever. Nothing else tells: the workload keeps running, and never scales.`,
  see: [
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work',
  ],
  bad: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: catalog
    spec:
      selector:
        matchLabels:
          app: catalog
      template:
        metadata:
          labels:
            app: catalog
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4.0
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: catalog
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: catalogue
      maxReplicas: 6
  `,
  good: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: catalog
    spec:
      selector:
        matchLabels:
          app: catalog
      template:
        metadata:
          labels:
            app: catalog
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4.0
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: catalog
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: catalog
      maxReplicas: 6
  `,
  on: kind('HorizontalPodAutoscaler', 'ScaledObject', 'VerticalPodAutoscaler'),
  check(_, ctx) {
    reportAbsent(
      ctx,
      listLinks(ctx.resource).filter(it => it.relation === 'scales'),
    )
  },
})
