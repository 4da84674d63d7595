/** values.schema.json: values of each chart against its schema, findings at the values key. No reference is fetched. */
import { Ajv, type AnySchema, type ErrorObject, MissingRefError } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import AjvDraft4 from 'ajv-draft-04'
import addFormats from 'ajv-formats'
import { RE2JS } from 're2js'
import type { Json } from '../yaml/json.ts'
import { type ChartFile, type HelmProblem, sourceOf } from './chart.ts'
import type { ChartNode } from './chart-tree.ts'
import { encodeBase64 } from './functions/encoding.ts'
import { formatSchemaErrors } from './schema-words.ts'
import type { Origin } from './template/origin.ts'
import { plainText } from './template/text.ts'
import { type Dict, isDict, isList, type Value } from './template/value.ts'

/** Problems of a chart and its sub-charts. */
export function checkSchemas(node: ChartNode, values: Dict, path: readonly string[] = []): HelmProblem[] {
  const problems: HelmProblem[] = []
  const { schema } = node.chart
  if (schema) problems.push(...checkSchema(node.name, schema, values))
  for (const child of node.children) {
    const own = values.entries.get(child.name)
    if (isDict(own)) problems.push(...checkSchemas(child, own, [...path, child.name]))
  }
  return problems
}

function checkSchema(name: string, file: ChartFile, values: Dict): HelmProblem[] {
  const validate = compileSchema(file)
  if (typeof validate !== 'function') {
    const location = { source: sourceOf(file), span: { start: 0, end: 0 } }
    return [
      {
        code: validate.code,
        message: `${name}: the schema cannot be used: ${validate.message}`,
        location,
        related: [],
      },
    ]
  }
  const errors = validate(toJson(values))
  const lines = formatSchemaErrors(errors)
  return errors.map((error, i) => ({
    ...toProblem(name, error, values),
    helmText: `values don't meet the specifications of the schema(s) in the following chart(s):\n${name}:\n${lines[i]}`,
  }))
}

function toProblem(name: string, error: ErrorObject, values: Dict): HelmProblem {
  const steps = error.instancePath
    .split('/')
    .slice(1)
    .map(it => it.replaceAll('~1', '/').replaceAll('~0', '~'))
  const extra = error.params.additionalProperty ?? error.params.unevaluatedProperty
  const origin = findOrigin(values, typeof extra === 'string' ? [...steps, extra] : steps)
  const shown = steps.length === 0 ? '' : `${steps.join('.')}: `
  const detail = typeof extra === 'string' ? `${error.message} (${JSON.stringify(extra)})` : error.message
  const location =
    origin?.kind === 'values'
      ? { source: origin.source, span: typeof extra === 'string' && origin.key ? origin.key : origin.value }
      : undefined
  return {
    code: 'values-schema',
    message: `${name}: values don't meet the specifications of the schema: ${shown}${detail}`,
    location,
    related: [],
  }
}

/** The origin of the deepest slot on a path that has one. */
function findOrigin(values: Dict, steps: readonly string[]): Origin | undefined {
  let at: Value = values
  let origin: Origin | undefined
  for (const step of steps) {
    if (isDict(at)) {
      origin = at.origins.get(step) ?? origin
      at = at.entries.get(step)
    } else if (isList(at)) {
      origin = at.origins?.[Number(step)] ?? origin
      at = at.items[Number(step)]
    } else break
  }
  return origin
}

/** Plain JSON; maps have no prototype, so that every key is a key. */
function toJson(value: Value): Json {
  if (value === null || value === undefined) return null
  if (typeof value !== 'object') return value
  switch (value.tag) {
    case 'text':
      return plainText(value)
    case 'int':
      return Number(value.value)
    case 'list':
      return value.items.map(toJson)
    case 'dict': {
      const map: Record<string, Json> = Object.create(null)
      for (const [key, it] of value.entries) map[key] = toJson(it)
      return map
    }
    case 'bytes':
      return encodeBase64(value.bytes)
    default:
      return null
  }
}

type Validate = (values: Json) => readonly ErrorObject[]

/** Why a schema cannot be used. */
interface Refusal {
  readonly code: 'chart-invalid' | 'schema-elsewhere'
  readonly message: string
}

const compiled = new Map<string, Validate | Refusal>()

function compileSchema(file: ChartFile): Validate | Refusal {
  const { text } = sourceOf(file)
  let known = compiled.get(text)
  if (known === undefined) {
    known = compileNew(text)
    if (compiled.size > 200) compiled.clear()
    compiled.set(text, known)
  }
  return known
}

/** The schema's patterns run in linear time, whatever they are. */
const regExp = Object.assign(
  (pattern: string) => {
    const expression = RE2JS.compile(RE2JS.translateRegExp(pattern))
    // Ajv takes patterns whose texts are equal for the same pattern.
    return { test: (text: string) => expression.test(text), toString: () => pattern }
  },
  { code: 'linearRegExp' },
)
const OPTIONS = {
  strict: false,
  allErrors: true,
  verbose: true,
  ownProperties: true,
  // Optimizing the code of a large schema takes longer than running it once.
  code: { regExp, optimize: false },
  logger: false,
} as const

function compileNew(text: string): Validate | Refusal {
  let schema: AnySchema
  try {
    schema = JSON.parse(text) as AnySchema
  } catch (error) {
    return refuse(error)
  }
  if (hasTooManyAlternatives(schema)) return refuse(`it has more than ${MAX_ALTERNATIVES} alternatives`)
  try {
    const validate = validatorFor(schema).compile(withoutId(schema))
    return values => (validate(values) ? [] : (validate.errors ?? []))
  } catch (error) {
    if (error instanceof MissingRefError) {
      const outside = findOutside(schema) ?? (error.missingSchema || error.missingRef)
      return {
        code: /^https?:/.test(outside) ? 'schema-elsewhere' : 'chart-invalid',
        message: `failing loading ${JSON.stringify(outside)}: nothing outside the schema is read`,
      }
    }
    return refuse(error)
  }
}

const refuse = (error: unknown): Refusal => ({
  code: 'chart-invalid',
  message: error instanceof Error ? error.message : String(error),
})

/** Code is made for each of them, and all are tried. */
const MAX_ALTERNATIVES = 4000

function hasTooManyAlternatives(schema: AnySchema): boolean {
  const open: unknown[] = [schema]
  let count = 0
  for (const value of open) {
    if (typeof value !== 'object' || value === null) continue
    for (const [key, it] of Object.entries(value)) {
      if ((key === 'anyOf' || key === 'oneOf') && Array.isArray(it)) count += it.length
      if (count > MAX_ALTERNATIVES) return true
      open.push(it)
    }
  }
  return false
}

/** The reference to another file that stands nearest to the root: the one that helm tries to load first. */
function findOutside(schema: AnySchema): string | undefined {
  const open: { readonly value: unknown; readonly base: string | undefined }[] = [
    { value: schema, base: undefined },
  ]
  for (const { value, base } of open) {
    if (typeof value !== 'object' || value === null) continue
    const { $id, $ref } = value as { readonly $id?: unknown; readonly $ref?: unknown }
    const own = typeof $id === 'string' ? $id : base
    if (typeof $ref === 'string' && !$ref.startsWith('#')) {
      const target = resolve($ref, own)
      if (target !== undefined && target !== own) return target
    }
    for (const it of Object.values(value)) open.push({ value: it, base: own })
  }
  return undefined
}

/** Without the fragment; undefined for what is no address. */
function resolve(reference: string, base: string | undefined): string | undefined {
  try {
    return new URL(reference, base).href.replace(/#.*$/, '')
  } catch {
    return undefined
  }
}

/** The draft that `$schema` names; without one it is 2020-12. Newer drafts take formats as annotations only. */
function validatorFor(schema: AnySchema): Ajv {
  const named =
    typeof schema === 'object' && schema !== null
      ? String((schema as { $schema?: unknown }).$schema ?? '')
      : ''
  if (named.includes('draft-04')) return withFormats(new AjvDraft4.default(OPTIONS) as unknown as Ajv)
  if (named.includes('draft-06') || named.includes('draft-07')) return withFormats(new Ajv(OPTIONS))
  const Newer = named.includes('2019-09') ? Ajv2019 : Ajv2020
  return new Newer({ ...OPTIONS, validateFormats: false }) as unknown as Ajv
}

function withFormats(ajv: Ajv): Ajv {
  addFormats.default(ajv)
  return ajv
}

/** Helm gives the schema a name of its own; generic or unknown `$schema` texts mean the newest draft. */
function withoutId(schema: AnySchema): AnySchema {
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = { ...(schema as Record<string, unknown>) }
  const named = String(copy.$schema ?? '')
  const draft = /draft-0[467]|2019-09|2020-12/.exec(named)?.[0]
  if (!draft) delete copy.$schema
  else if (draft.startsWith('draft')) copy.$schema = `http://json-schema.org/${draft}/schema#`
  else copy.$schema = `https://json-schema.org/draft/${draft}/schema`
  return copy as AnySchema
}
