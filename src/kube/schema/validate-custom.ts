/**
 * Judges a node table against the structural schema of a custom resource, in the server's order of things: metadata is
 * decoded, fields that the schema does not name are refused, nulls and defaults are settled, the status is dropped
 * where it is a subresource, and only then values are judged. Rules in CEL are not this file's.
 */

import { findNearest } from '../../text/suggest.ts'
import type { Path } from '../../yaml/json.ts'
import { internKey, keyText } from '../../yaml/keys.ts'
import { STRING, scalarType } from '../../yaml/scalars.ts'
import { AUX, KIND_MASK, MAP, NEXT, SEQ, STRIDE, type Table } from '../../yaml/table.ts'
import { decodeProblem, listFaultProblems, wrongMapProblem } from './custom-problems.ts'
import { isNull, type Met, newMet, toEffective } from './defaulting.ts'
import type { Fault } from './fault.ts'
import { emptyGoMap, type GoMap, type GoValue, isGoMap, toGoValue } from './go-value.ts'
import { judgeValue } from './judge.ts'
import { listRepetitions } from './list-types.ts'
import { pathBetween, type SchemaProblem } from './problem.ts'
import { linkStructural, type Structural } from './structural.ts'
import type { TypeGraph } from './type-graph.ts'
import { validateBuiltin } from './validate.ts'

const API_VERSION = internKey('apiVersion')
const KIND = internKey('kind')
const METADATA = internKey('metadata')
const STATUS = internKey('status')

/** Below `additionalProperties: true` no field is named, so all are refused. */
const NOTHING = linkStructural({})

export interface CustomSchema {
  readonly root: Structural
  /** The status is a subresource: its values are dropped before they are judged. */
  readonly dropsStatus: boolean
  readonly minor: number
  /** Where the type of `metadata` is linked. */
  readonly graph: TypeGraph
  readonly objectMeta: number
}

interface Run {
  readonly table: Table
  readonly nodes: Int32Array
  readonly schema: CustomSchema
  readonly root: number
  readonly problems: SchemaProblem[]
  /** The maps around the present value, outermost first. */
  readonly above: { readonly node: number; readonly schema: Structural }[]
  /** Below a status that is a subresource. */
  isDropped: boolean
}

/** All problems of the custom resource at `node`, in source order. */
export function validateCustom(table: Table, node: number, schema: CustomSchema): SchemaProblem[] {
  const run: Run = {
    table,
    nodes: table.nodes,
    schema,
    root: node,
    problems: [],
    above: [],
    isDropped: false,
  }
  decode(run, node, schema.root, 'prunes')
  const { faults, repetitions } = judgeObject(table, node, schema)
  for (const fault of faults) run.problems.push(...listFaultProblems(run, fault))
  for (const fault of repetitions) run.problems.push(...listFaultProblems(run, fault))
  return run.problems.sort((a, b) => a.node - b.node)
}

/** An object as its schema judges it. */
export interface JudgedObject {
  readonly value: GoMap
  readonly faults: readonly Fault[]
  readonly repetitions: readonly Fault[]
  /** Whether some value in it is an embedded object. */
  readonly hasEmbedded: boolean
}

/** The last object is remembered: its problems and the verdict on it are asked for one behind the other. */
export function judgeObject(table: Table, node: number, schema: CustomSchema): JudgedObject {
  const last = lastJudged.get(schema)
  if (last?.table === table && last.node === node) return last.judged
  const met = newMet()
  const value = toJudged(toGoValue(table, node), schema, met)
  const faults = judgeValue(schema.root, value, { minor: schema.minor })
  const repetitions = met.hasKeyedLists ? listRepetitions(schema.root, value) : NO_FAULTS
  const judged = { value, faults, repetitions, hasEmbedded: met.hasEmbedded }
  lastJudged.set(schema, { table, node, judged })
  return judged
}

const lastJudged = new WeakMap<
  CustomSchema,
  { readonly table: Table; readonly node: number; readonly judged: JudgedObject }
>()

const NO_FAULTS: readonly Fault[] = []

/** The value as it is judged: nulls and defaults settled, metadata there, the status gone where it is a subresource. */
export function toJudged(value: GoValue, { root, dropsStatus }: CustomSchema, met: Met): GoMap {
  const effective = toEffective(value, root, met)
  const map = emptyGoMap()
  if (isGoMap(effective)) Object.assign(map, effective)
  map.metadata ??= emptyGoMap()
  if (dropsStatus) delete map.status
  return map
}

/** Whether unknown fields are dropped or kept: the list around it preserves them, so its items do. */
type Mode = 'prunes' | 'keeps'

function decode(run: Run, node: number, schema: Structural, mode: Mode): void {
  const kind = run.nodes[node]! & KIND_MASK
  if (kind === MAP) decodeMap(run, node, schema, mode)
  else if (kind === SEQ && takesList(run, schema)) {
    const element = schema.items ?? NOTHING
    const items = mode === 'keeps' || schema.preservesUnknown ? 'keeps' : 'prunes'
    const end = run.nodes[node + NEXT]!
    for (let item = node + STRIDE; item < end; item = run.nodes[item + NEXT]!)
      decode(run, item, element, items)
  }
}

/**
 * Maps in a list that stands where none is expected have fields that the schema does not know, yet the type says it
 * better; but where types do not count, or a format takes any list, that would say nothing.
 */
const takesList = ({ isDropped }: Run, { type, format, isIntOrString }: Structural): boolean =>
  type === 'array' || (type === '' && !isIntOrString) || isDropped || format !== ''

function decodeMap(run: Run, node: number, schema: Structural, mode: Mode): void {
  const { nodes } = run
  const takesMap = schema.type === '' ? !schema.isIntOrString : schema.type === 'object'
  if (!takesMap && nodes[node + AUX]! > 0) {
    run.problems.push(wrongMapProblem(run, node, schema))
    return
  }
  const hasMeta = schema.isEmbedded || node === run.root
  const end = nodes[node + NEXT]!
  run.above.push({ node, schema })
  for (let key = node + STRIDE; key < end; ) {
    const value = key + STRIDE
    const id = nodes[key + AUX]!
    if (hasMeta && (id === METADATA || id === API_VERSION || id === KIND)) decodeMeta(run, value, id)
    else decodeField(run, value, { id, schema, mode })
    key = nodes[value + NEXT]!
  }
  run.above.pop()
}

function decodeField(
  run: Run,
  value: number,
  { id, schema, mode }: { readonly id: number; readonly schema: Structural; readonly mode: Mode },
): void {
  const field = schema.fields.get(id)
  const child = field ? field.schema() : schema.additional
  if (child === undefined) {
    if (mode === 'prunes' && !schema.preservesUnknown) unknownField(run, value, schema)
    return
  }
  const target = typeof child === 'string' ? NOTHING : child
  // Null counts as absent, or as the default, where it is not a value.
  if (!target.nullable && isNull(run.table, value)) return
  const { isDropped } = run
  run.isDropped ||= id === STATUS && run.above.length === 1 && run.schema.dropsStatus
  decode(run, value, target, 'prunes')
  run.isDropped = isDropped
}

/** apiVersion, kind and metadata of the object itself and of objects embedded in it. */
function decodeMeta(run: Run, value: number, id: number): void {
  const { table } = run
  if (id === METADATA) {
    const { graph, objectMeta } = run.schema
    for (const it of validateBuiltin(table, value, graph, objectMeta, run.root)) run.problems.push(it)
  } else if ((run.nodes[value]! & KIND_MASK) <= SEQ || scalarType(table, value) !== STRING)
    run.problems.push(decodeProblem(run, value))
}

function unknownField(run: Run, value: number, schema: Structural): void {
  const name = keyText(run.nodes[value - STRIDE + AUX]!)
  const suggestion = findNearest(
    name,
    [...schema.fields.values()].map(it => it.name),
  )
  const legalAt = suggestion === undefined ? findHome(run, value, schema) : undefined
  run.problems.push({
    code: 'unknown-field',
    node: value,
    part: 'key',
    field: name,
    expected: '',
    found: name,
    ...(suggestion !== undefined && { suggestion }),
    ...(legalAt && { legalAt }),
  })
}

/** An object above, else a field beside, that takes a field of this name. */
function findHome(run: Run, value: number, schema: Structural): Path | undefined {
  const key = run.nodes[value - STRIDE + AUX]!
  for (let at = run.above.length - 2; at >= 0; at--)
    if (run.above[at]!.schema.fields.has(key)) return pathBetween(run.table, run.root, run.above[at]!.node)
  for (const field of schema.fields.values())
    if (field.schema().fields.has(key))
      return [...pathBetween(run.table, run.root, run.above.at(-1)!.node), field.name]
  return undefined
}
