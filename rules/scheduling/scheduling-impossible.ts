import { defineRule, describeProof, podSpecs, reportFit } from '../../src/rule.ts'

export default defineRule({
  id: 'scheduling-impossible',
  category: 'scheduling',
  severity: 'error',
  presets: ['recommended', 'reliability'],
  title: 'Pods have no place on the nodes in any order',
  why: `
    With an inventory of the cluster (\`nodes:\` in plimsoll.yaml, or \`--nodes\`) plimsoll places the pods of all manifests
    as kube-scheduler would. Some of these pods stay Pending for ever, and it can be proven: each node turns such a pod
    down even when it is empty, or all nodes together have room for fewer. The finding stands where one edits: at a
    request, a selector, the tolerations, the replicas. Each offered edit was tried, with everything else in its place.`,
  see: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  ],
  bad: `
    # nodes.yaml
    kind: Node
    metadata:
      name: node-1
    status:
      allocatable: { cpu: 3920m, memory: 14Gi, pods: "110" }
    # web.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4.0
          resources:
            requests:
              cpu: 4
  `,
  good: `
    # nodes.yaml
    kind: Node
    metadata:
      name: node-1
    status:
      allocatable: { cpu: 3920m, memory: 14Gi, pods: "110" }
    # web.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4.0
          resources:
            requests:
              cpu: 3920m
  `,
  scope: 'graph',
  on: podSpecs,
  check(_, ctx) {
    const fit = ctx.findFit()
    if (fit?.verdict !== 'impossible' || !fit.proof || fit.proof.kind === 'refused') return
    const { desired, scheduled, proof, workload } = fit
    const left = desired - scheduled
    const some =
      left < desired ? `${left} of ${desired} pods find` : desired === 1 ? 'its pod finds' : 'its pods find'
    reportFit(ctx, fit, `${some} no node: ${describeProof(proof, workload)}`)
  },
})
