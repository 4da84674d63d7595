import {
  type At,
  areTogether,
  defineRule,
  formatResource,
  type Graph,
  kind,
  memo,
  type Resource,
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
    const { resource, graph } = ctx
    for (const { at, node, protocol } of listNodePorts(resource))
      for (const other of findHolders(graph).get(`${node}/${protocol}`) ?? []) {
        if (other.service === resource) break
        if (!areTogether(other.service, resource) || other.service.name === resource.name) continue
        ctx.report(at, `node port ${node} is taken by ${formatResource(other.service)}`, {
          related: [{ at: other.at, message: 'the same node port' }],
        })
        break
      }
  },
})

interface NodePort {
  readonly at: At
  readonly node: number
  readonly protocol: string
}

function* listNodePorts(service: Resource): Iterable<NodePort> {
  for (const port of service.root.get('spec', 'ports')?.each() ?? []) {
    const at = port.get('nodePort')
    if (at && typeof at.value === 'number' && at.value !== 0)
      yield { at, node: at.value, protocol: port.text('protocol') || 'TCP' }
  }
}

const findHolders = memo((graph: Graph): ReadonlyMap<string, readonly { service: Resource; at: At }[]> => {
  const holders = new Map<string, { service: Resource; at: At }[]>()
  for (const service of graph.ofKind('Service'))
    for (const { at, node, protocol } of listNodePorts(service)) {
      const key = `${node}/${protocol}`
      const list = holders.get(key)
      if (list) list.push({ service, at })
      else holders.set(key, [{ service, at }])
    }
  return holders
})
