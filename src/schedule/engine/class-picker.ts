/**
 * Picks the best node for a class without looking at every node: nodes with the same raw scores and domains share a
 * bucket, each bucket keeps its nodes in a heap by what only the node decides, and normalised scores are added per bucket.
 */

import { getNode, getScore, popEntry, pushEntry, replaceTop, toEntry } from './bucket-heap.ts'
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
import { createLocalScore, NOWHERE } from './local-score.ts'
import type { NodeTable } from './node-table.ts'
import type { PodClass } from './pod-class.ts'

/** A node's state: blocked or not, its score + 1, and the score + 1 it stands with in its bucket's heap. */
const BLOCKED = 1 << 30
const SCORE_SHIFT = 16
const FIELD = 0x3fff

export interface ClassPicker {
  readonly table: NodeTable
  readonly podClass: PodClass
  readonly dimensions: Dimensions
  /** Many classes take turns, so what a turn touches is kept small: one integer a node. */
  readonly states: Int32Array
  readonly bucketOf: Int32Array
  readonly buckets: Bucket[]
  /** Per node one number for what never changes; −1 for nodes that are out. */
  readonly staticIds: Int32Array
  /** From a bucket so far and one node count to the bucket with both, counter by counter. */
  readonly chain: readonly Map<number, number>[]
  readonly score: (node: number) => number
  readonly blockerPositions: number[]
  /** How much of the table's log has been seen. */
  position: number
  warmed: number
}

/** `byChange`: how the version scores balance. */
export function createClassPicker(table: NodeTable, podClass: PodClass, byChange: boolean): ClassPicker {
  const count = table.nodes.length
  const dimensions = listDimensions(podClass)
  const picker: ClassPicker = {
    table,
    podClass,
    dimensions,
    states: new Int32Array(count).fill(BLOCKED),
    bucketOf: new Int32Array(count).fill(NOWHERE),
    buckets: [],
    staticIds: internStatic(podClass, dimensions),
    chain: dimensions.nodeCounters.map(() => new Map()),
    score: createLocalScore(table, podClass, byChange),
    blockerPositions: dimensions.blockers.map(it => (it.crossings ??= []).length),
    position: table.logged,
    warmed: 0,
  }
  for (const node of podClass.candidates) {
    if (picker.staticIds[node]! < 0) continue
    picker.bucketOf[node] = findBucket(picker, node)
    picker.states[node] = isBlocked(dimensions.blockers, node) ? BLOCKED : 0
    refresh(picker, node)
  }
  return picker
}

/** The index of the best node that takes a pod of the class, or −1. */
export function pickNode(picker: ClassPicker): number {
  const { buckets, dimensions, podClass } = picker
  catchUp(picker)
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
    const entry = peek(picker, id)
    if (entry === NOWHERE) continue
    const node = getNode(entry)
    const total = getScore(entry) + offset(buckets[id]!)
    if (total > top || (total === top && node < best)) {
      top = total
      best = node
    }
  }
  return best
}

function findBucket(picker: ClassPicker, node: number): number {
  const { buckets, chain, dimensions } = picker
  const { nodeCounters } = dimensions
  let id = picker.staticIds[node]!
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

function refresh(picker: ClassPicker, node: number): void {
  if (picker.states[node]! >= BLOCKED) return
  settle(picker, node, picker.score(node))
}

/** Gives a node its new score, and its new bucket where that depends on what runs on it. */
function settle(picker: ClassPicker, node: number, now: number): void {
  const { bucketOf, buckets, states } = picker
  const state = states[node]!
  const before = ((state >> SCORE_SHIFT) & FIELD) - 1
  if (picker.chain.length > 0) {
    const id = findBucket(picker, node)
    if (id !== bucketOf[node]) {
      if (before >= 0) buckets[bucketOf[node]!]!.size--
      bucketOf[node] = id
      if (now >= 0) {
        buckets[id]!.size++
        pushEntry(buckets[id]!.heap, toEntry(now, node))
      }
      states[node] = ((now + 1) << SCORE_SHIFT) | (now + 1)
      return
    }
  }
  if (now === before) return
  const standing = (state & FIELD) - 1
  if (before < 0) buckets[bucketOf[node]!]!.size++
  else if (now < 0) buckets[bucketOf[node]!]!.size--
  // A node that lost stands too high in the heap, which mends itself; one that gained must be heard at once.
  if (now > standing) pushEntry(buckets[bucketOf[node]!]!.heap, toEntry(now, node))
  states[node] = ((now + 1) << SCORE_SHIFT) | (Math.max(now, standing) + 1)
}

function catchUp(picker: ClassPicker): void {
  const { states, table } = picker
  const { log, logged } = table
  catchUpBlockers(picker)
  if (logged - picker.position > states.length) {
    for (const node of picker.podClass.candidates) refresh(picker, node)
  } else {
    // Touching the states first lets many cache misses overlap; the scores between them would keep them apart.
    let any = 0
    for (let k = picker.position; k < logged; k++) any |= states[log[k]!]!
    picker.warmed = any
    for (let k = picker.position; k < logged; k++) refresh(picker, log[k]!)
  }
  picker.position = logged
}

/** Anti-affinity by node: a node that gets a pod to be avoided is out until the pod is gone. */
function catchUpBlockers(picker: ClassPicker): void {
  const { blockerPositions, states } = picker
  const { blockers } = picker.dimensions
  for (let k = 0; k < blockers.length; k++) {
    const crossings = blockers[k]!.crossings!
    for (; blockerPositions[k]! < crossings.length; blockerPositions[k]!++) {
      const node = crossings[blockerPositions[k]!]!
      if (picker.staticIds[node]! < 0) continue
      const blocked = isBlocked(blockers, node)
      if (blocked === states[node]! >= BLOCKED) continue
      if (blocked) {
        settle(picker, node, NOWHERE)
        states[node]! |= BLOCKED
      } else {
        states[node]! &= ~BLOCKED
        settle(picker, node, picker.score(node))
      }
    }
  }
}

/** A bucket's best entry, after mending what stands in its way. */
function peek(picker: ClassPicker, id: number): number {
  const { bucketOf, states } = picker
  const { heap } = picker.buckets[id]!
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
