/** Resource quantities, exact: `resource.Quantity` of apimachinery with its grammar, rounding and canonical texts. */

/** How a quantity was written, and so how it is printed: `500m`, `1Gi`, `1e3`. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

/** An exact amount in billionths, the finest step that Kubernetes keeps; what is finer is rounded away from zero. */
export interface Quantity {
  readonly nano: bigint
  readonly format: QuantityFormat
  /** The text as written, where the server prints it so; else it prints the canonical form. */
  readonly text: string | undefined
}

const NANO = 1_000_000_000n
const MILLI_IN_NANO = 1_000_000n
/** Binary quantities are capped here. */
const MAX_BINARY = (2n ** 63n - 1n) * NANO
/** Powers of ten beyond this make no difference to any check, and keep hostile exponents cheap. */
const MAX_EXPONENT = 1000

/** Powers of ten, by suffix. */
export const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  __proto__: null as never,
  '': 0,
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
/** Powers of two, by suffix. */
export const BINARY_EXPONENTS: Readonly<Record<string, number>> = {
  __proto__: null as never,
  Ki: 10,
  Mi: 20,
  Gi: 30,
  Ti: 40,
  Pi: 50,
  Ei: 60,
}
const DECIMAL_SUFFIXES: ReadonlyMap<number, string> = new Map(
  Object.entries(DECIMAL_EXPONENTS).map(([suffix, exponent]) => [exponent, suffix]),
)
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** Powers of ten from 10⁻⁹ in billionths: what one unit of a small suffix is worth. */
const POWERS: readonly bigint[] = Array.from({ length: 40 }, (_, at) => 10n ** BigInt(at))
const BINARY_UNITS: ReadonlyMap<number, bigint> = new Map(
  Object.values(BINARY_EXPONENTS).map(exponent => [exponent, 2n ** BigInt(exponent) * NANO]),
)

export const QUANTITY_SYNTAX_FAULT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
export const QUANTITY_SUFFIX_FAULT = "unable to parse quantity's suffix"

export const ZERO_QUANTITY: Quantity = { nano: 0n, format: 'DecimalSI', text: '0' }

const SHAPE = /^([+-]?)0*([0-9]*)(?:(\.)([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/

/** `resource.ParseQuantity`; a string is the server's message about what is wrong. Never throws. */
export function parseQuantity(text: string): Quantity | string {
  const match = SHAPE.exec(text)
  if (match === null || text === '' || !isAscii(match[0])) return QUANTITY_SYNTAX_FAULT
  const digits = match[2]!
  const fraction = match[4] ?? ''
  const suffix = match[5]!
  // The parser stops at the end of leading zeros, so that a bare sign is zero too.
  if (digits === '' && match[3] === undefined && suffix === '')
    return { nano: 0n, format: 'DecimalSI', text: text === '0' ? text : undefined }
  const binary = BINARY_EXPONENTS[suffix]
  if (binary !== undefined) return buildBinary({ text, negative: match[1] === '-', digits, fraction }, binary)
  const plain = DECIMAL_EXPONENTS[suffix]
  const exponent = plain ?? toExponent(suffix)
  if (exponent === undefined) return QUANTITY_SUFFIX_FAULT
  const format = plain === undefined ? 'DecimalExponent' : 'DecimalSI'
  return buildDecimal({ text, negative: match[1] === '-', digits, fraction }, exponent, format)
}

/**
 * What `resource.Quantity` parses of a text: its decoder trims the text as it stands in JSON, where line ends and tabs are
 * escapes and so no blanks.
 */
export const trimQuantity = (text: string): string =>
  text.trim().length === text.length ? text : text.replace(BLANKS_AROUND, '')

const BLANKS_AROUND = /^[^\S\t-\r\u2028\u2029\ufeff]+|[^\S\t-\r\u2028\u2029\ufeff]+$/g

/** `resource.Quantity` of a decoded value: numbers count by their JSON text, blanks around texts are trimmed. */
export function toQuantity(value: unknown): Quantity | undefined {
  if (typeof value === 'string') return value.length > LONGEST_KNOWN ? toParsed(value) : toKnown(value)
  if (typeof value !== 'number') return undefined
  const quantity = parseQuantity(String(value))
  return typeof quantity === 'string' ? undefined : quantity
}

function toParsed(text: string): Quantity | undefined {
  const quantity = parseQuantity(trimQuantity(text))
  return typeof quantity === 'string' ? undefined : quantity
}

/** The same few quantities stand in most manifests. */
function toKnown(text: string): Quantity | undefined {
  const found = known.get(text)
  if (found || known.has(text)) return found
  const quantity = toParsed(text)
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(text, quantity)
  return quantity
}

const LONGEST_KNOWN = 16
const MOST_KNOWN = 1000
const known = new Map<string, Quantity | undefined>()

interface Parts {
  readonly text: string
  readonly negative: boolean
  /** Without leading zeros. */
  readonly digits: string
  readonly fraction: string
}

const isAscii = (text: string): boolean => !/[^\x20-\x7e]/.test(text)

function toExponent(suffix: string): number | undefined {
  if (!/^[eE][+-]?[0-9]+$/.test(suffix)) return undefined
  const exponent = Number(suffix.slice(1))
  return Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, exponent))
}

function buildBinary({ text, negative, digits, fraction }: Parts, exponent: number): Quantity {
  const unit = BINARY_UNITS.get(exponent)!
  if (fraction === '' && digits !== '' && digits.length <= 15) {
    const number = Number(digits)
    const magnitude = BigInt(number) * unit
    // The server keeps the text of numbers that no larger suffix could shorten.
    const kept = number % 8 !== 0 && magnitude <= MAX_BINARY && isFast(digits, exponent) ? text : undefined
    const nano = magnitude > MAX_BINARY ? MAX_BINARY : magnitude
    return { nano: negative ? -nano : nano, format: 'BinarySI', text: kept }
  }
  const scaled = BigInt(`0${digits}${fraction}`) * unit
  const divisor = 10n ** BigInt(Math.min(fraction.length, MAX_EXPONENT))
  const magnitude = divideUp(scaled, divisor)
  const nano = magnitude > MAX_BINARY ? MAX_BINARY : magnitude
  const format = nano > 0n && nano < NANO ? 'DecimalSI' : 'BinarySI'
  return { nano: negative ? -nano : nano, format, text: undefined }
}

/** Whether the number of digits stays within what the server computes in 64 bits. */
const isFast = (digits: string, exponent: number): boolean =>
  15 - digits.length - Math.trunc((exponent * 3) / 10) - 1 >= 0

function buildDecimal(
  { text, negative, digits, fraction }: Parts,
  exponent: number,
  format: QuantityFormat,
): Quantity {
  const shifted = `${digits === '' ? '0' : digits}${fraction}`
  const scale = exponent - fraction.length
  const nano = scaleUp(BigInt(shifted), scale + 9)
  const kept =
    scale >= -9 && scale % 3 === 0 && shifted.length <= 18 && !shifted.endsWith('000') && shifted[0] !== '0'
  return { nano: negative ? -nano : nano, format, text: kept ? text : undefined }
}

/** `value` times a power of ten, rounded up where the power is negative. */
function scaleUp(value: bigint, power: number): bigint {
  if (power >= 0) return value * (POWERS[power] ?? 10n ** BigInt(power))
  const limited = Math.min(-power, MAX_EXPONENT * 2)
  return divideUp(value, POWERS[limited] ?? 10n ** BigInt(limited))
}

const divideUp = (value: bigint, divisor: bigint): bigint =>
  value % divisor === 0n ? value / divisor : value / divisor + 1n

/** Negative, zero or positive, as for sorting. */
export const compareQuantities = (left: Quantity, right: Quantity): number =>
  left.nano < right.nano ? -1 : left.nano > right.nano ? 1 : 0

export const addQuantities = (left: Quantity, right: Quantity): Quantity => ({
  nano: left.nano + right.nano,
  format: left.nano === 0n ? right.format : left.format,
  text: undefined,
})

export const isNegativeQuantity = (quantity: Quantity): boolean => quantity.nano < 0n
export const isZeroQuantity = (quantity: Quantity): boolean => quantity.nano === 0n

/** `Quantity.Value`: whole units, rounded away from zero. */
export const quantityValue = (quantity: Quantity): bigint => roundAway(quantity.nano, NANO)

/** `Quantity.MilliValue`: thousandths, rounded away from zero. */
export const quantityMilliValue = (quantity: Quantity): bigint => roundAway(quantity.nano, MILLI_IN_NANO)

const roundAway = (nano: bigint, unit: bigint): bigint =>
  nano < 0n ? -divideUp(-nano, unit) : divideUp(nano, unit)

/** `Quantity.RoundUp(Milli)`, which defaulting applies to resources that are written finer than that. */
export function roundToMilli(quantity: Quantity): Quantity {
  if (quantity.nano % MILLI_IN_NANO === 0n) return quantity
  return { nano: quantityMilliValue(quantity) * MILLI_IN_NANO, format: quantity.format, text: undefined }
}

/** `Quantity.String`: the text as the server prints it. */
export const formatQuantity = (quantity: Quantity): string => quantity.text ?? formatCanonical(quantity)

/** `Quantity.CanonicalizeBytes`: no fraction, the largest suffix that loses nothing. */
export function formatCanonical({ nano, format }: Quantity): string {
  if (nano === 0n) return '0'
  if (format === 'BinarySI' && (nano >= 1024n * NANO || nano <= -1024n * NANO) && nano % NANO === 0n)
    return formatBinary(nano / NANO)
  let mantissa = nano
  let exponent = -9
  while (mantissa % 1000n === 0n) {
    mantissa /= 1000n
    exponent += 3
  }
  if (format === 'DecimalExponent') return exponent === 0 ? String(mantissa) : `${mantissa}e${exponent}`
  // Beyond the largest suffix the server prints the mantissa alone, which is wrong, and what it does.
  return `${mantissa}${DECIMAL_SUFFIXES.get(exponent) ?? ''}`
}

function formatBinary(units: bigint): string {
  let mantissa = units
  let power = 0
  while (mantissa % 1024n === 0n) {
    mantissa /= 1024n
    power++
  }
  return `${mantissa}${BINARY_SUFFIXES[power] ?? ''}`
}
