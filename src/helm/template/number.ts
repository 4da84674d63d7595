/** Go's numbers: how strconv reads and prints them. */

/** `%e` form of JavaScript's digits: at least two digits of exponent. */
function padExponent(text: string): string {
  const at = text.indexOf('e')
  const sign = text[at + 1]!
  const digits = text.slice(at + 2)
  return `${text.slice(0, at + 1)}${sign}${digits.padStart(2, '0')}`
}

/** A float as `%v`, `print` and strconv's 'g' show it: the shortest digits; exponent form below 1e-4 and from 1e6 on. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value)
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const scientific = value.toExponential()
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1))
  return exponent < -4 || exponent >= 6 ? padExponent(scientific) : plainDecimal(value)
}

/** The same of what is left of the number in 32 bits. */
export function formatFloat32(value: number): string {
  const single = Math.fround(value)
  if (!Number.isFinite(single)) return formatSpecial(single)
  let digits = 1
  while (Math.fround(Number(single.toPrecision(digits))) !== single) digits++
  return formatFloat(Number(single.toPrecision(digits)))
}

export const formatSpecial = (value: number): string =>
  Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'

/** `%e` with a precision; -1 is the shortest. */
export const formatExponent = (value: number, precision: number): string =>
  Number.isFinite(value)
    ? padExponent(precision < 0 ? value.toExponential() : toScientific(value, Math.min(precision, 100)))
    : formatSpecial(value)

/** `%f` with a precision; -1 is the shortest. */
export function formatFixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value)
  if (precision < 0) return plainDecimal(value)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return sign + roundDecimal(exactDecimal(Math.abs(value)), precision)
}

/** `%b` of a float: the mantissa as an integer, and the power of two. */
export function formatBinaryFloat(value: number): string {
  let mantissa = Math.abs(value)
  let exponent = 0
  if (mantissa !== 0) {
    for (; mantissa < 2 ** 52; exponent--) mantissa *= 2
    for (; mantissa >= 2 ** 53; exponent++) mantissa /= 2
  }
  return `${value < 0 ? '-' : ''}${BigInt(mantissa)}p${mantissa === 0 ? '-1074' : `${exponent < 0 ? '' : '+'}${exponent}`}`
}

/** toExponential that rounds half to even, as Go does. */
function toScientific(value: number, decimals: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const [whole = '', fraction = ''] = exactDecimal(Math.abs(value)).split('.')
  const all = whole + fraction
  const first = all.search(/[1-9]/)
  if (first < 0) return value.toExponential(decimals)
  let exponent = whole.length - 1 - first
  let digits = roundDecimal(`${all[first]}.${all.slice(first + 1)}`, decimals)
  if (digits.indexOf('.') > 1 || (decimals === 0 && digits.length > 1)) {
    exponent++
    digits = roundDecimal(`1.${'0'.repeat(decimals)}`, decimals)
  }
  return `${sign}${digits}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}

/** `%x` of a float: hexadecimal mantissa, binary exponent; a precision rounds half to even. */
export function formatHexFloat(value: number, precision: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  let mantissa = Math.abs(value)
  let exponent = 0
  if (mantissa !== 0) {
    for (; mantissa >= 2; exponent++) mantissa /= 2
    for (; mantissa < 1; exponent--) mantissa *= 2
  }
  let digits = BigInt(mantissa * 2 ** 52)
  if (precision >= 0 && precision < 13) {
    const unit = 1n << BigInt(4 * (13 - precision))
    const rest = digits % unit
    digits -= rest
    if (rest * 2n > unit || (rest * 2n === unit && (digits / unit) % 2n === 1n)) digits += unit
  }
  const whole = digits.toString(16).padStart(14, '0')
  const fraction =
    precision < 0
      ? whole.slice(1).replace(/0+$/, '')
      : whole.slice(1).padEnd(precision, '0').slice(0, precision)
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  return `${sign}0x${whole[0]}${fraction && `.${fraction}`}p${power}`
}

/** `%g` with a precision. */
export function formatGeneral(value: number, precision: number): string {
  if (precision < 0) return formatFloat(value)
  if (!Number.isFinite(value) || value === 0) return formatFloat(value)
  const digits = Math.max(1, Math.min(precision, 100))
  const scientific = toScientific(value, digits - 1)
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1))
  const mantissa = scientific.slice(0, scientific.indexOf('e'))
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa
  if (exponent < -4 || exponent >= digits)
    return padExponent(`${trimmed}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`)
  return plainDecimal(Number(scientific))
}

/** The shortest digits without an exponent. */
function plainDecimal(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return Object.is(value, -0) ? '-0' : text
  const negative = value < 0
  const scientific = Math.abs(value).toExponential()
  const mark = scientific.indexOf('e')
  const digits = scientific.slice(0, mark).replace('.', '')
  const exponent = Number(scientific.slice(mark + 1))
  let plain: string
  if (exponent < 0) plain = `0.${'0'.repeat(-exponent - 1)}${digits}`
  else if (digits.length <= exponent + 1) plain = digits + '0'.repeat(exponent + 1 - digits.length)
  else plain = `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
  return negative ? `-${plain}` : plain
}

/** All digits of a float's binary value. */
function exactDecimal(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString()
  let shift = 0
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    shift++
  }
  const digits = (BigInt(scaled) * 5n ** BigInt(shift)).toString().padStart(shift + 1, '0')
  return `${digits.slice(0, -shift)}.${digits.slice(-shift)}`
}

/** Rounds half to even at a number of decimals. */
function roundDecimal(text: string, precision: number): string {
  const dot = text.indexOf('.')
  const whole = dot < 0 ? text : text.slice(0, dot)
  const fraction = dot < 0 ? '' : text.slice(dot + 1)
  if (fraction.length <= precision)
    return precision === 0 ? whole : `${whole}.${fraction.padEnd(precision, '0')}`
  const kept = whole + fraction.slice(0, precision)
  const rest = fraction.slice(precision)
  const half = `5${'0'.repeat(rest.length - 1)}`
  const odd = Number(kept.at(-1)) % 2 === 1
  const up = rest > half || (rest === half && odd)
  const rounded = (BigInt(kept) + (up ? 1n : 0n)).toString().padStart(precision + 1, '0')
  return precision === 0 ? rounded : `${rounded.slice(0, -precision)}.${rounded.slice(-precision)}`
}

const INTEGER =
  /^[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/

/** strconv.ParseInt(text, 0, …) without the range check. */
export function parseInteger(text: string): bigint | undefined {
  // Far beyond 64 bits, and costly to convert.
  if (text.length > 100 || !INTEGER.test(text)) return undefined
  const negative = text[0] === '-'
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '')
  const legacy = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
  const value = BigInt(legacy)
  return negative ? -value : value
}

export const MAX_INT64 = 2n ** 63n - 1n
export const MIN_INT64 = -(2n ** 63n)
export const MAX_UINT64 = 2n ** 64n - 1n
export const isInt64 = (value: bigint): boolean => value >= MIN_INT64 && value <= MAX_INT64

const DECIMAL_FLOAT = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
const HEX_FLOAT = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/

/** strconv.ParseFloat(text, 64); underscores only where `underscores` allows them. */
export function parseFloat64(text: string): number | undefined {
  const lower = text.toLowerCase().replace(/^[+-]/, '')
  if (lower === 'inf' || lower === 'infinity') return text[0] === '-' ? -Infinity : Infinity
  if (lower === 'nan') return Number.NaN
  if (DECIMAL_FLOAT.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : undefined
  }
  const hexadecimal = HEX_FLOAT.exec(text)
  if (!hexadecimal || hexadecimal[2]! + hexadecimal[3]! === '') return undefined
  const mantissa = Number.parseInt(hexadecimal[2]! + hexadecimal[3]!, 16)
  const value = mantissa * 2 ** (Number(hexadecimal[4]) - 4 * hexadecimal[3]!.length)
  return hexadecimal[1] === '-' ? -value : value
}
