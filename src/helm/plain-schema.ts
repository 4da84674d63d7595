/**
 * Schemas that need no compiler: of well-known keywords, each rightly used. Most values.schema.json are such; whatever is
 * unusual, broken or of an old draft is left to Ajv, which also knows what to say of it.
 */
import { regExp } from './schema-pattern.ts'

/** A whole schema. */
export interface PlainRoot {
  readonly schema: PlainKeywords
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
    const draft = isObject(schema) ? DRAFT.exec(String(schema.$schema ?? ''))?.[0] : undefined
    if (!isObject(schema) || draft === 'draft-04' || draft === 'draft-06' || !isRoot(schema)) return undefined
    const { $schema, $id, ...rest } = schema
    const root: Root = { schema: rest, isOld: draft === 'draft-07', alternatives: 0, references: new Set() }
    return isPlain(rest, root) && root.alternatives <= MOST_ALTERNATIVES ? root : undefined
  } catch {
    return undefined
  }
}

/** As `draftOf` finds it; without one of them it is the newest. */
const DRAFT = /draft-0[467]|2019-09|2020-12/

/** Far less than what is refused. */
const MOST_ALTERNATIVES = 1000

/** Keywords of a schema, or names of schemas, of which nothing is known. */
export type Unknowns = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Unknowns =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Names itself as nobody else is named. */
const isRoot = ({ $schema = '', $id = OWN_NAME }: Unknowns): boolean =>
  typeof $schema === 'string' && typeof $id === 'string' && NAME.test($id) && !$id.includes('json-schema.org')

const OWN_NAME = 'https://example.com/'
const NAME = /^https?:\/\/[\w./-]+$/

interface Root extends PlainRoot {
  alternatives: number
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
    const check = KEYWORDS.get(keyword)
    if (!(check ? check(schema[keyword], root) : isUnknown(keyword, schema[keyword], root))) return false
  }
  return true
}

const BESIDE_REFERENCES: ReadonlySet<string> = new Set(['$ref', '$defs', 'definitions'])

const isString: Check = value => typeof value === 'string'
const isBoolean: Check = value => typeof value === 'boolean'
const isNumber: Check = value => typeof value === 'number'
const isCount: Check = value => Number.isSafeInteger(value) && (value as number) >= 0
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
function isPattern(pattern: unknown): boolean {
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
  return isPlain(findDefinition(root.schema, value), root)
}

/** Without escapes. */
const REFERENCE = /^#\/(?:definitions|\$defs)(?:\/[\w.-]+)+$/

/** What a reference leads to; undefined also where Ajv does not get all of the way to see. */
export function findDefinition(schema: PlainKeywords, reference: string): PlainSchema | undefined {
  let at: unknown = schema
  for (const step of reference.split('/').slice(1)) {
    if (!isObject(at) || !Object.hasOwn(at, step) || LEFT_OUT.has(step)) return undefined
    if (at.$ref !== undefined && !BESIDE_REFERENCES.has(step)) return undefined
    at = at[step]
  }
  return at as PlainSchema
}

const LEFT_OUT: ReadonlySet<string> = new Set(['id', 'nullable'])

const KEYWORDS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['$ref', isReference],
  ['$defs', isPlainMap],
  ['definitions', isPlainMap],
  ['type', isType],
  ['enum', value => isSetOf(value, isPrimitive) && (value as unknown[]).length > 0],
  ['const', isPrimitive],
  ['properties', isPlainMap],
  [
    'patternProperties',
    (value, root) => isPlainMap(value, root) && Object.keys(value as object).every(isPattern),
  ],
  ['additionalProperties', isPlain],
  ['required', value => isSetOf(value, it => typeof it === 'string')],
  ['minProperties', isCount],
  ['maxProperties', isCount],
  ['items', isPlain],
  ['minItems', isCount],
  ['maxItems', isCount],
  ['uniqueItems', isBoolean],
  ['minLength', isCount],
  ['maxLength', isCount],
  ['pattern', isPattern],
  ['minimum', isNumber],
  ['maximum', isNumber],
  ['exclusiveMinimum', isNumber],
  ['exclusiveMaximum', isNumber],
  ['allOf', isPlainList],
  ['anyOf', isAlternatives],
  ['oneOf', isAlternatives],
  ['not', isPlain],
  ['if', isPlain],
  ['then', isPlain],
  ['else', isPlain],
  ['title', isString],
  ['description', isString],
  ['$comment', isString],
  ['default', () => true],
  ['examples', Array.isArray],
  ['deprecated', isBoolean],
  ['readOnly', isBoolean],
  ['writeOnly', isBoolean],
  ['format', (value, { isOld }) => !isOld && typeof value === 'string'],
])

/** What else drafts and Ajv know, and is too rare to be known here. */
const OTHERS: ReadonlySet<string> = new Set(
  `additionalItems contains contentEncoding contentMediaType contentSchema dependencies dependentRequired
  dependentSchemas discriminator formatExclusiveMaximum formatExclusiveMinimum formatMaximum formatMinimum
  maxContains minContains multipleOf prefixItems propertyNames unevaluatedItems unevaluatedProperties`.split(
    /\s+/,
  ),
)

/** What no draft knows means nothing, unless it holds a name to which references lead. Some put their definitions there. */
const isUnknown = (keyword: string, value: unknown, root: Root): boolean =>
  !keyword.startsWith('$') &&
  keyword !== '__proto__' &&
  !OTHERS.has(keyword) &&
  (isHarmless(value) || isPlain(value, root))

const isHarmless = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  Object.entries(value).every(([key, it]) => !/^\$|^__proto__$|Of$/.test(key) && isHarmless(it))
