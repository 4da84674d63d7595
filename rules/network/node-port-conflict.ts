import {
  type Claim,
  defineRule,
  findRivalries,
  formatResource,
  type Graph,
  kind,
  memo,
} from '../../src/rule.ts'

export default defineRule({
  id: 'node-port-conflict',
  category: 'network',
  severity: 'error',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  title: 'Two Services ask for one node port',
  why: `
    A node port belongs to one Service of the whole cluster, for each protocol: the API server refuses the second one,
    whatever its namespace. Leave the field out and let the server choose. Services in different files are taken for
    alternatives.`,
  see: [
    'https://kubernetes.io/docs/concepts/services-networking/service/',
    'https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport',
  ],
  bad: `
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      type: NodePort
      selector:
        app: web
      ports:
        - port: 80
          nodePort: 30080
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: shop
    spec:
      type: NodePort
      selector:
        app: shop
      ports:
        - port: 80
          nodePort: 30080
  `,
  good: `
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      type: NodePort
      selector:
        app: web
      ports:
        - port: 80
          nodePort: 30080
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: shop
    spec:
      type: NodePort
      selector:
        app: shop
      ports:
        - port: 80
          nodePort: 30081
  `,
  on: kind('Service'),
  check(_, ctx) {
    for (const { claim, rival } of findConflicts(ctx.graph).get(ctx.resource) ?? [])
      ctx.report(claim.at, `node port ${String(claim.at.value)} is taken by ${formatResource(rival.by)}`, {
        related: [{ at: rival.at, message: 'the same node port' }],
      })
  },
})

const findConflicts = memo((graph: Graph) => findRivalries(listNodePorts(graph)))

function* listNodePorts(graph: Graph): Iterable<Claim> {
  for (const by of graph.ofKind('Service'))
    for (const port of by.root.get('spec', 'ports')?.each() ?? []) {
      const at = port.get('nodePort')
      if (at && typeof at.value === 'number' && at.value !== 0)
        yield { thing: `${at.value}/${port.text('protocol') || 'TCP'}`, by, name: by.name, at }
    }
}
