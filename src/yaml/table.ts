/**
 * The one in-memory form of a YAML or JSON document: a table of nodes in preorder.
 *
 * A node is `STRIDE` integers in one Int32Array; its index is the offset of the first of them, the root has index 0.
 * Offsets are UTF-16 offsets into `text`. A map's children alternate key, value. Nothing is decoded while parsing:
 * `decode.ts` turns nodes into text and values on demand. Both producers (`scan.ts`, `compose.ts`) make equal tables.
 */
import type { Span } from '../text/source.ts'

export interface Table {
  /** The text that all offsets point into: the file, or the rendered text of a template. */
  readonly text: string
  readonly nodes: Int32Array
  /** Values of the few scalars whose meaning is not in their text (tags, aliases used as keys); by node. */
  readonly overrides?: ReadonlyMap<number, null | boolean | number | string>
  /** Where an alias (`*name`) stands whose expansion is the node; the node's own offsets are those of the anchor. */
  readonly aliases?: ReadonlyMap<number, Span>
}

export const STRIDE = 5
/** Field offsets within a node. */
export const KIND = 0
export const START = 1
export const END = 2
/** Index of the first node after this subtree: the next sibling, or the parent's end. */
export const NEXT = 3
/** Scalar used as key: interned key id. Block scalar: indentation of its content. Map: entries. Sequence: items. */
export const AUX = 4

/** Low byte of KIND. */
export const MAP = 1
export const SEQ = 2
export const PLAIN = 3
export const SINGLE_QUOTED = 4
export const DOUBLE_QUOTED = 5
export const LITERAL = 6
export const FOLDED = 7
/** No text at all: `key:` or `- ` with nothing behind it, an empty document; start equals end. */
export const EMPTY = 8

export const KIND_MASK = 0xff
/** Flags in KIND above the low byte. */
export const FLOW = 1 << 8
/** A scalar whose text spans lines. */
export const MULTILINE = 1 << 9
/** A quoted scalar with escapes (`\n`, `''`). */
export const ESCAPED = 1 << 10
/** Block scalar chomping `-` and `+`. */
export const STRIP = 1 << 11
export const KEEP = 1 << 12
/** Copied from an anchor: the offsets are those of the definition, and an edit there changes every use. */
export const SHARED = 1 << 13
/** The value is in `overrides`. */
export const OVERRIDE = 1 << 14
/** A key that came in through a merge key (`<<`). */
export const MERGED = 1 << 15

export const kindOf = (table: Table, node: number): number => table.nodes[node]! & KIND_MASK
export const isMap = (table: Table, node: number): boolean => kindOf(table, node) === MAP
export const isSeq = (table: Table, node: number): boolean => kindOf(table, node) === SEQ
export const isScalar = (table: Table, node: number): boolean => kindOf(table, node) > SEQ
/** Number of entries of a map, of items of a sequence. */
export const sizeOf = (table: Table, node: number): number => table.nodes[node + AUX]!

export const spanOf = (table: Table, node: number): Span => ({
  start: table.nodes[node + START]!,
  end: table.nodes[node + END]!,
})

/** The value node of the key with this id, or -1. Of repeated keys the last one counts, as in kubectl. */
export function findValue(table: Table, map: number, key: number): number {
  const { nodes } = table
  if ((nodes[map]! & KIND_MASK) !== MAP) return -1
  const end = nodes[map + NEXT]!
  let found = -1
  for (let at = map + STRIDE; at < end; at = nodes[at + STRIDE + NEXT]!)
    if (nodes[at + AUX] === key) found = at + STRIDE
  return found
}
