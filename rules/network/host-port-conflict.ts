import { type At, createKeyFilter, defineRule, listContainers, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'host-port-conflict',
  category: 'network',
  severity: 'error',
  presets: ['recommended', 'reliability'],
  title: 'Two containers of a pod ask for one port of the node',
  why: `
    A port of the node is bound once, for each protocol and address. The pod can never be scheduled, or its second container
    never starts: the scheduler counts the ports that a pod asks for, and so does the API server.`,
  see: [
    'https://kubernetes.io/docs/concepts/configuration/overview/#services',
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          ports:
            - containerPort: 8080
              hostPort: 80
        - name: proxy
          image: registry.example.com/proxy:2.0.1
          ports:
            - containerPort: 8081
              hostPort: 80
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
          ports:
            - containerPort: 8080
              hostPort: 80
        - name: proxy
          image: registry.example.com/proxy:2.0.1
          ports:
            - containerPort: 8081
              hostPort: 81
  `,
  on: podSpecs,
  check(spec, ctx) {
    if (!mayHaveHostPorts(spec)) return
    /** Of each port and protocol the first that takes it, at each address and at all of them. */
    const taken = new Map<string, Map<string, Taken>>()
    let order = 0
    for (const { at: container, role, name } of listContainers(spec)) {
      if (role !== 'main' && role !== 'sidecar') continue
      for (const port of container.get('ports')?.each() ?? []) {
        const at = port.get('hostPort')
        if (!at || typeof at.value !== 'number' || at.value === 0) continue
        const ip = port.text('hostIP') || ANY
        const own = { at, address: isAny(ip) ? ANY : ip, container: name, order: order++ }
        const key = `${at.value}/${port.text('protocol') || 'TCP'}`
        const others = taken.get(key)
        const other = others && findHolder(others, own.address)
        if (!others) taken.set(key, new Map([[own.address, own]]))
        else if (!others.has(own.address)) others.set(own.address, own)
        if (other)
          ctx.report(at, `host port ${at.value} is taken by container "${other.container}" of the same pod`, {
            related: [{ at: other.at, message: 'the same host port' }],
          })
      }
    }
  },
})

interface Taken {
  readonly at: At
  readonly address: string
  readonly container: string
  readonly order: number
}

/** The first at the address or at all of them; who asks for all meets the first of any. */
function findHolder(taken: ReadonlyMap<string, Taken>, address: string): Taken | undefined {
  if (address === ANY) return taken.values().next().value
  const [here, everywhere] = [taken.get(address), taken.get(ANY)]
  return here && everywhere ? (here.order < everywhere.order ? here : everywhere) : (here ?? everywhere)
}

const mayHaveHostPorts = createKeyFilter(['hostPort'])
const ANY = '0.0.0.0'
const isAny = (ip: string): boolean => ip === ANY || ip === '::'
