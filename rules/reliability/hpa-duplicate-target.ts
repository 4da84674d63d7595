import {
  type Claim,
  defineRule,
  findRivalries,
  formatResource,
  type Graph,
  kind,
  listScaleTargets,
  memo,
  type Resource,
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
  check(_, ctx) {
    for (const { claim, rival } of findConflicts(ctx.graph).get(ctx.resource) ?? []) {
      const [at, other] = [claim, rival].map(it => it.at.get('spec', 'scaleTargetRef', 'name'))
      const message = `${formatResource(claim.thing)} is scaled by ${formatResource(rival.by)} already`
      if (at && other) ctx.report(at, message, { related: [{ at: other, message: 'the other autoscaler' }] })
    }
  },
})

const findConflicts = memo((graph: Graph) => findRivalries(listTargets(graph)))

function* listTargets(graph: Graph): Iterable<Claim<Resource>> {
  for (const by of ['HorizontalPodAutoscaler', 'ScaledObject'].flatMap(it => graph.ofKind(it)))
    for (const thing of listScaleTargets(graph, by))
      yield { thing, by, name: `${by.kind}/${by.name}`, at: by.root }
}
