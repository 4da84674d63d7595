/** The scores of feasible nodes for one class, on counted state; test/schedule/specification says the same without. */

import type { Cluster } from '../cluster.ts'
import type { Storage } from '../storage.ts'
import { type PodVolumes, scoreVolumes } from '../volume-filters.ts'
import { balanceOf, type NodeTable } from './node-table.ts'
import type { PodClass, ScoredSpread } from './pod-class.ts'

/** Weighted scores in columns, in the order of the feasible nodes; absent where the plugin skips the pod. */
export interface ScoreColumns {
  readonly feasible: Int32Array
  readonly taints: Float64Array
  readonly nodeAffinity: Float64Array | undefined
  readonly fit: Float64Array
  readonly balance: Float64Array | undefined
  readonly spread: Float64Array | undefined
  readonly interPod: Float64Array | undefined
  readonly images: Float64Array
  readonly volumes: Float64Array | undefined
  readonly total: Float64Array
}

/** What scores are made from besides the class. */
export interface ScoreContext {
  readonly table: NodeTable
  readonly cluster: Cluster
  readonly storage: Storage
}

export function scoreNodes(
  context: ScoreContext,
  podClass: PodClass,
  feasible: Int32Array,
  volumes: PodVolumes | undefined,
): ScoreColumns {
  const { cluster, storage, table } = context
  const { version } = cluster
  const columns = {
    feasible,
    taints: scoreTaints(podClass, feasible),
    nodeAffinity: podClass.shape.preferredNodes.length === 0 ? undefined : scoreAffinity(podClass, feasible),
    fit: Float64Array.from(feasible, it => scoreFit(table, podClass, it)),
    balance: podClass.balanced
      ? Float64Array.from(feasible, it => scoreBalance(table, podClass, it, version.balanceByChange))
      : undefined,
    spread: podClass.scoredSpread.length === 0 ? undefined : scoreSpread(podClass, feasible),
    interPod: scoreInterPod(podClass, feasible),
    images: Float64Array.from(feasible, it => podClass.images[it]!),
    volumes:
      volumes !== undefined && version.storageCapacityScoring
        ? Float64Array.from(feasible, it => scoreVolumes(volumes, cluster.nodes[it]!, storage))
        : undefined,
  }
  const total = new Float64Array(feasible.length)
  const parts = [
    columns.taints,
    columns.nodeAffinity,
    columns.fit,
    columns.balance,
    columns.spread,
    columns.interPod,
    columns.images,
    columns.volumes,
  ]
  for (const part of parts)
    if (part !== undefined) for (let k = 0; k < total.length; k++) total[k]! += part[k]!
  return { ...columns, total }
}

/** The scores as kube-scheduler's debug output has them: node → plugin → weighted score. */
export function listScores(
  columns: ScoreColumns,
  cluster: Cluster,
): [string, Readonly<Record<string, number>>][] {
  const plugins: readonly (readonly [string, Float64Array | undefined])[] = [
    ['TaintToleration', columns.taints],
    ['NodeAffinity', columns.nodeAffinity],
    ['NodeResourcesFit', columns.fit],
    ['PodTopologySpread', columns.spread],
    ['InterPodAffinity', columns.interPod],
    [
      'DynamicResources',
      cluster.version.dynamicResources ? new Float64Array(columns.feasible.length) : undefined,
    ],
    ['NodeResourcesBalancedAllocation', columns.balance],
    ['ImageLocality', columns.images],
    ['VolumeBinding', columns.volumes],
    ['total', columns.total],
  ]
  return [...columns.feasible].map((node, index) => {
    const scores: Record<string, number> = {}
    for (const [plugin, column] of plugins) if (column !== undefined) scores[plugin] = column[index]!
    return [cluster.nodes[node]!.name, scores]
  })
}

/** NodeResourcesFit with LeastAllocated, of one node. */
export function scoreFit(table: NodeTable, podClass: PodClass, node: number): number {
  const { incoming } = podClass.shape
  const cpu = table.cpu[node]!
  const memory = table.memory[node]!
  let sum = 0
  let resources = 0
  if (cpu > 0) {
    const used = table.scoredCpu[node]! + incoming.cpu
    if (used <= cpu) sum += Math.trunc(((cpu - used) * 100) / cpu)
    resources++
  }
  if (memory > 0) {
    const used = table.scoredMemory[node]! + incoming.memory
    if (used <= memory) sum += Math.trunc(((memory - used) * 100) / memory)
    resources++
  }
  return resources === 2 ? sum >> 1 : sum
}

/** NodeResourcesBalancedAllocation of one node; `byChange` since 1.36. */
export function scoreBalance(table: NodeTable, podClass: PodClass, node: number, byChange: boolean): number {
  const { requests } = podClass.shape
  const after = balanceOf(
    table,
    node,
    table.usedCpu[node]! + requests.cpu,
    table.usedMemory[node]! + requests.memory,
  )
  return byChange ? 50 + Math.trunc((50 + after - table.balance[node]!) / 2) : after
}

function scoreTaints(podClass: PodClass, feasible: Int32Array): Float64Array {
  let maximum = 0
  for (const it of feasible) maximum = Math.max(maximum, podClass.unpreferred[it]!)
  return Float64Array.from(feasible, it => normaliseTaints(podClass.unpreferred[it]!, maximum))
}

export function normaliseTaints(count: number, maximum: number): number {
  return 3 * (maximum === 0 ? 100 : 100 - Math.trunc((100 * count) / maximum))
}

function scoreAffinity(podClass: PodClass, feasible: Int32Array): Float64Array {
  let maximum = 0
  for (const it of feasible) maximum = Math.max(maximum, podClass.preferred[it]!)
  return Float64Array.from(feasible, it => normaliseAffinity(podClass.preferred[it]!, maximum))
}

export function normaliseAffinity(sum: number, maximum: number): number {
  return maximum === 0 ? 0 : 2 * Math.trunc((100 * sum) / maximum)
}

export function normaliseSpread(raw: number, minimum: number, maximum: number): number {
  return 2 * (maximum === 0 ? 100 : Math.trunc((100 * (maximum + minimum - raw)) / maximum))
}

export function normaliseInterPod(raw: number, minimum: number, maximum: number): number {
  return maximum > minimum ? 2 * Math.trunc(100 * ((raw - minimum) / (maximum - minimum))) : 0
}

function scoreSpread(podClass: PodClass, feasible: Int32Array): Float64Array {
  const ignored = (node: number): boolean =>
    podClass.spreadKeys !== undefined &&
    podClass.scoredSpread.some(it => it.counter.topology.domainOf[node]! < 0)
  const scored = feasible.filter(it => !ignored(it))
  const weights = podClass.scoredSpread.map(it => Math.log(countDomains(it, scored) + 2))
  const raw = new Map<number, number>()
  let minimum = Number.POSITIVE_INFINITY
  let maximum = 0
  for (const node of scored) {
    let sum = 0
    podClass.scoredSpread.forEach((it, index) => {
      const domain = it.counter.topology.domainOf[node]!
      if (domain >= 0) sum += it.counter.counts[domain]! * weights[index]! + (it.maxSkew - 1)
    })
    const rounded = Math.round(sum)
    raw.set(node, rounded)
    minimum = Math.min(minimum, rounded)
    maximum = Math.max(maximum, rounded)
  }
  return Float64Array.from(feasible, it => {
    const score = raw.get(it)
    return score === undefined ? 0 : normaliseSpread(score, minimum, maximum)
  })
}

/** Domains among the nodes; those without the label are together one more. */
function countDomains(spread: ScoredSpread, nodes: Int32Array): number {
  if (spread.byNode) return nodes.length
  const seen = new Set<number>()
  for (const it of nodes) seen.add(spread.counter.topology.domainOf[it]!)
  return seen.size
}

/** Whether anything at all pulls or pushes; without it the plugin skips the pod. */
export function hasInterPodScore(podClass: PodClass): boolean {
  return (
    podClass.preferences.some(it => it.counter.total > 0) ||
    podClass.attractors.some(it => it.counter.total > 0)
  )
}

function sumInterPod(podClass: PodClass, node: number): number {
  let sum = 0
  for (const { counter, weight } of podClass.preferences) {
    const domain = counter.topology.domainOf[node]!
    if (domain >= 0) sum += weight * counter.counts[domain]!
  }
  for (const { counter, weight } of podClass.attractors) {
    const domain = counter.topology.domainOf[node]!
    if (domain >= 0) sum += weight * counter.counts[domain]!
  }
  return sum
}

function scoreInterPod(podClass: PodClass, feasible: Int32Array): Float64Array | undefined {
  if (!hasInterPodScore(podClass)) return undefined
  const raw = Float64Array.from(feasible, it => sumInterPod(podClass, it))
  let minimum = Number.POSITIVE_INFINITY
  let maximum = Number.NEGATIVE_INFINITY
  for (const it of raw) {
    minimum = Math.min(minimum, it)
    maximum = Math.max(maximum, it)
  }
  return raw.map(it => normaliseInterPod(it, minimum, maximum))
}
