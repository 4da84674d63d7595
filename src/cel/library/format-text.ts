/** `"%s has %d".format([…])` */

import { compareText, listKeys } from '../equality.ts'
import { Fault } from '../fault.ts'
import { formatDouble, formatShortDouble, formatValue } from '../format-value.ts'
import { encodeUtf8 } from '../utf8.ts'
import {
  Double,
  Duration,
  isInt,
  Opaque,
  Optional,
  Timestamp,
  toKey,
  typeName,
  typeOfValue,
  Uint,
  type Value,
} from '../values.ts'

const CLAUSE = /%(?:%|(?:\.(\d*))?([a-zA-Z]))?/g

/** As Kubernetes has it: for readers of English, and lists as CEL would write them (formatting.go). */
export const formatText = (pattern: string, args: readonly Value[]): string =>
  print(pattern, args, { text: toEnglish, number: formatEnglish })

/** As newer versions of cel-go have it, the same for everybody (formatting_v2.go). */
export const formatTextPlain = (pattern: string, args: readonly Value[]): string =>
  print(pattern, args, { text: toText, number: formatPlain })

interface Style {
  readonly text: (value: Value) => string
  /** `d`, `f` and `e`. */
  readonly number: (verb: string, value: Value, precision: number) => string
}

function print(pattern: string, args: readonly Value[], style: Style): string {
  let next = 0
  return pattern.replaceAll(CLAUSE, (whole, precision: string | undefined, verb: string | undefined) => {
    if (whole === '%%') return '%'
    if (verb === undefined) throw new Fault('unexpected end of format string')
    if (!'sdfebxXo'.includes(verb))
      throw new Fault(`could not parse formatting clause: unrecognized formatting clause "${verb}"`)
    if (next >= args.length) throw new Fault(`index ${next} out of range`)
    return formatClause(verb, args[next++]!, precision ? Number(precision) : 6, style)
  })
}

function formatClause(verb: string, value: Value, precision: number, style: Style): string {
  switch (verb) {
    case 's':
      return style.text(value)
    case 'd':
    case 'f':
    case 'e':
      return style.number(verb, value, precision)
    case 'b':
      return typeof value === 'boolean' ? (value ? '1' : '0') : formatRadix(value, 2, 'binary')
    case 'o':
      return formatRadix(value, 8, 'octal')
    default: {
      const text = toHex(value)
      return verb === 'X' ? text.toUpperCase() : text
    }
  }
}

function formatPlain(verb: string, value: Value, precision: number): string {
  if (verb === 'd') return formatDecimal(value)
  if (verb === 'f') return formatNumber(value, it => toFixed(it, precision), 'fixed-point')
  return formatNumber(value, it => toScientific(it, precision), 'scientific')
}

function formatEnglish(verb: string, value: Value, precision: number): string {
  if (verb === 'd') {
    if (value instanceof Double) throw refuse('decimal', 'integers', value)
    return formatDecimal(value)
  }
  const special = typeof value === 'string' ? SPECIAL.get(value) : undefined
  const number = value instanceof Double ? value.value : special
  if (number === undefined) throw refuse(verb === 'f' ? 'fixed-point' : 'scientific', 'doubles', value)
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'NaN' : number > 0 ? '∞' : '-∞'
  if (verb === 'f') return toFixed(number, precision).replace(/^-?\d+/, groupThousands)
  const [mantissa, exponent] = toScientific(number, precision).split('e') as [string, string]
  const raised = [...exponent].map(it => RAISED.get(it) ?? '').join('')
  return `${mantissa}×10${raised}`
}

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])

const RAISED: ReadonlyMap<string, string> = new Map([
  ['-', '⁻'],
  ...[...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((digit, i) => [String(i), digit] as const),
])

const groupThousands = (digits: string): string => digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')

/** `FormatString`: what stands in lists and maps could be read again as CEL. */
function toEnglish(value: Value): string {
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(toLiteral).join(', ')}]`
  if (value instanceof Map) {
    const entries = listKeys(value).map(
      it => [toLiteral(it), toLiteral(value.get(toKey(it)!) as Value)] as const,
    )
    entries.sort(([a], [b]) => compareText(a, b))
    return `{${entries.map(([key, it]) => `${key}:${it}`).join(', ')}}`
  }
  return value instanceof Double ? formatShortDouble(value.value) : toText(value)
}

function toLiteral(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Double)
    return Number.isFinite(value.value)
      ? toFixed(value.value, 6)
      : JSON.stringify(formatShortDouble(value.value))
  if (value instanceof Uint8Array) return `b${JSON.stringify(toText(value))}`
  if (value instanceof Timestamp) return `timestamp(${JSON.stringify(toText(value))})`
  if (value instanceof Duration) return `duration(${JSON.stringify(toText(value))})`
  return toEnglish(value)
}

const refuse = (clause: string, takes: string, value: Value): Fault =>
  new Fault(
    `error during formatting: ${clause} clause can only be used on ${takes}, was given ${typeName(typeOfValue(value))}`,
  )

function toText(value: Value): string {
  if (value instanceof Opaque || value instanceof Optional)
    throw refuse(
      'string',
      'strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
      value,
    )
  return formatValue(value)
}

function formatDecimal(value: Value): string {
  if (isInt(value)) return String(value)
  if (value instanceof Uint) return String(value.value)
  if (value instanceof Double) return formatDouble(value.value)
  throw refuse('decimal', 'integers and doubles', value)
}

function formatNumber(value: Value, format: (value: number) => string, clause: string): string {
  const number =
    value instanceof Double || value instanceof Uint
      ? Number(value.value)
      : isInt(value)
        ? Number(value)
        : undefined
  if (number === undefined) throw refuse(clause, 'ints, uints, and doubles', value)
  return Number.isFinite(number) ? format(number) : formatDouble(number)
}

function formatRadix(value: Value, radix: number, clause: string): string {
  if (isInt(value)) return value.toString(radix)
  if (value instanceof Uint) return value.value.toString(radix)
  throw refuse(clause, clause === 'binary' ? 'integers and bools' : 'integers', value)
}

function toHex(value: Value): string {
  if (isInt(value)) return value.toString(16)
  if (value instanceof Uint) return value.value.toString(16)
  const bytes = typeof value === 'string' ? encodeUtf8(value) : value
  if (bytes instanceof Uint8Array) return [...bytes].map(it => it.toString(16).padStart(2, '0')).join('')
  throw refuse('hex', 'integers, byte buffers, and strings', value)
}

/** Rounds what a double holds exactly, half to even: `%.2f` of Go. */
function toFixed(value: number, precision: number): string {
  const places = Math.min(precision, 1000)
  const { numerator, denominator } = toFraction(Math.abs(value))
  const scaled = numerator * 10n ** BigInt(places)
  const doubled = 2n * (scaled % denominator)
  let rounded = scaled / denominator
  if (doubled > denominator || (doubled === denominator && rounded % 2n === 1n)) rounded += 1n
  const digits = String(rounded).padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return `${sign}${whole}${places > 0 ? `.${digits.slice(digits.length - places)}` : ''}`
}

function toFraction(value: number): { numerator: bigint; denominator: bigint } {
  let scaled = value
  let denominator = 1n
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    denominator *= 2n
  }
  return { numerator: BigInt(scaled), denominator }
}

function toScientific(value: number, precision: number): string {
  const [mantissa, exponent] = value.toExponential(Math.min(precision, 100)).split('e') as [string, string]
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
}
