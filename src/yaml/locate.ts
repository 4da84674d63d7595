/** Which text a node stands for, and which node a path leads to. */
import type { Span } from '../text/source.ts'
import type { Part } from './document.ts'
import type { Path } from './json.ts'
import { internKey } from './keys.ts'
import { AUX, findValue, KIND_MASK, NEXT, SEQ, SHARED, STRIDE, spanOf, type Table } from './table.ts'

/** A node and the key above it; the key is -1 for list items and roots. */
export interface Place {
  readonly node: number
  readonly keyNode: number
}

export const ROOT: Place = { node: 0, keyNode: -1 }

/** Where a node is written; an expanded alias is where `*name` stands. */
export const writtenSpan = (table: Table, node: number): Span =>
  table.aliases?.get(node) ?? spanOf(table, node)

/** The span of a part. */
export function partSpan(table: Table, { node, keyNode }: Place, part: Part): Span {
  const value = writtenSpan(table, node)
  if (part === 'value' || keyNode < 0) return value
  const key = writtenSpan(table, keyNode)
  if (part === 'key') return key
  // An expanded anchor may stand before its use; a pair then has no one span, and the key is the place.
  const shared = (table.nodes[node]! & SHARED) !== 0 && value.start < key.start
  return shared ? key : { start: key.start, end: value.end }
}

/** One step down, or undefined when it is absent. */
export function stepTo(table: Table, node: number, step: string | number): Place | undefined {
  if (typeof step === 'number') return itemAt(table, node, step)
  const value = findValue(table, node, internKey(step))
  return value < 0 ? undefined : { node: value, keyNode: value - STRIDE }
}

/** As far down the path as it exists, and the number of steps taken. */
export function walkPath(table: Table, path: Path): { readonly place: Place; readonly steps: number } {
  let place = ROOT
  for (let steps = 0; steps < path.length; steps++) {
    const next = stepTo(table, place.node, path[steps]!)
    if (!next) return { place, steps }
    place = next
  }
  return { place, steps: path.length }
}

function itemAt({ nodes }: Table, list: number, index: number): Place | undefined {
  if ((nodes[list]! & KIND_MASK) !== SEQ || !(index >= 0 && index < nodes[list + AUX]!)) return undefined
  let node = list + STRIDE
  for (let i = 0; i < index; i++) node = nodes[node + NEXT]!
  return { node, keyNode: -1 }
}
