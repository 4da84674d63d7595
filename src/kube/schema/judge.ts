/**
 * Judges a value, defaults filled in, against the schemas below `allOf`, `anyOf`, `oneOf` and `not`.
 * They neither name fields nor prune, so a plain JSON Schema evaluation is all there is.
 */
import type { Json, Path } from '../../yaml/json.ts'
import { keyText } from '../../yaml/keys.ts'
import { type Fault, isSame, listCountFaults, listNumberFaults, listTextFaults } from './keywords.ts'
import type { Logic, Structural } from './structural.ts'

/** A fault and the way to it from the value that was judged. */
export interface PlacedFault extends Fault {
  readonly path: Path
  readonly found: Json
  /** Of a combining keyword: the faults of the branch that got furthest, of `allOf` those of all branches. */
  readonly inner?: readonly PlacedFault[]
}

interface Judgement {
  readonly faults: PlacedFault[]
  /** Sub-schemas that were looked at: of failing branches the server reports the one that got furthest. */
  visited: number
}

interface Judge {
  readonly minor: number
  readonly judgement: Judgement
}

/** Faults of a value against the combining keywords of its schema. */
export function judgeLogic(logic: Logic, value: Json, minor: number): PlacedFault[] {
  const judgement: Judgement = { faults: [], visited: 0 }
  addLogic({ minor, judgement }, logic, value, [])
  return judgement.faults
}

/** Faults of a value against everything that a schema says. */
export const judgeValue = (schema: Structural, value: Json, minor: number): PlacedFault[] =>
  judgeBranch(schema, value, minor, []).faults

function judgeBranch(schema: Structural, value: Json, minor: number, path: Path): Judgement {
  const judgement: Judgement = { faults: [], visited: 0 }
  visit({ minor, judgement }, schema, value, path)
  return judgement
}

function visit(judge: Judge, schema: Structural, value: Json, path: Path): void {
  const add = (fault: Fault): void => {
    judge.judgement.faults.push({ ...fault, path, found: value })
  }
  judge.judgement.visited++
  if (value === null && schema.nullable) return
  const type = typeFault(schema, value)
  if (type) add(type)
  if (schema.logic) addLogic(judge, schema.logic, value, path)
  if (typeof value === 'string') listTextFaults(schema, value, judge.minor).forEach(add)
  else if (typeof value === 'number') listNumberFaults(schema, value, judge.minor).forEach(add)
  else if (Array.isArray(value)) visitItems(judge, schema, value as readonly Json[], path, add)
  else if (typeof value === 'object' && value !== null)
    visitFields(judge, schema, value as Readonly<Record<string, Json>>, path)
  if (schema.enum && !schema.enum.some(it => isSame(it, value)))
    add({ code: 'enum', keyword: 'enum', value: schema.enum })
}

function visitItems(
  judge: Judge,
  schema: Structural,
  items: readonly Json[],
  path: Path,
  add: (fault: Fault) => void,
): void {
  listCountFaults(schema.limits, items.length, 'Items').forEach(add)
  const element = schema.items
  if (element) for (const [index, item] of items.entries()) visit(judge, element, item, [...path, index])
}

function visitFields(
  judge: Judge,
  schema: Structural,
  map: Readonly<Record<string, Json>>,
  path: Path,
): void {
  const { faults } = judge.judgement
  for (const fault of listCountFaults(schema.limits, Object.keys(map).length, 'Properties'))
    faults.push({ ...fault, path, found: map })
  for (const key of schema.required) {
    const name = keyText(key)
    if (!Object.hasOwn(map, name))
      faults.push({ code: 'required', keyword: 'required', value: name, path: [...path, name], found: map })
  }
  const named = new Set<string>()
  for (const field of schema.fields.values()) {
    named.add(field.name)
    if (Object.hasOwn(map, field.name)) visit(judge, field.schema(), map[field.name]!, [...path, field.name])
  }
  const { additional } = schema
  if (additional === undefined || additional === 'any') return
  for (const [name, value] of Object.entries(map))
    if (!named.has(name)) visit(judge, additional, value, [...path, name])
}

function addLogic(judge: Judge, logic: Logic, value: Json, path: Path): void {
  const { faults } = judge.judgement
  const add = (keyword: string, detail: Json, inner: readonly PlacedFault[]): void => {
    faults.push({ code: 'combination', keyword, value: detail, path, found: value, inner })
  }
  const judgeAll = (schemas: readonly Structural[]): Judgement[] =>
    schemas.map(it => judgeBranch(it, value, judge.minor, path))
  if (logic.anyOf.length > 0) {
    const branches = judgeAll(logic.anyOf)
    if (branches.every(it => it.faults.length > 0)) add('anyOf', 0, furthest(branches).faults)
  }
  if (logic.oneOf.length > 0) {
    const branches = judgeAll(logic.oneOf)
    const valid = branches.filter(it => it.faults.length === 0).length
    if (valid !== 1) add('oneOf', valid, valid === 0 ? furthest(branches).faults : [])
  }
  if (logic.allOf.length > 0) {
    const failed = judgeAll(logic.allOf).flatMap(it => it.faults)
    if (failed.length > 0) add('allOf', 0, failed)
  }
  if (logic.not && judgeBranch(logic.not, value, judge.minor, path).faults.length === 0) add('not', 0, [])
}

const furthest = (branches: readonly Judgement[]): Judgement =>
  branches.reduce((best, it) => (it.visited > best.visited ? it : best))

function typeFault(schema: Structural, value: Json): Fault | undefined {
  const found = typeOfJson(value)
  if (schema.isIntOrString && schema.type === '')
    return found === 'integer' || found === 'string'
      ? undefined
      : { code: 'type', keyword: 'type', value: 'integer,string' }
  if (schema.type === '' || found === schema.type || (found === 'integer' && schema.type === 'number'))
    return undefined
  return { code: 'type', keyword: 'type', value: schema.type }
}

/** The type of a JSON value in the words of JSON Schema. */
export function typeOfJson(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value !== 'number') return typeof value
  return Number.isInteger(value) && Math.abs(value) <= 2 ** 63 ? 'integer' : 'number'
}
