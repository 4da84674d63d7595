/**
 * The value of a definition of a custom resource without its prose: descriptions are the larger part of most definitions,
 * and nothing asks more of them than whether they are there.
 */
import { emptyMap, scalarValue, toJson } from '../../yaml/decode.ts'
import type { Json } from '../../yaml/json.ts'
import { internKey, keyText } from '../../yaml/keys.ts'
import { STRING, scalarType } from '../../yaml/scalars.ts'
import {
  AUX,
  END,
  ESCAPED,
  FOLDED,
  KIND_MASK,
  LITERAL,
  MAP,
  NEXT,
  OVERRIDE,
  PLAIN,
  SEQ,
  START,
  STRIDE,
  type Table,
} from '../../yaml/table.ts'

const SCHEMA = internKey('openAPIV3Schema')
const DESCRIPTION = internKey('description')
/** Keywords with values of the custom resource, whatever their keys are called. */
const VALUES: ReadonlySet<number> = new Set(['default', 'enum', 'example'].map(internKey))

/** As `toJson`, but instead of the long descriptions of schemas there is always the same text. */
export const toOutline = (table: Table, node: number): Json => outline(table, node, 'around')

function outline(table: Table, node: number, part: 'around' | 'schema'): Json {
  const { nodes } = table
  const end = nodes[node + NEXT]!
  switch (nodes[node]! & KIND_MASK) {
    case MAP: {
      const map = emptyMap()
      for (let key = node + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!) {
        const id = nodes[key + AUX]!
        const value = key + STRIDE
        if (part === 'around') map[keyText(id)] = outline(table, value, id === SCHEMA ? 'schema' : part)
        else if (id === DESCRIPTION && isProse(table, value)) map[keyText(id)] = PROSE
        else map[keyText(id)] = VALUES.has(id) ? toJson(table, value) : outline(table, value, part)
      }
      return map
    }
    case SEQ: {
      const items: Json[] = []
      for (let item = node + STRIDE; item < end; item = nodes[item + NEXT]!)
        items.push(outline(table, item, part))
      return items
    }
    default:
      return scalarValue(table, node)
  }
}

const PROSE = 'A long description'

/** A text that is certainly not empty: nearly all that are long, so that the others need not be told apart. */
function isProse(table: Table, node: number): boolean {
  const { nodes } = table
  const kind = nodes[node]!
  if (nodes[node + END]! - nodes[node + START]! < LONG || (kind & (OVERRIDE | ESCAPED)) !== 0) return false
  const style = kind & KIND_MASK
  // A block scalar without lines has no indentation.
  if (style === LITERAL || style === FOLDED) return nodes[node + AUX]! > 0
  return style === PLAIN ? scalarType(table, node) === STRING : style > PLAIN
}

const LONG = 20
