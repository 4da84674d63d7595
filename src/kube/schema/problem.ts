/** What a validator says about a node, and the path to it, computed only when somebody asks. */
import type { Part } from '../../yaml/document.ts'
import type { Path } from '../../yaml/json.ts'
import { internKey, keyText } from '../../yaml/keys.ts'
import { AUX, findValue, KIND_MASK, MAP, NEXT, SEQ, STRIDE, type Table } from '../../yaml/table.ts'

/**
 * - `unknown-field`: strict decoding refuses the field.
 * - `type`: the JSON type is wrong, or a number does not fit its integer type.
 * - `format`: a quantity, time, base64 or other text is malformed.
 * - `enum`: none of the allowed values. `required`: a custom resource lacks a field. `null`: null where it is refused.
 * - `duplicate-item`: refused repetition in a list of a custom resource that is a set or a map.
 * - `repeated-item`: the same in a built-in list, which a server accepts, while apply merges or drops one of them.
 * - `pattern`, `range`, `length`, `count`, `combination`: keywords of a custom resource's schema.
 */
export type SchemaProblemCode =
  | 'unknown-field'
  | 'type'
  | 'format'
  | 'enum'
  | 'required'
  | 'null'
  | 'duplicate-item'
  | 'repeated-item'
  | 'pattern'
  | 'range'
  | 'length'
  | 'count'
  | 'combination'

export interface SchemaProblem {
  readonly code: SchemaProblemCode
  /** The value at fault; the map that lacks the field for `required`. */
  readonly node: number
  /** The part that is to be underlined: the key of an unknown field, else the value. */
  readonly part: Part
  /** The field that is unknown, missing or has the value; `""` for items of lists. */
  readonly field: string
  /** What the schema takes, in words: `integer`, `one of "A", "B"`. */
  readonly expected: string
  /** What stands there, in words: `string`, `"a"`. */
  readonly found: string
  /** The field or value that was probably meant. */
  readonly suggestion?: string
  /** An object in the same resource, seen from its root, that takes the unknown field: it was indented wrongly. */
  readonly legalAt?: Path
  /** The keyword and its argument, for the words of the server: `minimum` and 1. */
  readonly rule?: { readonly keyword: string; readonly value: unknown }
  /** Of `combination`: what the nearest alternative has against the value. */
  readonly inner?: readonly SchemaProblem[]
}

/** The path from one node down to another in the same subtree. */
export function pathBetween(table: Table, root: number, node: number): Path {
  const { nodes } = table
  const path: (string | number)[] = []
  let at = root
  while (at !== node) {
    const kind = nodes[at]! & KIND_MASK
    const end = nodes[at + NEXT]!
    let child = at + STRIDE
    let index = 0
    for (; child < end; index++) {
      const value = kind === MAP ? child + STRIDE : child
      const next = nodes[value + NEXT]!
      if (node < next) {
        path.push(kind === MAP ? keyText(nodes[child + AUX]!) : index)
        // A key itself stands for its entry.
        at = Math.min(node, value)
        break
      }
      child = next
    }
    if (child >= end) break
  }
  return path
}

/** The node at a path below another, or the nearest one above it that exists. */
export function findNode(table: Table, root: number, path: Path): number {
  const { nodes } = table
  let at = root
  for (const step of path) {
    const kind = nodes[at]! & KIND_MASK
    let next = -1
    if (typeof step === 'string' && kind === MAP) next = findValue(table, at, internKey(step))
    else if (typeof step === 'number' && kind === SEQ && step < nodes[at + AUX]!) {
      next = at + STRIDE
      for (let i = 0; i < step; i++) next = nodes[next + NEXT]!
    }
    if (next < 0) return at
    at = next
  }
  return at
}
