import { type At, defineRule, runningContainers } from '../../src/rule.ts'

export default defineRule({
  id: 'probes-identical',
  category: 'reliability',
  severity: 'warning',
  presets: ['reliability'],
  title: 'Liveness and readiness ask the same',
  why: `
    When a container is not ready it gets no traffic; when it is not alive it is restarted. With one question for both, an
    overloaded container, or one whose database is down, is killed instead of left alone, and all replicas go round. Ask
    liveness for less than readiness, or give it more time (\`failureThreshold\`, \`periodSeconds\`).`,
  see: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          livenessProbe:
            httpGet:
              path: /healthz
              port: 8080
          readinessProbe:
            httpGet:
              path: /healthz
              port: 8080
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
          livenessProbe:
            httpGet:
              path: /healthz
              port: 8080
          readinessProbe:
            httpGet:
              path: /ready
              port: 8080
  `,
  on: runningContainers,
  check(container, ctx) {
    const liveness = container.get('livenessProbe')
    const readiness = container.get('readinessProbe')
    if (!liveness?.isMap || !readiness || formatProbe(liveness) !== formatProbe(readiness)) return
    ctx.report(
      liveness,
      `container "${container.text('name') ?? ''}" asks the same for liveness as for readiness`,
      {
        part: 'key',
        related: [{ at: readiness, part: 'key', message: 'the same probe' }],
      },
    )
  },
})

/** Fields in any order, with those that only delay or that have one legal value left out. */
function formatProbe(probe: At): string {
  const fields = probe
    .each()
    .filter(it => it.key !== 'initialDelaySeconds' && it.key !== 'successThreshold')
    .map(it => `${it.key}=${formatValue(it)}`)
  return fields.sort().join()
}

const formatValue = (at: At): string => (at.isMap ? `{${formatProbe(at)}}` : JSON.stringify(at.value))
