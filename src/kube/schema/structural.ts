/**
 * Schemas of custom resources (`JSONSchemaProps` of a structural schema), linked against key ids when first entered.
 *
 * The same shape serves the schemas below `allOf`, `anyOf`, `oneOf` and `not`, which judge values but neither name
 * fields nor fill in defaults (structural schemas, KEP-1022).
 */
import type { Json } from '../../yaml/json.ts'
import { internKey } from '../../yaml/keys.ts'
import { own } from './catalog.ts'
import type { PackedSchema } from './pack.ts'
import { compilePattern, type Pattern } from './pattern.ts'
import { toRules, type ValidationRule } from './validation-rule.ts'

export type JsonType = '' | 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'

export interface Structural {
  readonly type: JsonType
  readonly nullable: boolean
  /** `x-kubernetes-preserve-unknown-fields`: fields that the schema does not name are kept. */
  readonly preservesUnknown: boolean
  /** `x-kubernetes-embedded-resource`: apiVersion, kind and metadata are those of any object. */
  readonly isEmbedded: boolean
  readonly isIntOrString: boolean
  /** Named fields in the order of the schema, by key id. */
  readonly fields: ReadonlyMap<number, StructuralField>
  /** The schema of further fields; `any` for `additionalProperties: true`, `none` for `false`. */
  readonly additional: Structural | 'any' | 'none' | undefined
  readonly items: Structural | undefined
  readonly listType: string
  readonly listKeys: readonly string[]
  readonly required: readonly string[]
  readonly hasDefault: boolean
  readonly default: Json
  readonly enum: readonly Json[] | undefined
  readonly format: string
  readonly pattern: Pattern | undefined
  readonly limits: Limits | undefined
  readonly logic: Logic | undefined
  /** Rules in CEL. */
  readonly rules: readonly ValidationRule[]
}

export interface StructuralField {
  readonly name: string
  readonly key: number
  /** Linked on the first call. */
  schema(): Structural
}

/** Keywords with a number. */
export interface Limits {
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  readonly exclusiveMinimum: boolean
  readonly exclusiveMaximum: boolean
  readonly multipleOf: number | undefined
  readonly minLength: number | undefined
  readonly maxLength: number | undefined
  readonly minItems: number | undefined
  readonly maxItems: number | undefined
  readonly minProperties: number | undefined
  readonly maxProperties: number | undefined
}

export interface Logic {
  readonly allOf: readonly Structural[]
  readonly anyOf: readonly Structural[]
  readonly oneOf: readonly Structural[]
  readonly not: Structural | undefined
}

type Keywords = Readonly<Record<string, unknown>>

/** Links a schema; numbers in it are looked up in the pool. Anything malformed in it counts as absent. */
export function linkStructural(schema: unknown, pool: readonly PackedSchema[] = []): Structural {
  const linked = new Map<object, Structural>()
  const link = (raw: unknown): Structural => {
    const keywords = resolve(raw)
    const known = linked.get(keywords)
    if (known) return known
    const structural = toStructural(keywords)
    linked.set(keywords, structural)
    return structural
  }
  const resolve = (raw: unknown): Keywords => {
    const target = typeof raw === 'number' ? pool[raw] : raw
    return isRecord(target) ? target : {}
  }
  const lazy = (raw: unknown): (() => Structural) => {
    let structural: Structural | undefined
    return () => (structural ??= link(raw))
  }
  const toStructural = (keywords: Keywords): Structural => {
    const additional = lazyAdditional(own(keywords, 'additionalProperties'), lazy)
    const items = isSchema(own(keywords, 'items')) ? lazy(keywords.items) : undefined
    return {
      type: toType(own(keywords, 'type')),
      nullable: own(keywords, 'nullable') === true,
      preservesUnknown: own(keywords, 'x-kubernetes-preserve-unknown-fields') === true,
      isEmbedded: own(keywords, 'x-kubernetes-embedded-resource') === true,
      isIntOrString: own(keywords, 'x-kubernetes-int-or-string') === true,
      fields: toFields(own(keywords, 'properties'), lazy),
      get additional() {
        return additional()
      },
      get items() {
        return items?.()
      },
      listType: toText(own(keywords, 'x-kubernetes-list-type')),
      listKeys: toTexts(own(keywords, 'x-kubernetes-list-map-keys')),
      required: toTexts(own(keywords, 'required')),
      hasDefault: (own(keywords, 'default') ?? null) !== null,
      default: (own(keywords, 'default') ?? null) as Json,
      enum: Array.isArray(own(keywords, 'enum')) ? (keywords.enum as Json[]) : undefined,
      format: toText(own(keywords, 'format')),
      pattern: toPattern(own(keywords, 'pattern')),
      limits: toLimits(keywords),
      logic: toLogic(keywords, link),
      rules: toRules(own(keywords, 'x-kubernetes-validations')),
    }
  }
  return link(schema)
}

function lazyAdditional(
  raw: unknown,
  lazy: (raw: unknown) => () => Structural,
): () => Structural['additional'] {
  if (raw === true) return () => 'any'
  if (raw === false) return () => 'none'
  return isSchema(raw) ? lazy(raw) : () => undefined
}

function toFields(
  raw: unknown,
  lazy: (raw: unknown) => () => Structural,
): ReadonlyMap<number, StructuralField> {
  const fields = new Map<number, StructuralField>()
  if (!isRecord(raw)) return fields
  for (const [name, schema] of Object.entries(raw)) {
    const key = internKey(name)
    fields.set(key, { name, key, schema: lazy(schema) })
  }
  return fields
}

function toLimits(keywords: Keywords): Limits | undefined {
  const limits: Limits = {
    minimum: toNumber(own(keywords, 'minimum')),
    maximum: toNumber(own(keywords, 'maximum')),
    exclusiveMinimum: own(keywords, 'exclusiveMinimum') === true,
    exclusiveMaximum: own(keywords, 'exclusiveMaximum') === true,
    multipleOf: toNumber(own(keywords, 'multipleOf')),
    minLength: toNumber(own(keywords, 'minLength')),
    maxLength: toNumber(own(keywords, 'maxLength')),
    minItems: toNumber(own(keywords, 'minItems')),
    maxItems: toNumber(own(keywords, 'maxItems')),
    minProperties: toNumber(own(keywords, 'minProperties')),
    maxProperties: toNumber(own(keywords, 'maxProperties')),
  }
  return Object.values(limits).some(it => typeof it === 'number') ? limits : undefined
}

function toLogic(keywords: Keywords, link: (raw: unknown) => Structural): Logic | undefined {
  const list = (word: string): Structural[] => {
    const raw = own(keywords, word)
    return Array.isArray(raw) ? raw.filter(isSchema).map(link) : []
  }
  const not = own(keywords, 'not')
  const logic: Logic = {
    allOf: list('allOf'),
    anyOf: list('anyOf'),
    oneOf: list('oneOf'),
    not: isSchema(not) ? link(not) : undefined,
  }
  return logic.not || logic.allOf.length + logic.anyOf.length + logic.oneOf.length > 0 ? logic : undefined
}

const TYPES: ReadonlySet<unknown> = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean'])
const toType = (raw: unknown): JsonType => (TYPES.has(raw) ? (raw as JsonType) : '')
const toText = (raw: unknown): string => (typeof raw === 'string' ? raw : '')
const toNumber = (raw: unknown): number | undefined => (typeof raw === 'number' ? raw : undefined)
const toTexts = (raw: unknown): string[] =>
  Array.isArray(raw) ? raw.filter(it => typeof it === 'string') : []
const toPattern = (raw: unknown): Pattern | undefined =>
  typeof raw === 'string' && raw !== '' ? compilePattern(raw) : undefined

const isRecord = (value: unknown): value is Keywords =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isSchema = (value: unknown): boolean => isRecord(value) || typeof value === 'number'
