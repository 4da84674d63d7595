/**
 * Judges a node table against the structural schema of a custom resource, in the server's order of things: metadata is
 * decoded, fields that the schema does not name are refused, nulls and defaults are settled, the status is dropped
 * where it is a subresource, and only then values are judged. Rules in CEL are not this file's.
 */
import { scalarText, scalarValue } from '../../yaml/decode.ts'
import type { Json, Path } from '../../yaml/json.ts'
import { internKey, keyText } from '../../yaml/keys.ts'
import { BOOLEAN, INTEGER, NULL, NUMBER, STRING, scalarType } from '../../yaml/scalars.ts'
import { AUX, findValue, KIND_MASK, MAP, NEXT, SEQ, STRIDE, type Table } from '../../yaml/table.ts'
import {
  decodeProblem,
  faultProblem,
  fieldOf,
  missingProblem,
  placedProblems,
  typeProblem,
  unsupportedProblem,
} from './custom-problems.ts'
import { childOf, isNull, toEffective } from './defaulting.ts'
import { INT64, type TypeGraph } from './graph.ts'
import { judgeLogic, judgeValue } from './judge.ts'
import {
  type Fault,
  formatCanonical,
  isSame,
  listCountFaults,
  listNumberFaults,
  listTextFaults,
} from './keywords.ts'
import { pathBetween, type SchemaProblem } from './problem.ts'
import { linkStructural, type Structural } from './structural.ts'
import { findNearest } from './suggest.ts'
import { fitsInteger, validateBuiltin } from './validate.ts'

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
  judges: boolean
}

/** All problems of the custom resource at `node`. */
export function validateCustom(table: Table, node: number, schema: CustomSchema): SchemaProblem[] {
  const run: Run = {
    table,
    nodes: table.nodes,
    schema,
    root: node,
    problems: [],
    above: [],
    judges: true,
  }
  check(run, node, schema.root, false)
  return run.problems
}

/** `keeps`: the list around it preserves unknown fields, so its items do. */
function check(run: Run, node: number, schema: Structural, keeps: boolean): void {
  const kind = run.nodes[node]! & KIND_MASK
  if (kind === MAP) checkMap(run, node, schema, keeps)
  else if (kind === SEQ) checkList(run, node, schema, keeps)
  else checkScalar(run, node, schema)
}

function checkMap(run: Run, node: number, schema: Structural, keeps: boolean): void {
  if (schema.isIntOrString || (schema.type !== '' && schema.type !== 'object')) {
    wrongType(run, node, schema, 'map')
    return
  }
  const { nodes } = run
  const hasMeta = schema.isEmbedded || node === run.root
  const end = nodes[node + NEXT]!
  run.above.push({ node, schema })
  for (let key = node + STRIDE; key < end; ) {
    const value = key + STRIDE
    const id = nodes[key + AUX]!
    if (hasMeta && (id === METADATA || id === API_VERSION || id === KIND)) checkMeta(run, value, id, schema)
    else checkField(run, value, id, schema, keeps)
    key = nodes[value + NEXT]!
  }
  run.above.pop()
  if (!run.judges) return
  checkRequired(run, node, schema)
  if (schema.isEmbedded) checkEmbedded(run, node)
  if (schema.limits) {
    const counted = countProperties(run.table, node, schema)
    for (const fault of listCountFaults(schema.limits, counted, 'Properties'))
      run.problems.push({ ...faultProblem(run, node, fault), counted })
  }
  checkWhole(run, node, schema)
}

function checkField(run: Run, value: number, id: number, schema: Structural, keeps: boolean): void {
  const field = schema.fields.get(id)
  const child = field ? field.schema() : schema.additional
  if (child === undefined) {
    if (!keeps && !schema.preservesUnknown) unknownField(run, value, schema)
    return
  }
  const target = child === 'any' ? NOTHING : child
  // Null counts as absent, or as the default, where it is not a value.
  if (!target.nullable && isNull(run.table, value)) return
  const judges = run.judges
  if (id === STATUS && run.above.length === 1 && run.schema.dropsStatus) run.judges = false
  check(run, value, target, false)
  run.judges = judges
}

/** apiVersion, kind and metadata of the object itself and of objects embedded in it. */
function checkMeta(run: Run, value: number, id: number, schema: Structural): void {
  const { table } = run
  if (id === METADATA) {
    const { graph, objectMeta } = run.schema
    for (const it of validateBuiltin(table, value, graph, objectMeta, run.root)) run.problems.push(it)
  } else if ((run.nodes[value]! & KIND_MASK) <= SEQ || scalarType(table, value) !== STRING) {
    run.problems.push(decodeProblem(run, value))
    return
  }
  const field = schema.fields.get(id)
  if (!field || !run.judges || isNull(table, value)) return
  // The schema may restrict names; fields of metadata that it does not name are known all the same.
  const faults = judgeValue(field.schema(), toEffective(table, value, undefined), run.schema.minor)
  run.problems.push(...faults.flatMap(it => placedProblems(run, value, it)))
}

function checkRequired(run: Run, node: number, schema: Structural): void {
  for (const key of schema.required) {
    // Every object has metadata once it is decoded; its name is for others to judge.
    if (key === METADATA && node === run.root) continue
    const value = findValue(run.table, node, key)
    const child = childOf(schema, key)
    if (child?.hasDefault) continue
    if (value >= 0 && (child === undefined || child.nullable || !isNull(run.table, value))) continue
    run.problems.push(missingProblem(node, keyText(key), value >= 0 ? 'null' : ''))
  }
}

/** `schemaobjectmeta.Validate`: an embedded object says what it is. */
function checkEmbedded(run: Run, node: number): void {
  for (const key of [API_VERSION, KIND]) {
    const value = findValue(run.table, node, key)
    if (value < 0 || isNull(run.table, value)) run.problems.push(missingProblem(node, keyText(key), ''))
    else if (scalarText(run.table, value) === '')
      run.problems.push(
        faultProblem(run, value, { code: 'length', keyword: 'embedded', value: 'must not be empty' }),
      )
  }
}

/** Present fields, without nulls that do not count, and with the defaults of absent ones. */
function countProperties(table: Table, node: number, schema: Structural): number {
  const { nodes } = table
  const present = new Set<number>()
  const end = nodes[node + NEXT]!
  for (let key = node + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!) {
    const id = nodes[key + AUX]!
    if (childOf(schema, id)?.nullable === false && isNull(table, key + STRIDE)) continue
    present.add(id)
  }
  for (const field of schema.fields.values()) if (field.schema().hasDefault) present.add(field.key)
  return present.size
}

function checkList(run: Run, node: number, schema: Structural, keeps: boolean): void {
  if (schema.isIntOrString || (schema.type !== '' && schema.type !== 'array')) {
    wrongType(run, node, schema, 'list')
    return
  }
  const { nodes } = run
  const element = schema.items ?? NOTHING
  const keepsItems = keeps || schema.preservesUnknown
  const end = nodes[node + NEXT]!
  for (let item = node + STRIDE; item < end; item = nodes[item + NEXT]!) check(run, item, element, keepsItems)
  if (!run.judges) return
  if (schema.limits) reportAll(run, node, listCountFaults(schema.limits, nodes[node + AUX]!, 'Items'))
  if (nodes[node + AUX]! > 1 && (schema.listType === 'set' || schema.listType === 'map'))
    checkDuplicates(run, node, schema)
  checkWhole(run, node, schema)
}

/** `listtype.ValidateListSetsAndMaps`, after defaults are filled in. */
function checkDuplicates(run: Run, node: number, schema: Structural): void {
  const { nodes, table } = run
  const seen = new Set<string>()
  const reported = new Set<string>()
  const end = nodes[node + NEXT]!
  for (let item = node + STRIDE; item < end; item = nodes[item + NEXT]!) {
    const value = toEffective(table, item, schema.items)
    const identity = schema.listType === 'set' ? value : keysOf(value, schema.listKeys)
    if (identity === undefined) continue
    const text = formatCanonical(identity)
    if (seen.has(text) && !reported.has(text)) {
      reported.add(text)
      run.problems.push({
        code: 'duplicate-item',
        node: item,
        part: 'value',
        field: fieldOf(run, node),
        expected:
          schema.listType === 'set' ? 'unique items' : `unique ${schema.listKeys.map(keyText).join(' and ')}`,
        found: text,
        rule: { keyword: 'duplicate', value: identity },
      })
    }
    seen.add(text)
  }
}

/** The keys of an item that are there. */
function keysOf(value: Json, keys: readonly number[]): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const map = value as Readonly<Record<string, Json>>
  const present = keys.map(keyText).filter(it => Object.hasOwn(map, it))
  return Object.fromEntries(present.map(it => [it, map[it]!]))
}

function checkScalar(run: Run, node: number, schema: Structural): void {
  if (!run.judges) return
  const { table } = run
  const found = scalarType(table, node)
  if (found === NULL) {
    if (!schema.nullable && (schema.type !== '' || schema.isIntOrString))
      run.problems.push(typeProblem(run, node, schema, 'null'))
    return
  }
  if (!takesScalar(run, node, schema, found)) wrongType(run, node, schema, SCALAR_NAMES[found]!)
  if (found === STRING) {
    if (schema.limits || schema.pattern || schema.format !== '')
      reportAll(run, node, listTextFaults(schema, scalarText(table, node), run.schema.minor))
  } else if (found === INTEGER || found === NUMBER)
    reportAll(run, node, listNumberFaults(schema, scalarValue(table, node) as number, run.schema.minor))
  checkWhole(run, node, schema)
}

function takesScalar(run: Run, node: number, schema: Structural, found: number): boolean {
  switch (schema.type) {
    case 'string':
      return found === STRING
    case 'integer':
      return found === INTEGER && fitsInteger(run.table, node, INT64)
    case 'number':
      return found === INTEGER || found === NUMBER
    case 'boolean':
      return found === BOOLEAN
    case '':
      return !schema.isIntOrString || found === STRING || found === INTEGER
    default:
      return false
  }
}

/** Closed sets and combining keywords, which look at the whole value. */
function checkWhole(run: Run, node: number, schema: Structural): void {
  if (schema.enum) {
    const value = toEffective(run.table, node, schema)
    if (!schema.enum.some(it => isSame(it, value)))
      run.problems.push(unsupportedProblem(run, node, schema.enum, value))
  }
  if (!schema.logic) return
  const faults = judgeLogic(schema.logic, toEffective(run.table, node, schema), run.schema.minor)
  run.problems.push(...faults.flatMap(it => placedProblems(run, node, it)))
}

function reportAll(run: Run, node: number, faults: readonly Fault[]): void {
  for (const fault of faults) run.problems.push(faultProblem(run, node, fault))
}

/** Values that are dropped have no wrong type, but fields in a map where none is expected are unknown. */
function wrongType(run: Run, node: number, schema: Structural, found: string): void {
  if (run.judges || found === 'map') run.problems.push(typeProblem(run, node, schema, found))
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

/** By `ScalarType`. */
const SCALAR_NAMES: readonly string[] = ['string', 'integer', 'number', 'boolean', 'null']
