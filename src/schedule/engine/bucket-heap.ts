/** Nodes of one bucket by node-local score: a heap that lets entries go stale and mends them when they surface. */

/** Score and node in one integer: the larger the better, and among equals the smaller index. */
const NODE_BITS = 20
const NODE_MASK = (1 << NODE_BITS) - 1

/** Four children a parent: fewer levels, and so fewer cache misses, than two. */
const WIDTH_BITS = 2
const WIDTH = 1 << WIDTH_BITS

export interface BucketHeap {
  entries: Int32Array
  size: number
}

export function createBucketHeap(): BucketHeap {
  return { entries: new Int32Array(16), size: 0 }
}

export function toEntry(score: number, node: number): number {
  return (score << NODE_BITS) | (NODE_MASK - node)
}

export function getScore(entry: number): number {
  return entry >> NODE_BITS
}

export function getNode(entry: number): number {
  return NODE_MASK - (entry & NODE_MASK)
}

export function pushEntry(heap: BucketHeap, entry: number): void {
  if (heap.size === heap.entries.length) {
    const longer = new Int32Array(heap.entries.length * 2)
    longer.set(heap.entries)
    heap.entries = longer
  }
  const { entries } = heap
  let at = heap.size++
  while (at > 0) {
    const parent = (at - 1) >> WIDTH_BITS
    const above = entries[parent]!
    if (above >= entry) break
    entries[at] = above
    at = parent
  }
  entries[at] = entry
}

export function popEntry(heap: BucketHeap): void {
  const last = heap.entries[--heap.size]!
  if (heap.size > 0) replaceTop(heap, last)
}

/** Puts an entry in the place of the best one. */
export function replaceTop(heap: BucketHeap, entry: number): void {
  const { entries, size } = heap
  let at = 0
  for (;;) {
    const first = (at << WIDTH_BITS) + 1
    if (first >= size) break
    const end = Math.min(first + WIDTH, size)
    let child = first
    let most = entries[first]!
    for (let k = first + 1; k < end; k++) {
      if (entries[k]! > most) {
        most = entries[k]!
        child = k
      }
    }
    if (most <= entry) break
    entries[at] = most
    at = child
  }
  entries[at] = entry
}
