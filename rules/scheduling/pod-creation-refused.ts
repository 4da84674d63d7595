import { type At, defineRule, listContainers, podSpecs, reportFit } from '../../src/rule.ts'

export default defineRule({
  id: 'pod-creation-refused',
  category: 'scheduling',
  severity: 'error',
  presets: ['recommended', 'reliability'],
  title: 'The API server refuses the pods of a workload',
  why: `
    Quotas, limit ranges, priority classes and runtime classes are looked at when a pod is created, long after its
    Deployment was accepted: the workload stays without pods, and only its events say why. The objects of the inventory
    (\`nodes:\` in plimsoll.yaml, or \`--nodes\`) and those among the manifests count.`,
  see: [
    'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
  ],
  bad: `
    # nodes.yaml
    kind: List
    items:
      - { kind: Node, metadata: { name: node-1 }, status: { allocatable: { cpu: "8", memory: 16Gi, pods: "110" } } }
      - kind: ResourceQuota
        metadata: { name: team, namespace: shop }
        spec: { hard: { requests.cpu: "1" } }
    # web.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
      namespace: shop
    spec:
      replicas: 3
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
                requests: { cpu: 500m, memory: 256Mi }
  `,
  good: `
    # nodes.yaml
    kind: List
    items:
      - { kind: Node, metadata: { name: node-1 }, status: { allocatable: { cpu: "8", memory: 16Gi, pods: "110" } } }
      - kind: ResourceQuota
        metadata: { name: team, namespace: shop }
        spec: { hard: { requests.cpu: "1" } }
    # web.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
      namespace: shop
    spec:
      replicas: 2
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
                requests: { cpu: 500m, memory: 256Mi }
  `,
  scope: 'graph',
  on: podSpecs,
  check(podSpec, ctx) {
    const fit = ctx.findFit()
    if (fit?.proof?.kind !== 'refused') return
    if (ctx.isOn('resource-request-exceeds-limit') && isAboveOwnLimit(podSpec, fit.proof.message)) return
    const { desired, created, proof } = fit
    reportFit(
      ctx,
      fit,
      `${desired - created} of ${desired === 1 ? '1 pod' : `${desired} pods`} not created: ${proof.message}`,
    )
  },
})

/** A limit that the manifest writes itself is seen without a cluster. */
function isAboveOwnLimit(podSpec: At, message: string): boolean {
  const [, resource] = /must be less than or equal to ([\w./-]+) limit of/.exec(message) ?? []
  return (
    resource !== undefined &&
    listContainers(podSpec).some(({ at }) => at.get('resources', 'limits', resource))
  )
}
