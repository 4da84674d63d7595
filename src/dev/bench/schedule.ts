/** Benchmarks of the scheduling engine: clusters of 5,000 nodes, generated the same on every machine. */

import { buildCluster, type Cluster } from '../../schedule/cluster.ts'
import { createScheduler } from '../../schedule/engine/scheduler.ts'
import type { SchedulerPod } from '../../schedule/pod.ts'

export interface BenchRow {
  readonly name: string
  readonly milliseconds: number
  readonly budget: number
}

const NODES = 5000
const PODS = 150_000

/** Every measure with its budget in milliseconds. */
export function rows(): BenchRow[] {
  const nodes = buildNodes()
  return [
    {
      name: 'place 150,000 pods of 20 shapes on 5,000 nodes',
      milliseconds: place(nodes, 20, () => ({})),
      budget: 1000,
    },
    {
      name: 'place 150,000 pods of 300 shapes in turn, zone spread and hostname anti-affinity',
      milliseconds: place(nodes, 300, buildConstraints),
      budget: 5000,
    },
    { name: 'explain one pending pod on 5,000 full nodes', milliseconds: explain(nodes), budget: 20 },
    { name: 'load an inventory of 60 MB', milliseconds: load(), budget: 2000 },
  ]
}

function buildNodes(): object[] {
  return Array.from({ length: NODES }, (_, i) => ({
    kind: 'Node',
    metadata: {
      name: `n${String(i).padStart(4, '0')}`,
      labels: { 'kubernetes.io/hostname': `n${i}`, 'topology.kubernetes.io/zone': `z${i % 3}` },
    },
    status: {
      allocatable: {
        cpu: ['8', '16', '32'][i % 3],
        memory: ['32Gi', '64Gi', '128Gi'][(i >> 2) % 3],
        pods: '110',
      },
    },
  }))
}

function buildConstraints(app: string): object {
  const labelSelector = { matchLabels: { app } }
  const spread = {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector,
  }
  const apart = { topologyKey: 'kubernetes.io/hostname', labelSelector }
  return {
    topologySpreadConstraints: [spread],
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } },
  }
}

function readShape(cluster: Cluster, index: number, more: object): SchedulerPod {
  const requests = { cpu: `${50 + ((index * 37) % 400)}m`, memory: `${64 + ((index * 53) % 900)}Mi` }
  return cluster.podReader.read({
    metadata: { name: 'p', namespace: 'bench', labels: { app: `a${index}` } },
    spec: { containers: [{ name: 'c', image: 'i', resources: { requests } }], ...more },
  })
}

function place(nodes: readonly object[], shapes: number, constrain: (app: string) => object): number {
  const cluster = buildCluster(nodes)
  const pods = Array.from({ length: shapes }, (_, k) => readShape(cluster, k, constrain(`a${k}`)))
  const start = performance.now()
  const scheduler = createScheduler(cluster)
  let placed = 0
  for (let i = 0; i < PODS; i++)
    if (scheduler.schedule({ ...pods[i % shapes]!, name: `p${i}` }) !== undefined) placed++
  if (placed !== PODS) throw new Error(`placed ${placed} of ${PODS} pods`)
  return performance.now() - start
}

/** The pod asks for more than any node has left, and may evict nobody. */
function explain(nodes: readonly object[]): number {
  const cluster = buildCluster(nodes)
  const scheduler = createScheduler(cluster)
  const filler = readShape(cluster, 3, {})
  for (let i = 0; i < 100_000; i++) scheduler.schedule({ ...filler, name: `f${i}` })
  const pod = cluster.podReader.read({
    metadata: { name: 'big', namespace: 'bench', labels: { app: 'big' } },
    spec: {
      containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '31', memory: '120Gi' } } }],
      ...buildConstraints('big'),
    },
  })
  const start = performance.now()
  if (scheduler.explain(pod).message === undefined) throw new Error('the pod was to fit nowhere')
  return performance.now() - start
}

/** From text to a scheduler that is ready to answer. */
function load(): number {
  const text = buildInventory(60_000_000)
  const start = performance.now()
  createScheduler(buildCluster([JSON.parse(text)]))
  return performance.now() - start
}

function buildInventory(bytes: number): string {
  const images = (i: number): object[] =>
    Array.from({ length: 40 }, (_, k) => ({
      names: [
        `registry.example/team/app-${(i * 7 + k) % 900}@sha256:${'0'.repeat(64)}`,
        `registry.example/team/app-${(i * 7 + k) % 900}:1.${k}`,
      ],
      sizeBytes: 50_000_000 + k,
    }))
  const items: string[] = []
  let length = 0
  for (let i = 0; length < bytes; i++) {
    const item = JSON.stringify(i < NODES ? { ...buildFullNode(i), ...{} } : buildRunningPod(i))
    items.push(item)
    length += item.length
  }
  return `{"kind":"List","apiVersion":"v1","items":[${items.join(',')}]}`

  function buildFullNode(i: number): object {
    const [bare] = [buildNodes1(i)]
    return { ...bare, status: { ...bare.status, images: images(i) } }
  }
}

function buildNodes1(i: number): { status: object } {
  return {
    kind: 'Node',
    metadata: {
      name: `n${i}`,
      labels: { 'kubernetes.io/hostname': `n${i}`, 'topology.kubernetes.io/zone': `z${i % 3}` },
    },
    status: { allocatable: { cpu: '16', memory: '64Gi', pods: '110' }, conditions: [] },
  } as { status: object }
}

function buildRunningPod(i: number): object {
  const app = `app-${i % 400}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${i}`,
      namespace: 'prod',
      labels: { app },
      annotations: { checksum: 'c'.repeat(64) },
    },
    spec: {
      nodeName: `n${i % NODES}`,
      containers: [
        {
          name: 'c',
          image: `registry.example/${app}:1`,
          resources: { requests: { cpu: '100m', memory: '128Mi' } },
          env: Array.from({ length: 15 }, (_, k) => ({ name: `VARIABLE_${k}`, value: 'value' })),
        },
      ],
    },
    status: {
      phase: 'Running',
      startTime: '2026-01-01T00:00:00Z',
      conditions: Array.from({ length: 5 }, () => ({
        type: 'Ready',
        status: 'True',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      })),
    },
  }
}
