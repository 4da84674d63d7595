import {
  type At,
  containers,
  createKeyFilter,
  defineRule,
  type Fix,
  findNearest,
  listContainerPorts,
  quoteNames,
  set,
} from '../../src/rule.ts'

export default defineRule({
  id: 'probe-port-name-unresolved',
  category: 'reliability',
  severity: 'error',
  presets: ['recommended', 'reliability', 'helm'],
  aboutAbsence: true,
  title: 'Probe names a port that its container does not have',
  why: `
    A name is looked up among the ports of the same container. The kubelet cannot run the probe otherwise: the container is
    never ready, or it is restarted again and again. A number need not be declared.`,
  see: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
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
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /healthz
              port: htp
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
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
  `,
  on: containers,
  check(container, ctx) {
    if (!mayHaveHandlers(container)) return
    for (const at of listProbePorts(container)) {
      const name = at.text()
      // Digits are taken for a number where no port has the name.
      if (!name || DIGITS.test(name)) continue
      const names = listContainerPorts(container).flatMap(it => it.name ?? [])
      if (names.includes(name)) continue
      const meant = findNearest(name, names) ?? (names.length === 1 ? names[0] : undefined)
      const fixes: Fix[] = meant ? [{ title: `Use "${meant}"`, safe: false, patch: set(at, meant) }] : []
      const ports = container.get('ports')
      ctx.report(at, `container "${container.text('name') ?? ''}" has no port named "${name}"`, {
        fixes,
        related: ports
          ? [
              {
                at: ports,
                part: 'key',
                message:
                  names.length > 0 ? `its named ports: ${quoteNames(names)}` : 'its ports have no names',
              },
            ]
          : [],
      })
    }
  },
})

const mayHaveHandlers = createKeyFilter(['httpGet', 'tcpSocket'])
const DIGITS = /^\d+$/

function listProbePorts(container: At): At[] {
  const handlers = [
    container.get('livenessProbe'),
    container.get('readinessProbe'),
    container.get('startupProbe'),
    container.get('lifecycle', 'postStart'),
    container.get('lifecycle', 'preStop'),
  ]
  return handlers.flatMap(it => it?.get('httpGet', 'port') ?? it?.get('tcpSocket', 'port') ?? [])
}
