/** Writes a folder of manifests for benchmarks: the same bytes on every machine, shaped like files people have. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Small fast generator (mulberry32), so that a corpus depends on its seed alone. */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Returns the number of bytes written to `files` files below `folder`. */
export function writeCorpus(folder: string, files: number): number {
  const random = createRandom(20_261)
  let bytes = 0
  for (let i = 0; i < files; i++) {
    const sub = path.join(folder, `team-${i % 40}`)
    if (i < 40) mkdirSync(sub, { recursive: true })
    const text = formatManifest(i, random)
    bytes += text.length
    writeFileSync(path.join(sub, `app-${i}.yaml`), text)
  }
  return bytes
}

/** Manifests of one application: a workload, and for most a Service and configuration. */
export function formatManifest(i: number, random: () => number): string {
  const name = `app-${i}`
  const namespace = `team-${i % 40}`
  const parts = [deployment({ name, namespace, containers: 1 + Math.floor(random() * 3) })]
  if (random() < 0.8) parts.push(service(name, namespace))
  if (random() < 0.6) parts.push(configMap(name, namespace, Math.floor(random() * 30)))
  if (random() < 0.2) parts.push(autoscaler(name, namespace))
  return parts.join('---\n')
}

interface Shape {
  readonly name: string
  readonly namespace: string
  readonly containers: number
}

function deployment({ name, namespace, containers }: Shape): string {
  const some = Array.from({ length: containers }, (_, i) => container(i === 0 ? 'app' : `side-${i}`, name, i))
  return `# The ${name} of ${namespace}.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: ${namespace}
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
        app.kubernetes.io/part-of: ${namespace}
      annotations:
        prometheus.io/scrape: "true"
    spec:
      serviceAccountName: default
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
${some.join('')}      volumes:
        - name: tmp
          emptyDir: {}
`
}

const container = (name: string, app: string, i: number): string => `        - name: ${name}
          image: registry.example.com/${app}/${name}:1.${i}.7
          imagePullPolicy: IfNotPresent
          args: ["--listen", ":${8080 + i}", "--log=json"]
          ports:
            - name: http-${i}
              containerPort: ${8080 + i}
              protocol: TCP
          env:
            - name: GREETING
              value: 'it''s ${app}'
            - name: POD_IP
              valueFrom:
                fieldRef:
                  fieldPath: status.podIP
          readinessProbe:
            httpGet:
              path: /ready
              port: http-${i}
            initialDelaySeconds: 5
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
          volumeMounts:
            - name: tmp
              mountPath: /tmp
`

const service = (name: string, namespace: string): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http-0
`

function configMap(name: string, namespace: string, lines: number): string {
  const script = Array.from({ length: lines }, (_, i) => `    export OPTION_${i}="value ${i} of ${name}"`)
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${namespace}
data:
  app.name: ${name}
  setup.sh: |
    #!/bin/sh
    # Options of ${name}.
${script.join('\n')}
    exec app
`
}

const autoscaler = (name: string, namespace: string): string => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${name}
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
`
