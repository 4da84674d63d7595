import { defineRule, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'termination-grace-too-long',
  category: 'reliability',
  severity: 'info',
  presets: [],
  title: 'Pod may take very long to stop',
  why: `
    A node that is drained waits for each pod as long as its grace period says, and a rollout keeps the old pod that
    long. Give the time that a clean stop needs, and shorten the stop where that is minutes.`,
  see: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    'https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      terminationGracePeriodSeconds: 3600
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      terminationGracePeriodSeconds: 60
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  options: {
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        maximum: { type: 'integer', minimum: 0, description: 'The longest grace period, in seconds.' },
      },
    },
    defaults: { maximum: 300 },
  },
  on: podSpecs,
  check(spec, ctx) {
    const at = spec.get('terminationGracePeriodSeconds')
    const { maximum } = ctx.options
    if (typeof at?.value !== 'number' || at.value <= maximum) return
    ctx.report(at, `pods may take ${at.value} seconds to stop, more than ${maximum}`)
  },
})
