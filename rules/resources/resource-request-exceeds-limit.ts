import {
  type At,
  compareQuantities,
  defineRule,
  findAmount,
  listContainers,
  podSpecs,
  readAmounts,
  toQuantity,
} from '../../src/rule.ts'

export default defineRule({
  id: 'resource-request-exceeds-limit',
  category: 'resources',
  severity: 'error',
  presets: ['recommended', 'reliability', 'helm'],
  title: 'Request is greater than the limit',
  why: `
    What is requested must fit into the limit: the API server refuses the pod, and for a Deployment or Job that shows
    only in the events of its controller, while no pod appears.`,
  see: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#requests-and-limits'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          resources:
            requests:
              memory: 1Gi
            limits:
              memory: 512Mi
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          resources:
            requests:
              memory: 512Mi
            limits:
              memory: 512Mi
  `,
  on: podSpecs,
  check(spec, ctx) {
    compare(spec, 'the pod')
    for (const { at, name } of listContainers(spec)) compare(at, `container "${name}"`)

    function compare(holder: At, owner: string): void {
      const { requests, limits } = readAmounts(holder)
      if (limits.length === 0) return
      for (const request of requests) {
        const limit = findAmount(limits, String(request.key))
        if (!limit || !isGreater(request, limit)) continue
        ctx.report(
          request,
          `${owner} requests ${String(request.value)} of ${request.key}, more than its limit of ${String(limit.value)}`,
          { related: [{ at: limit, message: 'the limit' }] },
        )
      }
    }
  },
})

function isGreater(request: At, limit: At): boolean {
  // Thousandths of bytes are reported as such by resource-unit-suspicious.
  if (request.value === limit.value || (request.key !== 'cpu' && limit.text()?.endsWith('m'))) return false
  const [left, right] = [toQuantity(request.value), toQuantity(limit.value)]
  return left !== undefined && right !== undefined && compareQuantities(left, right) > 0
}
