/** Benchmarks of the scheduling engine: clusters of 5,000 nodes, generated the same on every machine. */

import { buildCluster, type Cluster } from '../../schedule/cluster.ts'
import { createScheduler } from '../../schedule/engine/scheduler.ts'
import type { SchedulerPod } from '../../schedule/pod.ts'

/** What a piece of work took: on the wall, and of one processor. */
interface Timing {
  readonly milliseconds: number
  readonly cpu: number
}

export interface BenchRow extends Timing {
  readonly name: string
  /** Milliseconds it may take on an idle machine. */
  readonly budget: number
}

const NODES = 5000
const PODS = 150_000
const EXPLAINED = 20

/** Every measure with its budget. */
export function rows(): BenchRow[] {
  const nodes = Array.from({ length: NODES }, (_, i) => buildNode(i))
  return [
    { name: 'place 150,000 pods of 20 shapes on 5,000 nodes', ...place(nodes, 20, () => ({})), budget: 1000 },
    {
      name: 'place 150,000 pods of 300 shapes in turn, zone spread and hostname anti-affinity',
      ...place(nodes, 300, buildConstraints),
      budget: 5000,
    },
    { name: 'explain a pending pod on 5,000 full nodes, mean of 20', ...explain(nodes), budget: 20 },
    { name: 'load an inventory of 60 MB', ...load(), budget: 2000 },
  ]
}

function time(work: () => void): Timing {
  const start = performance.now()
  const before = process.cpuUsage().user
  work()
  return { milliseconds: performance.now() - start, cpu: (process.cpuUsage().user - before) / 1000 }
}

function nameNode(i: number): string {
  return `n${String(i).padStart(4, '0')}`
}

function buildNode(i: number): { readonly status: object } {
  const labels = { 'kubernetes.io/hostname': nameNode(i), 'topology.kubernetes.io/zone': `z${i % 3}` }
  const node = {
    kind: 'Node',
    metadata: { name: nameNode(i), labels },
    status: {
      allocatable: {
        cpu: ['8', '16', '32'][i % 3],
        memory: ['32Gi', '64Gi', '128Gi'][(i >> 2) % 3],
        pods: '110',
      },
    },
  }
  return node
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

function place(nodes: readonly object[], shapes: number, constrain: (app: string) => object): Timing {
  const cluster = buildCluster(nodes)
  const pods = Array.from({ length: shapes }, (_, k) => readShape(cluster, k, constrain(`a${k}`)))
  return time(() => {
    const scheduler = createScheduler(cluster)
    for (let i = 0; i < PODS; i++) {
      const placed = scheduler.schedule({ ...pods[i % shapes]!, name: `p${i}` })
      if (placed === undefined) throw new Error(`pod ${i} of ${PODS} found no node`)
    }
  })
}

/** The pod asks for more than any node has left, and may evict nobody. */
function explain(nodes: readonly object[]): Timing {
  const cluster = buildCluster(nodes)
  const scheduler = createScheduler(cluster)
  const filler = readShape(cluster, 3, {})
  for (let i = 0; i < 100_000; i++) scheduler.schedule({ ...filler, name: `f${i}` })
  const readBig = (app: string): SchedulerPod => {
    const container = { name: 'c', image: 'i', resources: { requests: { cpu: '31', memory: '120Gi' } } }
    const spec = { containers: [container], ...buildConstraints(app) }
    return cluster.podReader.read({ metadata: { name: app, namespace: 'bench', labels: { app } }, spec })
  }
  // The first explanations of a process compile the code; an editor or a report asks for many.
  const pods = Array.from({ length: EXPLAINED }, (_, k) => readBig(`big-${k}`))
  const total = time(() => {
    for (const it of pods)
      if (scheduler.explain(it).message === undefined) throw new Error('the pod was to fit nowhere')
  })
  return { milliseconds: total.milliseconds / EXPLAINED, cpu: total.cpu / EXPLAINED }
}

/** From text to a scheduler that is ready to answer. */
function load(): Timing {
  const text = buildInventory(60_000_000)
  return time(() => createScheduler(buildCluster([JSON.parse(text)])))
}

/** Nodes with their images first, then as many running pods as it takes to reach the size. */
function buildInventory(bytes: number): string {
  const items: string[] = []
  let length = 0
  for (let i = 0; length < bytes; i++) {
    const item = JSON.stringify(i < NODES ? buildFullNode(i) : buildRunningPod(i))
    items.push(item)
    length += item.length
  }
  return `{"kind":"List","apiVersion":"v1","items":[${items.join(',')}]}`
}

function buildFullNode(i: number): object {
  const node = buildNode(i)
  const images = Array.from({ length: 40 }, (_, k) => {
    const name = `registry.example/team/app-${(i * 7 + k) % 900}`
    return { names: [`${name}@sha256:${'0'.repeat(64)}`, `${name}:1.${k}`], sizeBytes: 50_000_000 + k }
  })
  return { ...node, status: { ...node.status, images } }
}

function buildRunningPod(i: number): object {
  const app = `app-${i % 400}`
  const requests = { cpu: '100m', memory: '128Mi' }
  const env = Array.from({ length: 15 }, (_, k) => ({ name: `VARIABLE_${k}`, value: 'value' }))
  const condition = { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }
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
      nodeName: nameNode(i % NODES),
      containers: [{ name: 'c', image: `registry.example/${app}:1`, resources: { requests }, env }],
    },
    status: {
      phase: 'Running',
      startTime: '2026-01-01T00:00:00Z',
      conditions: [condition, condition, condition],
    },
  }
}
