import { defineRule, podSpecs, reportFit } from '../../src/rule.ts'

export default defineRule({
  id: 'scheduling-stranded',
  category: 'scheduling',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  title: 'Pods are left over by the order in which kube-scheduler takes them',
  why: `
    There is a place for every pod, but kube-scheduler takes the pods one by one, the most important first, and neither
    looks ahead nor moves what it has placed: small pods spread over the nodes until no node has room for a large one.
    Give the large pods a higher priority class, or make them smaller; or let the small ones prefer to share a node.`,
  see: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
  ],
  bad: `
    # nodes.yaml
    kind: List
    items:
      - { kind: Node, metadata: { name: node-1 }, status: { allocatable: { cpu: "4", memory: 16Gi, pods: "110" } } }
      - { kind: Node, metadata: { name: node-2 }, status: { allocatable: { cpu: "4", memory: 16Gi, pods: "110" } } }
    # pods.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: cache-1
    spec:
      containers:
        - name: cache
          image: registry.example.com/shop/cache:7.2.4
          resources:
            requests: { cpu: 2, memory: 1Gi }
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: cache-2
    spec:
      containers:
        - name: cache
          image: registry.example.com/shop/cache:7.2.4
          resources:
            requests: { cpu: 2, memory: 1Gi }
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: search
    spec:
      containers:
        - name: search
          image: registry.example.com/shop/search:8.15.3
          resources:
            requests: { cpu: 3, memory: 1Gi }
  `,
  good: `
    # nodes.yaml
    kind: List
    items:
      - { kind: Node, metadata: { name: node-1 }, status: { allocatable: { cpu: "4", memory: 16Gi, pods: "110" } } }
      - { kind: Node, metadata: { name: node-2 }, status: { allocatable: { cpu: "4", memory: 16Gi, pods: "110" } } }
    # pods.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: cache-1
    spec:
      containers:
        - name: cache
          image: registry.example.com/shop/cache:7.2.4
          resources:
            requests: { cpu: 2, memory: 1Gi }
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: cache-2
    spec:
      containers:
        - name: cache
          image: registry.example.com/shop/cache:7.2.4
          resources:
            requests: { cpu: 2, memory: 1Gi }
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: search
    spec:
      containers:
        - name: search
          image: registry.example.com/shop/search:8.15.3
          resources:
            requests: { cpu: "2", memory: 1Gi }
  `,
  scope: 'graph',
  on: podSpecs,
  check(_, ctx) {
    const fit = ctx.findFit()
    if (fit?.verdict !== 'stranded' && fit?.verdict !== 'undecided') return
    // Pods that are held back on purpose, or left to another scheduler, are no fault.
    const { desired, scheduled, elsewhere, nearestMiss } = fit
    if (!nearestMiss) return
    const near = `the nearest is "${nearestMiss.node}", ${nearestMiss.detail}`
    const other = elsewhere
      ? `there is a place for all on ${[...elsewhere.keys()].slice(0, 3).join(', ')} if they come first`
      : 'neither another order nor a proof that there is none was found'
    reportFit(
      ctx,
      fit,
      `${desired - scheduled} of ${desired === 1 ? '1 pod' : `${desired} pods`} left over by kube-scheduler's order: ${near}; ${other}`,
    )
  },
})
