/** Proofs that no order and no scheduler could place a set of pods: node by node, or by counting. */

import type { Cluster } from '../cluster.ts'
import { createScheduler, type Scheduler } from '../engine/scheduler.ts'
import { HOSTNAME_KEY } from '../node.ts'
import type { PodShape, SchedulerPod } from '../pod.ts'
import { formatCounted } from '../resource-amount.ts'
import { isSelected } from '../selector.ts'
import { listLonely } from './company.ts'
import { describeMiss } from './nearest-miss.ts'

/** Pods of one shape that a workload wants. */
export interface Demand {
  /** `Deployment shop/web`. */
  readonly workload: string
  readonly pod: SchedulerPod
  readonly count: number
  /** All of them have a place, so that nothing is to be proven of them alone. */
  readonly isMet?: boolean
}

/** `workloads`: those it is about, `Deployment shop/web`; several only where they are counted together. */
export type Proof =
  /** Every node turns an only pod down, even without any other pod on it. */
  | { readonly kind: 'no-node'; readonly workloads: readonly string[]; readonly nodes: readonly NodeProof[] }
  /** At most `most` of `wanted` fit, whatever else happens. */
  | {
      readonly kind: 'count'
      readonly workloads: readonly string[]
      readonly wanted: number
      readonly most: number
      readonly because: string
    }
  /** The API server would not take the pods. */
  | { readonly kind: 'refused'; readonly workloads: readonly string[]; readonly message: string }

export interface NodeProof {
  readonly node: string
  /** kube-scheduler's. */
  readonly reasons: readonly string[]
  /** What the pod asks and the node has, or which taint or label it is. */
  readonly detail: string
}

/** Reasons that stay while other pods come and go. */
const LASTING = new Set([
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'VolumeBinding',
  'VolumeZone',
])

/** At most one proof a workload; all that have none by themselves are then counted together. */
export function listProofs(cluster: Cluster, demands: readonly Demand[]): Proof[] {
  const empty = createEmptyCluster(cluster, demands)
  const proofs = new Map<string, Proof>()
  for (const { workload, count, isMet } of listLonely(cluster, demands))
    if (!isMet) proofs.set(workload, { ...LONELY, workloads: [workload], wanted: count })
  for (const demand of demands) {
    if (demand.isMet || demand.count === 0 || demand.pod.shape.gates.length > 0) continue
    if (proofs.has(demand.workload)) continue
    const proof = proveNoNode(empty, demand) ?? proveTooMany(cluster, empty, demand)
    if (proof !== undefined) proofs.set(demand.workload, proof)
  }
  const rest = demands.filter(it => !proofs.has(it.workload) && it.pod.shape.gates.length === 0)
  const total = proveTotal(cluster, empty, rest)
  return total === undefined ? [...proofs.values()] : [...proofs.values(), total]
}

const LONELY = {
  kind: 'count',
  most: 0,
  because: 'its pod affinity asks for pods that nobody makes, or that wait for it themselves',
} as const

/** The nodes without any pod. */
interface EmptyCluster extends Scheduler {
  readonly contested: ReadonlySet<string>
  /** What was found out already. */
  readonly possible: Map<PodShape, readonly number[]>
}

const createEmptyCluster = (cluster: Cluster, demands: readonly Demand[]): EmptyCluster => ({
  ...createScheduler(cluster, []),
  contested: listContested(cluster, demands),
  possible: new Map(),
})

/**
 * Claims that are not bound and that several pods name, as `namespace/name`. Whichever of these comes first has the
 * volume made or taken where it is, and that volume may be in reach of nodes which turned the others down before.
 */
function listContested(
  { storage, pods, pending, podReader }: Cluster,
  demands: readonly Demand[],
): Set<string> {
  const users = new Map<string, number>()
  const contested = new Set<string>()
  const count = (pod: SchedulerPod, times: number): void => {
    for (const claim of listOpenClaims(pod)) {
      const all = (users.get(claim) ?? 0) + times
      users.set(claim, all)
      if (all > 1) contested.add(claim)
    }
  }
  const listOpenClaims = (pod: SchedulerPod): string[] =>
    listClaims(pod).filter(it => storage.claims.get(it)?.volumeName === '')
  for (const it of demands) count(it.pod, it.count)
  for (const it of pods) count(it, 1)
  for (const it of pending) count(podReader.read(it), 1)
  return contested
}

const listClaims = ({ namespace, shape }: SchedulerPod): string[] =>
  shape.volumes.flatMap(it => ('claim' in it ? [`${namespace}/${it.claim}`] : []))

/** Nodes that could hold a pod of the shape if nothing else were there, or if others were that help it. */
function listPossible(empty: EmptyCluster, pod: SchedulerPod): readonly number[] {
  const known = empty.possible.get(pod.shape)
  if (known !== undefined) return known
  const nodes = findPossible(empty, pod)
  empty.possible.set(pod.shape, nodes)
  return nodes
}

function findPossible(empty: EmptyCluster, pod: SchedulerPod): number[] {
  const { rejections } = empty.explain(pod)
  if (rejections.length === 0) return [...empty.cluster.nodes.keys()]
  const isContested = listClaims(pod).some(it => empty.contested.has(it))
  const lasts = (plugin: string): boolean =>
    plugin === 'NodeResourcesFit' || (LASTING.has(plugin) && !(isContested && plugin === 'VolumeBinding'))
  return rejections.flatMap((it, node) => (it !== undefined && lasts(it.plugin) ? [] : [node]))
}

function proveNoNode(empty: EmptyCluster, { pod, workload }: Demand): Proof | undefined {
  if (listPossible(empty, pod).length > 0) return undefined
  const { rejections } = empty.explain(pod)
  const nodes = rejections.map((it, node) => ({
    node: empty.cluster.nodes[node]!.name,
    reasons: it?.reasons ?? [],
    detail: it === undefined ? '' : describeMiss(empty, pod, { rejection: it, node }).detail,
  }))
  return { kind: 'no-node', workloads: [workload], nodes }
}

/** Room of one node for a pod of this priority: pods that matter less could be evicted. */
function getFree(cluster: Cluster, priority: number): (node: string, resource: 'cpu' | 'memory') => number {
  const used = new Map<string, { cpu: number; memory: number }>()
  for (const it of cluster.pods) {
    if (it.shape.priority < priority) continue
    const sum = used.get(it.nodeName) ?? { cpu: 0, memory: 0 }
    sum.cpu += it.shape.requests.cpu
    sum.memory += it.shape.requests.memory
    used.set(it.nodeName, sum)
  }
  const byName = new Map(cluster.nodes.map(it => [it.name, it]))
  return (node, resource) =>
    Math.max(0, (byName.get(node)?.allocatable.get(resource) ?? 0) - (used.get(node)?.[resource] ?? 0))
}

/** One workload alone: room node by node, anti-affinity to itself, and host ports. */
function proveTooMany(cluster: Cluster, empty: EmptyCluster, demand: Demand): Proof | undefined {
  const { pod, count, workload } = demand
  const possible = listPossible(empty, pod)
  const repelling = findSelfRepelling(pod.shape)
  if (repelling !== undefined) {
    const domains = new Set<string>()
    let free = 0
    for (const node of possible) {
      const value = cluster.nodes[node]!.labels.get(repelling)
      if (value === undefined) free++
      else domains.add(value)
    }
    if (free === 0 && count > domains.size) {
      const because = `its pods keep apart by ${repelling}, of which ${domains.size} can hold one`
      return { kind: 'count', workloads: [workload], wanted: count, most: domains.size, because }
    }
  }
  if (pod.shape.ports.length > 0 && count > possible.length) {
    const because = `each takes a host port, and ${possible.length} nodes can hold one`
    return { kind: 'count', workloads: [workload], wanted: count, most: possible.length, because }
  }
  const free = getFree(cluster, pod.shape.priority)
  let most = 0
  for (const node of possible) most += countOnNode(cluster, pod.shape, { node, free })
  if (most >= count) return undefined
  const because = `the ${possible.length} nodes that can hold one have room for ${most}`
  return { kind: 'count', workloads: [workload], wanted: count, most, because }
}

function countOnNode(
  cluster: Cluster,
  shape: PodShape,
  it: { node: number; free: ReturnType<typeof getFree> },
): number {
  const node = cluster.nodes[it.node]!
  let most = node.allocatable.get('pods') ?? 0
  for (const resource of ['cpu', 'memory'] as const) {
    const wanted = shape.requests[resource]
    if (wanted > 0) most = Math.min(most, Math.floor(it.free(node.name, resource) / wanted))
  }
  for (const [resource, wanted] of shape.requests.scalars) {
    most = Math.min(most, Math.floor((node.allocatable.get(resource) ?? 0) / wanted))
  }
  return most
}

/** The key of a required anti-affinity term that the pods of the shape match themselves. */
function findSelfRepelling(shape: PodShape): string | undefined {
  const own = shape.antiAffinity.filter(
    it => it.namespaces.includes(shape.namespace) && isSelected(it.selector, shape.labels),
  )
  return (own.find(it => it.topologyKey === HOSTNAME_KEY) ?? own[0])?.topologyKey
}

/** All demands that share the same possible nodes, and all together: more asked for than there is. */
function proveTotal(cluster: Cluster, empty: EmptyCluster, demands: readonly Demand[]): Proof | undefined {
  const groups = new Map<string, { nodes: readonly number[]; demands: Demand[] }>()
  const all = new Set<number>()
  for (const demand of demands) {
    const nodes = listPossible(empty, demand.pod)
    for (const it of nodes) all.add(it)
    const key = nodes.join()
    const group = groups.get(key) ?? { nodes, demands: [] }
    group.demands.push(demand)
    groups.set(key, group)
  }
  const whole = { nodes: [...all], demands: [...demands] }
  for (const group of [...groups.values(), whole]) {
    // The most important of them could evict all that matters less, whoever that makes room for.
    const highest = Math.max(...group.demands.map(it => it.pod.shape.priority))
    const free = getFree(cluster, highest)
    for (const resource of ['cpu', 'memory'] as const) {
      let asked = 0n
      let room = 0n
      let pods = 0
      for (const it of group.demands) {
        asked += BigInt(it.pod.shape.requests[resource]) * BigInt(it.count)
        pods += it.count
      }
      for (const it of group.nodes) room += BigInt(free(cluster.nodes[it]!.name, resource))
      if (asked <= room) continue
      const workloads = [...new Set(group.demands.map(it => it.workload))]
      const because = `together they ask for ${formatCounted(resource, Number(asked))} ${resource}, and the ${group.nodes.length} nodes that can hold them have ${formatCounted(resource, Number(room))}`
      const most = countSmallest(group.demands, resource, room)
      return { kind: 'count', workloads, wanted: pods, most, because }
    }
  }
  return undefined
}

/** How many pods there is room for when the smallest come first: no choice of pods has more. */
function countSmallest(demands: readonly Demand[], resource: 'cpu' | 'memory', room: bigint): number {
  let left = room
  let count = 0
  const asked = (it: Demand): number => it.pod.shape.requests[resource]
  for (const it of [...demands].sort((a, b) => asked(a) - asked(b))) {
    const own = BigInt(asked(it))
    const fitting = own === 0n ? it.count : Math.min(it.count, Number(left / own))
    count += fitting
    left -= own * BigInt(fitting)
    if (fitting < it.count) break
  }
  return count
}
