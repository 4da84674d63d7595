/** Drafts of JSON Schema as the library that helm uses reads them, told to Ajv. */
import { Ajv, type AnySchema, type Options } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import AjvDraft4 from 'ajv-draft-04'
import { FORMATS } from './schema-formats.ts'
import { replaceKeywords } from './schema-keywords.ts'
import { regExp } from './schema-pattern.ts'

export interface Dialect {
  /** Compiles the schema, and does not ask whether it is one. */
  readonly ajv: Ajv
  /** Asked for what is wrong with schemas of the draft, and given none: to compile what a draft demands takes 20 ms. */
  readonly judge: Ajv
  /** The schema as Ajv takes it. */
  readonly own: AnySchema
}

export function dialectOf(schema: AnySchema): Dialect {
  const draft = draftOf(schema)
  const judge = judges.get(draft) ?? createAjv(draft, OPTIONS)
  judges.set(draft, judge)
  const ajv = createAjv(draft, { ...OPTIONS, validateSchema: false })
  // Beside conditions, nothing that Ajv looks at came with draft 7.
  const known = draft === 'draft-06' ? 'draft-07' : draft
  const name = draft.startsWith('draft')
    ? `http://json-schema.org/${known}/schema#`
    : `https://json-schema.org/draft/${draft}/schema`
  return { ajv, judge, own: named(schema, name, WORDS.get(draft)) }
}

const judges = new Map<string, Ajv>()

/** Newer drafts take formats as annotations only; in older ones nothing beside `$ref` counts. */
function createAjv(draft: string, options: Options): Ajv {
  if (!draft.startsWith('draft')) {
    const Newer = draft === '2019-09' ? Ajv2019 : Ajv2020
    const ajv = new Newer({ ...options, validateFormats: false }) as unknown as Ajv
    replaceKeywords(ajv)
    return ajv
  }
  const ajv = draft === 'draft-04' ? (new AjvDraft4.default(options) as unknown as Ajv) : new Ajv(options)
  for (const [name, check] of FORMATS) ajv.addFormat(name, text => check(text) === undefined)
  replaceKeywords(ajv)
  return ajv
}

interface Words {
  /** What means something to Ajv and nothing in the draft. */
  readonly left: readonly string[]
  /** Nothing beside `$ref` counts. */
  readonly isOld: boolean
}

const WORDS: ReadonlyMap<string, Words> = new Map([
  ['draft-04', { left: ['nullable', '$async', 'if', 'const', 'contains', 'propertyNames'], isOld: true }],
  ['draft-06', { left: ['nullable', '$async', 'id', 'if'], isOld: true }],
  ['draft-07', { left: ['nullable', '$async', 'id'], isOld: true }],
])
const NEWER_WORDS: Words = { left: ['nullable', '$async', 'id'], isOld: false }

/** The schema under the name of its draft, without some keywords. */
function named(schema: AnySchema, draft: string, words = NEWER_WORDS): AnySchema {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema
  const own = withoutKeywords(schema, words) as Record<string, unknown>
  return '$schema' in own ? { ...own, $schema: draft } : own
}

/** What `$ref` leads to may stand beside it. */
const BESIDE_REFERENCES: ReadonlySet<string> = new Set(['$ref', '$schema', 'definitions', '$defs'])

/** Keywords whose value maps names to schemas, and those whose value is data. */
export const OF_NAMES = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
])
export const OF_DATA = new Set(['const', 'enum', 'default', 'examples', 'required', 'type'])

function withoutKeywords(schema: unknown, words: Words): unknown {
  const { left, isOld } = words
  if (typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map(it => withoutKeywords(it, words))
  const isReference = isOld && typeof (schema as { readonly $ref?: unknown }).$ref === 'string'
  const copy: Record<string, unknown> = Object.create(null)
  for (const [key, value] of Object.entries(schema)) {
    if (left.includes(key) || (isReference && !BESIDE_REFERENCES.has(key))) continue
    const isMap = OF_NAMES.has(key) && typeof value === 'object' && value !== null && !Array.isArray(value)
    if (OF_DATA.has(key)) copy[key] = value
    else if (isMap) copy[key] = mapEntries(value, it => withoutKeywords(it, words))
    else copy[key] = withoutKeywords(value, words)
  }
  return copy
}

function mapEntries(map: object, change: (value: unknown) => unknown): Record<string, unknown> {
  const changed: Record<string, unknown> = Object.create(null)
  for (const [key, value] of Object.entries(map)) changed[key] = change(value)
  return changed
}

/** Which draft a schema is of; generic and unknown `$schema` texts mean the newest. */
export function draftOf(schema: AnySchema): string {
  const named =
    typeof schema === 'object' && schema !== null ? (schema as Record<string, unknown>).$schema : ''
  return /draft-0[467]|2019-09|2020-12/.exec(String(named ?? ''))?.[0] ?? '2020-12'
}

const OPTIONS = {
  strict: false,
  allErrors: true,
  verbose: true,
  ownProperties: true,
  // Optimizing the code of a large schema takes longer than running it once.
  code: { regExp, optimize: false },
  logger: false,
} as const
