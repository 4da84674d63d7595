/**
 * Picks the best node for a class without looking at every node: nodes with the same raw scores and domains share a
 * bucket, each bucket keeps its nodes in a heap by what only the node decides, and normalised scores are added per bucket.
 */

import type { DomainCounter } from './domain-counter.ts'
import { getSpreadMinimum, hasPortConflict, hasRoom } from './node-check.ts'
import {
  hasInterPodScore,
  normaliseAffinity,
  normaliseInterPod,
  normaliseSpread,
  normaliseTaints,
  scoreBalance,
  scoreFit,
} from './node-scores.ts'
import type { NodeTable } from './node-table.ts'
import type { PodClass } from './pod-class.ts'

/** Node-local score and node index in one integer: the larger the better, the smaller name first. */
const NODE_BITS = 20
const NODE_MASK = (1 << NODE_BITS) - 1
const NOWHERE = -1

interface Bucket {
  /** A node of the bucket; any one stands for all where domains and raw scores are concerned. */
  readonly sample: number
  /** Counts on the sample of counters that belong to single nodes, in the order of `nodeCounters`. */
  readonly values: Int32Array
  heap: Int32Array
  heapSize: number
  /** Nodes in it that have room. */
  size: number
  raw: number
  pull: number
  ignored: boolean
}

export interface ClassPicker {
  /** The index of the best node that takes the pod, or −1. */
  pick(): number
}

/** `byChange`: how the version scores balance. */
export function createClassPicker(table: NodeTable, podClass: PodClass, byChange: boolean): ClassPicker {
  const count = table.nodes.length
  const keyOf = new Int32Array(count).fill(NOWHERE)
  const bucketOf = new Int32Array(count).fill(NOWHERE)
  const buckets: Bucket[] = []
  const dimensions = listDimensions(podClass)
  const staticIds = internStatic(podClass, dimensions)
  const chain: Map<number, number>[] = dimensions.nodeCounters.map(() => new Map())
  let position = 0

  const findBucket = (node: number): number => {
    let id = staticIds[node]!
    const { nodeCounters } = dimensions
    for (let k = 0; k < nodeCounters.length; k++) {
      const pair = id * 65536 + readNodeCount(nodeCounters[k]!, node)
      const links = chain[k]!
      let next = links.get(pair)
      if (next === undefined) links.set(pair, (next = links.size))
      id = next
    }
    if (buckets[id] === undefined) buckets[id] = buildBucket(node, dimensions)
    return id
  }
  const refresh = (node: number): void => {
    let key = NOWHERE
    let id = NOWHERE
    if (
      hasRoom(table, podClass, node) &&
      (podClass.shape.ports.length === 0 || !hasPortConflict(table, podClass.shape.ports, node))
    ) {
      let score = scoreFit(table, podClass, node) + podClass.images[node]!
      if (podClass.balanced) score += scoreBalance(table, podClass, node, byChange)
      key = (score << NODE_BITS) | (NODE_MASK - node)
      id = findBucket(node)
    }
    const before = bucketOf[node]!
    if (id === before && key === keyOf[node]) return
    if (before !== id) {
      if (before >= 0) buckets[before]!.size--
      if (id >= 0) buckets[id]!.size++
      bucketOf[node] = id
    }
    keyOf[node] = key
    if (id >= 0) pushHeap(buckets[id]!, key, count)
  }
  const catchUp = (): void => {
    if (table.logged === position) return
    if (position === 0 || table.logged - position > count) {
      for (const node of podClass.candidates) if (podClass.fixed[node] === undefined) refresh(node)
    } else {
      for (let k = position; k < table.logged; k++) {
        const node = table.log[k]!
        if (podClass.fixed[node] === undefined) refresh(node)
      }
    }
    position = table.logged
  }
  const peek = (id: number): number => {
    const bucket = buckets[id]!
    while (bucket.heapSize > 0) {
      const key = bucket.heap[0]!
      const node = NODE_MASK - (key & NODE_MASK)
      if (keyOf[node] === key && bucketOf[node] === id) return key
      popHeap(bucket)
    }
    return NOWHERE
  }
  for (const node of podClass.candidates) if (podClass.fixed[node] === undefined) refresh(node)
  position = table.logged
  return {
    pick() {
      catchUp()
      const open: number[] = []
      for (let id = 0; id < buckets.length; id++) {
        const bucket = buckets[id]
        if (bucket !== undefined && bucket.size > 0 && isOpen(podClass, dimensions, bucket)) open.push(id)
      }
      if (open.length === 0) return NOWHERE
      const offset = createOffset(
        podClass,
        dimensions,
        open.map(it => buckets[it]!),
      )
      let best = NOWHERE
      let top = Number.NEGATIVE_INFINITY
      for (const id of open) {
        const key = peek(id)
        if (key === NOWHERE) continue
        const node = NODE_MASK - (key & NODE_MASK)
        const total = (key >> NODE_BITS) + offset(buckets[id]!)
        if (total > top || (total === top && node < best)) {
          top = total
          best = node
        }
      }
      return best
    },
  }
}

/** The counters a class depends on, split by whether they belong to nodes or to domains of several nodes. */
interface Dimensions {
  /** Topologies whose domains distinguish buckets. */
  readonly domains: readonly Int32Array[]
  readonly nodeCounters: readonly DomainCounter[]
  /** Index into a bucket's values, by counter. */
  readonly valueIndex: ReadonlyMap<DomainCounter, number>
}

function listDimensions(podClass: PodClass): Dimensions {
  const counters = new Set<DomainCounter>([
    ...podClass.requiredSpread.map(it => it.counter),
    ...podClass.scoredSpread.map(it => it.counter),
    ...podClass.affinity,
    ...podClass.antiAffinity,
    ...podClass.preferences.map(it => it.counter),
    ...podClass.avoiders,
    ...podClass.attractors.map(it => it.counter),
  ])
  const domains = new Set<Int32Array>()
  const nodeCounters: DomainCounter[] = []
  for (const it of counters) {
    if (it.topology.unique) nodeCounters.push(it)
    else domains.add(it.topology.domainOf)
  }
  return {
    domains: [...domains],
    nodeCounters,
    valueIndex: new Map(nodeCounters.map((it, index) => [it, index])),
  }
}

/** 0 stands for a missing label, so that nodes without it keep to themselves. */
function readNodeCount(counter: DomainCounter, node: number): number {
  const domain = counter.topology.domainOf[node]!
  return domain < 0 ? 0 : counter.counts[domain]! + 1
}

/** One number for everything about a node that never changes while pods are placed. */
function internStatic(podClass: PodClass, dimensions: Dimensions): Int32Array {
  const ids = new Int32Array(podClass.fixed.length)
  const known = new Map<string, number>()
  for (const node of podClass.candidates) {
    if (podClass.fixed[node] !== undefined) continue
    let text = `${podClass.unpreferred[node]},${podClass.preferred[node]}`
    for (const it of dimensions.domains) text += `,${it[node]}`
    let id = known.get(text)
    if (id === undefined) known.set(text, (id = known.size))
    ids[node] = id
  }
  return ids
}

function buildBucket(node: number, dimensions: Dimensions): Bucket {
  return {
    sample: node,
    values: Int32Array.from(dimensions.nodeCounters, it => readNodeCount(it, node)),
    heap: new Int32Array(16),
    heapSize: 0,
    size: 0,
    raw: 0,
    pull: 0,
    ignored: false,
  }
}

/** The bucket's count in a counter: fixed where it belongs to the node, else of the moment. −1 without the label. */
function readCount(dimensions: Dimensions, bucket: Bucket, counter: DomainCounter): number {
  const index = dimensions.valueIndex.get(counter)
  if (index !== undefined) return bucket.values[index]! - 1
  const domain = counter.topology.domainOf[bucket.sample]!
  return domain < 0 ? -1 : counter.counts[domain]!
}

/** Spread and inter-pod filters for all nodes of a bucket at once. */
function isOpen(podClass: PodClass, dimensions: Dimensions, bucket: Bucket): boolean {
  for (const { counter, constraint, self } of podClass.requiredSpread) {
    const count = readCount(dimensions, bucket, counter)
    if (count < 0) return false
    if (count + self - getSpreadMinimum(counter, constraint.minDomains) > constraint.maxSkew) return false
  }
  let met = true
  let nobody = true
  for (const it of podClass.affinity) {
    const count = readCount(dimensions, bucket, it)
    if (count < 0) return false
    if (it.total > 0) nobody = false
    if (count === 0) met = false
  }
  if (!met && !(nobody && podClass.selfAffine)) return false
  for (const it of podClass.antiAffinity) if (readCount(dimensions, bucket, it) > 0) return false
  for (const it of podClass.avoiders) if (readCount(dimensions, bucket, it) > 0) return false
  return true
}

/** Normalised scores depend on all feasible nodes: gathers the extremes, then scores a bucket. */
function createOffset(
  podClass: PodClass,
  dimensions: Dimensions,
  open: readonly Bucket[],
): (bucket: Bucket) => number {
  let unpreferred = 0
  let preferred = 0
  for (const it of open) {
    unpreferred = Math.max(unpreferred, podClass.unpreferred[it.sample]!)
    preferred = Math.max(preferred, podClass.preferred[it.sample]!)
  }
  const spread = scoreSpreadBuckets(podClass, dimensions, open)
  const pull = scorePullBuckets(podClass, dimensions, open)
  return bucket => {
    const { sample } = bucket
    let score = normaliseTaints(podClass.unpreferred[sample]!, unpreferred)
    if (preferred > 0) score += normaliseAffinity(podClass.preferred[sample]!, preferred)
    if (spread !== undefined && !bucket.ignored)
      score += normaliseSpread(bucket.raw, spread.minimum, spread.maximum)
    if (pull !== undefined) score += normaliseInterPod(bucket.pull, pull.minimum, pull.maximum)
    return score
  }
}

interface Extremes {
  minimum: number
  maximum: number
}

function scoreSpreadBuckets(
  podClass: PodClass,
  dimensions: Dimensions,
  open: readonly Bucket[],
): Extremes | undefined {
  const { scoredSpread } = podClass
  if (scoredSpread.length === 0) return undefined
  let nodes = 0
  for (const it of open) {
    it.ignored =
      podClass.spreadKeys !== undefined &&
      scoredSpread.some(({ counter }) => counter.topology.domainOf[it.sample]! < 0)
    it.raw = 0
    if (!it.ignored) nodes += it.size
  }
  for (const { counter, maxSkew, byNode } of scoredSpread) {
    const weight = Math.log((byNode ? nodes : countBucketDomains(counter, open)) + 2)
    for (const it of open) {
      if (it.ignored) continue
      const count = readCount(dimensions, it, counter)
      if (count >= 0) it.raw += count * weight + (maxSkew - 1)
    }
  }
  const extremes = { minimum: Number.POSITIVE_INFINITY, maximum: 0 }
  for (const it of open) {
    if (it.ignored) continue
    it.raw = Math.round(it.raw)
    extremes.minimum = Math.min(extremes.minimum, it.raw)
    extremes.maximum = Math.max(extremes.maximum, it.raw)
  }
  return extremes
}

function countBucketDomains(counter: DomainCounter, open: readonly Bucket[]): number {
  const { topology } = counter
  let unlabelled = 0
  let labelled = 0
  const seen = new Set<number>()
  for (const it of open) {
    if (it.ignored) continue
    const domain = topology.domainOf[it.sample]!
    if (domain < 0) unlabelled = 1
    else if (topology.unique) labelled += it.size
    else seen.add(domain)
  }
  return unlabelled + labelled + seen.size
}

function scorePullBuckets(
  podClass: PodClass,
  dimensions: Dimensions,
  open: readonly Bucket[],
): Extremes | undefined {
  if (!hasInterPodScore(podClass)) return undefined
  const extremes = { minimum: Number.POSITIVE_INFINITY, maximum: Number.NEGATIVE_INFINITY }
  for (const it of open) {
    it.pull = 0
    for (const { counter, weight } of podClass.preferences) {
      it.pull += weight * Math.max(0, readCount(dimensions, it, counter))
    }
    for (const { counter, weight } of podClass.attractors) {
      it.pull += weight * Math.max(0, readCount(dimensions, it, counter))
    }
    extremes.minimum = Math.min(extremes.minimum, it.pull)
    extremes.maximum = Math.max(extremes.maximum, it.pull)
  }
  return extremes
}

/** Outdated entries stay until they surface; a heap that is mostly outdated is left to shrink by itself. */
function pushHeap(bucket: Bucket, key: number, nodes: number): void {
  if (bucket.heapSize === bucket.heap.length) {
    const longer = new Int32Array(bucket.heap.length * 2)
    longer.set(bucket.heap)
    bucket.heap = longer
  }
  const { heap } = bucket
  let at = bucket.heapSize++
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent]!
    if (above >= key) break
    heap[at] = above
    at = parent
  }
  heap[at] = key
  if (bucket.heapSize > 4 * nodes + 64) dropDuplicates(bucket)
}

/** Bounds the heap: each (score, node) pair need stand only once. */
function dropDuplicates(bucket: Bucket): void {
  const unique = [...new Set(bucket.heap.subarray(0, bucket.heapSize))].sort((left, right) => right - left)
  bucket.heap = new Int32Array(Math.max(16, unique.length * 2))
  bucket.heap.set(unique)
  bucket.heapSize = unique.length
}

function popHeap(bucket: Bucket): void {
  const { heap } = bucket
  const last = heap[--bucket.heapSize]!
  const size = bucket.heapSize
  if (size === 0) return
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= size) break
    if (child + 1 < size && heap[child + 1]! > heap[child]!) child++
    if (heap[child]! <= last) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
}
