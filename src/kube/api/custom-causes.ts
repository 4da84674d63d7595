/**
 * What a custom resource breaks of its schema in the server's words: `kubeOpenAPIResultToFieldErrors` of
 * apiextensions-apiserver, and the messages of kube-openapi's pkg/validation/errors.
 */
import type { Json } from '../../yaml/json.ts'
import { type Fault, nameOf, pathOf } from '../schema/fault.ts'
import {
  formatFloat,
  formatGoJson,
  fromJson,
  type GoList,
  type GoMap,
  type GoValue,
} from '../schema/go-value.ts'
import { fieldNameOf } from '../schema/list-types.ts'
import { type Cause, type Field, formatField, type Reason, toPath } from './field.ts'
import { quote } from './go-text.ts'

/** The causes of a fault and of those inside; `prefix` is where the judged value stands, when it is no whole object. */
export function listFaultCauses(fault: Fault, prefix?: Field): Cause[] {
  const inner = (fault.inner ?? []).flatMap(it => listFaultCauses(it, prefix))
  const own = toCause(fault, prefix)
  return fault.keyword === 'allOf' ? [...inner, own] : [own, ...inner]
}

function toCause(fault: Fault, prefix: Field | undefined): Cause {
  const { reason, message } = wordsOf(fault)
  const path = [...(prefix ? toPath(prefix) : []), ...pathOf(fault.place)]
  if (fault.keyword === 'required') path.push(String(fault.value))
  return { reason, field: fieldOf(fault, prefix), path, message }
}

function fieldOf({ keyword, place, value }: Fault, prefix: Field | undefined): string {
  const root = prefix ? formatField(prefix) : ''
  let name = keyword === 'duplicate' || keyword === 'listMapItem' ? fieldNameOf(place) : nameOf(place)
  // Errors of other types than those about one keyword name no place.
  if (GENERAL.has(keyword)) name = ''
  if (keyword === 'required') name += `.${value}`
  name = name.replace(/^\./, '')
  if (name === '') return root === '' ? '<nil>' : root
  return root === '' ? name : `${root}.${name}`
}

const GENERAL: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'numberFormat'])

interface Words {
  readonly reason: Reason
  readonly message: string
}

function wordsOf(fault: Fault): Words {
  const { keyword, value, found } = fault
  const name = nameOf(fault.place)
  switch (keyword) {
    case 'required':
      return { reason: 'FieldValueRequired', message: 'Required value' }
    case 'enum':
      return { reason: 'FieldValueNotSupported', message: wordEnum(found, value as readonly Json[]) }
    case 'duplicate':
      return { reason: 'FieldValueDuplicate', message: `Duplicate value: ${formatBad(found)}` }
    case 'type': {
      const [demanded, there] = value as readonly [string, string]
      return typeWords(`"${there}"`, `${name} in body must be of type ${demanded}: "${there}"`)
    }
    case 'format':
      return typeWords(formatBad(found), `${name} in body must be of type ${value}: ${formatBad(found)}`)
    case 'maxLength':
      return {
        reason: 'FieldValueTooLong',
        message: `Too long: may not be more than ${count(value, 'byte')}`,
      }
    case 'maxItems':
    case 'maxProperties':
      return {
        reason: 'FieldValueTooMany',
        message: `Too many: ${sizeOf(found)}: must have at most ${count(value, 'item')}`,
      }
    default:
      return { reason: 'FieldValueInvalid', message: wordInvalid(fault, name) }
  }
}

const typeWords = (value: string, detail: string): Words => ({
  reason: 'FieldValueTypeInvalid',
  message: `Invalid value: ${value}: ${detail}`,
})

const count = (limit: Json, noun: string): string => `${limit} ${limit === 1 ? noun : `${noun}s`}`

function wordEnum(found: GoValue, allowed: readonly Json[]): string {
  const texts = allowed.map(it => quote(typeof it === 'string' ? it : formatGoJson(fromJson(it))))
  return `Unsupported value: ${formatBad(found)}: supported values: ${texts.join(', ')}`
}

function wordInvalid({ keyword, value, found }: Fault, name: string): string {
  const invalid = (shown: GoValue, detail: string): string => `Invalid value: ${formatBad(shown)}: ${detail}`
  switch (keyword) {
    case 'minItems':
      return invalid(sizeOf(found), `${name} in body should have at least ${value} items`)
    case 'minProperties':
      return invalid(sizeOf(found), `${name} in body should have at least ${value} properties`)
    case 'additionalProperties':
      return invalid(String(value), `${name}.${value} in body is a forbidden property`)
    case 'positiveFactor':
      return invalid(
        typeof found === 'bigint' ? BigInt(value as number) : (value as number),
        `factor MultipleOf declared for ${name} must be positive: ${formatLimit(value, found)}`,
      )
    case 'numberFormat':
      return invalid('', `${value} in ${name}`)
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
    case 'not':
      return invalid('', `"${name}" ${wordCombination(keyword, value)}`)
    case 'listMapItem':
      return invalid(found, 'must be an object for an array of list-type map')
    default:
      return invalid(found, `${name} in body ${wordLimit(keyword, formatLimit(value, found))}`)
  }
}

function wordLimit(keyword: Fault['keyword'], limit: string): string {
  switch (keyword) {
    case 'minLength':
      return `should be at least ${limit} chars long`
    case 'pattern':
      return `should match '${limit}'`
    case 'minimum':
      return `should be greater than or equal to ${limit}`
    case 'exclusiveMinimum':
      return `should be greater than ${limit}`
    case 'maximum':
      return `should be less than or equal to ${limit}`
    case 'exclusiveMaximum':
      return `should be less than ${limit}`
    default:
      return `should be a multiple of ${limit}`
  }
}

/** Lengths are integers; so are limits that an integer was compared with. */
function formatLimit(limit: Json, found: GoValue): string {
  if (typeof limit !== 'number' || typeof found === 'string') return String(limit)
  return typeof found === 'bigint' ? String(BigInt(limit)) : formatFloat(limit)
}

function wordCombination(keyword: 'anyOf' | 'oneOf' | 'allOf' | 'not', detail: Json): string {
  if (keyword === 'anyOf') return 'must validate at least one schema (anyOf)'
  if (keyword === 'not') return 'must not validate the schema (not)'
  if (keyword === 'allOf')
    return `must validate all the schemas (allOf)${detail === 0 ? '. None validated' : ''}`
  return `must validate one and only one schema (oneOf). ${detail === 0 ? 'Found none valid' : `Found ${detail} valid alternatives`}`
}

const sizeOf = (value: GoValue): bigint =>
  BigInt(Array.isArray(value) ? (value as GoList).length : Object.keys(value as GoMap).length)

/** `ErrorBody` of field errors. */
function formatBad(value: GoValue): string {
  if (typeof value === 'string') return quote(value)
  return typeof value === 'number' ? formatFloat(value) : formatGoJson(value)
}
