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
    const taken: { port: number; protocol: string; ip: string; at: At; container: string }[] = []
    for (const { at: container, role, name } of listContainers(spec)) {
      if (role !== 'main' && role !== 'sidecar') continue
      for (const port of container.get('ports')?.each() ?? []) {
        const at = port.get('hostPort')
        if (!at || typeof at.value !== 'number' || at.value === 0) continue
        const own = {
          port: at.value,
          protocol: port.text('protocol') || 'TCP',
          ip: port.text('hostIP') || '0.0.0.0',
          at,
          container: name,
        }
        const other = taken.find(
          it =>
            it.port === own.port &&
            it.protocol === own.protocol &&
            (it.ip === own.ip || isAny(it.ip) || isAny(own.ip)),
        )
        taken.push(own)
        if (other)
          ctx.report(at, `host port ${own.port} is taken by container "${other.container}" of the same pod`, {
            related: [{ at: other.at, message: 'the same host port' }],
          })
      }
    }
  },
})

const mayHaveHostPorts = createKeyFilter(['hostPort'])
const isAny = (ip: string): boolean => ip === '0.0.0.0' || ip === '::'
