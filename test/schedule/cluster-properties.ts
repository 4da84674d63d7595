/** What must hold of any cluster, whatever the real scheduler would say; each property for one random cluster. */

import assert from 'node:assert/strict'
import { buildCluster, type Cluster } from '../../src/schedule/cluster.ts'
import { countRejections } from '../../src/schedule/engine/explain.ts'
import { createScheduler, type Scheduler } from '../../src/schedule/engine/scheduler.ts'
import type { PodShape, SchedulerPod } from '../../src/schedule/pod.ts'
import { countMore } from '../../src/schedule/verdict/headroom.ts'
import { listProofs } from '../../src/schedule/verdict/impossibility.ts'
import { node } from './builders.ts'
import { createRandom } from './random.ts'
import { buildRandomCase, type RandomCase } from './random-cluster.ts'

export interface ClusterProperty {
  readonly name: string
  /** Throws when the property does not hold of the cluster with this seed. */
  check(seed: number): void
}

const SIZE = { nodes: 7, running: 10, pending: 10 }

export const CLUSTER_PROPERTIES: readonly ClusterProperty[] = [
  { name: 'the order of nodes and pods in the inventory changes no feasibility', check: checkOrder },
  { name: 'the names of nodes change no feasibility', check: checkNames },
  { name: 'a label that nobody asks for changes nothing', check: checkLabel },
  { name: 'a node nobody may use changes no feasibility', check: checkClosedNode },
  { name: 'taking a running pod away frees room, apart from those that need it', check: checkFewerPods },
  { name: 'a message counts every node', check: checkCounts },
  { name: 'as many more as are promised fit, and not one more', check: checkMore },
  { name: 'without its victims the node takes the pod', check: checkEviction },
  { name: 'what was placed is never proved impossible', check: checkProof },
  { name: 'explaining leaves no trace', check: checkTraces },
]

type Json = Record<string, unknown>

/** For each pending pod the names of the nodes that take it. */
function listFits(cluster: Cluster, pending: readonly Json[]): string[][] {
  const scheduler = createScheduler(cluster)
  return pending.map(it => {
    const feasible = scheduler.listFeasible(cluster.podReader.read(it))
    return [...feasible].map(index => cluster.nodes[index]!.name).sort()
  })
}

function rebuild(of: RandomCase, objects: readonly Json[]): Cluster {
  return buildCluster(objects, { minor: of.cluster.version.minor })
}

function mentions(pod: Json, pattern: RegExp): boolean {
  return pattern.test(JSON.stringify(pod))
}

function checkOrder(seed: number): void {
  const it = buildRandomCase(seed, SIZE)
  const shuffled = [...it.objects]
  const random = createRandom(seed + 1)
  for (let i = shuffled.length - 1; i > 0; i--) {
    const other = random.below(i + 1)
    ;[shuffled[i], shuffled[other]] = [shuffled[other]!, shuffled[i]!]
  }
  assert.deepEqual(listFits(rebuild(it, shuffled), it.pending), listFits(it.cluster, it.pending))
}

function checkNames(seed: number): void {
  const it = buildRandomCase(seed, SIZE)
  // Backwards, so that the order by name turns round, too.
  const rename = (name: string): string => `m${99 - Number(name.slice(1))}`
  const renameAll = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replace(/"n\d\d"/g, name => JSON.stringify(rename(JSON.parse(name)))))
  const renamed = listFits(rebuild(it, renameAll(it.objects)), renameAll(it.pending))
  assert.deepEqual(
    renamed,
    listFits(it.cluster, it.pending).map(names => names.map(rename).sort()),
  )
}

function checkLabel(seed: number): void {
  const it = buildRandomCase(seed, SIZE)
  const add = (object: Json): Json => {
    const metadata = object.metadata as Json
    return { ...object, metadata: { ...metadata, labels: { ...(metadata.labels as Json), odd: 'yes' } } }
  }
  // Only a pod without labels is different: no budget guards it.
  const labelled = it.objects.map(object => (object.kind === 'Node' ? add(object) : object))
  const before = listVerdicts(it.cluster, it.pending)
  assert.deepEqual(listVerdicts(rebuild(it, labelled), it.pending), before)
}

function listVerdicts(cluster: Cluster, pending: readonly Json[]): unknown[] {
  const scheduler = createScheduler(cluster)
  return pending.map(it => {
    const pod = cluster.podReader.read(it)
    const { eviction, message } = scheduler.explain(pod)
    return [message, eviction?.node, scheduler.schedule(pod)?.nodeName]
  })
}

function checkClosedNode(seed: number): void {
  const it = buildRandomCase(seed, SIZE)
  const closed = node('zz', { taints: [{ key: 'closed', value: '', effect: 'NoSchedule' }] })
  // A new domain counts in a spread, and who tolerates everything may use the node.
  const pending = it.pending.filter(
    pod => !mentions(pod, /topologySpread/) && !mentions(pod, /"tolerations":\[[^\]]*\{(?!"key")/),
  )
  assert.deepEqual(listFits(rebuild(it, [...it.objects, closed]), pending), listFits(it.cluster, pending))
}

function checkFewerPods(seed: number): void {
  const it = buildRandomCase(seed, SIZE)
  const pending = it.pending.filter(pod => !mentions(pod, /podAffinity|topologySpread/))
  const index = it.objects.findLastIndex(object => object.kind === 'Pod')
  const before = listFits(it.cluster, pending)
  listFits(rebuild(it, it.objects.toSpliced(index, 1)), pending).forEach((after, at) => {
    for (const name of before[at]!) assert.ok(after.includes(name), `${name} takes the pod no more`)
  })
}

function checkCounts(seed: number): void {
  const { cluster, pending } = buildRandomCase(seed, SIZE)
  const scheduler = createScheduler(cluster)
  for (const it of pending) {
    const { rejections, message } = scheduler.explain(cluster.podReader.read(it))
    if (message === undefined || rejections.length === 0) continue
    let counted = 0
    for (const count of countRejections(rejections).values()) counted += count
    const single = rejections.every(rejection => rejection?.reasons.length === 1)
    assert.ok(single ? counted === cluster.nodes.length : counted > cluster.nodes.length, message)
  }
}

function checkMore(seed: number): void {
  const { cluster, pending } = buildRandomCase(seed, { nodes: 5, running: 6, pending: 3 })
  for (const it of pending) {
    const pod = cluster.podReader.read({ ...it, spec: { ...(it.spec as Json), nodeName: undefined } })
    const more = countMore(createScheduler(cluster), pod)
    const scheduler = createScheduler(cluster)
    for (let k = 0; k < more; k++) assert.ok(scheduler.schedule({ ...pod, name: `more-${k}` }))
    if (more < 1000) assert.equal(scheduler.schedule(pod), undefined)
  }
}

function checkEviction(seed: number): void {
  const { cluster, pending } = buildRandomCase(seed, SIZE)
  const scheduler = createScheduler(cluster)
  for (const it of pending) {
    const pod = cluster.podReader.read(it)
    const { eviction } = scheduler.explain(pod)
    if (eviction === undefined) continue
    assert.ok(eviction.victims.length > 0)
    const without = createScheduler({ ...cluster, storage: scheduler.storage }, listPlaced(scheduler))
    for (const victim of eviction.victims) {
      assert.ok(victim.shape.priority < pod.shape.priority && victim.nodeName === eviction.node)
      without.remove(victim)
    }
    // The promise is void where a pod terminates, which is subtracted from spreads in which it never counted, and where
    // several pods use a claim for one pod, or one host port: its use counts once, and every victim takes it away.
    const isVoid = (victim: SchedulerPod) => victim.terminating || sharesPort(scheduler, victim)
    if (eviction.victims.some(isVoid) || mentions(it, /"exclusive"/)) continue
    assert.ok(without.placeOn({ ...pod, nodeName: '' }, eviction.node), eviction.node)
  }
}

/** Pods that were put on a node by hand may have a host port in common. */
function sharesPort({ table, cluster }: Scheduler, pod: SchedulerPod): boolean {
  const ports = new Set(pod.shape.ports.map(it => JSON.stringify(it)))
  const others = table.podsOn[cluster.nodes.findIndex(it => it.name === pod.nodeName)]!
  return others.some(it => it !== pod && it.shape.ports.some(port => ports.has(JSON.stringify(port))))
}

function listPlaced(scheduler: Scheduler): SchedulerPod[] {
  return scheduler.table.podsOn.flat()
}

function checkProof(seed: number): void {
  const { cluster, pending } = buildRandomCase(seed, SIZE)
  const scheduler = createScheduler(cluster)
  const counts = new Map<PodShape, { pod: SchedulerPod; count: number }>()
  for (const it of pending) {
    const pod = cluster.podReader.read(it)
    // Proofs take each claim to be named once; bound for a second volume it may reach further than it did before.
    if (new Set(pod.shape.volumes.map(volume => JSON.stringify(volume))).size < pod.shape.volumes.length)
      continue
    if (scheduler.schedule(pod) === undefined) continue
    const entry = counts.get(pod.shape) ?? { pod, count: 0 }
    entry.count++
    counts.set(pod.shape, entry)
  }
  const demands = [...counts.values()].map(it => ({ workload: it.pod.name, ...it }))
  assert.deepEqual(listProofs(cluster, demands), [])
}

function checkTraces(seed: number): void {
  const { cluster, pending } = buildRandomCase(seed, SIZE)
  const quiet = createScheduler(cluster)
  const curious = createScheduler(cluster)
  for (const it of pending) {
    const pod = cluster.podReader.read(it)
    for (const other of pending) curious.explain(cluster.podReader.read(other))
    assert.equal(curious.schedule(pod)?.nodeName, quiet.schedule(pod)?.nodeName)
  }
}
