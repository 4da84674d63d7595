/**
 * Checks a parsed document against a JSON Schema of our own making and says where it is wrong and what was meant.
 * Knows the keywords that `schema.ts` and the options of rules use; schemas of users go to a full validator.
 */
import { findNearest } from '../text/suggest.ts'
import type { At } from '../yaml/cursor.ts'
import type { Part } from '../yaml/document.ts'
import type { Json, JsonObject } from '../yaml/json.ts'

export interface SchemaFault {
  readonly at: At
  readonly part: Part
  readonly message: string
  /** The nearest name that is allowed there. */
  readonly suggestion?: string
}

/** Faults in source order. `nameOf` says what a key stands for: `rule`, `key`. */
export function checkSchema(
  root: At,
  schema: JsonObject,
  nameOf: (parent: At) => string,
): readonly SchemaFault[] {
  const faults: SchemaFault[] = []
  const check: Check = (at, some) => {
    const it = resolveRef(schema, some)
    if (it.anyOf) return check(at, chooseBranch(at, it.anyOf as readonly JsonObject[], schema))
    const fault = checkValue(at, it)
    if (fault) faults.push(fault)
    else if (at.isMap) checkMap({ at, schema: it, check, faults, name: nameOf(at) })
    else if (at.isList && it.items) for (const item of at.each()) check(item, it.items as JsonObject)
  }
  check(root, schema)
  return faults
}

type Check = (at: At, schema: JsonObject) => void

function resolveRef(root: JsonObject, schema: JsonObject): JsonObject {
  if (typeof schema.$ref !== 'string') return schema
  let found: Json = root
  for (const step of schema.$ref.split('/').slice(1)) found = (found as JsonObject)[step]!
  return found as JsonObject
}

/** The branch made for the form that the value has; its faults say more than that no branch fits. */
function chooseBranch(at: At, branches: readonly JsonObject[], root: JsonObject): JsonObject {
  const form = at.isMap ? 'object' : at.isList ? 'array' : 'scalar'
  const resolved = branches.map(it => resolveRef(root, it))
  return resolved.find(it => formOf(it) === form) ?? resolved[0]!
}

const formOf = ({ type }: JsonObject): string => (type === 'object' || type === 'array' ? type : 'scalar')

function checkValue(at: At, schema: JsonObject): SchemaFault | undefined {
  const { value } = at
  const fault = (message: string, suggestion?: string): SchemaFault => ({
    at,
    part: 'value',
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  })
  if (schema.type !== undefined && !hasType(value, schema.type as string))
    return fault(wrongType(at, schema.type as string))
  if (schema.enum && !(schema.enum as readonly Json[]).includes(value)) {
    const names = (schema.enum as readonly Json[]).filter(it => typeof it === 'string')
    return fault(
      `${show(value)} is not one of ${names.join(', ')}`,
      typeof value === 'string' ? findNearest(value, names) : undefined,
    )
  }
  const limit = brokenLimit(value, schema)
  return limit === undefined ? undefined : fault(`${show(value)} is ${limit}`)
}

function brokenLimit(value: Json, schema: JsonObject): string | undefined {
  const size = typeof value === 'string' ? value.length : Array.isArray(value) ? value.length : undefined
  const least = (typeof value === 'string' ? schema.minLength : schema.minItems) as number | undefined
  if (size !== undefined && least !== undefined && size < least) return 'empty'
  if (typeof value === 'number') {
    if (typeof schema.minimum === 'number' && value < schema.minimum) return `less than ${schema.minimum}`
    if (typeof schema.maximum === 'number' && value > schema.maximum) return `more than ${schema.maximum}`
  }
  if (
    typeof value === 'string' &&
    typeof schema.pattern === 'string' &&
    !new RegExp(schema.pattern).test(value)
  )
    return `not of the form ${schema.pattern}`
  return undefined
}

function hasType(value: Json, type: string): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'array':
      return Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    case 'string':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    default:
      return typeof value === 'boolean'
  }
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
}

function wrongType(at: At, type: string): string {
  const expected = `expected ${typeNames[type]}`
  if (type !== 'string' || at.isMap || at.isList || at.value === null) return expected
  const { start, end } = at.span()
  return `${expected}: put "${at.document.table.text.slice(start, end)}" in quotes`
}

const show = (value: Json): string => {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

interface MapCheck {
  readonly at: At
  readonly schema: JsonObject
  readonly check: Check
  readonly faults: SchemaFault[]
  readonly name: string
}

function checkMap({ at, schema, check, faults, name }: MapCheck): void {
  const properties = new Map(Object.entries((schema.properties ?? {}) as JsonObject))
  const patterns = Object.entries((schema.patternProperties ?? {}) as JsonObject)
  for (const entry of at.each()) {
    const key = String(entry.key)
    const known = properties.get(key) ?? patterns.find(([pattern]) => new RegExp(pattern).test(key))?.[1]
    if (known !== undefined) check(entry, known as JsonObject)
    else if (schema.additionalProperties === false) {
      const suggestion = findNearest(key, properties.keys())
      const message = `unknown ${name} "${key}"`
      faults.push({ at: entry, part: 'key', message, ...(suggestion === undefined ? {} : { suggestion }) })
    } else if (schema.additionalProperties) check(entry, schema.additionalProperties as JsonObject)
  }
  for (const key of (schema.required ?? []) as readonly string[])
    if (!at.get(key)) faults.push({ at, part: 'key', message: `"${key}" is missing` })
}
