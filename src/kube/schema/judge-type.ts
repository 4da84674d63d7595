/** Types and closed sets: `typeValidator` and `basicCommonValidator` of kube-openapi. */
import type { Json } from '../../yaml/json.ts'
import type { Fault } from './fault.ts'
import { isKnownFormat } from './formats.ts'
import { fromJson, type GoValue, isGoList, isGoMap, isSameGo } from './go-value.ts'
import type { Subject } from './judgement.ts'

/** The types that OpenAPI is told: an int-or-string is either, whatever else it says. */
function typesOf({ schema, form }: Subject): readonly string[] {
  if (schema.isIntOrString && form === 'served') return INT_OR_STRING
  return schema.type === '' ? NO_TYPES : SINGLE[schema.type]
}

const INT_OR_STRING: readonly string[] = ['integer', 'string']
const NO_TYPES: readonly string[] = []
const SINGLE = {
  object: ['object'],
  array: ['array'],
  string: ['string'],
  integer: ['integer'],
  number: ['number'],
  boolean: ['boolean'],
} as const

/**
 * The format that counts (`StripUnsupportedFormatsPostProcessorForVersion`): those of texts where no other type is
 * named, since 1.36 also those of numbers.
 */
export function formatIn(subject: Subject): string {
  const { minor, form } = subject
  const { format } = subject.schema
  if (format === '' || form === 'written') return format
  const [type = '', other] = typesOf(subject)
  const counts = other !== undefined || type === '' || type === 'string' ? 'text' : type
  if (minor < 36 || counts === 'text') return isKnownFormat(format, minor) ? format : ''
  if (counts === 'integer') return format === 'int32' || format === 'int64' ? format : ''
  return counts === 'number' && (format === 'float' || format === 'double') ? format : ''
}

export const hasTypeOrFormat = (subject: Subject): boolean =>
  typesOf(subject).length > 0 || formatIn(subject) !== ''

/** `typeValidator.Validate`. The fault's value is the type that is demanded and the one that is there. */
export function findTypeFault(subject: Subject, value: GoValue): Fault | undefined {
  const { schema } = subject
  const types = typesOf(subject)
  if (value === null)
    return types.length > 0 && !schema.nullable ? toFault(subject, value, types.join(','), 'null') : undefined
  const found = typeOfGo(value)
  const isWhole = typeof value === 'number' && isWholeFloat(value) && types.includes('integer')
  const fits = types.includes(found) || isWhole || (found === 'integer' && types.includes('number'))
  const format = formatIn(subject)
  if (format !== '') {
    const isListOrText = found === 'string' || found === 'array'
    const foundFormat = found === 'integer' ? 'int64' : found === 'number' ? 'float64' : ''
    if (!isListOrText && !fits && foundFormat !== format) return toFault(subject, value, format, foundFormat)
    if (isListOrText && !types.includes('number') && !types.includes('integer')) return undefined
  }
  return fits ? undefined : toFault(subject, value, types.join(','), found)
}

const toFault = ({ place }: Subject, found: GoValue, demanded: string, there: string): Fault => ({
  code: found === null ? 'null' : 'type',
  keyword: 'type',
  value: [demanded, there],
  place,
  found,
})

/** The type of a value in the words of JSON Schema. */
function typeOfGo(value: GoValue): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint') return 'integer'
  if (isGoList(value)) return 'array'
  return isGoMap(value) ? 'object' : typeof value
}

const MAX_EXACT = 2 ** 53 - 1
const EPSILON = 1e-9

/** `swag.IsFloat64AJSONInteger`: nearly whole counts as whole. */
export function isWholeFloat(value: number): boolean {
  if (!(Math.abs(value) <= MAX_EXACT)) return false
  const whole = Math.trunc(value)
  if (whole === value) return true
  if (whole <= 0) return false
  return Math.abs(value - whole) / (Math.abs(value) + whole) < EPSILON
}

/** Go converts before it compares: a float is cut to an integer where the set holds one, an integer becomes a character. */
export function isEnumerated(allowed: readonly Json[], value: GoValue): boolean {
  return allowed.some(it => {
    const expected = fromJson(it)
    if (expected === null || value === null) return false
    return isSameGo(convertLike(value, expected), expected)
  })
}

function convertLike(value: GoValue, target: GoValue): GoValue {
  if (typeof value === 'number' && typeof target === 'bigint' && Number.isFinite(value))
    return BigInt(Math.trunc(value))
  if (typeof value === 'bigint' && typeof target === 'number') return Number(value)
  if (typeof value === 'bigint' && typeof target === 'string') return toCharacter(value)
  return value
}

const toCharacter = (value: bigint): string =>
  value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value < 0xe000n)
    ? String.fromCodePoint(Number(value))
    : '\ufffd'
