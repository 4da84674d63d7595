/**
 * Schemas that need no compiler: of well-known keywords, each rightly used. Most values.schema.json are such; whatever is
 * unusual, broken or of an old draft is left to Ajv, which also knows what to say of it.
 */

import { MAX_PATTERNS, regExp } from './schema-pattern.ts'
import {
  BESIDE_REFERENCES,
  type Draft,
  draftOf,
  findForeignDialect,
  type Held,
  isForeign,
  isObject,
  isOldDraft,
  KEYWORDS,
  type Unknowns,
} from './schema-vocabulary.ts'

/** A whole schema. */
export interface PlainRoot {
  readonly schema: PlainKeywords
  readonly draft: Draft
  /** Of draft 7, where nothing beside a reference counts and formats do. */
  readonly isOld: boolean
}

/** A schema of which each keyword that counts is here. */
export type PlainSchema = boolean | PlainKeywords

export interface PlainKeywords {
  /** Leads to a plain schema below `definitions` or `$defs`. */
  readonly $ref?: string
  readonly type?: string | readonly string[]
  /** Without lists and maps, as is `const`. */
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: PlainMap
  readonly patternProperties?: PlainMap
  readonly additionalProperties?: PlainSchema
  readonly required?: readonly string[]
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly items?: PlainSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly allOf?: readonly PlainSchema[]
  readonly anyOf?: readonly PlainSchema[]
  readonly oneOf?: readonly PlainSchema[]
  readonly not?: PlainSchema
  readonly if?: PlainSchema
  readonly then?: PlainSchema
  readonly else?: PlainSchema
}

/** By name: own keys only. */
export type PlainMap = Readonly<Record<string, PlainSchema>>

/** The schema of a text, where it is plain. */
export function readPlainSchema(text: string): PlainRoot | undefined {
  try {
    const schema: unknown = JSON.parse(text)
    const draft = draftOf(schema)
    if (draft === 'draft-04' || draft === 'draft-06' || !isObject(schema) || !isRoot(schema)) return undefined
    const { $schema, $id, ...rest } = schema
    const isOld = isOldDraft(draft)
    const root: Root = { schema: rest, draft, isOld, alternatives: 0, patterns: 0, references: new Set() }
    return isPlain(rest, root) && root.alternatives <= MOST_ALTERNATIVES ? root : undefined
  } catch {
    return undefined
  }
}

/** Far less than what is refused. */
const MOST_ALTERNATIVES = 1000

/** Names itself as nobody else is named. */
const isRoot = ({ $schema = DEFAULT_DIALECT, $id = OWN_NAME }: Unknowns): boolean =>
  typeof $schema === 'string' &&
  findForeignDialect({ $schema }) === undefined &&
  typeof $id === 'string' &&
  NAME.test($id) &&
  !$id.includes('json-schema.org')

const DEFAULT_DIALECT = 'https://json-schema.org/schema'
const OWN_NAME = 'https://example.com/'
const NAME = /^https?:\/\/[\w./-]+$/

interface Root extends PlainRoot {
  alternatives: number
  patterns: number
  /** Those that were met. */
  readonly references: Set<string>
}

type Check = (value: unknown, root: Root) => boolean

function isPlain(schema: unknown, root: Root): boolean {
  if (typeof schema === 'boolean') return true
  if (!isObject(schema)) return false
  const isReference = root.isOld && schema.$ref !== undefined
  for (const keyword in schema) {
    if (isReference && !BESIDE_REFERENCES.has(keyword)) continue
    if (!isPlainlyUsed(keyword, schema[keyword], root)) return false
  }
  return true
}

function isPlainlyUsed(keyword: string, value: unknown, root: Root): boolean {
  const known = KEYWORDS.get(keyword)
  if (!known || isForeign(keyword, root.draft)) return isUnknown(keyword, value, root)
  return known.isPlain && CHECKS[known.held](value, root)
}

const isPrimitive = (value: unknown): boolean => typeof value !== 'object' || value === null

const isSetOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem) && new Set(value).size === value.length

const TYPES: ReadonlySet<unknown> = new Set([
  'null',
  'boolean',
  'number',
  'integer',
  'string',
  'array',
  'object',
])
const isType: Check = value =>
  TYPES.has(value) || (isSetOf(value, it => TYPES.has(it)) && (value as unknown[]).length > 0)

const isPlainMap: Check = (value, root) =>
  isObject(value) && Object.keys(value).every(it => it !== '__proto__' && isPlain(value[it], root))

const isPlainList: Check = (value, root) =>
  Array.isArray(value) && value.length > 0 && value.every(it => isPlain(it, root))

const isAlternatives: Check = (value, root) => {
  if (!isPlainList(value, root)) return false
  root.alternatives += (value as unknown[]).length
  return true
}

/** To both who look at patterns: RE2, and JavaScript as the format `regex` means it. */
function isPattern(pattern: unknown, root: Root): boolean {
  if (++root.patterns > MAX_PATTERNS) return false
  if (typeof pattern !== 'string' || /[^\\]\\Z/.test(pattern)) return false
  try {
    regExp(pattern)
    return new RegExp(pattern, 'u') !== undefined
  } catch {
    return false
  }
}

const isReference: Check = (value, root) => {
  if (typeof value !== 'string' || !REFERENCE.test(value)) return false
  if (root.references.has(value)) return true
  root.references.add(value)
  return isPlain(findDefinition(root, value), root)
}

/** Without escapes. */
const REFERENCE = /^#\/(?:definitions|\$defs)(?:\/[\w.-]+)+$/

/** What a reference leads to; undefined also where Ajv does not get all of the way to see. */
export function findDefinition({ schema, draft }: PlainRoot, reference: string): PlainSchema | undefined {
  let at: unknown = schema
  for (const step of reference.split('/').slice(1)) {
    if (!isObject(at) || !Object.hasOwn(at, step) || isForeign(step, draft)) return undefined
    if (at.$ref !== undefined && !BESIDE_REFERENCES.has(step)) return undefined
    at = at[step]
  }
  return at as PlainSchema
}

const CHECKS: Readonly<Record<Held, Check>> = {
  schema: isPlain,
  schemas: isPlainList,
  alternatives: isAlternatives,
  'schemas-by-name': isPlainMap,
  'schemas-by-pattern': (value, root) =>
    isPlainMap(value, root) && Object.keys(value as object).every(it => isPattern(it, root)),
  reference: isReference,
  anything: () => true,
  list: Array.isArray,
  primitive: isPrimitive,
  primitives: value => isSetOf(value, isPrimitive) && (value as unknown[]).length > 0,
  type: isType,
  names: value => isSetOf(value, it => typeof it === 'string'),
  text: value => typeof value === 'string',
  // Older drafts demand them.
  format: (value, { isOld }) => !isOld && typeof value === 'string',
  pattern: isPattern,
  boolean: value => typeof value === 'boolean',
  number: value => typeof value === 'number',
  count: value => Number.isSafeInteger(value) && (value as number) >= 0,
}

/** What no draft knows means nothing, unless it holds a name to which references lead. Some put their definitions there. */
const isUnknown = (keyword: string, value: unknown, root: Root): boolean =>
  !keyword.startsWith('$') && keyword !== '__proto__' && (isHarmless(value) || isPlain(value, root))

const isHarmless = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  Object.entries(value).every(([key, it]) => !/^\$|^__proto__$|Of$/.test(key) && isHarmless(it))
