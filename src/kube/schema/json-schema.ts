/**
 * JSON Schemas that a user points to, compiled with ajv. Import this module on demand: it brings ajv along.
 * References are looked up among the given texts; nothing is fetched.
 */
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ajvDraft04 from 'ajv-draft-04'
import ajvFormats from 'ajv-formats'
import { findNearest } from '../../text/suggest.ts'
import { toJson } from '../../yaml/decode.ts'
import type { Json, Path } from '../../yaml/json.ts'
import { parsePointer } from '../../yaml/json-pointer.ts'
import { kindOf, SEQ, type Table } from '../../yaml/table.ts'
import { isGoDuration } from './go-scalars.ts'
import { compilePattern } from './pattern.ts'
import { findNode, type SchemaProblem, type SchemaProblemCode } from './problem.ts'

export interface JsonSchemaType {
  /** All problems of the value at `node`. */
  validate(table: Table, node: number): SchemaProblem[]
}

/** Ids (paths or addresses) of other schemas that a schema refers to, resolved against its own. */
export function listReferences(schema: Json, id: string): string[] {
  const found = new Set<string>()
  const visit = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return
    const reference = Array.isArray(value) ? undefined : (value as Readonly<Record<string, Json>>).$ref
    const target = typeof reference === 'string' ? reference.replace(/#.*$/s, '') : ''
    if (target !== '') found.add(resolveId(target, id))
    for (const it of Object.values(value)) visit(it as Json)
  }
  visit(schema)
  return [...found]
}

/**
 * Compiles the schema with this id; `others` are what it refers to, by resolved id. Gives a sentence when the schema
 * does not compile.
 */
export function compileJsonSchema(
  id: string,
  schema: Json,
  others: ReadonlyMap<string, Json>,
): JsonSchemaType | string {
  try {
    const ajv = createAjv(schema)
    for (const [other, text] of others) if (other !== id) ajv.addSchema(withoutId(text), toUri(other))
    ajv.addSchema(withoutId(schema), toUri(id))
    const check = ajv.getSchema(toUri(id))
    return check ? { validate: (table, node) => listProblems(check, table, node) } : `${id} is no schema`
  } catch (error) {
    return `${id} does not compile: ${(error as Error).message}`
  }
}

/** Patterns come from files of others: none may search without end. */
const toMatcher = (source: string) => {
  const { test } = compilePattern(source)
  // ajv tells patterns apart by their text.
  return { test, toString: () => `/${source}/` }
}

const OPTIONS: Options = {
  allErrors: true,
  strict: false,
  logger: false,
  validateSchema: false,
  code: { regExp: Object.assign(toMatcher, { code: 'undefined' }) as never },
}

type Validator = Pick<Ajv, 'addSchema' | 'getSchema' | 'addFormat'>

/** Without `$schema` draft 4 holds, as in kubeconform. */
function createAjv(schema: Json): Validator {
  const dialect = String((schema as Readonly<Record<string, Json>> | null)?.$schema ?? 'draft-04')
  const ajv = dialect.includes('draft-04')
    ? new ajvDraft04.default(OPTIONS)
    : /2019|2020/.test(dialect)
      ? new Ajv2020(OPTIONS)
      : new Ajv(OPTIONS)
  ajvFormats.default(ajv as unknown as Ajv)
  // As in kubeconform: Go's durations besides those of ISO 8601.
  ajv.addFormat('duration', text => isGoDuration(text) || ISO_DURATION.test(text))
  // The formats of OpenAPI that JSON Schema does not have.
  for (const name of ['int-or-string', 'byte']) ajv.addFormat(name, true)
  return ajv as unknown as Validator
}

const ISO_DURATION =
  /^P(?=.)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)$/

/** ajv resolves references as addresses, so a path becomes one. */
const toUri = (id: string): string =>
  /^[a-z][a-z0-9+.-]*:/i.test(id) ? id : `file:///${id.split('/').map(encodeURIComponent).join('/')}`

/** The place of a file decides what its references mean, not the id that it gives itself. */
function withoutId(schema: Json): object | boolean {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return {}
  const { $id, id, $schema, ...rest } = schema as Readonly<Record<string, Json>>
  return rest
}

function resolveId(reference: string, base: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return reference
  const isAddress = /^[a-z][a-z0-9+.-]*:/i.test(base)
  const resolved = new URL(reference, toUri(base))
  if (isAddress) return resolved.href
  return decodeURIComponent(resolved.pathname.slice(1))
}

function listProblems(check: ValidateFunction, table: Table, node: number): SchemaProblem[] {
  if (check(toJson(table, node))) return []
  return (check.errors ?? []).flatMap(error => toProblem(error, table, node) ?? [])
}

/** Keywords that only say that something below failed. */
const SUMMARIES: ReadonlySet<string> = new Set(['if', 'allOf', '$ref', 'propertyNames'])

const CODES: Readonly<Record<string, SchemaProblemCode>> = {
  additionalProperties: 'unknown-field',
  unevaluatedProperties: 'unknown-field',
  type: 'type',
  required: 'required',
  enum: 'enum',
  const: 'enum',
  format: 'format',
  pattern: 'pattern',
  minLength: 'length',
  maxLength: 'length',
  minItems: 'count',
  maxItems: 'count',
  minProperties: 'count',
  maxProperties: 'count',
  uniqueItems: 'duplicate-item',
  minimum: 'range',
  maximum: 'range',
  exclusiveMinimum: 'range',
  exclusiveMaximum: 'range',
  multipleOf: 'range',
}

function toProblem(error: ErrorObject, table: Table, root: number): SchemaProblem | undefined {
  if (SUMMARIES.has(error.keyword)) return undefined
  const code = CODES[error.keyword] ?? 'combination'
  const path = toPath(error.instancePath, table, root)
  const at = findNode(table, root, path)
  const params = error.params as Readonly<Record<string, unknown>>
  const own = String(params.additionalProperty ?? params.unevaluatedProperty ?? params.missingProperty ?? '')
  const isUnknown = code === 'unknown-field'
  const node = isUnknown ? findNode(table, at, [own]) : at
  const names = isUnknown ? Object.keys((error.parentSchema?.properties as object | undefined) ?? {}) : []
  const suggestion = findNearest(own, names)
  return {
    code,
    node,
    part: isUnknown || code === 'required' ? 'key' : 'value',
    field: own !== '' ? own : String(path.findLast(it => typeof it === 'string') ?? ''),
    expected: wordExpected(error),
    found: isUnknown ? own : wordFound(toJson(table, at), error.keyword),
    ...(suggestion !== undefined && { suggestion }),
    rule: { keyword: error.keyword, value: error.schema ?? params.limit },
  }
}

/** In the words that our own validators use. */
function wordExpected({ keyword, params, message }: ErrorObject): string {
  const { type, allowedValues, allowedValue, format } = params as Readonly<Record<string, unknown>>
  if (keyword === 'type') return [type].flat().join(' or ')
  if (keyword === 'enum')
    return `one of ${(allowedValues as Json[]).map(it => JSON.stringify(it)).join(', ')}`
  if (keyword === 'const') return JSON.stringify(allowedValue)
  return keyword === 'format' ? String(format) : (message ?? '')
}

function wordFound(value: Json, keyword: string): string {
  if (keyword !== 'type') return JSON.stringify(value).slice(0, 100)
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  return typeof value === 'object' ? 'map' : typeof value
}

/** A JSON pointer as a path: a step is an index where a list stands. */
function toPath(pointer: string, table: Table, root: number): Path {
  const path: (string | number)[] = []
  for (const name of parsePointer(pointer)) {
    path.push(kindOf(table, findNode(table, root, path)) === SEQ ? Number(name) : name)
  }
  return path
}
