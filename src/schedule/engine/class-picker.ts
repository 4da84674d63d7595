/**
 * Picks the best node for a class without looking at every node: nodes with the same raw scores and domains share a
 * bucket, each bucket keeps its nodes in a heap by what only the node decides, and normalised scores are added per bucket.
 */

import {
  type BucketHeap,
  createBucketHeap,
  getNode,
  getScore,
  popEntry,
  pushEntry,
  replaceTop,
  toEntry,
} from './bucket-heap.ts'
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
import { HOT, HOT_STRIDE, type NodeTable } from './node-table.ts'
import type { PodClass } from './pod-class.ts'

interface Bucket {
  /** A node of the bucket; any one stands for all where domains and raw scores are concerned. */
  readonly sample: number
  /** Counts on the sample of counters that belong to single nodes, in the order of `nodeCounters`. */
  readonly values: Int32Array
  readonly heap: BucketHeap
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

const NOWHERE = -1
/** A node's state: blocked or not, its score + 1, and the score + 1 it stands with in its bucket's heap. */
const BLOCKED = 1 << 30
const SCORE_SHIFT = 16
const FIELD = 0x3fff

/** `byChange`: how the version scores balance. */
export function createClassPicker(table: NodeTable, podClass: PodClass, byChange: boolean): ClassPicker {
  const count = table.nodes.length
  // Many classes take turns, so what a turn touches is kept small: one integer a node.
  const states = new Int32Array(count).fill(BLOCKED)
  const bucketOf = new Int32Array(count).fill(NOWHERE)
  const buckets: Bucket[] = []
  const dimensions = listDimensions(podClass)
  const { blockers, nodeCounters } = dimensions
  const staticIds = internStatic(podClass, dimensions)
  const chain: Map<number, number>[] = nodeCounters.map(() => new Map())
  const score = createLocalScore(table, podClass, byChange)
  const blockerPositions = blockers.map(it => (it.crossings ??= []).length)
  let position = 0
  let warmed = 0

  const findBucket = (node: number): number => {
    let id = staticIds[node]!
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
    const state = states[node]!
    if (state >= BLOCKED) return
    settle(node, score(node))
  }
  const settle = (node: number, now: number): void => {
    const state = states[node]!
    const before = ((state >> SCORE_SHIFT) & FIELD) - 1
    if (nodeCounters.length > 0) {
      const id = findBucket(node)
      if (id !== bucketOf[node]) {
        if (before >= 0) buckets[bucketOf[node]!]!.size--
        bucketOf[node] = id
        if (now >= 0) enter(node, now)
        states[node] = ((now + 1) << SCORE_SHIFT) | (now + 1)
        return
      }
    }
    if (now === before) return
    const standing = (state & FIELD) - 1
    // A node that lost stands too high in the heap, which mends itself; one that gained must be heard at once.
    if (before < 0) buckets[bucketOf[node]!]!.size++
    else if (now < 0) buckets[bucketOf[node]!]!.size--
    if (now > standing) pushEntry(buckets[bucketOf[node]!]!.heap, toEntry(now, node))
    states[node] = ((now + 1) << SCORE_SHIFT) | (Math.max(now, standing) + 1)
  }
  const enter = (node: number, now: number): void => {
    const bucket = buckets[bucketOf[node]!]!
    bucket.size++
    pushEntry(bucket.heap, toEntry(now, node))
  }
  /** Anti-affinity by node: a node that gets a pod to be avoided is out until the pod is gone. */
  const catchUpBlockers = (): void => {
    for (let k = 0; k < blockers.length; k++) {
      const crossings = blockers[k]!.crossings!
      for (; blockerPositions[k]! < crossings.length; blockerPositions[k]!++) {
        const node = crossings[blockerPositions[k]!]!
        if (staticIds[node]! < 0) continue
        const blocked = isBlocked(blockers, node)
        if (blocked === states[node]! >= BLOCKED) continue
        if (blocked) {
          settle(node, NOWHERE)
          states[node]! |= BLOCKED
        } else {
          states[node]! &= ~BLOCKED
          settle(node, score(node))
        }
      }
    }
  }
  const catchUp = (): void => {
    catchUpBlockers()
    if (table.logged - position > count) for (const node of podClass.candidates) refresh(node)
    else {
      // Touching the states first lets many cache misses overlap; the scores between them would keep them apart.
      let any = 0
      for (let k = position; k < table.logged; k++) any |= states[table.log[k]!]!
      warmed = any
      for (let k = position; k < table.logged; k++) refresh(table.log[k]!)
    }
    position = table.logged
  }
  /** The bucket's best entry, after mending what stands in its way. */
  const peek = (id: number): number => {
    const { heap } = buckets[id]!
    while (heap.size > 0) {
      const entry = heap.entries[0]!
      const node = getNode(entry)
      const state = states[node]!
      const now = ((state >> SCORE_SHIFT) & FIELD) - 1
      if (bucketOf[node] !== id || (state & FIELD) - 1 !== getScore(entry)) popEntry(heap)
      else if (now === getScore(entry)) return entry
      else {
        states[node] = (state & BLOCKED) | ((now + 1) << SCORE_SHIFT) | (now + 1)
        if (now < 0) popEntry(heap)
        else replaceTop(heap, toEntry(now, node))
      }
    }
    return NOWHERE
  }
  for (const node of podClass.candidates) {
    if (staticIds[node]! < 0) continue
    bucketOf[node] = findBucket(node)
    states[node] = isBlocked(blockers, node) ? BLOCKED : 0
    refresh(node)
  }
  position = table.logged
  return {
    pick() {
      catchUp()
      const open: number[] = []
      for (let id = 0; id < buckets.length; id++) {
        const bucket = buckets[id]
        if (bucket !== undefined && bucket.size > 0 && isOpen(podClass, dimensions, bucket)) open.push(id)
      }
      if (open.length === 0 || warmed < 0) return NOWHERE
      const offset = createOffset(
        podClass,
        dimensions,
        open.map(it => buckets[it]!),
      )
      let best = NOWHERE
      let top = Number.NEGATIVE_INFINITY
      for (const id of open) {
        const entry = peek(id)
        if (entry === NOWHERE) continue
        const node = getNode(entry)
        const total = getScore(entry) + offset(buckets[id]!)
        if (total > top || (total === top && node < best)) {
          top = total
          best = node
        }
      }
      return best
    },
  }
}

/** What only the node decides: resources and ports, then fit, balance and images. */
function createLocalScore(table: NodeTable, podClass: PodClass, byChange: boolean): (node: number) => number {
  const { hot } = table
  const { balanced, scalars, shape } = podClass
  const { ports, requests, incoming } = shape
  const { cpu, memory } = requests
  const images = podClass.images.some(score => score > 0) ? podClass.images : undefined
  const simple = ports.length === 0 && scalars.length === 0 && requests.ephemeral === 0
  return node => {
    const at = node * HOT_STRIDE
    const allCpu = hot[at + HOT.cpu]!
    const allMemory = hot[at + HOT.memory]!
    const usedCpu = hot[at + HOT.usedCpu]! + cpu
    const usedMemory = hot[at + HOT.usedMemory]! + memory
    if (hot[at + HOT.freePods]! < 1) return NOWHERE
    if ((cpu > 0 && usedCpu > allCpu) || (memory > 0 && usedMemory > allMemory)) return NOWHERE
    if (!simple && (!hasRoom(table, podClass, node) || hasPortConflict(table, ports, node))) return NOWHERE
    let score = images === undefined ? 0 : images[node]!
    if (allCpu === 0 || allMemory === 0) {
      score += scoreFit(table, podClass, node)
      return balanced ? score + scoreBalance(table, podClass, node, byChange) : score
    }
    const scoredCpu = hot[at + HOT.scoredCpu]! + incoming.cpu
    const scoredMemory = hot[at + HOT.scoredMemory]! + incoming.memory
    const freeCpu = scoredCpu > allCpu ? 0 : (((allCpu - scoredCpu) * 100) / allCpu) | 0
    const freeMemory = scoredMemory > allMemory ? 0 : (((allMemory - scoredMemory) * 100) / allMemory) | 0
    score += (freeCpu + freeMemory) >> 1
    if (!balanced) return score
    const drift = (Math.min(1, usedCpu / allCpu) - Math.min(1, usedMemory / allMemory)) / 2
    const balance = ((1 - (drift < 0 ? -drift : drift)) * 100) | 0
    return byChange ? score + 50 + (((50 + balance - hot[at + HOT.balance]!) / 2) | 0) : score + balance
  }
}

/** The counters a class depends on, split by whether they belong to nodes or to domains of several nodes. */
interface Dimensions {
  /** Topologies whose domains distinguish buckets. */
  readonly domains: readonly Int32Array[]
  readonly nodeCounters: readonly DomainCounter[]
  /** Index into a bucket's values, by counter. */
  readonly valueIndex: ReadonlyMap<DomainCounter, number>
  /** Counters of single nodes that close the node as soon as they count anything. */
  readonly blockers: readonly DomainCounter[]
  /** Anti-affinity by domains of several nodes. */
  readonly avoided: readonly DomainCounter[]
}

function listDimensions(podClass: PodClass): Dimensions {
  const counters = new Set<DomainCounter>([
    ...podClass.requiredSpread.map(it => it.counter),
    ...podClass.scoredSpread.map(it => it.counter),
    ...podClass.affinity,
    ...podClass.preferences.map(it => it.counter),
    ...podClass.attractors.map(it => it.counter),
  ])
  const antiAffinity = [...podClass.antiAffinity, ...podClass.avoiders]
  const avoided = antiAffinity.filter(it => !it.topology.unique)
  const domains = new Set<Int32Array>(avoided.map(it => it.topology.domainOf))
  const nodeCounters: DomainCounter[] = []
  for (const it of counters) {
    if (it.topology.unique) nodeCounters.push(it)
    else domains.add(it.topology.domainOf)
  }
  return {
    domains: [...domains],
    nodeCounters,
    valueIndex: new Map(nodeCounters.map((it, index) => [it, index])),
    blockers: antiAffinity.filter(it => it.topology.unique),
    avoided,
  }
}

function isBlocked(blockers: readonly DomainCounter[], node: number): boolean {
  for (let k = 0; k < blockers.length; k++) {
    const it = blockers[k]!
    const domain = it.topology.domainOf[node]!
    if (domain >= 0 && it.counts[domain]! > 0) return true
  }
  return false
}

/** 0 stands for a missing label, so that nodes without it keep to themselves. */
function readNodeCount(counter: DomainCounter, node: number): number {
  const domain = counter.topology.domainOf[node]!
  return domain < 0 ? 0 : counter.counts[domain]! + 1
}

/** One number for everything about a node that never changes while pods are placed; −1 for nodes that are out. */
function internStatic(podClass: PodClass, dimensions: Dimensions): Int32Array {
  const ids = new Int32Array(podClass.fixed.length).fill(NOWHERE)
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
    heap: createBucketHeap(),
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
  for (const it of dimensions.avoided) if (readCount(dimensions, bucket, it) > 0) return false
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
