/** `"%s has %d".format([…])`, as formatting_v2.go of cel-go has it. */
import { Fault } from '../fault.ts'
import { formatDouble, formatValue } from '../format-value.ts'
import { encodeUtf8 } from '../utf8.ts'
import { Double, isInt, Opaque, Optional, typeName, typeOfValue, Uint, type Value } from '../values.ts'

const CLAUSE = /%(?:%|(?:\.(\d*))?([a-zA-Z]))?/g

export function formatText(pattern: string, args: readonly Value[]): string {
  let next = 0
  return pattern.replaceAll(CLAUSE, (whole, precision: string | undefined, verb: string | undefined) => {
    if (whole === '%%') return '%'
    if (verb === undefined) throw new Fault('unexpected end of format string')
    if (!'sdfebxXo'.includes(verb))
      throw new Fault(`could not parse formatting clause: unrecognized formatting clause "${verb}"`)
    if (next >= args.length) throw new Fault(`index ${next} out of range`)
    const value = args[next++]!
    return formatClause(
      verb,
      value,
      precision === undefined || precision === '' ? undefined : Number(precision),
    )
  })
}

function formatClause(verb: string, value: Value, precision: number | undefined): string {
  switch (verb) {
    case 's':
      return toText(value)
    case 'd':
      return formatDecimal(value)
    case 'f':
      return formatNumber(value, it => toFixed(it, precision ?? 6), 'fixed-point')
    case 'e':
      return formatNumber(value, it => toScientific(it, precision ?? 6), 'scientific')
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
