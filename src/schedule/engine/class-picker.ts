/**
 * Picks the best node for a class without looking at every node: nodes with the same raw scores and domains share a
 * bucket, each bucket sorts its nodes by what only the node decides, and normalised scores are added per bucket.
 */

import {
  type Bucket,
  buildBucket,
  createOffset,
  type Dimensions,
  internStatic,
  isBlocked,
  isOpen,
  listDimensions,
  readNodeCount,
} from './buckets.ts'
import type { DomainCounter } from './domain-counter.ts'
import { createLocalScore, type LocalScore, NOWHERE, scoreLocally } from './local-score.ts'
import { getLayout, type LayoutCache, type NodeLayout } from './node-layout.ts'
import type { NodeTable } from './node-table.ts'
import type { PodClass } from './pod-class.ts'
import { findTopPosition, findTopScore, moveScore, type ScoreTable } from './score-blocks.ts'

/** The score of a node that is closed to the class, in the terms of the score table. */
const BLOCKED = -1

export interface ClassPicker extends ScoreTable {
  readonly table: NodeTable
  readonly podClass: PodClass
  readonly dimensions: Dimensions
  readonly layout: NodeLayout
  readonly buckets: Bucket[]
  /** From a bucket so far and one node count to the bucket with both, counter by counter. */
  readonly chain: readonly Map<number, number>[]
  readonly local: LocalScore
  /** Counters that belong to nodes, and how much of their changes has been seen: those that close, those that sort. */
  readonly blockers: readonly FollowedCounter[]
  readonly sorters: readonly FollowedCounter[]
  /** How much of the table's log has been seen. */
  position: number
  /** What `warm` has read, kept so that reading is not left out. */
  warmed: number
  /** Most of its buckets are out of use: one made anew would be faster. */
  worn: boolean
}

interface FollowedCounter {
  readonly counter: DomainCounter
  seen: number
}

/** Scores that one line of a cache holds. */
const CACHE_LINE = 32

/** Buckets out of use that are no burden. */
const SPARE_BUCKETS = 1000

export interface PickerContext {
  readonly table: NodeTable
  readonly layouts: LayoutCache
  /** How the version scores balance. */
  readonly byChange: boolean
}

export function createClassPicker(context: PickerContext, podClass: PodClass): ClassPicker {
  const { table, byChange } = context
  const dimensions = listDimensions(podClass)
  const { fixed } = podClass
  const layout = getLayout(context.layouts, { fixed, domains: dimensions.domains }, () =>
    internStatic(podClass, dimensions),
  )
  const { nodeCounters } = dimensions
  const picker: ClassPicker = {
    table,
    podClass,
    dimensions,
    layout,
    scores: new Int16Array(layout.nodeAt.length),
    // Without counts by node a bucket is a segment, and all classes of the layout share the table.
    bucketAt: nodeCounters.length === 0 ? layout.segmentAt : new Int32Array(layout.nodeAt.length).fill(-1),
    buckets: [],
    chain: nodeCounters.map(() => new Map()),
    local: createLocalScore(table, podClass, byChange),
    blockers: dimensions.blockers.map(follow),
    sorters: nodeCounters.map(follow),
    position: table.logged,
    warmed: 0,
    worn: false,
  }
  for (const node of podClass.candidates) {
    const position = layout.positionOf[node]!
    if (position < 0) continue
    const bucket = findBucket(picker, node)
    if (nodeCounters.length > 0) picker.bucketAt[position] = bucket
    if (isBlocked(dimensions.blockers, node)) picker.scores[position] = BLOCKED
    else settle(picker, position, scoreLocally(picker.local, picker.table.hot, node))
  }
  return picker
}

function follow(counter: DomainCounter): FollowedCounter {
  counter.changes ??= []
  return { counter, seen: counter.changes.length }
}

/** The index of the best node that takes a pod of the class, or −1. */
export function pickNode(picker: ClassPicker): number {
  const { buckets, dimensions, podClass } = picker
  catchUp(picker)
  const open: Bucket[] = []
  let used = 0
  for (let id = 0; id < buckets.length; id++) {
    const bucket = buckets[id]
    if (bucket === undefined || bucket.size === 0) continue
    used++
    if (isOpen(podClass, dimensions, bucket)) open.push(bucket)
  }
  picker.worn = buckets.length > SPARE_BUCKETS + 4 * used
  if (open.length === 0) return NOWHERE
  const offset = createOffset(podClass, dimensions, open)
  let best = NOWHERE
  let top = Number.NEGATIVE_INFINITY
  for (const bucket of open) {
    const total = findTopScore(bucket.blocks, picker) + offset(bucket)
    if (total < top) continue
    const node = picker.layout.nodeAt[findTopPosition(bucket.blocks, picker)]!
    if (total > top || (total === top && node < best)) {
      top = total
      best = node
    }
  }
  return best
}

function findBucket(picker: ClassPicker, node: number): number {
  const { buckets, chain, dimensions, layout } = picker
  const { nodeCounters } = dimensions
  const segment = layout.segmentOf[node]!
  let id = segment
  for (let k = 0; k < nodeCounters.length; k++) {
    const pair = id * 65536 + readNodeCount(nodeCounters[k]!, node)
    const links = chain[k]!
    let next = links.get(pair)
    if (next === undefined) links.set(pair, (next = links.size))
    id = next
  }
  if (buckets[id] === undefined) {
    buckets[id] = buildBucket(id, node, { segment: layout.segments[segment]!, dimensions })
  }
  return id
}

/** Gives a node that is not closed its new score. */
function settle(picker: ClassPicker, position: number, score: number): void {
  const { scores } = picker
  const before = scores[position]!
  const now = score + 1
  if (now === before) return
  scores[position] = now
  const bucket = picker.buckets[picker.bucketAt[position]!]!
  moveScore(bucket.blocks, position, before, now)
  if (now <= 0 !== before <= 0) bucket.size += now > 0 ? 1 : -1
}

function catchUp(picker: ClassPicker): void {
  const { local, scores, table } = picker
  const { positionOf } = picker.layout
  const { log, logged } = table
  for (const it of picker.sorters) catchUpSorter(picker, it)
  for (const it of picker.blockers) catchUpBlocker(picker, it)
  if (logged - picker.position > positionOf.length) {
    for (const node of picker.podClass.candidates) {
      const position = positionOf[node]!
      if (position >= 0 && scores[position] !== BLOCKED)
        settle(picker, position, scoreLocally(picker.local, picker.table.hot, node))
    }
  } else {
    warm(picker)
    for (let k = picker.position; k < logged; k++) {
      const node = log[k]!
      const position = positionOf[node]!
      if (position >= 0 && scores[position] !== BLOCKED)
        settle(picker, position, scoreLocally(local, table.hot, node))
    }
  }
  picker.position = logged
}

/**
 * Many classes take turns, and at each turn the scores of this one have left the cache: reading them in order first is
 * cheaper than meeting them one by one.
 */
function warm(picker: ClassPicker): void {
  const { scores } = picker
  let any = 0
  for (let k = 0; k < scores.length; k += CACHE_LINE) any |= scores[k]!
  picker.warmed = any
}

/** Puts nodes whose counts have changed into the bucket of their new counts. */
function catchUpSorter(picker: ClassPicker, it: FollowedCounter): void {
  const { bucketAt, buckets, layout, scores } = picker
  const changes = it.counter.changes!
  for (; it.seen < changes.length; it.seen++) {
    const node = changes[it.seen]!
    const position = layout.positionOf[node]!
    if (position < 0) continue
    const from = bucketAt[position]!
    const to = findBucket(picker, node)
    if (from === to) continue
    bucketAt[position] = to
    const score = scores[position]!
    if (score <= 0) continue
    moveScore(buckets[from]!.blocks, position, score, 0)
    buckets[from]!.size--
    moveScore(buckets[to]!.blocks, position, 0, score)
    buckets[to]!.size++
  }
}

/** Anti-affinity by node: a node that gets a pod to be avoided is out until the pod is gone. */
function catchUpBlocker(picker: ClassPicker, it: FollowedCounter): void {
  const { layout, scores } = picker
  const changes = it.counter.changes!
  for (; it.seen < changes.length; it.seen++) {
    const node = changes[it.seen]!
    const position = layout.positionOf[node]!
    if (position < 0) continue
    const blocked = isBlocked(picker.dimensions.blockers, node)
    if (blocked === (scores[position] === BLOCKED)) continue
    if (blocked) {
      settle(picker, position, NOWHERE)
      scores[position] = BLOCKED
    } else {
      scores[position] = 0
      settle(picker, position, scoreLocally(picker.local, picker.table.hot, node))
    }
  }
}
