/** Groups of nodes that look alike to a class, and what they share: domains, filters and normalised scores. */

import type { DomainCounter } from './domain-counter.ts'
import { NOWHERE } from './local-score.ts'
import { getSpreadMinimum } from './node-check.ts'
import type { Segment } from './node-layout.ts'
import {
  hasInterPodScore,
  normaliseAffinity,
  normaliseInterPod,
  normaliseSpread,
  normaliseTaints,
} from './node-scores.ts'
import type { PodClass } from './pod-class.ts'
import { createScoreBlocks, type ScoreBlocks } from './score-blocks.ts'

export interface Bucket {
  /** A node of the bucket; any one stands for all where domains and raw scores are concerned. */
  readonly sample: number
  /** Counts on the sample of counters that belong to single nodes, in the order of `nodeCounters`. */
  readonly values: Int32Array
  readonly blocks: ScoreBlocks
  /** Nodes in it that have room. */
  size: number
  raw: number
  pull: number
  ignored: boolean
}

/** The counters a class depends on, split by whether they belong to nodes or to domains of several nodes. */
export interface Dimensions {
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

export function listDimensions(podClass: PodClass): Dimensions {
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

/** Whether a pod that keeps away from others would meet one on the node. */
export function isBlocked(blockers: readonly DomainCounter[], node: number): boolean {
  for (let k = 0; k < blockers.length; k++) {
    const it = blockers[k]!
    const domain = it.topology.domainOf[node]!
    if (domain >= 0 && it.counts[domain]! > 0) return true
  }
  return false
}

/** 0 stands for a missing label, so that nodes without it keep to themselves. */
export function readNodeCount(counter: DomainCounter, node: number): number {
  const domain = counter.topology.domainOf[node]!
  return domain < 0 ? 0 : counter.counts[domain]! + 1
}

/**
 * One number for everything about a node that never changes while pods are placed, from 0 without gaps; −1 for nodes
 * that are out.
 */
export function internStatic(podClass: PodClass, dimensions: Dimensions): Int32Array {
  const { candidates, fixed, preferred, unpreferred } = podClass
  const open = candidates.filter(node => fixed[node] === undefined)
  const ids = new Int32Array(fixed.length).fill(NOWHERE)
  for (const node of open) ids[node] = 0
  for (const column of [unpreferred, preferred, ...dimensions.domains]) {
    const links = new Map<number, number>()
    for (const node of open) {
      const pair = ids[node]! * COLUMN_VALUES + column[node]! + 1
      let id = links.get(pair)
      if (id === undefined) links.set(pair, (id = links.size))
      ids[node] = id
    }
  }
  return ids
}

/** More than a column of nodes has different values. */
const COLUMN_VALUES = 2 ** 24

export function buildBucket(
  id: number,
  node: number,
  it: { segment: Segment; dimensions: Dimensions },
): Bucket {
  return {
    sample: node,
    values: Int32Array.from(it.dimensions.nodeCounters, counter => readNodeCount(counter, node)),
    blocks: createScoreBlocks(id, it.segment),
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
export function isOpen(podClass: PodClass, dimensions: Dimensions, bucket: Bucket): boolean {
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
export function createOffset(
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
