/**
 * Which parts of a definition's schema no check objects to: nearly all of it. They are found in one walk, and the checks,
 * of which each walks through the whole schema, pass them over.
 */
import { memo } from '../../text/memo.ts'
import { findPatternFault } from '../schema/pattern.ts'
import {
  furtherOf,
  isIntOrStringChoice,
  isPlain,
  itemsOf,
  listItemSchemas,
  listNamed,
  listSchemas,
  notOf,
} from './definition-node.ts'
import { isObj, isSet, isTrue, type Obj, object, text } from './object.ts'

const ordinary = new WeakSet<Obj>()

/**
 * Whether a schema, and all below it, was found to have a type and what goes with it, and nothing that needs a look: no
 * default, no rule, no odd format, no broken pattern. The root of a schema never counts.
 */
export const isOrdinary = (schema: Obj): boolean => ordinary.has(schema)

/** The named fields of a schema that are not ordinary. */
export function listUnusualFields(schema: Obj): readonly (readonly [name: string, schema: Obj])[] {
  const properties = object(schema, 'properties')
  const fields: (readonly [string, Obj])[] = []
  for (const name of Object.keys(properties)) {
    const it = object(properties, name)
    if (!ordinary.has(it)) fields.push([name, it])
  }
  return fields
}

/** Remembers the largest ordinary parts of a schema. */
export function surveySchema(root: Obj): void {
  survey(root, false)
}

/** Whether all of a schema is ordinary; where it is not, the parts that are have been remembered. */
function survey(schema: Obj, isOrdinaryAlone: boolean): boolean {
  const { items, additionalProperties: further } = schema
  const properties = object(schema, 'properties')
  let isWhole = isOrdinaryAlone
  let found: Obj[] | undefined
  for (const name in properties) {
    const it = properties[name]
    if (!isObj(it) || !survey(it, hasOrdinaryKeywords(it))) isWhole = false
    else if (found) found.push(it)
    else found = [it]
  }
  const isItems = isObj(items) && survey(items, hasOrdinaryKeywords(items))
  const isFurther = isObj(further) && survey(further, hasOrdinaryKeywords(further))
  if (isWhole && isItems === isObj(items) && isFurther === isObj(further)) return true
  if (found) for (const it of found) ordinary.add(it)
  if (isItems) ordinary.add(items)
  if (isFurther) ordinary.add(further)
  return false
}

function hasOrdinaryKeywords(schema: Obj): boolean {
  for (const name in schema) if (!ORDINARY.has(name)) return false
  const type = text(schema, 'type')
  const pattern = text(schema, 'pattern')
  return (
    (type === '' ? isAnyType(schema) : hasOrdinaryType(schema, type)) &&
    (pattern === '' || findPatternFault(pattern) === undefined)
  )
}

function hasOrdinaryType(schema: Obj, type: string): boolean {
  const format = text(schema, 'format')
  const formats = FORMATS.get(type)
  const listType = schema['x-kubernetes-list-type']
  const mapType = schema['x-kubernetes-map-type']
  const further = schema.additionalProperties
  return (
    formats !== undefined &&
    (format === '' || formats.includes(format)) &&
    (isObj(schema.items) || (type !== 'array' && !isSet(schema, 'items'))) &&
    (listType === undefined || (listType === 'atomic' && type === 'array')) &&
    (mapType === undefined || (mapType === 'atomic' && type === 'object')) &&
    (further === undefined || (isObj(further) && !isSet(schema, 'properties'))) &&
    !isSet(schema, 'anyOf') &&
    !isSet(schema, 'x-kubernetes-int-or-string') &&
    hasOrdinaryFlag(schema)
  )
}

/** An integer or a text, as controller-gen writes that, or anything at all. */
function isAnyType(schema: Obj): boolean {
  for (const name in schema) if (!UNTYPED.has(name)) return false
  const { anyOf } = schema
  const isChoice = isTrue(schema, 'x-kubernetes-int-or-string')
  if (isChoice) return (anyOf === undefined || isIntOrStringChoice(schema)) && !isSet(schema, KEEPS_UNKNOWN)
  return anyOf === undefined && isTrue(schema, KEEPS_UNKNOWN)
}

const KEEPS_UNKNOWN = 'x-kubernetes-preserve-unknown-fields'

const hasOrdinaryFlag = (schema: Obj): boolean =>
  schema[KEEPS_UNKNOWN] === undefined || schema[KEEPS_UNKNOWN] === true

/** The types of schemas, each with the formats that all servers know. */
const FORMATS: ReadonlyMap<string, readonly string[]> = new Map([
  ['array', []],
  ['boolean', []],
  ['integer', ['int32', 'int64']],
  ['number', ['float', 'double']],
  ['object', []],
  ['string', ['date-time']],
])

const UNTYPED: ReadonlySet<string> = new Set([
  'anyOf',
  'description',
  'pattern',
  'title',
  'x-kubernetes-int-or-string',
  KEEPS_UNKNOWN,
])

const ORDINARY: ReadonlySet<string> = new Set([
  ...UNTYPED,
  'additionalProperties',
  'enum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'nullable',
  'properties',
  'required',
  'type',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
])

/**
 * The schemas in a schema, itself first, in the order of `SchemaHas` of apiextensions-apiserver's validation; without the
 * ordinary parts. Several checks ask for them, and a definition may have tens of thousands.
 */
export const listUnusualSchemas = memo((schema: Obj): readonly Obj[] => {
  const all: Obj[] = []
  addSchemas(schema, all)
  return all
})

function addSchemas(schema: Obj, all: Obj[]): void {
  if (isOrdinary(schema)) return
  all.push(schema)
  const items = itemsOf(schema)
  if (items) addSchemas(items, all)
  else for (const it of listItemSchemas(schema)) addSchemas(it, all)
  const isRare = !isPlain(schema)
  if (isRare) addAlternatives(schema, all)
  for (const [, it] of listUnusualFields(schema)) addSchemas(it, all)
  if (isRare) addFurther(schema, all)
}

function addAlternatives(schema: Obj, all: Obj[]): void {
  for (const keyword of ['allOf', 'anyOf', 'oneOf'])
    for (const it of listSchemas(schema, keyword)) addSchemas(it, all)
  const not = notOf(schema)
  if (not) addSchemas(not, all)
}

function addFurther(schema: Obj, all: Obj[]): void {
  for (const keyword of ['additionalProperties', 'additionalItems'] as const) {
    const further = furtherOf(schema, keyword)
    if (further?.schema) addSchemas(further.schema, all)
  }
  for (const keyword of ['patternProperties', 'definitions', 'dependencies'])
    for (const [, it] of listNamed(schema, keyword)) addSchemas(it, all)
}
