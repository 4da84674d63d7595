/** Faults of custom resources as problems at nodes. */
import { scalarValue } from '../../yaml/decode.ts'
import type { Json } from '../../yaml/json.ts'
import { KIND_MASK, MAP, SEQ, type Table } from '../../yaml/table.ts'
import type { PlacedFault } from './judge.ts'
import { type Fault, formatCanonical } from './keywords.ts'
import { findNode, pathBetween, type SchemaProblem } from './problem.ts'
import type { Structural } from './structural.ts'
import { findNearest } from './suggest.ts'

/** The resource that is judged. */
export interface Place {
  readonly table: Table
  readonly root: number
}

export function faultProblem(place: Place, node: number, { code, keyword, value }: Fault): SchemaProblem {
  return {
    code,
    node,
    part: 'value',
    field: fieldOf(place, node),
    expected: typeof value === 'string' ? value : JSON.stringify(value),
    found: describe(place.table, node),
    rule: { keyword, value },
  }
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

/**
 * A fault somewhere below a node, found in its materialised value. What breaks a branch of `allOf` is a problem of its
 * own; what breaks alternatives is told with the combination.
 */
export function placedProblems(place: Place, node: number, fault: PlacedFault): SchemaProblem[] {
  const target = findNode(place.table, node, fault.path)
  if (fault.code === 'required') return [missingProblem(target, String(fault.value), '')]
  if (fault.code === 'enum')
    return [unsupportedProblem(place, target, fault.value as readonly Json[], fault.found)]
  const inner = (fault.inner ?? []).flatMap(it => placedProblems(place, node, it))
  if (fault.keyword === 'allOf') return inner.map(it => ({ ...it, allOf: target }))
  return [{ ...faultProblem(place, target, fault), ...(inner.length > 0 && { inner }) }]
}

export function unsupportedProblem(
  place: Place,
  node: number,
  allowed: readonly Json[],
  value: Json,
): SchemaProblem {
  const texts = allowed.filter(it => typeof it === 'string')
  const suggestion = typeof value === 'string' ? findNearest(value, texts) : undefined
  return {
    code: 'enum',
    node,
    part: 'value',
    field: fieldOf(place, node),
    expected: `one of ${allowed.map(it => JSON.stringify(it)).join(', ')}`,
    found: formatCanonical(value),
    ...(suggestion !== undefined && { suggestion }),
    rule: { keyword: 'enum', value: allowed },
  }
}

/** `found` is `null` where the field is there and does not count. */
export const missingProblem = (node: number, field: string, found: '' | 'null'): SchemaProblem => ({
  code: 'required',
  node,
  part: 'key',
  field,
  expected: field,
  found,
  rule: { keyword: 'required', value: field },
})

export function typeProblem(place: Place, node: number, schema: Structural, found: string): SchemaProblem {
  return {
    code: found === 'null' ? 'null' : 'type',
    node,
    part: 'value',
    field: fieldOf(place, node),
    expected: schema.isIntOrString && schema.type === '' ? 'integer or string' : TYPE_NAMES[schema.type]!,
    found,
    rule: { keyword: 'type', value: typeWords(schema) },
  }
}

/** The type in the words of the server, which names the format of an integer instead when it has one. */
function typeWords({ type, format }: Structural): string {
  if (type === '') return 'integer,string'
  return type === 'integer' && (format === 'int32' || format === 'int64') ? format : type
}

/** The key under which a value stands, or under which its list does. */
export function fieldOf({ table, root }: Place, node: number): string {
  return String(pathBetween(table, root, node).findLast(it => typeof it === 'string') ?? '')
}

function describe(table: Table, node: number): string {
  const kind = table.nodes[node]! & KIND_MASK
  if (kind === MAP) return 'map'
  return kind === SEQ ? 'list' : JSON.stringify(scalarValue(table, node))
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  '': 'any value',
  object: 'map',
  array: 'list',
  string: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
}
