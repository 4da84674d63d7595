import { defineRule, kind, reportFit } from '../../src/rule.ts'

export default defineRule({
  id: 'rollout-deadlock',
  category: 'scheduling',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  title: 'The next rollout of a Deployment would never begin',
  why: `
    A rolling update puts a new pod beside the old ones before it takes one away, unless \`maxUnavailable\` lets a pod be
    missing; 25 % of fewer than four replicas is none. Where no node of the inventory has a place for one more such pod,
    the new pod stays Pending and the old ones stay for ever. Nothing shows it before the first update.`,
  see: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment',
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment',
  ],
  bad: `
    # nodes.yaml
    kind: Node
    metadata:
      name: node-1
    status:
      allocatable: { cpu: "4", memory: 16Gi, pods: "110" }
    # gateway.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: gateway
    spec:
      replicas: 1
      strategy:
        rollingUpdate:
          maxUnavailable: 0
      selector:
        matchLabels: { app: gateway }
      template:
        metadata:
          labels: { app: gateway }
        spec:
          containers:
            - name: gateway
              image: registry.example.com/shop/gateway:2.1.0
              ports:
                - containerPort: 8443
                  hostPort: 443
  `,
  good: `
    # nodes.yaml
    kind: Node
    metadata:
      name: node-1
    status:
      allocatable: { cpu: "4", memory: 16Gi, pods: "110" }
    # gateway.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: gateway
    spec:
      replicas: 1
      strategy:
        rollingUpdate:
          maxUnavailable: 1
      selector:
        matchLabels: { app: gateway }
      template:
        metadata:
          labels: { app: gateway }
        spec:
          containers:
            - name: gateway
              image: registry.example.com/shop/gateway:2.1.0
              ports:
                - containerPort: 8443
                  hostPort: 443
  `,
  scope: 'graph',
  on: kind('Deployment'),
  check(_, ctx) {
    const fit = ctx.findFit()
    if (fit?.rolloutBlock === undefined) return
    const [reasons = ''] = fit.rolloutBlock.split('. ')
    reportFit(
      ctx,
      fit,
      `the next rollout would hang: none of the pods may be missing, and for one more ${reasons.replace(/\.$/, '')}`,
    )
  },
})
