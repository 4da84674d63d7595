/**
 * Schemas of custom resources (`JSONSchemaProps` of a structural schema), linked against key ids when first entered.
 *
 * The same shape serves the schemas below `allOf`, `anyOf`, `oneOf` and `not`, which judge values but neither name
 * fields nor fill in defaults (structural schemas, KEP-1022).
 */
import type { Json } from '../../yaml/json.ts'
import { internKey } from '../../yaml/keys.ts'
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
  /** What the schema says of it, without linking it. */
  readonly hasDefault: boolean
  /** Whether there are rules in CEL in it or below it. */
  holdsRules(): boolean
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
  const toFields = (raw: unknown): ReadonlyMap<number, StructuralField> => {
    if (!isRecord(raw)) return NO_FIELDS
    const fields = new Map<number, StructuralField>()
    for (const name of Object.keys(raw)) {
      const field = raw[name]
      fields.set(internKey(name), {
        name,
        hasDefault: (resolve(field).default ?? null) !== null,
        holdsRules: () => holdsRules(field),
        schema: lazy(field),
      })
    }
    return fields
  }
  const holders = new Map<object, boolean>()
  const holdsRules = (raw: unknown): boolean => {
    const keywords = resolve(raw)
    const known = holders.get(keywords)
    if (known !== undefined) return known
    const { items, additionalProperties, properties, allOf } = keywords
    // A schema that is inside of itself holds what it holds elsewhere.
    holders.set(keywords, false)
    const holds =
      toRules(keywords['x-kubernetes-validations']).length > 0 ||
      (isSchema(items) && holdsRules(items)) ||
      (isSchema(additionalProperties) && holdsRules(additionalProperties)) ||
      (isRecord(properties) && Object.keys(properties).some(it => holdsRules(properties[it]))) ||
      (Array.isArray(allOf) && allOf.some(holdsRules))
    holders.set(keywords, holds)
    return holds
  }
  const toStructural = (keywords: Keywords): Structural => {
    const { additionalProperties } = keywords
    const additional = isSchema(additionalProperties) ? lazy(additionalProperties) : undefined
    const items = isSchema(keywords.items) ? lazy(keywords.items) : undefined
    return {
      type: toType(keywords.type),
      nullable: keywords.nullable === true,
      preservesUnknown: keywords['x-kubernetes-preserve-unknown-fields'] === true,
      isEmbedded: keywords['x-kubernetes-embedded-resource'] === true,
      isIntOrString: keywords['x-kubernetes-int-or-string'] === true,
      fields: toFields(keywords.properties),
      get additional() {
        return additional ? additional() : FURTHER.get(additionalProperties)
      },
      get items() {
        return items?.()
      },
      listType: toText(keywords['x-kubernetes-list-type']),
      listKeys: toTexts(keywords['x-kubernetes-list-map-keys']),
      required: toTexts(keywords.required),
      hasDefault: (keywords.default ?? null) !== null,
      default: (keywords.default ?? null) as Json,
      enum: Array.isArray(keywords.enum) ? (keywords.enum as Json[]) : undefined,
      format: toText(keywords.format),
      pattern: toPattern(keywords.pattern),
      limits: toLimits(keywords),
      logic: toLogic(keywords, link),
      rules: toRules(keywords['x-kubernetes-validations']),
    }
  }
  return link(schema)
}

const NO_FIELDS: ReadonlyMap<number, StructuralField> = new Map()
const FURTHER: ReadonlyMap<unknown, 'any' | 'none'> = new Map([
  [true, 'any'],
  [false, 'none'],
])

const LIMITS = [
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
]

function toLimits(keywords: Keywords): Limits | undefined {
  if (!LIMITS.some(it => typeof keywords[it] === 'number')) return undefined
  return {
    minimum: toNumber(keywords.minimum),
    maximum: toNumber(keywords.maximum),
    exclusiveMinimum: keywords.exclusiveMinimum === true,
    exclusiveMaximum: keywords.exclusiveMaximum === true,
    multipleOf: toNumber(keywords.multipleOf),
    minLength: toNumber(keywords.minLength),
    maxLength: toNumber(keywords.maxLength),
    minItems: toNumber(keywords.minItems),
    maxItems: toNumber(keywords.maxItems),
    minProperties: toNumber(keywords.minProperties),
    maxProperties: toNumber(keywords.maxProperties),
  }
}

function toLogic(keywords: Keywords, link: (raw: unknown) => Structural): Logic | undefined {
  const { allOf, anyOf, oneOf, not } = keywords
  if ((allOf ?? anyOf ?? oneOf ?? not) === undefined) return undefined
  const list = (raw: unknown): Structural[] => (Array.isArray(raw) ? raw.filter(isSchema).map(link) : [])
  const logic: Logic = {
    allOf: list(allOf),
    anyOf: list(anyOf),
    oneOf: list(oneOf),
    not: isSchema(not) ? link(not) : undefined,
  }
  return logic.not || logic.allOf.length + logic.anyOf.length + logic.oneOf.length > 0 ? logic : undefined
}

const TYPES: ReadonlySet<unknown> = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean'])
const toType = (raw: unknown): JsonType => (TYPES.has(raw) ? (raw as JsonType) : '')
const toText = (raw: unknown): string => (typeof raw === 'string' ? raw : '')
const toNumber = (raw: unknown): number | undefined => (typeof raw === 'number' ? raw : undefined)
const NO_TEXTS: readonly string[] = []
const toTexts = (raw: unknown): readonly string[] =>
  Array.isArray(raw) ? raw.filter(it => typeof it === 'string') : NO_TEXTS
const toPattern = (raw: unknown): Pattern | undefined =>
  typeof raw === 'string' && raw !== '' ? compilePattern(raw) : undefined

const isRecord = (value: unknown): value is Keywords =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isSchema = (value: unknown): boolean => isRecord(value) || typeof value === 'number'
