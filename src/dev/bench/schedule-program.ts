/** Measures the scheduling engine in a process of its own, bundled as it is shipped; prints its rows as JSON. */

import { toFile } from '../../engine/example-inventory.ts'
import { readJsonInventory } from '../../engine/inventory-json.ts'
import { buildCluster, type Cluster } from '../../schedule/cluster.ts'
import { createScheduler } from '../../schedule/engine/scheduler.ts'
import type { SchedulerPod } from '../../schedule/pod.ts'
import { createSimulation } from '../../schedule/workload/simulation.ts'
import { median } from './process.ts'
import type { ScheduleRow } from './schedule.ts'
import { buildConstraints, buildInventory, buildNode, NODES } from './schedule-cluster.ts'

const PODS_A_NODE = 30
const EXPLAINED = 20
const ROUNDS = 3

type Constrain = (app: string) => object
const FREE: Constrain = () => ({})

const text = buildInventory(60_000_000)
const nodes = Array.from({ length: NODES }, (_, i) => buildNode(i))
const few = nodes.slice(0, NODES / 10)

/** Milliseconds, and how many times as long as it takes to parse 60 MB of JSON before and after. */
function measure(name: string, budget: number | undefined, work: () => void): ScheduleRow {
  const timings = Array.from({ length: ROUNDS }, () => {
    const before = time(parse)
    const own = time(work)
    return { own, ratio: (2 * own) / (before + time(parse)) }
  })
  return {
    name,
    value: median(timings.map(it => it.own)),
    unit: 'ms',
    ...(budget === undefined ? {} : { budget }),
    ratio: median(timings.map(it => it.ratio)),
  }
}

function parse(): void {
  JSON.parse(text)
}

function time(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

function place(on: readonly object[], shapes: number, constrain: Constrain): () => void {
  const cluster = buildCluster(on)
  const pods = Array.from({ length: shapes }, (_, k) => readShape(cluster, k, constrain(`a${k}`)))
  const count = on.length * PODS_A_NODE
  return () => {
    const scheduler = createScheduler(cluster)
    for (let i = 0; i < count; i++) {
      const placed = scheduler.schedule({ ...pods[i % shapes]!, name: `p${i}` })
      if (placed === undefined) throw new Error(`pod ${i} of ${count} found no node`)
    }
  }
}

function readShape(cluster: Cluster, index: number, more: object): SchedulerPod {
  return cluster.podReader.read({
    metadata: { name: 'p', namespace: 'bench', labels: { app: `a${index}` } },
    spec: buildPodSpec(index, more),
  })
}

function buildPodSpec(index: number, more: object): object {
  const requests = { cpu: `${50 + ((index * 37) % 400)}m`, memory: `${64 + ((index * 53) % 900)}Mi` }
  return { containers: [{ name: 'c', image: 'i', resources: { requests } }], ...more }
}

/** As the command reads it: item by item, each cut down to what is read. */
function load(): () => void {
  const file = toFile({ id: 'nodes.json', text })
  return () => {
    const { documents, fault } = readJsonInventory(file)
    if (fault) throw new Error(fault.message)
    createScheduler(buildCluster(documents.map(it => it.value)))
  }
}

/** Deployments from manifests to a settled cluster. */
function settle(workloads: number): () => void {
  const cluster = buildCluster(nodes)
  const manifests = Array.from({ length: workloads }, (_, k) => ({
    kind: 'Deployment',
    metadata: { name: `a${k}`, namespace: 'bench' },
    spec: {
      replicas: (NODES * PODS_A_NODE) / workloads,
      selector: { matchLabels: { app: `a${k}` } },
      template: { metadata: { labels: { app: `a${k}` } }, spec: buildPodSpec(k, {}) },
    },
  }))
  return () => {
    const simulation = createSimulation(cluster, manifests)
    simulation.applyAll(manifests)
    for (const it of simulation.describe())
      if (it.scheduled < it.desired) throw new Error(`${it.workload.key} is not placed`)
  }
}

/** The pod asks for more than any node has left, and may evict nobody. */
function explain(): () => void {
  const cluster = buildCluster(nodes)
  const scheduler = createScheduler(cluster)
  const filler = readShape(cluster, 3, {})
  for (let i = 0; i < 20 * NODES; i++) scheduler.schedule({ ...filler, name: `f${i}` })
  let made = 0
  const container = { name: 'c', image: 'i', resources: { requests: { cpu: '31', memory: '120Gi' } } }
  return () => {
    for (let k = 0; k < EXPLAINED; k++) {
      const app = `big-${made++}`
      const spec = { containers: [container], ...buildConstraints(app) }
      const metadata = { name: app, namespace: 'bench', labels: { app } }
      const { message } = scheduler.explain(cluster.podReader.read({ metadata, spec }))
      if (message === undefined) throw new Error('the pod was to fit nowhere')
    }
  }
}

function divide(row: ScheduleRow, by: number): ScheduleRow {
  return { ...row, value: row.value / by, budget: row.budget! / by, ratio: row.ratio! / by }
}

/** What ten times the nodes, with ten times the pods, cost a pod. */
function compareGrowth(name: string, shapes: number, constrain: Constrain): ScheduleRow {
  const small = place(few, shapes, constrain)
  const large = place(nodes, shapes, constrain)
  const ratios = Array.from({ length: ROUNDS }, () => {
    const times = time(small)
    return time(large) / times / (nodes.length / few.length)
  })
  return { name, value: median(ratios), unit: '×' }
}

function measureAll(): ScheduleRow[] {
  const pods = 'place 150,000 pods on 5,000 nodes'
  const growth = 'cost of a pod at 5,000 nodes beside 500'
  return [
    measure('yardstick: parse 60 MB of JSON', undefined, parse),
    measure(`${pods}: 20 shapes`, 1000, place(nodes, 20, FREE)),
    measure(
      `${pods}: 300 shapes in turn, zone spread, hostname anti-affinity`,
      5000,
      place(nodes, 300, buildConstraints),
    ),
    measure('settle 300 Deployments with 150,000 pods on 5,000 nodes', 5000, settle(300)),
    divide(measure('explain a pending pod on 5,000 full nodes', 20 * EXPLAINED, explain()), EXPLAINED),
    measure('load an inventory of 60 MB', 2000, load()),
    compareGrowth(`${growth}: 20 shapes`, 20, FREE),
    compareGrowth(`${growth}: 300 shapes with constraints`, 300, buildConstraints),
  ]
}

/** In a process that does nothing else: a large cluster as an inventory, and as many pods again as it has. */
function measureMemory(): ScheduleRow[] {
  createScheduler(buildCluster([JSON.parse(text)]))
  place(nodes, 300, buildConstraints)()
  const value = process.resourceUsage().maxRSS / 1024
  const name = 'peak memory: load the inventory, then place 150,000 pods of 300 shapes'
  return [{ name, value, unit: 'MiB', budget: 1024 }]
}

process.stdout.write(JSON.stringify(process.argv.includes('memory') ? measureMemory() : measureAll()))
