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
import { createLocalScore, NOWHERE } from './local-score.ts'
import type { NodeTable } from './node-table.ts'
import type { PodClass } from './pod-class.ts'
import { addNode, dropNode, findFirstNode, findTopScore } from './score-levels.ts'

/** A node's state: its bucket, whether it is closed to the class, and its score + 1. */
const BUCKET_SHIFT = 11
const BLOCKED = 1 << 10
const SCORE = BLOCKED - 1

/** More buckets than this and the picker is due to be made anew, without those that are no longer in use. */
export const MAX_BUCKETS = 1 << 19

export interface ClassPicker {
  readonly table: NodeTable
  readonly podClass: PodClass
  readonly dimensions: Dimensions
  /** Many classes take turns, so what a turn touches is kept small: one integer a node. */
  readonly states: Int32Array
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
    const blocked = isBlocked(dimensions.blockers, node) ? BLOCKED : 0
    picker.states[node] = (findBucket(picker, node) << BUCKET_SHIFT) | blocked
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
    const { levels } = buckets[id]!
    const score = findTopScore(levels)
    const total = score + offset(buckets[id]!)
    if (total < top) continue
    const node = findFirstNode(levels, score)
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
  if (buckets[id] === undefined) buckets[id] = buildBucket(node, picker.states.length, dimensions)
  return id
}

function refresh(picker: ClassPicker, node: number): void {
  if ((picker.states[node]! & BLOCKED) === 0) settle(picker, node, picker.score(node))
}

/** Gives a node its new score, and its new bucket where that depends on what runs on it. */
function settle(picker: ClassPicker, node: number, now: number): void {
  const { buckets, states } = picker
  const state = states[node]!
  const before = (state & SCORE) - 1
  const from = state >> BUCKET_SHIFT
  const to = picker.chain.length > 0 ? findBucket(picker, node) : from
  if (now === before && from === to) return
  if (before >= 0) {
    dropNode(buckets[from]!.levels, before, node)
    if (now < 0 || from !== to) buckets[from]!.size--
  }
  if (now >= 0) {
    addNode(buckets[to]!.levels, now, node)
    if (before < 0 || from !== to) buckets[to]!.size++
  }
  states[node] = (to << BUCKET_SHIFT) | (now + 1)
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
      if (blocked === ((states[node]! & BLOCKED) !== 0)) continue
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
