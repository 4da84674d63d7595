/**
 * Whether a schema is structural (KEP-1022): `NewStructural` and `ValidateStructural` of
 * apiextensions-apiserver/pkg/apiserver/schema.
 */
import { findPatternFault } from '../schema/pattern.ts'
import {
  findProperty,
  furtherOf,
  isIntOrStringChoice,
  isPlain,
  isZeroField,
  itemsOf,
  listItemSchemas,
  listNamed,
  listSchemas,
  notOf,
} from './definition-node.ts'
import { isOrdinary, listUnusualFields } from './definition-survey.ts'
import {
  type Check,
  child,
  type Field,
  forbidden,
  formatField,
  index,
  invalid,
  key,
  required,
} from './field.ts'
import { count, isSet, isTrue, type Obj, text } from './object.ts'

/** Why a schema cannot be converted; undefined when it can. */
export function findConversionFault(schema: Obj): string | undefined {
  if (isOrdinary(schema)) return undefined
  if (isPlain(schema)) return findInFields(schema)
  return findUnsupported(schema) ?? findInBranches(schema) ?? findInFields(schema)
}

function findUnsupported(schema: Obj): string | undefined {
  const unsupported = (name: string): string => `OpenAPIV3Schema '${name}' is not supported`
  if (text(schema, 'id') !== '') return unsupported('id')
  if (text(schema, '$schema') !== '') return unsupported('schema')
  if (text(schema, '$ref') !== '') return unsupported('$ref')
  for (const name of ['patternProperties', 'dependencies'])
    if (count(schema, name) > 0) return unsupported(name)
  if (furtherOf(schema, 'additionalItems')) return unsupported('additionalItems')
  return count(schema, 'definitions') > 0 ? unsupported('definitions') : undefined
}

function findInBranches(schema: Obj): string | undefined {
  for (const it of listBranches(schema)) {
    const fault = findConversionFault(it.schema)
    if (fault !== undefined) return fault
  }
  return schema['x-kubernetes-preserve-unknown-fields'] === false
    ? "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
    : undefined
}

function findInFields(schema: Obj): string | undefined {
  if (listItemSchemas(schema).length > 0) return "OpenAPIV3Schema 'items' must be a schema, but is an array"
  const inner = [itemsOf(schema), furtherOf(schema, 'additionalProperties')?.schema]
  for (const [, it] of listUnusualFields(schema)) inner.push(it)
  for (const it of inner) {
    const fault = it && findConversionFault(it)
    if (fault !== undefined) return fault
  }
  return undefined
}

interface Branch {
  readonly schema: Obj
  readonly keyword: string
  readonly at: number
  readonly place: (field: Field) => Field
}

/** The schemas below combining keywords, in the order in which the server completes them. */
function listBranches(schema: Obj): readonly Branch[] {
  const not = notOf(schema)
  const branches: Branch[] = not
    ? [{ schema: not, keyword: 'not', at: 0, place: it => child(it, 'not') }]
    : []
  for (const keyword of ['allOf', 'anyOf', 'oneOf'])
    for (const [at, it] of listSchemas(schema, keyword).entries())
      branches.push({ schema: it, keyword, at, place: field => index(child(field, keyword), at) })
  return branches
}

/** `ValidateStructural`: its causes are sorted by their texts. */
export function checkStructural(check: Check, schema: Obj, field: Field): void {
  const own: Check = { ...check, causes: [] }
  checkInvariants(own, schema, field, 'root')
  checkCompleteness(own, { schema, at: field }, { schema, at: field })
  const sorted = own.causes
    .map(cause => ({ cause, text: `${cause.field}: ${cause.message}` }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  check.causes.push(...sorted.map(it => it.cause))
}

type Level = 'root' | 'item' | 'field'

const EMPTY_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

/** `validateStructuralInvariants`. */
function checkInvariants(check: Check, schema: Obj, field: Field, level: Level): void {
  if (isOrdinary(schema)) return
  const items = itemsOf(schema)
  if (text(schema, 'type') === 'array' && !items) required(check, child(field, 'items'), 'must be specified')
  if (items) checkInvariants(check, items, child(field, 'items'), 'item')
  const properties = child(field, 'properties')
  for (const [name, it] of listUnusualFields(schema))
    checkInvariants(check, it, key(properties, name), 'field')
  if (level !== 'root' && isPlain(schema)) {
    checkPattern(check, schema, field)
    if (text(schema, 'type') === '') required(check, child(field, 'type'), EMPTY_TYPE[level])
    return
  }
  const further = furtherOf(schema, 'additionalProperties')
  if (further) {
    const place = child(field, 'additionalProperties')
    if (level === 'root') forbidden(check, place, 'must not be used at the root')
    if (further.schema) checkInvariants(check, further.schema, place, 'field')
  }
  checkExtensions(check, schema, field)
  checkValueValidation(check, schema, field, exceptionsOf(schema))
  checkType(check, schema, field, level)
  checkMetaFields(check, schema, field, level)
  if (isEmbedded(schema) && !preservesUnknown(schema) && count(schema, 'properties') === 0)
    required(
      check,
      child(field, 'properties'),
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    )
}

const isEmbedded = (schema: Obj): boolean => isTrue(schema, 'x-kubernetes-embedded-resource')
const isIntOrString = (schema: Obj): boolean => isTrue(schema, 'x-kubernetes-int-or-string')
const preservesUnknown = (schema: Obj): boolean => isTrue(schema, 'x-kubernetes-preserve-unknown-fields')

/** `validateExtensions`. */
function checkExtensions(check: Check, schema: Obj, field: Field): void {
  if (!isIntOrString(schema)) return
  for (const name of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'])
    if (isTrue(schema, name))
      invalid(check, child(field, name), true, 'must be false if x-kubernetes-int-or-string is true')
}

function checkType(check: Check, schema: Obj, field: Field, level: Level): void {
  const type = text(schema, 'type')
  const place = child(field, 'type')
  if (isEmbedded(schema) && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true'
    if (type === '') required(check, place, detail)
    else invalid(check, place, type, detail)
  } else if (type === '' && !isIntOrString(schema) && !preservesUnknown(schema))
    required(check, place, EMPTY_TYPE[level])
  if (isEmbedded(schema) && furtherOf(schema, 'additionalProperties'))
    forbidden(
      check,
      child(field, 'additionalProperties'),
      'must not be used if x-kubernetes-embedded-resource is set',
    )
  if (level === 'root' && type !== '' && type !== 'object')
    invalid(check, place, type, 'must be object at the root')
}

/** What schemas may say of apiVersion, kind and metadata: at the root names, at most. */
function checkMetaFields(check: Check, schema: Obj, field: Field, level: Level): void {
  const properties = child(field, 'properties')
  const isMeta = level === 'root' || isEmbedded(schema)
  if (isMeta)
    for (const name of ['kind', 'apiVersion']) {
      const it = findProperty(schema, name)
      if (it && text(it, 'type') !== 'string')
        invalid(check, child(key(properties, name), 'type'), text(it, 'type'), 'must be string')
    }
  const metadata = findProperty(schema, 'metadata')
  if (!metadata) return
  const place = key(properties, 'metadata')
  if (isMeta && text(metadata, 'type') !== 'object')
    invalid(check, child(place, 'type'), text(metadata, 'type'), 'must be object')
  if (level === 'root' && !namesOnly(check, metadata))
    forbidden(
      check,
      place,
      'must not specify anything other than name and generateName, but metadata is implicitly specified',
    )
}

function namesOnly(check: Check, metadata: Obj): boolean {
  const hasOthers = listNamed(metadata, 'properties').some(([it]) => it !== 'name' && it !== 'generateName')
  // Servers before 1.35 drop what documents a schema when they convert it.
  const free = check.minor >= 35 ? FREE : [...FREE, 'externalDocs', 'example']
  return !hasOthers && Object.keys(metadata).every(it => free.includes(it) || isZeroField(metadata, it))
}

const FREE: readonly string[] = ['type', 'default', 'properties']

/** Alternatives that say no more than int-or-string says, and so may name types. */
interface Exceptions {
  readonly anyOf: boolean
  readonly firstAllOf: boolean
}

const NO_EXCEPTIONS: Exceptions = { anyOf: false, firstAllOf: false }

const exceptionsOf = (schema: Obj): Exceptions => {
  const [first] = listSchemas(schema, 'allOf')
  return { anyOf: isIntOrStringChoice(schema), firstAllOf: first !== undefined && isIntOrStringChoice(first) }
}

/** `validateValueValidation`: combining keywords judge values, and say nothing about structure. */
function checkValueValidation(check: Check, schema: Obj, field: Field, exceptions: Exceptions): void {
  for (const { schema: it, place, keyword, at } of listBranches(schema)) {
    if (keyword === 'anyOf' && exceptions.anyOf) continue
    const isException = keyword === 'allOf' && at === 0 && exceptions.firstAllOf
    checkNested(check, it, place(field), isException ? { anyOf: true, firstAllOf: false } : NO_EXCEPTIONS)
  }
  checkPattern(check, schema, field)
}

function checkPattern(check: Check, schema: Obj, field: Field): void {
  const pattern = text(schema, 'pattern')
  const fault = pattern === '' ? undefined : findPatternFault(pattern)
  if (fault !== undefined)
    invalid(
      check,
      child(field, 'pattern'),
      pattern,
      `must be a valid regular expression, but isn't: ${fault}`,
    )
}

/** `validateNestedValueValidation`. */
function checkNested(check: Check, schema: Obj, field: Field, exceptions: Exceptions): void {
  checkValueValidation(check, schema, field, exceptions)
  const items = itemsOf(schema)
  if (items) checkNested(check, items, child(field, 'items'), NO_EXCEPTIONS)
  for (const [name, it] of listNamed(schema, 'properties'))
    checkNested(check, it, key(child(field, 'properties'), name), NO_EXCEPTIONS)
  if (furtherOf(schema, 'additionalProperties')?.allows)
    forbidden(check, child(field, 'additionalProperties'), 'must be undefined to be structural')
  for (const [name, detail] of FORBIDDEN_BELOW)
    if (isForbiddenBelow(schema, name)) forbidden(check, child(field, name), `${detail} to be structural`)
  if (findProperty(schema, 'metadata'))
    forbidden(check, key(child(field, 'properties'), 'metadata'), 'must not be specified in a nested context')
}

const FORBIDDEN_BELOW: readonly (readonly [name: string, detail: string])[] = [
  ['type', 'must be empty'],
  ['default', 'must be undefined'],
  ['title', 'must be empty'],
  ['description', 'must be empty'],
  ['nullable', 'must be false'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false'],
  ['x-kubernetes-embedded-resource', 'must be false'],
  ['x-kubernetes-int-or-string', 'must be false'],
  ['x-kubernetes-list-map-keys', 'must be empty'],
  ['x-kubernetes-list-type', 'must be undefined'],
  ['x-kubernetes-map-type', 'must be undefined'],
  ['x-kubernetes-validations', 'must be empty'],
]

function isForbiddenBelow(schema: Obj, name: string): boolean {
  const value = schema[name]
  if (Array.isArray(value)) return name === 'default' || value.length > 0
  if (name === 'x-kubernetes-list-type' || name === 'x-kubernetes-map-type' || name === 'default')
    return isSet(schema, name)
  return value !== false && !isZeroField(schema, name)
}

/** A schema in the document. */
interface Node {
  readonly schema: Obj
  readonly at: Field
}

/** `validateStructuralCompleteness`: what the combining keywords of the root speak of is named outside of them too. */
function checkCompleteness(check: Check, structural: Node, validation: Node): void {
  for (const { schema, place } of listBranches(validation.schema))
    checkBranchCompleteness(check, structural, { schema, at: place(validation.at) })
}

function checkBranchCompleteness(check: Check, structural: Node, branch: Node): void {
  checkCompleteness(check, structural, branch)
  const items = itemsOf(branch.schema)
  if (items) {
    const own = itemsOf(structural.schema)
    const at = child(structural.at, 'items')
    const inner = { schema: items, at: child(branch.at, 'items') }
    if (own) checkBranchCompleteness(check, { schema: own, at }, inner)
    else requireStructure(check, at, inner.at)
  }
  for (const [name, it] of listNamed(branch.schema, 'properties')) {
    const own = findProperty(structural.schema, name)
    const at = key(child(structural.at, 'properties'), name)
    const inner = { schema: it, at: key(child(branch.at, 'properties'), name) }
    if (own) checkBranchCompleteness(check, { schema: own, at }, inner)
    else requireStructure(check, at, inner.at)
  }
}

const requireStructure = (check: Check, at: Field, definedIn: Field): void =>
  required(check, at, `because it is defined in ${formatField(definedIn)}`)
