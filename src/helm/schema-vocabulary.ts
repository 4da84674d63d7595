/** The keywords of JSON Schema: what each holds, what its schemas are tried with, and in which drafts it means anything. */

const DRAFTS = ['draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12'] as const
export type Draft = (typeof DRAFTS)[number]

/** Which draft a schema is of; without a `$schema` and with the generic one, of the newest. */
export function draftOf(schema: unknown): Draft {
  const named = isObject(schema) ? String(schema.$schema ?? '') : ''
  return (/draft-0[467]|2019-09|2020-12/.exec(named)?.[0] as Draft | undefined) ?? '2020-12'
}

const DIALECT =
  /^(?:https?:\/\/)?json-schema\.org\/(?:draft-0[467]\/|draft\/2019-09\/|draft\/2020-12\/)?schema$/

/** The address of a `$schema` that is none of the drafts, and would have to be loaded (`draftFromURL` of the library). */
export function findForeignDialect(schema: unknown): string | undefined {
  const named = isObject(schema) ? schema.$schema : undefined
  if (typeof named !== 'string') return undefined
  const [address = ''] = named.split('#')
  return DIALECT.test(address) ? undefined : address
}

/** Nothing beside `$ref` counts. */
export const isOldDraft = (draft: Draft): boolean => DRAFTS.indexOf(draft) < DRAFTS.indexOf('2019-09')

/** What `$ref` leads to may stand beside it there. */
export const BESIDE_REFERENCES: ReadonlySet<string> = new Set(['$ref', '$schema', 'definitions', '$defs'])

/** Keywords of a schema, or names of schemas, of which nothing is known. */
export type Unknowns = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Unknowns =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a keyword holds, where it is rightly used. */
export type Held =
  | 'schema'
  | 'schemas'
  | 'alternatives'
  | 'schemas-by-name'
  | 'schemas-by-pattern'
  | 'reference'
  | 'anything'
  | 'list'
  | 'primitive'
  | 'primitives'
  | 'type'
  | 'names'
  | 'text'
  | 'format'
  | 'pattern'
  | 'boolean'
  | 'number'
  | 'count'

/** Those that have schemas in them; the value of any other keyword is data. */
const OF_SCHEMAS: ReadonlySet<Held> = new Set([
  'schema',
  'schemas',
  'alternatives',
  'schemas-by-name',
  'schemas-by-pattern',
])

/** What of a value the schemas of a keyword are tried with: the value, each of its items, properties or names of these. */
export type Tried = 'itself' | 'items' | 'properties' | 'named-properties' | 'names'

export interface Keyword {
  readonly held: Held
  /** Undefined where no schema is tried. */
  readonly tried: Tried | undefined
  /** Those of drafts between which it means something to the library that helm uses. */
  readonly since: Draft
  readonly until: Draft | undefined
  /** Evaluated by schema-pass.ts, or of no weight; all others are left to Ajv. */
  readonly isPlain: boolean
}

interface Limits {
  readonly tried?: Tried
  readonly since?: Draft
  readonly until?: Draft
}

const keyword =
  (isPlain: boolean) =>
  (held: Held, { tried, since = 'draft-04', until }: Limits = {}): Keyword => ({
    held,
    tried,
    since,
    until,
    isPlain,
  })
const plain = keyword(true)
const rare = keyword(false)

const SELF = { tried: 'itself' } as const

export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ['$ref', plain('reference', SELF)],
  ['$recursiveRef', rare('reference', { ...SELF, since: '2019-09' })],
  ['$dynamicRef', rare('reference', { ...SELF, since: '2020-12' })],
  // References lead into them in each draft.
  ['$defs', plain('schemas-by-name')],
  ['definitions', plain('schemas-by-name')],

  // In the order in which the library compiles them.
  ['allOf', plain('schemas', SELF)],
  ['anyOf', plain('alternatives', SELF)],
  ['oneOf', plain('alternatives', SELF)],
  ['not', plain('schema', SELF)],
  // Lists of schemas in older drafts.
  ['items', plain('schema', { tried: 'items' })],
  ['additionalItems', rare('schema', { tried: 'items', until: '2019-09' })],
  ['properties', plain('schemas-by-name', { tried: 'named-properties' })],
  ['patternProperties', plain('schemas-by-pattern', { tried: 'properties' })],
  ['additionalProperties', plain('schema', { tried: 'properties' })],
  ['dependencies', rare('schemas-by-name', SELF)],
  ['contains', rare('schema', { tried: 'items', since: 'draft-06' })],
  ['propertyNames', rare('schema', { tried: 'names', since: 'draft-06' })],
  ['if', plain('schema', { ...SELF, since: 'draft-07' })],
  ['then', plain('schema', { ...SELF, since: 'draft-07' })],
  ['else', plain('schema', { ...SELF, since: 'draft-07' })],
  ['dependentSchemas', rare('schemas-by-name', { ...SELF, since: '2019-09' })],
  ['unevaluatedItems', rare('schema', { tried: 'items', since: '2019-09' })],
  ['unevaluatedProperties', rare('schema', { tried: 'properties', since: '2019-09' })],
  ['prefixItems', rare('schemas', { tried: 'items', since: '2020-12' })],
  ['contentSchema', rare('schema', { since: '2019-09' })],

  ['type', plain('type')],
  ['enum', plain('primitives')],
  ['const', plain('primitive', { since: 'draft-06' })],
  ['required', plain('names')],
  ['minProperties', plain('count')],
  ['maxProperties', plain('count')],
  ['dependentRequired', rare('anything', { since: '2019-09' })],
  ['minItems', plain('count')],
  ['maxItems', plain('count')],
  ['uniqueItems', plain('boolean')],
  ['minContains', rare('count', { since: '2019-09' })],
  ['maxContains', rare('count', { since: '2019-09' })],
  ['minLength', plain('count')],
  ['maxLength', plain('count')],
  ['pattern', plain('pattern')],
  ['format', plain('format')],
  ['minimum', plain('number')],
  ['maximum', plain('number')],
  ['exclusiveMinimum', plain('number')],
  ['exclusiveMaximum', plain('number')],
  ['multipleOf', rare('number')],

  ['title', plain('text')],
  ['description', plain('text')],
  ['$comment', plain('text', { since: 'draft-07' })],
  ['default', plain('anything')],
  ['examples', plain('list')],
  ['deprecated', plain('boolean', { since: '2019-09' })],
  ['readOnly', plain('boolean', { since: 'draft-07' })],
  ['writeOnly', plain('boolean', { since: 'draft-07' })],
  ['contentEncoding', rare('text', { since: 'draft-07' })],
  ['contentMediaType', rare('text', { since: 'draft-07' })],
  ['id', rare('text', { until: 'draft-04' })],
])

/** What means something to Ajv and in no draft. */
const AJV_ONLY: ReadonlySet<string> = new Set([
  '$async',
  'discriminator',
  'formatExclusiveMaximum',
  'formatExclusiveMinimum',
  'formatMaximum',
  'formatMinimum',
  'nullable',
])

/** True for what Ajv takes for a keyword and the draft does not. */
export function isForeign(name: string, draft: Draft): boolean {
  const known = KEYWORDS.get(name)
  if (!known) return AJV_ONLY.has(name)
  const at = DRAFTS.indexOf(draft)
  return at < DRAFTS.indexOf(known.since) || (known.until !== undefined && at > DRAFTS.indexOf(known.until))
}

/** True for keywords whose value maps names to schemas. */
export function holdsNamedSchemas(name: string): boolean {
  const held = KEYWORDS.get(name)?.held
  return held === 'schemas-by-name' || held === 'schemas-by-pattern'
}

/** True for keywords whose value is no schema and has none in it, however much it looks like one. */
export function holdsData(name: string): boolean {
  const known = KEYWORDS.get(name)
  return known !== undefined && !OF_SCHEMAS.has(known.held)
}

/** Keywords whose schemas are tried with some part of a value. */
export const listTried = (tried: Tried): string[] =>
  [...KEYWORDS].filter(([, it]) => it.tried === tried).map(([name]) => name)
