/**
 * Judges a node table against the type of a built-in resource, as the server's strict decoding does, plus closed sets.
 *
 * Null counts as absent everywhere, `required` of the published schema is not what the server demands and is left to
 * the checks of `src/kube/api/`, and the status is decoded and then dropped, so its values are not judged.
 */

import { findNearest } from '../../text/suggest.ts'
import { scalarText, scalarValue } from '../../yaml/decode.ts'
import type { Path } from '../../yaml/json.ts'
import { internKey, keyText } from '../../yaml/keys.ts'
import { BOOLEAN, INTEGER, NULL, NUMBER, STRING, scalarType } from '../../yaml/scalars.ts'
import { AUX, END, KIND_MASK, MAP, NEXT, SEQ, START, STRIDE, type Table } from '../../yaml/table.ts'
import { isBase64, isGoDuration, isMicroTime, isQuantity, isTime } from './go-scalars.ts'
import { pathBetween, type SchemaProblem } from './problem.ts'
import {
  ANY,
  BOOL,
  BYTES,
  DURATION,
  FLOAT,
  findField,
  INT_OR_STRING,
  INT32,
  INT64,
  LAZY,
  LIST_OF,
  type ListRule,
  MAP_OF,
  MICRO_TIME,
  OBJECT,
  QUANTITY,
  SCHEMA_OR_BOOL,
  SCHEMA_OR_LIST,
  SCHEMA_OR_STRINGS,
  STRING_TYPE,
  TIME,
  type TypeGraph,
} from './type-graph.ts'

const STATUS = internKey('status')

/** State of one validation; one shape, so that the hot functions stay monomorphic. */
interface Run {
  readonly table: Table
  readonly nodes: Int32Array
  readonly graph: TypeGraph
  readonly root: number
  readonly problems: SchemaProblem[]
  /** Node and type of the objects above the present one, in pairs. */
  readonly above: number[]
  depth: number
  /** Below a status, or below a type that decodes itself: values are not judged, or unknown fields pass. */
  inStatus: boolean
  lenient: boolean
}

/** All problems of the value at `node`, in source order; `root` is where the paths in them begin. */
export function validateBuiltin(
  table: Table,
  node: number,
  graph: TypeGraph,
  type: number,
  root: number = node,
): SchemaProblem[] {
  const run: Run = {
    table,
    nodes: table.nodes,
    graph,
    root,
    problems: [],
    above: [],
    depth: 0,
    inStatus: false,
    lenient: false,
  }
  check(run, node, type)
  return run.problems
}

function check(run: Run, node: number, type: number): void {
  const { graph } = run
  let expected = graph.kinds[type]!
  if (expected === LAZY) {
    graph.link(type)
    expected = graph.kinds[type]!
  }
  if (expected === ANY) return
  const kind = run.nodes[node]! & KIND_MASK
  if (kind === MAP) {
    if (expected === OBJECT) checkFields(run, node, type)
    else if (expected === MAP_OF) checkValues(run, node, type)
    else if (expected >= SCHEMA_OR_LIST) checkLenient(run, node, graph.elements[type]!)
    else wrongType(run, node, type, 'map')
  } else if (kind === SEQ) {
    if (expected === LIST_OF) checkItems(run, node, type)
    else if (expected === SCHEMA_OR_LIST)
      for (const item of itemsOf(run, node)) checkLenient(run, item, graph.elements[type]!)
    else if (expected !== SCHEMA_OR_STRINGS && (expected !== BYTES || !isByteList(run, node)))
      wrongType(run, node, type, 'list')
  } else checkScalar(run, node, type, expected)
}

function checkFields(run: Run, node: number, type: number): void {
  const { nodes, graph, above } = run
  const end = nodes[node + NEXT]!
  const { depth } = run
  above[depth] = node
  above[depth + 1] = type
  run.depth = depth + 2
  for (let key = node + STRIDE; key < end; ) {
    const value = key + STRIDE
    const field = findField(graph, type, nodes[key + AUX]!)
    if (field < 0) {
      if (!run.lenient) unknownField(run, value, type)
    } else if (node === run.root && nodes[key + AUX] === STATUS) {
      run.inStatus = true
      check(run, value, field)
      run.inStatus = false
    } else check(run, value, field)
    key = nodes[value + NEXT]!
  }
  run.depth = depth
}

function checkValues(run: Run, node: number, type: number): void {
  const { nodes } = run
  const element = run.graph.elements[type]!
  const end = nodes[node + NEXT]!
  for (let value = node + STRIDE * 2; value < end; value = nodes[value + NEXT]! + STRIDE)
    check(run, value, element)
}

function checkItems(run: Run, node: number, type: number): void {
  const { nodes } = run
  const element = run.graph.elements[type]!
  const end = nodes[node + NEXT]!
  for (let item = node + STRIDE; item < end; item = nodes[item + NEXT]!) check(run, item, element)
  const rule = run.graph.lists[type]
  if (rule && nodes[node + AUX]! > 1 && !run.inStatus) checkRepeated(run, node, rule)
}

/** Types with a decoder of their own forget that decoding is strict: wrong types are found, unknown fields pass. */
function checkLenient(run: Run, node: number, type: number): void {
  const before = run.lenient
  run.lenient = true
  check(run, node, type)
  run.lenient = before
}

/** encoding/json takes a list of small numbers for bytes. */
function isByteList(run: Run, node: number): boolean {
  for (const item of itemsOf(run, node)) {
    const value = isScalarNode(run.table, item) ? scalarValue(run.table, item) : undefined
    if (value !== null && !(Number.isInteger(value) && (value as number) >= 0 && (value as number) < 256))
      return false
  }
  return true
}

function* itemsOf(run: Run, node: number): IterableIterator<number> {
  const end = run.nodes[node + NEXT]!
  for (let item = node + STRIDE; item < end; item = run.nodes[item + NEXT]!) yield item
}

function checkScalar(run: Run, node: number, type: number, expected: number): void {
  const { table } = run
  const found = scalarType(table, node)
  if (found === NULL) return
  switch (expected) {
    case STRING_TYPE:
      if (found !== STRING) wrongType(run, node, type, SCALAR_NAMES[found]!)
      else if (run.graph.enums[type] && !run.inStatus) checkEnum(run, node, type)
      return
    case INT32:
    case INT64:
      if (found !== INTEGER) wrongType(run, node, type, SCALAR_NAMES[found]!)
      else if (!fitsInteger(table, node, expected)) wrongType(run, node, type, 'number')
      return
    case INT_OR_STRING:
      if (found === BOOLEAN || found === NUMBER) wrongType(run, node, type, SCALAR_NAMES[found]!)
      else if (found === INTEGER && !fitsInteger(table, node, INT32)) wrongType(run, node, type, 'number')
      return
    case FLOAT:
      if (found !== INTEGER && found !== NUMBER) wrongType(run, node, type, SCALAR_NAMES[found]!)
      return
    case BOOL:
      if (found !== BOOLEAN) wrongType(run, node, type, SCALAR_NAMES[found]!)
      return
    case QUANTITY:
      if (found === BOOLEAN) wrongType(run, node, type, 'boolean')
      else if (found === STRING && !isQuantity(scalarText(table, node))) wrongFormat(run, node, type)
      return
    case BYTES:
    case TIME:
    case MICRO_TIME:
    case DURATION:
      if (found !== STRING) wrongType(run, node, type, SCALAR_NAMES[found]!)
      else if (!isWellFormed(scalarText(table, node), expected)) wrongFormat(run, node, type)
      return
    case SCHEMA_OR_BOOL:
      if (found !== BOOLEAN) wrongType(run, node, type, SCALAR_NAMES[found]!)
      return
    default:
      wrongType(run, node, type, SCALAR_NAMES[found]!)
  }
}

function isWellFormed(text: string, expected: number): boolean {
  if (expected === BYTES) return isBase64(text)
  if (expected === TIME) return isTime(text)
  return expected === MICRO_TIME ? isMicroTime(text) : isGoDuration(text)
}

/** Whether an integer fits 32 or 64 bits; short texts need no look. */
function fitsInteger(table: Table, node: number, expected: number): boolean {
  const start = table.nodes[node + START]!
  const length = table.nodes[node + END]! - start
  if (length <= 9) return expected === INT64 || !hasExponent(table.text, start, length) || fits32(table, node)
  if (expected === INT32) return fits32(table, node)
  if (length <= 15) return true
  const text = table.text.slice(start, start + length)
  // Beyond 53 bits only the digits themselves tell 2^63 - 1 from 2^63.
  if (!/^[-+]?[1-9][0-9]*$/.test(text)) return Math.abs(scalarValue(table, node) as number) < 2 ** 63
  const exact = BigInt(text.replace('+', ''))
  return exact >= -(2n ** 63n) && exact < 2n ** 63n
}

/** Nine characters reach beyond 32 bits only as `9e9`. */
function hasExponent(text: string, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) if ((text.charCodeAt(at) | 32) === 101) return true
  return false
}

function fits32(table: Table, node: number): boolean {
  const value = scalarValue(table, node) as number
  return value >= -(2 ** 31) && value < 2 ** 31
}

/** The empty string counts as absent: defaulting comes before validation. */
function checkEnum(run: Run, node: number, type: number): void {
  const allowed = run.graph.enums[type]!
  const text = scalarText(run.table, node)
  if (text === '' || allowed.has(text)) return
  const suggestion = findNearest(text, allowed)
  run.problems.push({
    code: 'enum',
    node,
    part: 'value',
    field: fieldName(run, node),
    expected: `one of ${[...allowed].map(it => JSON.stringify(it)).join(', ')}`,
    found: JSON.stringify(text),
    ...(suggestion !== undefined && { suggestion }),
  })
}

/** The server takes repeated items here, while apply merges or loses them. */
function checkRepeated(run: Run, node: number, rule: ListRule): void {
  const seen = new Set<string>()
  for (const item of itemsOf(run, node)) {
    const identity = itemIdentity(run.table, item, rule)
    if (identity === undefined) continue
    if (seen.has(identity))
      run.problems.push({
        code: 'repeated-item',
        node: item,
        part: 'value',
        field: fieldName(run, node),
        expected: `unique ${rule.keys.map(keyText).join(' and ')}`,
        found: identity,
      })
    seen.add(identity)
  }
}

/** `name "a", protocol "TCP"`: what makes an item unique; undefined when it lacks a key without default. */
function itemIdentity(table: Table, item: number, rule: ListRule): string | undefined {
  if ((table.nodes[item]! & KIND_MASK) !== MAP) return undefined
  const end = table.nodes[item + NEXT]!
  const parts = rule.defaults.map(it => (it === '' ? undefined : JSON.stringify(it)))
  for (let key = item + STRIDE; key < end; key = table.nodes[key + STRIDE + NEXT]!) {
    const index = rule.keys.indexOf(table.nodes[key + AUX]!)
    if (index >= 0 && isScalarNode(table, key + STRIDE))
      parts[index] = JSON.stringify(scalarValue(table, key + STRIDE))
  }
  if (parts.includes(undefined)) return undefined
  return parts.map((part, i) => `${keyText(rule.keys[i]!)} ${part}`).join(', ')
}

const isScalarNode = (table: Table, node: number): boolean => (table.nodes[node]! & KIND_MASK) > SEQ

function unknownField(run: Run, value: number, type: number): void {
  const name = keyText(run.nodes[value - STRIDE + AUX]!)
  const suggestion = findNearest(
    name,
    (run.graph.fields[type] ?? []).map(it => it.name),
  )
  const legalAt = suggestion === undefined ? findHome(run, value) : undefined
  run.problems.push({
    code: 'unknown-field',
    node: value,
    part: 'key',
    field: name,
    expected: run.graph.names[type] ?? '',
    found: name,
    ...(suggestion !== undefined && { suggestion }),
    ...(legalAt && { legalAt }),
  })
}

/** Where a field of this name would be legal: in an object above, else below, where only one place takes it. */
function findHome(run: Run, value: number): Path | undefined {
  const { graph, above, nodes } = run
  const key = nodes[value - STRIDE + AUX]!
  for (let at = run.depth - 4; at >= 0; at -= 2)
    if (findField(graph, above[at + 1]!, key) >= 0) return pathBetween(run.table, run.root, above[at]!)
  const below = findBelow(graph, above[run.depth - 1]!, key)
  return below && [...pathBetween(run.table, run.root, above[run.depth - 2]!), ...below]
}

/** `containers` of a Deployment's spec belongs two objects further down. */
const DEEPEST_HOME = 2

/** The one object below a type, at the least depth, that has the field. */
function findBelow(graph: TypeGraph, type: number, key: number): Path | undefined {
  let level: { readonly type: number; readonly path: Path }[] = [{ type, path: [] }]
  for (let depth = 0; depth < DEEPEST_HOME; depth++) {
    const next = level.flatMap(it =>
      (graph.fields[it.type] ?? []).map(field => ({ type: field.type, path: [...it.path, field.name] })),
    )
    for (const it of next) if (graph.kinds[it.type] === LAZY) graph.link(it.type)
    level = next.filter(it => graph.kinds[it.type] === OBJECT)
    const homes = level.filter(it => findField(graph, it.type, key) >= 0)
    if (homes.length > 0) return homes.length === 1 ? homes[0]!.path : undefined
  }
  return undefined
}

function wrongType(run: Run, node: number, type: number, found: string): void {
  run.problems.push({
    code: 'type',
    node,
    part: 'value',
    field: fieldName(run, node),
    expected: KIND_NAMES[run.graph.kinds[type]!]!,
    found,
  })
}

function wrongFormat(run: Run, node: number, type: number): void {
  run.problems.push({
    code: 'format',
    node,
    part: 'value',
    field: fieldName(run, node),
    expected: KIND_NAMES[run.graph.kinds[type]!]!,
    found: JSON.stringify(scalarText(run.table, node)),
  })
}

/** The key under which a value stands, or under which its list does. */
function fieldName(run: Run, node: number): string {
  const path = pathBetween(run.table, run.root, node)
  return String(path.findLast(it => typeof it === 'string') ?? '')
}

/** By `ScalarType`. */
const SCALAR_NAMES: readonly string[] = ['string', 'integer', 'number', 'boolean', 'null']

/** By kind of the graph. */
export const KIND_NAMES: readonly string[] = [
  '',
  'any value',
  'string',
  'integer (32 bits)',
  'integer',
  'number',
  'boolean',
  'base64 text',
  'quantity',
  'integer or string',
  'time (RFC 3339)',
  'time (RFC 3339 with microseconds)',
  'duration',
  'map',
  'map',
  'list',
  'schema or list of schemas',
  'schema or boolean',
  'schema or list of strings',
]
