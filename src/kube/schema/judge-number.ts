/** Ranges and divisors of numbers: `numberValidator` of kube-openapi. */

import { formatIn, isWholeFloat } from './judge-type.ts'
import { addFault, type FaultWords, type Judgement, type Subject } from './judgement.ts'

interface NumberCheck {
  readonly judgement: Judgement
  readonly subject: Subject
  readonly value: number | bigint
  /** `integer` or `number`; `""` where nothing is said or an older server does not look. */
  readonly type: string
  readonly format: string
}

export function addNumberFaults(judgement: Judgement, subject: Subject, value: number | bigint): void {
  const { schema, minor, form } = subject
  const isChoice = schema.isIntOrString && form === 'served'
  // Servers before 1.36 look at neither type nor format of numbers.
  const isTyped = minor >= 36 && !isChoice && (schema.type === 'integer' || schema.type === 'number')
  const type = isTyped ? schema.type : ''
  const check: NumberCheck = {
    judgement,
    subject,
    value,
    type,
    format: isTyped ? numberFormatIn(subject) : '',
  }
  checkCapacity(check, value, 'Checked')
  const { limits } = schema
  if (!limits) return
  const { multipleOf, minimum, maximum } = limits
  if (multipleOf !== undefined) checkMultiple(check, multipleOf)
  if (minimum !== undefined) checkMinimum(check, minimum, limits.exclusiveMinimum)
  if (maximum !== undefined) checkMaximum(check, maximum, limits.exclusiveMaximum)
}

/** Of a schema as it is written, formats of other types do not count either. */
function numberFormatIn(subject: Subject): string {
  const format = formatIn(subject)
  const own = subject.schema.type === 'integer' ? ['int32', 'int64'] : ['float', 'double']
  return own.includes(format) ? format : ''
}

function add({ judgement, subject, value }: NumberCheck, words: FaultWords): void {
  addFault(judgement, subject, value, words)
}

/** The value as it was compared: as an integer with an integer, else as a float. */
const asFloat = (check: NumberCheck): NumberCheck => ({ ...check, value: Number(check.value) })

/** `IsValueValidAgainstRange`: whether the type that is declared can hold the number. */
function checkCapacity(check: NumberCheck, value: number | bigint, subject: string): boolean {
  const { type, format } = check
  if (holds(type, format, value)) return true
  const kind = format === '' ? `${type} (default format)` : `${type} with format ${format}`
  add(check, {
    // Without format the type of the value says it too.
    code: subject !== 'Checked' ? 'range' : format === '' ? 'type' : 'format',
    keyword: 'numberFormat',
    value: `${subject} value must be of type ${kind}`,
  })
  return false
}

function holds(type: string, format: string, value: number | bigint): boolean {
  if (type === 'integer') {
    // A float is tried by its shortest text, so that -2**63 does not fit.
    const text = String(value)
    if (!/^-?[0-9]+$/.test(text)) return false
    const integer = BigInt(text)
    return BigInt.asIntN(format === 'int32' ? 32 : 64, integer) === integer
  }
  return format !== 'float' || Number.isFinite(Math.fround(Number(value)))
}

/** An integer is compared with limits cut to integers, unless its type cannot hold them. */
const isNative = (
  check: NumberCheck,
  limit: number,
  subject: string,
): check is NumberCheck & { value: bigint } =>
  checkCapacity(check, limit, subject) && typeof check.value === 'bigint'

/** What is too large for an `int64` becomes the least one, as processors convert. */
const toInt64 = (limit: number): number => (Math.abs(limit) < 2 ** 63 ? Math.trunc(limit) : -(2 ** 63))

function checkMultiple(check: NumberCheck, limit: number): void {
  if (isNative(check, limit, 'MultipleOf')) {
    const factor = toInt64(limit)
    if (factor <= 0) add(check, { code: 'range', keyword: 'positiveFactor', value: factor })
    else if (check.value % BigInt(factor) !== 0n)
      add(check, { code: 'range', keyword: 'multipleOf', value: factor })
    return
  }
  const data = Number(check.value)
  if (limit <= 0) add(asFloat(check), { code: 'range', keyword: 'positiveFactor', value: limit })
  else if (!isWholeFloat(limit < 1 ? (1 / limit) * data : data / limit))
    add(asFloat(check), { code: 'range', keyword: 'multipleOf', value: limit })
}

function checkMaximum(check: NumberCheck, maximum: number, isExclusive: boolean): void {
  const compared = isNative(check, maximum, 'Maximum boundary') ? check : asFloat(check)
  const { value } = compared
  const limit = typeof value === 'bigint' ? toInt64(maximum) : maximum
  if (isExclusive ? value >= limit : value > limit)
    add(compared, { code: 'range', keyword: isExclusive ? 'exclusiveMaximum' : 'maximum', value: limit })
}

function checkMinimum(check: NumberCheck, minimum: number, isExclusive: boolean): void {
  const compared = isNative(check, minimum, 'Minimum boundary') ? check : asFloat(check)
  const { value } = compared
  const limit = typeof value === 'bigint' ? toInt64(minimum) : minimum
  if (isExclusive ? value <= limit : value < limit)
    add(compared, { code: 'range', keyword: isExclusive ? 'exclusiveMinimum' : 'minimum', value: limit })
}
