/** Faults of custom resources as problems at nodes. */

import { findNearest } from '../../text/suggest.ts'
import { scalarValue } from '../../yaml/decode.ts'
import type { Json } from '../../yaml/json.ts'
import { KIND_MASK, MAP, SEQ, type Table } from '../../yaml/table.ts'
import { type Fault, pathOf } from './fault.ts'
import { formatGoJson, isGoList, isGoMap } from './go-value.ts'
import { findNode, pathBetween, type SchemaProblem } from './problem.ts'
import type { Structural } from './structural.ts'

/** The resource that is judged. */
export interface Place {
  readonly table: Table
  readonly root: number
}

/** An apiVersion or kind that is no string: the object does not decode, so no rule of its schema is at stake. */
export const decodeProblem = (place: Place, node: number): SchemaProblem => ({
  code: 'type',
  node,
  part: 'value',
  field: fieldOf(place, node),
  expected: 'string',
  found: describe(place.table, node),
})

/** A map with fields where something else is expected: its fields are unknown, so the object does not decode. */
export const wrongMapProblem = (place: Place, node: number, schema: Structural): SchemaProblem => ({
  code: 'type',
  node,
  part: 'value',
  field: fieldOf(place, node),
  expected: typeWords(schema.isIntOrString ? 'integer,string' : schema.type),
  found: 'map',
  rule: { keyword: 'type', value: schema.type },
})

/**
 * The problems that a fault comes to, at the nodes nearest to it. What breaks a branch of `allOf` is a problem of its
 * own; what breaks alternatives is told with the combination.
 */
export function listFaultProblems(place: Place, fault: Fault): SchemaProblem[] {
  const node = findNode(place.table, place.root, pathOf(fault.place))
  const inner = (fault.inner ?? []).flatMap(it => listFaultProblems(place, it))
  if (fault.keyword === 'allOf') return inner
  // The type says it already, or says it better.
  if (fault.keyword === 'numberFormat' && fault.code === 'type') return []
  const problem = toProblem(place, node, fault)
  if (isToldByDecoding(fault)) return []
  return [inner.length > 0 ? { ...problem, inner } : problem]
}

/** A map with fields where none is expected does not decode; formats take no part in that. */
function isToldByDecoding({ keyword, found, value }: Fault): boolean {
  if (keyword !== 'type' || !isGoMap(found) || Object.keys(found).length === 0) return false
  return JSON_TYPES.has((value as readonly string[])[0]!)
}

const JSON_TYPES: ReadonlySet<string> = new Set([
  'array',
  'string',
  'integer',
  'number',
  'boolean',
  'integer,string',
])

function toProblem(place: Place, node: number, fault: Fault): SchemaProblem {
  const { code, keyword, value } = fault
  const shared = { code, node, part: 'value', field: fieldOf(place, node), rule: { keyword, value } } as const
  switch (keyword) {
    case 'required':
      return missingProblem(node, String(value), isNullField(place, node, String(value)) ? 'null' : '')
    case 'enum':
      return unsupportedProblem(place, node, fault)
    case 'type': {
      const [demanded, there] = value as readonly [string, string]
      return { ...shared, expected: typeWords(demanded), found: foundWords(fault, there) }
    }
    case 'duplicate':
      return { ...shared, expected: 'unique items', found: formatGoJson(fault.found) }
    default:
      return {
        ...shared,
        expected: typeof value === 'string' ? value : JSON.stringify(value),
        found: describe(place.table, node),
      }
  }
}

function unsupportedProblem(place: Place, node: number, fault: Fault): SchemaProblem {
  const allowed = fault.value as readonly Json[]
  const texts = allowed.filter(it => typeof it === 'string')
  const suggestion = typeof fault.found === 'string' ? findNearest(fault.found, texts) : undefined
  return {
    code: 'enum',
    node,
    part: 'value',
    field: fieldOf(place, node),
    expected: `one of ${allowed.map(it => JSON.stringify(it)).join(', ')}`,
    found: formatGoJson(fault.found),
    ...(suggestion !== undefined && { suggestion }),
    rule: { keyword: 'enum', value: allowed },
  }
}

/** `found` is `null` where the field is there and does not count. */
const missingProblem = (node: number, field: string, found: '' | 'null'): SchemaProblem => ({
  code: 'required',
  node,
  part: 'key',
  field,
  expected: field,
  found,
  rule: { keyword: 'required', value: field },
})

const isNullField = ({ table }: Place, map: number, field: string): boolean => {
  const node = findNode(table, map, [field])
  return node !== map && describe(table, node) === 'null'
}

function foundWords({ found }: Fault, there: string): string {
  if (isGoMap(found)) return 'map'
  if (isGoList(found)) return 'list'
  return there === 'float64' ? 'number' : there === '' ? 'boolean' : there
}

/** The types that are demanded, in words for people; the server names the format of a number instead. */
function typeWords(demanded: string): string {
  if (demanded === 'int32' || demanded === 'int64') return 'integer'
  if (demanded === 'float' || demanded === 'double') return 'number'
  return TYPE_NAMES.get(demanded) ?? demanded
}

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['', 'any value'],
  ['object', 'map'],
  ['array', 'list'],
  ['integer,string', 'integer or string'],
])

/** The key under which a value stands, or under which its list does. */
function fieldOf({ table, root }: Place, node: number): string {
  return String(pathBetween(table, root, node).findLast(it => typeof it === 'string') ?? '')
}

function describe(table: Table, node: number): string {
  const kind = table.nodes[node]! & KIND_MASK
  if (kind === MAP) return 'map'
  return kind === SEQ ? 'list' : JSON.stringify(scalarValue(table, node))
}
