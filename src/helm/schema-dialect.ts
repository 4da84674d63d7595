/** Drafts of JSON Schema as the library that helm uses reads them, told to Ajv. */
import { Ajv, type AnySchema, type Options } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import AjvDraft4 from 'ajv-draft-04'
import { FORMATS } from './schema-formats.ts'
import { replaceKeywords } from './schema-keywords.ts'
import { regExp } from './schema-pattern.ts'
import {
  BESIDE_REFERENCES,
  type Draft,
  draftOf,
  holdsData,
  holdsNamedSchemas,
  isForeign,
  isObject,
  isOldDraft,
} from './schema-vocabulary.ts'

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
  const name = isOldDraft(draft)
    ? `http://json-schema.org/${known}/schema#`
    : `https://json-schema.org/draft/${draft}/schema`
  return { ajv, judge, own: named(schema, draft, name) }
}

const judges = new Map<Draft, Ajv>()

/** Newer drafts take formats as annotations only; in older ones nothing beside `$ref` counts. */
function createAjv(draft: Draft, options: Options): Ajv {
  if (!isOldDraft(draft)) {
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

/** The schema under the name of its draft, without what is no keyword of it. */
function named(schema: AnySchema, draft: Draft, name: string): AnySchema {
  if (!isObject(schema)) return schema
  const own = withoutForeign(schema, draft) as Record<string, unknown>
  return '$schema' in own ? { ...own, $schema: name } : own
}

function withoutForeign(schema: unknown, draft: Draft): unknown {
  if (Array.isArray(schema)) return schema.map(it => withoutForeign(it, draft))
  if (!isObject(schema)) return schema
  const isReference = isOldDraft(draft) && typeof schema.$ref === 'string'
  const copy: Record<string, unknown> = Object.create(null)
  for (const [key, value] of Object.entries(schema)) {
    if (isForeign(key, draft) || (isReference && !BESIDE_REFERENCES.has(key))) continue
    if (namesNothing(key, value, draft)) continue
    if (holdsData(key)) copy[key] = value
    else if (holdsNamedSchemas(key) && isObject(value))
      copy[key] = mapEntries(value, it => withoutForeign(it, draft))
    else copy[key] = withoutForeign(value, draft)
  }
  return copy
}

/** A name that is a pointer or empty: Ajv takes it for one that may be given once only, helm's library for none. */
function namesNothing(key: string, value: unknown, draft: Draft): boolean {
  if (key !== (draft === 'draft-04' ? 'id' : '$id') || typeof value !== 'string') return false
  return value === '' || value === '#' || (isOldDraft(draft) && value.startsWith('#/'))
}

function mapEntries(map: object, change: (value: unknown) => unknown): Record<string, unknown> {
  const changed: Record<string, unknown> = Object.create(null)
  for (const [key, value] of Object.entries(map)) changed[key] = change(value)
  return changed
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
