/**
 * Defaults in the schema of a definition: they must fit their own schemas, and name no field that would be dropped.
 * Imitates apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go. Rules in CEL do not run here.
 */
import type { Json } from '../../yaml/json.ts'
import { internKey } from '../../yaml/keys.ts'
import { childOf } from '../schema/defaulting.ts'
import { fromJson, type GoMap, type GoValue, isGoList, isGoMap, toPlain } from '../schema/go-value.ts'
import { judgeValue } from '../schema/judge.ts'
import { hasUnknownFields } from '../schema/pruning.ts'
import { linkStructural, type Structural } from '../schema/structural.ts'
import { listFaultCauses } from './custom-causes.ts'
import { itemsOf } from './definition-node.ts'
import { isOrdinary, listUnusualFields } from './definition-survey.ts'
import { checkEmbedded } from './embedded-resources.ts'
import { type Check, child, type Field, index, invalid, key, ROOT } from './field.ts'
import { isSet, isTrue, type Obj } from './object.ts'

/** A field, or any item of a list. */
type Step = string | typeof ITEM
const ITEM = 0

/** Where the walk is: below metadata a default is tried in an object around it. */
interface Position {
  readonly isRoot: boolean
  /** The schema of the object around, and the way down from it; undefined outside of metadata. */
  readonly meta: { readonly root: Obj; readonly steps: readonly Step[] } | undefined
  /** The object around: the root, or the nearest embedded one. */
  readonly around: { readonly root: Obj; readonly steps: readonly Step[] }
}

export function checkDefaults(check: Check, schema: Obj, field: Field): void {
  walk(check, schema, field, { isRoot: true, meta: undefined, around: { root: schema, steps: [] } })
}

function walk(check: Check, schema: Obj, field: Field, position: Position): void {
  const isObject = position.isRoot || isTrue(schema, 'x-kubernetes-embedded-resource')
  const around = isObject ? { root: schema, steps: [] } : position.around
  const meta = isObject ? undefined : position.meta
  if (isSet(schema, 'default')) {
    if (meta) checkMetaDefault(check, schema, field, meta)
    else checkDefault(check, schema, field, isObject)
  }
  const inner = (step: Step): Position => {
    const next = { root: around.root, steps: [...around.steps, step] }
    const isMeta = meta !== undefined || (isObject && META_FIELDS.has(String(step)))
    return { isRoot: false, around: next, meta: isMeta ? next : undefined }
  }
  const items = itemsOf(schema)
  if (items && !isOrdinary(items)) walk(check, items, child(field, 'items'), inner(ITEM))
  for (const [name, it] of listUnusualFields(schema))
    walk(check, it, key(child(field, 'properties'), name), inner(name))
}

const META_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

function checkDefault(check: Check, schema: Obj, field: Field, isEmbedded: boolean): void {
  if (!isEmbedded && typeof schema.default === 'string' && takesAnyText(schema)) return
  const place = child(field, 'default')
  const linked = linkObject(schema, isEmbedded)
  const value = fromJson(schema.default as Json)
  if (hasUnknownFields(value, linked)) invalid(check, place, schema.default, 'must not have unknown fields')
  if (!coerces(check, linked, value, place)) return
  const before = check.causes.length
  checkEmbedded(check, linked, value, place)
  if (check.causes.length === before) judgeDefault(check, linked, value, place)
}

/** As most schemas with a default do. */
function takesAnyText(schema: Obj): boolean {
  for (const name in schema) if (!OF_ANY_TEXT.has(name)) return false
  return schema.type === 'string'
}

const OF_ANY_TEXT: ReadonlySet<string> = new Set(['default', 'description', 'title', 'type'])

const judgeDefault = (check: Check, schema: Structural, value: GoValue, place: Field): void => {
  for (const fault of judgeValue(schema, value, { minor: check.minor, form: 'written' }))
    check.causes.push(...listFaultCauses(fault, place))
}

const linkObject = (schema: Obj, isEmbedded: boolean): Structural =>
  linkStructural(isEmbedded ? { ...schema, 'x-kubernetes-embedded-resource': true } : schema)

/** `Coerce`: type and metadata of the objects in a value decode. The server stops at the first that does not. */
function coerces(check: Check, schema: Structural, value: GoValue, place: Field): boolean {
  if (isGoList(value)) {
    const { items } = schema
    return !items || value.every((it, at) => coerces(check, items, it, index(place, at)))
  }
  if (!isGoMap(value)) return true
  return Object.entries(value).every(([name, it]) => {
    const fault = schema.isEmbedded ? findMetaFault(name, it) : undefined
    if (fault !== undefined) invalid(check, child(place, name), toPlain(it), fault)
    const id = internKey(name)
    const inner = childOf(schema, id)
    const at = schema.fields.has(id) ? child(place, name) : key(place, name)
    return fault === undefined && (!inner || coerces(check, inner, it, at))
  })
}

function findMetaFault(name: string, value: GoValue): string | undefined {
  if (name === 'apiVersion' || name === 'kind')
    return typeof value === 'string' ? undefined : 'must be a string'
  if (name !== 'metadata' || value === null || isGoMap(value)) return undefined
  const found = isGoList(value) ? 'array' : JSON_WORDS.get(typeof value)!
  return `json: cannot unmarshal ${found} into Go value of type v1.ObjectMeta`
}

const JSON_WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'string'],
  ['number', 'number'],
  ['bigint', 'number'],
  ['boolean', 'bool'],
])

/** A default of metadata is tried in an object that has nothing else. */
function checkMetaDefault(
  check: Check,
  schema: Obj,
  field: Field,
  { root, steps }: NonNullable<Position['meta']>,
): void {
  const own: Check = { ...check, causes: [] }
  const value = fromJson(schema.default as Json)
  checkEmbedded(own, linkObject(root, true), surround(value, steps), ROOT)
  const place = child(field, 'default')
  if (own.causes.length === 0) {
    judgeDefault(check, linkStructural(schema), value, place)
    return
  }
  const texts = [...new Set(own.causes.map(it => `${it.field}: ${it.message}`))]
  const all = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
  invalid(check, place, schema.default, `must result in valid metadata: ${all}`)
}

function surround(value: GoValue, steps: readonly Step[]): GoMap {
  let inner = value
  for (const step of steps.toReversed())
    inner = step === ITEM ? [inner] : Object.assign(Object.create(null) as GoMap, { [step]: inner })
  return Object.assign(
    Object.create(null) as GoMap,
    { kind: 'Validation', apiVersion: 'validation/v1' },
    inner as GoMap,
  )
}
