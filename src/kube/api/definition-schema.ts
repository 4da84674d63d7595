/**
 * The schema of a version of a custom resource: `ValidateCustomResourceDefinitionOpenAPISchema` of
 * apiextensions-apiserver/pkg/apis/apiextensions/validation. Rules in CEL are not compiled here.
 */

import {
  findProperty,
  furtherOf,
  isPlain,
  itemsOf,
  listItemSchemas,
  listNamed,
  listSchemas,
  notOf,
  toInternalSchema,
} from './definition-node.ts'
import { findFieldAt } from './definition-paths.ts'
import { findConversionFault } from './definition-structural.ts'
import { isOrdinary, listUnusualFields } from './definition-survey.ts'
import {
  type Check,
  child,
  type Field,
  forbidden,
  index,
  invalid,
  key,
  notSupported,
  required,
} from './field.ts'
import { asStruct } from './go-struct.ts'
import { count, isObj, isSet, isTrue, type Obj, objects, text, texts, toText } from './object.ts'

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string']

/** What the schemas around say of those below. */
interface Around {
  readonly isRoot: boolean
  /** Below apiVersion, kind or metadata, of the whole or of an embedded object. */
  readonly insideMeta: boolean
  /** Where defaults must not be; undefined where they may. */
  readonly noDefaults: string | undefined
}

export const checkOpenApiSchema = (check: Check, schema: Obj, field: Field): void =>
  visit(check, schema, field, { isRoot: true, insideMeta: false, noDefaults: undefined })

function visit(check: Check, schema: Obj, field: Field, around: Around): void {
  if (isOrdinary(schema)) return
  checkType(check, schema, field, around)
  if (isPlain(schema)) visitPlain(check, schema, field, around)
  else visitAny(check, schema, field, around)
}

function visitPlain(check: Check, schema: Obj, field: Field, around: Around): void {
  checkItems(check, schema, field)
  if (isSet(schema, 'properties')) visitProperties(check, schema, field, around)
  if (isSet(schema, 'items')) visitItems(check, schema, field, { ...around, isRoot: false })
}

function visitAny(check: Check, schema: Obj, field: Field, around: Around): void {
  checkKeywords(check, schema, field, around)
  if (isTrue(schema, 'uniqueItems'))
    forbidden(
      check,
      child(field, 'uniqueItems'),
      'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    )
  visitFields(check, schema, field, around)
  visitOthers(check, schema, field, { ...around, isRoot: false })
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    invalid(check, child(field, 'x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined')
  checkMapType(check, schema, field)
  checkListType(check, schema, field)
  checkListKeys(check, schema, field)
  for (const [at, rule] of objects(schema, 'x-kubernetes-validations').entries())
    checkRule(check, { schema, rule }, index(child(field, 'x-kubernetes-validations'), at))
}

/** `specStandardValidatorV3.validate`, as far as it is about keywords that all schemas have. */
function checkType(check: Check, schema: Obj, field: Field, { noDefaults }: Around): void {
  const type = text(schema, 'type')
  if (type !== '' && !TYPES.includes(type)) notSupported(check, child(field, 'type'), type, TYPES)
  if (isSet(schema, 'default') && noDefaults !== undefined)
    forbidden(check, child(field, 'default'), `must not be set ${noDefaults}`)
}

/** The rest of it. */
function checkKeywords(check: Check, schema: Obj, field: Field, { insideMeta }: Around): void {
  const unsupported = (name: string): void => forbidden(check, child(field, name), `${name} is not supported`)
  if (text(schema, 'id') !== '') unsupported('id')
  if (furtherOf(schema, 'additionalItems')) unsupported('additionalItems')
  if (count(schema, 'patternProperties') > 0) unsupported('patternProperties')
  if (count(schema, 'definitions') > 0) unsupported('definitions')
  if (isObj(schema.dependencies)) unsupported('dependencies')
  if (isSet(schema, '$ref')) unsupported('$ref')
  checkItems(check, schema, field)
  if (insideMeta && isTrue(schema, 'x-kubernetes-embedded-resource'))
    forbidden(
      check,
      child(field, 'x-kubernetes-embedded-resource'),
      'must not be used inside of resource meta',
    )
}

function checkItems(check: Check, schema: Obj, field: Field): void {
  if (text(schema, 'type') === 'null')
    forbidden(check, child(field, 'type'), 'type cannot be set to null, use nullable as an alternative')
  if (listItemSchemas(schema).length > 0)
    forbidden(check, child(field, 'items'), 'items must be a schema object and not an array')
}

function visitFields(check: Check, schema: Obj, field: Field, around: Around): void {
  const further = furtherOf(schema, 'additionalProperties')
  const place = child(field, 'additionalProperties')
  if (further && count(schema, 'properties') > 0 && (!further.allows || further.schema))
    forbidden(check, place, 'additionalProperties and properties are mutual exclusive')
  const inside = 'inside additionalProperties applying to object metadata'
  if (further?.schema)
    visit(check, further.schema, place, {
      isRoot: false,
      insideMeta: around.insideMeta,
      noDefaults: around.insideMeta ? inside : around.noDefaults,
    })
  visitProperties(check, schema, field, around)
}

function visitProperties(check: Check, schema: Obj, field: Field, around: Around): void {
  const properties = child(field, 'properties')
  const hasMeta = around.isRoot || isTrue(schema, 'x-kubernetes-embedded-resource')
  for (const [name, it] of listUnusualFields(schema)) {
    const isMeta = hasMeta && META_FIELDS.has(name)
    visit(check, it, key(properties, name), {
      isRoot: false,
      insideMeta: around.insideMeta || isMeta,
      noDefaults: isMeta && around.isRoot ? `in top-level ${name}` : around.noDefaults,
    })
  }
}

const META_FIELDS: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion'])

function visitOthers(check: Check, schema: Obj, field: Field, around: Around): void {
  const not = notOf(schema)
  if (not) visit(check, not, child(field, 'not'), around)
  for (const keyword of ['allOf', 'oneOf', 'anyOf'])
    for (const [at, it] of listSchemas(schema, keyword).entries())
      visit(check, it, index(child(field, keyword), at), around)
  for (const [name, it] of listNamed(schema, 'definitions'))
    visit(check, it, key(child(field, 'definitions'), name), around)
  visitItems(check, schema, field, around)
  for (const [name, it] of listNamed(schema, 'dependencies'))
    visit(check, it, key(child(field, 'dependencies'), name), around)
}

function visitItems(check: Check, schema: Obj, field: Field, around: Around): void {
  const items = itemsOf(schema)
  if (items) visit(check, items, child(field, 'items'), around)
  for (const [at, it] of listItemSchemas(schema).entries())
    visit(check, it, index(child(field, 'items'), at), around)
}

function checkMapType(check: Check, schema: Obj, field: Field): void {
  const mapType = toText(schema, 'x-kubernetes-map-type')
  if (mapType === undefined) return
  requireType(check, schema, child(field, 'type'), ['object', 'x-kubernetes-map-type'])
  if (mapType !== 'atomic' && mapType !== 'granular')
    notSupported(check, child(field, 'x-kubernetes-map-type'), mapType, ['atomic', 'granular'])
}

function requireType(
  check: Check,
  schema: Obj,
  field: Field,
  [wanted, keyword]: readonly [wanted: string, keyword: string],
): void {
  const type = text(schema, 'type')
  const detail = `must be ${wanted} if ${keyword} is specified`
  if (type === '') required(check, field, detail)
  else if (type !== wanted) invalid(check, field, type, detail)
}

function checkListType(check: Check, schema: Obj, field: Field): void {
  const listType = toText(schema, 'x-kubernetes-list-type')
  const keys = texts(schema, 'x-kubernetes-list-map-keys')
  const place = child(field, 'x-kubernetes-list-type')
  if (listType !== undefined) {
    if (text(schema, 'type') !== 'array')
      requireType(check, schema, child(field, 'type'), ['array', 'x-kubernetes-list-type'])
    else if (listType === 'set') checkSetItems(check, schema, child(field, 'items'))
    if (!LIST_TYPES.includes(listType)) notSupported(check, place, listType, LIST_TYPES)
  }
  if (keys.length === 0) return
  const detail = 'must be map if x-kubernetes-list-map-keys is non-empty'
  if (listType === undefined) required(check, place, detail)
  else if (listType !== 'map') invalid(check, place, listType, detail)
}

const LIST_TYPES = ['atomic', 'set', 'map']

/** Items of a set are atomic; the server prints the list type of the items also where it means their map type. */
function checkSetItems(check: Check, schema: Obj, field: Field): void {
  const items = itemsOf(schema)
  if (!items) return
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const listType = toText(items, 'x-kubernetes-list-type')
  const type = text(items, 'type')
  if (type === 'array' && listType !== undefined && listType !== 'atomic')
    invalid(check, child(field, 'x-kubernetes-list-type'), listType, detail)
  if (type === 'object' && text(items, 'x-kubernetes-map-type') !== 'atomic')
    invalid(check, child(field, 'x-kubernetes-map-type'), listType ?? null, detail)
}

function checkListKeys(check: Check, schema: Obj, field: Field): void {
  const listType = text(schema, 'x-kubernetes-list-type')
  const keys = texts(schema, 'x-kubernetes-list-map-keys')
  const items = itemsOf(schema)
  const place = child(field, 'items')
  const keysPlace = child(field, 'x-kubernetes-list-map-keys')
  if (listType === 'map') {
    if (keys.length === 0) required(check, keysPlace, 'must not be empty if x-kubernetes-list-type is map')
    if (!isSet(schema, 'items')) required(check, place, 'must have a schema if x-kubernetes-list-type is map')
    if (listItemSchemas(schema).length > 0)
      invalid(
        check,
        place,
        asStruct('JSONSchemaPropsOrArray', toInternalSchema(schema).items),
        'must only have a single schema if x-kubernetes-list-type is map',
      )
    if (items && text(items, 'type') !== 'object')
      invalid(
        check,
        child(place, 'type'),
        text(items, 'type'),
        "must be object if parent array's x-kubernetes-list-type is map",
      )
    else if (items) checkKeyFields(check, { items, keys }, place, keysPlace)
  }
  if (items && (listType === 'map' || listType === 'set'))
    checkItemNulls(check, { items, keys, listType }, place)
}

interface KeyedItems {
  readonly items: Obj
  readonly keys: readonly string[]
}

function checkKeyFields(check: Check, { items, keys }: KeyedItems, place: Field, keysPlace: Field): void {
  const seen = new Set<string>()
  for (const name of keys) {
    const it = findProperty(items, name)
    if (!it) invalid(check, keysPlace, keys, 'entries must all be names of item properties')
    else if (text(it, 'type') === 'array' || text(it, 'type') === 'object')
      invalid(
        check,
        child(key(child(place, 'properties'), name), 'type'),
        // The server prints the type of the item.
        text(items, 'type'),
        "must be a scalar type if parent array's x-kubernetes-list-type is map",
      )
    if (seen.has(name)) invalid(check, keysPlace, keys, 'must not contain duplicate entries')
    seen.add(name)
  }
}

/** `validateMapListKeysMapSet`. */
function checkItemNulls(
  check: Check,
  { items, keys, listType }: KeyedItems & { readonly listType: string },
  place: Field,
): void {
  if (isTrue(items, 'nullable'))
    forbidden(
      check,
      child(place, 'nullable'),
      `cannot be nullable when x-kubernetes-list-type is ${listType}`,
    )
  if (listType !== 'map') return
  const demanded = new Set(texts(items, 'required'))
  const subject = 'this property is in x-kubernetes-list-map-keys, so it'
  for (const name of keys) {
    const it = findProperty(items, name)
    if (!it) continue
    const at = key(child(place, 'properties'), name)
    if (!demanded.has(name) && !isSet(it, 'default'))
      required(check, child(at, 'default'), `${subject} must have a default or be a required property`)
    if (isTrue(it, 'nullable')) forbidden(check, child(at, 'nullable'), `${subject} cannot be nullable`)
  }
}

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
const NEWLINE = /[\n\r]/

/** What holds of a rule whatever its expression says. */
function checkRule(
  check: Check,
  { schema, rule }: { readonly schema: Obj; readonly rule: Obj },
  field: Field,
): void {
  const expression = text(rule, 'rule').trim()
  const message = text(rule, 'message')
  const place = child(field, 'message')
  if (expression === '') required(check, child(field, 'rule'), 'rule is not specified')
  else if (message !== '' && message.trim() === '')
    invalid(check, place, message, 'must be non-empty if specified')
  else if (NEWLINE.test(message.trim())) invalid(check, place, message, 'must not contain line breaks')
  else if (NEWLINE.test(expression) && message === '')
    required(check, place, 'message must be specified if rule contains line breaks')
  const messageExpression = text(rule, 'messageExpression')
  if (messageExpression !== '' && messageExpression.trim() === '')
    required(check, child(field, 'messageExpression'), 'messageExpression must be non-empty if specified')
  const reason = toText(rule, 'reason')
  if (reason !== undefined && !REASONS.includes(reason))
    notSupported(check, child(field, 'reason'), reason, REASONS)
  checkFieldPath(check, schema, text(rule, 'fieldPath'), child(field, 'fieldPath'))
}

function checkFieldPath(check: Check, schema: Obj, path: string, field: Field): void {
  if (path === '') return
  if (path.trim() === '') invalid(check, field, path, 'must be non-empty if specified')
  if (NEWLINE.test(path)) invalid(check, field, path, 'must not contain line breaks')
  const isConvertible = findConversionFault(schema) === undefined
  if (isConvertible && typeof findFieldAt(path, schema, 'with keys') === 'string')
    invalid(check, field, path, 'must be a valid path')
}
