/** A schema as a definition writes it (`JSONSchemaProps`), read as Go decodes it. */
import { isObj, type Obj, object, text } from './object.ts'

/** `items`: one schema, or a list of schemas, which no definition may have. */
export const itemsOf = (schema: Obj): Obj | undefined => (isObj(schema.items) ? schema.items : undefined)
export const listItemSchemas = (schema: Obj): readonly Obj[] => listSchemas(schema, 'items')

/** `additionalProperties` or `additionalItems`: whether there may be more, and what that must be. */
export interface Further {
  readonly allows: boolean
  readonly schema: Obj | undefined
}

/** A boolean, or a schema, which allows what fits it. */
export function furtherOf(
  schema: Obj,
  keyword: 'additionalProperties' | 'additionalItems',
): Further | undefined {
  const raw = schema[keyword]
  if (typeof raw === 'boolean') return { allows: raw, schema: undefined }
  return isObj(raw) ? { allows: true, schema: raw } : undefined
}

/** Named schemas: `properties`, `patternProperties`, `definitions`, `dependencies`. A null one is empty. */
export function listNamed(schema: Obj, keyword: string): readonly (readonly [name: string, schema: Obj])[] {
  const map = object(schema, keyword)
  return Object.keys(map).map(it => [it, object(map, it)] as const)
}

/** The schema of a property; undefined where it has none of its own. */
export const findProperty = (schema: Obj, name: string): Obj | undefined => {
  const map = object(schema, 'properties')
  return Object.hasOwn(map, name) ? object(map, name) : undefined
}

/** The schemas below `allOf` and its like. */
export function listSchemas(schema: Obj, keyword: string): readonly Obj[] {
  const raw = schema[keyword]
  return Array.isArray(raw) ? raw.map((it: unknown) => (isObj(it) ? it : NONE)) : NO_SCHEMAS
}

const NONE: Obj = Object.freeze(Object.create(null) as Obj)
const NO_SCHEMAS: readonly Obj[] = []

/** A schema below `not`. */
export const notOf = (schema: Obj): Obj | undefined => (isObj(schema.not) ? schema.not : undefined)

/** Whether a schema has only keywords of values and fields, as nearly all have; no others and nothing of Kubernetes. */
export function isPlain(schema: Obj): boolean {
  for (const name in schema) if (!PLAIN.has(name)) return false
  return true
}

const PLAIN: ReadonlySet<string> = new Set([
  'default',
  'description',
  'enum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maximum',
  'minItems',
  'minLength',
  'minimum',
  'nullable',
  'pattern',
  'properties',
  'required',
  'title',
  'type',
])

/** Whether a field counts as not set: Go's zero value. Lists and maps that are there count, be they empty. */
export const isZeroField = (schema: Obj, name: string): boolean => {
  const value = schema[name]
  if (value === undefined || value === null || value === '') return true
  return value === false && FLAGS.has(name)
}

/** Booleans that are no pointers, so that false is the same as absent. */
const FLAGS: ReadonlySet<string> = new Set([
  'nullable',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'uniqueItems',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
])

/** `intOrStringAnyOf`: exactly these two, in this order. */
export function isIntOrStringChoice(schema: Obj): boolean {
  const choices = listSchemas(schema, 'anyOf')
  const isOnly = (it: Obj, type: string): boolean =>
    text(it, 'type') === type && Object.keys(it).every(name => name === 'type' || isZeroField(it, name))
  return choices.length === 2 && isOnly(choices[0]!, 'integer') && isOnly(choices[1]!, 'string')
}

/** As the internal type has it, for messages that print a schema. */
export function toInternalSchema(schema: Obj): Obj {
  const internal: Record<string, unknown> = Object.assign(Object.create(null), schema)
  const items = itemsOf(schema)
  if (items) internal.items = { schema: toInternalSchema(items) }
  else if (Array.isArray(schema.items))
    internal.items = { jsonSchemas: listItemSchemas(schema).map(toInternalSchema) }
  for (const keyword of ['additionalProperties', 'additionalItems'] as const) {
    const further = furtherOf(schema, keyword)
    if (further)
      internal[keyword] = {
        allows: further.allows,
        schema: further.schema && toInternalSchema(further.schema),
      }
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf'])
    if (Array.isArray(schema[keyword])) internal[keyword] = listSchemas(schema, keyword).map(toInternalSchema)
  const not = notOf(schema)
  if (not) internal.not = toInternalSchema(not)
  for (const keyword of ['properties', 'patternProperties', 'definitions'])
    if (isObj(schema[keyword])) internal[keyword] = toInternalMap(schema, keyword)
  return internal
}

const toInternalMap = (schema: Obj, keyword: string): Obj =>
  Object.fromEntries(listNamed(schema, keyword).map(([name, it]) => [name, toInternalSchema(it)]))
