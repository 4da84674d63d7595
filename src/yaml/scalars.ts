/**
 * What an unquoted scalar means to kubectl and the API server: YAML 1.1 as go-yaml reads it, not YAML 1.2.
 *
 * Imitates `resolve` in sigs.k8s.io/yaml/goyaml.v2/resolve.go: booleans in 22 spellings, octal `0777`, `0b11`,
 * `1_000`; no base 60 and no timestamps. Keys follow `convertToJSONableObject` in sigs.k8s.io/yaml/yaml.go.
 */
import { setPlainKeyResolver } from './keys.ts'
import { EMPTY, END, KIND_MASK, MULTILINE, OVERRIDE, PLAIN, START, type Table } from './table.ts'

export type Scalar = null | boolean | number | string

/** Small integers, so that a validator compares and never allocates. */
export type ScalarType = 0 | 1 | 2 | 3 | 4
export const STRING = 0
/** A number that travels as JSON without fraction and exponent: `80`, but also `80.0` and `1e3`. */
export const INTEGER = 1
export const NUMBER = 2
export const BOOLEAN = 3
export const NULL = 4

/** The type that the API server sees; for maps and sequences STRING, callers ask for scalars only. */
export function scalarType(table: Table, node: number): ScalarType {
  const kind = table.nodes[node]!
  if ((kind & OVERRIDE) !== 0) return typeOf(table.overrides!.get(node)!)
  switch (kind & KIND_MASK) {
    case PLAIN:
      // A plain text over several lines contains a blank, so it is neither number nor word.
      if ((kind & MULTILINE) !== 0) return STRING
      return plainType(table.text, table.nodes[node + START]!, table.nodes[node + END]!)
    case EMPTY:
      return NULL
    default:
      return STRING
  }
}

/** The type of the unquoted text `[start, end)`. */
function plainType(text: string, start: number, end: number): ScalarType {
  const first = text.charCodeAt(start)
  const hint = first < 128 ? HINTS[first]! : 0
  if (hint === 0) return STRING
  if (hint === WORD) return end - start > 5 ? STRING : typeOf(wordValue(text.slice(start, end)))
  let digits = true
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at)
    if (unit >= 48 && unit <= 57) continue
    if (unit >= 128 || NUMERIC[unit] === 0) return STRING
    digits = false
  }
  // Nineteen digits may exceed 64 bits, but then they are a float, which travels as an integer all the same.
  if (digits && first !== 48 && end - start <= 21) return INTEGER
  return typeOf(plainValue(text.slice(start, end)))
}

/** The value of an unquoted text that stands on one line. */
export function plainValue(text: string): Scalar {
  if (text === '') return null
  const first = text.charCodeAt(0)
  const hint = first < 128 ? HINTS[first]! : 0
  if (hint === 0) return text
  if (hint === WORD) return wordValue(text)
  const special = SPECIAL_FLOATS.get(text)
  if (special !== undefined) return special
  return (hint === DOT ? dotFloat(text) : numberValue(text)) ?? text
}

/** True when a YAML 1.2 reader (core schema) understands something else than kubectl: `yes`, `0777`, `1_000`. */
export function isAmbiguous(table: Table, node: number): boolean {
  const kind = table.nodes[node]!
  if ((kind & (OVERRIDE | MULTILINE)) !== 0 || (kind & KIND_MASK) !== PLAIN) return false
  const text = table.text.slice(table.nodes[node + START]!, table.nodes[node + END]!)
  return !Object.is(plainValue(text), coreValue(text))
}

/** True when the text, unquoted, is the same string for YAML 1.1 and YAML 1.2 readers, old habits included. */
export const isPlainString = (text: string): boolean =>
  plainValue(text) === text && coreValue(text) === text && !OLD_HABITS.test(text)

/** Base 60, dates, the merge key and the value key: other readers of YAML 1.1 resolve them. */
const OLD_HABITS =
  /^(?:[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|<<|=)$/

const WORD = 1
const NUM = 2
const DOT = 3

/** By first character: whether the text can mean anything but itself (`resolveTable` in resolve.go). */
const HINTS = new Uint8Array(128)
for (const char of 'yYnNtTfFoO~') HINTS[char.charCodeAt(0)] = WORD
for (const char of '0123456789+-') HINTS[char.charCodeAt(0)] = NUM
HINTS['.'.charCodeAt(0)] = DOT

/** Characters of any number, `.inf` and `.nan` included. */
const NUMERIC = new Uint8Array(128)
for (const char of '0123456789+-._eExXoObBaAcCdDfFiInN') NUMERIC[char.charCodeAt(0)] = 1

const WORDS = new Map<string, Scalar>()
for (const word of 'y Y yes Yes YES true True TRUE on On ON'.split(' ')) WORDS.set(word, true)
for (const word of 'n N no No NO false False FALSE off Off OFF'.split(' ')) WORDS.set(word, false)
for (const word of '~ null Null NULL'.split(' ')) WORDS.set(word, null)

const SPECIAL_FLOATS = new Map<string, number>()
for (const word of '.nan .NaN .NAN'.split(' ')) SPECIAL_FLOATS.set(word, Number.NaN)
for (const word of '.inf .Inf .INF'.split(' ')) {
  SPECIAL_FLOATS.set(word, Number.POSITIVE_INFINITY)
  SPECIAL_FLOATS.set(`+${word}`, Number.POSITIVE_INFINITY)
  SPECIAL_FLOATS.set(`-${word}`, Number.NEGATIVE_INFINITY)
}

function wordValue(text: string): Scalar {
  const value = WORDS.get(text)
  return value === undefined ? text : value
}

/** `strconv.ParseFloat` on a text that begins with a dot; it takes underscores between digits. */
const DOT_FLOAT = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/

function dotFloat(text: string): number | undefined {
  return DOT_FLOAT.test(text) ? finite(Number(text.replaceAll('_', ''))) : undefined
}

const INTEGER_TEXT = /^([-+]?)(?:(0[xX][0-9a-fA-F]+)|(0[bB][01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/
const FLOAT_TEXT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
/** go-yaml cuts the prefix off and parses the rest, sign included. */
const SIGNED_BINARY = /^0b([-+])([01]+)$/

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
const UINT64_MAX = 2n ** 64n - 1n

function numberValue(written: string): number | undefined {
  const text = written.includes('_') ? written.replaceAll('_', '') : written
  const integer = integerValue(text)
  if (integer !== undefined) return integer
  if (FLOAT_TEXT.test(text)) return finite(Number(text))
  const binary = SIGNED_BINARY.exec(text)
  return binary ? integerValue(`${binary[1]}0b${binary[2]}`) : undefined
}

/** What fits 64 bits; anything longer is a float when it is decimal, else a string. */
function integerValue(text: string): number | undefined {
  const match = INTEGER_TEXT.exec(text)
  if (!match) return undefined
  const [, sign, hex, binary, octal, decimal] = match
  const digits = hex ?? binary ?? (octal === undefined ? decimal! : `0o${octal}`)
  if (digits.length > 16) {
    const exact = exactInteger(text)
    // Only an unsigned number may use the 64th bit: ParseUint takes no sign.
    return exact === undefined || (sign === '+' && exact > INT64_MAX) ? undefined : Number(exact)
  }
  const value = Number(digits)
  return sign === '-' && value !== 0 ? -value : value
}

/** An overflow is an error to ParseFloat, and the text stays a string. */
const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined)

function typeOf(value: Scalar): ScalarType {
  if (value === null) return NULL
  if (typeof value === 'string') return STRING
  if (typeof value === 'boolean') return BOOLEAN
  // encoding/json writes an exponent from 1e21 on.
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? INTEGER : NUMBER
}

const CORE_WORD = /^(?:true|True|TRUE|false|False|FALSE)$/
const CORE_INT = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/

/** The same text to a reader of YAML 1.2 (core schema). */
function coreValue(text: string): Scalar {
  if (text === '' || text === '~' || /^(?:null|Null|NULL)$/.test(text)) return null
  if (CORE_WORD.test(text)) return text.length === 4
  if (CORE_INT.test(text)) return Number(text) + 0
  if (FLOAT_TEXT.test(text)) return Number(text)
  return SPECIAL_FLOATS.get(text) ?? text
}

/**
 * The key that an unquoted text becomes, or undefined where kubectl refuses it: null, and integers that need the
 * 64th bit (`unsupported map key of type`).
 */
export function plainKey(text: string): string | undefined {
  const value = plainValue(text)
  if (typeof value === 'string') return value
  if (value === null) return undefined
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  const digits = text.replaceAll('_', '')
  const integer = exactInteger(digits)
  if (integer !== undefined) return integer > INT64_MAX ? undefined : String(integer)
  return floatKey(value)
}

function exactInteger(text: string): bigint | undefined {
  const match = INTEGER_TEXT.exec(text)
  if (!match) return undefined
  const [, sign, hex, binary, octal, decimal] = match
  const size = BigInt(hex ?? binary ?? (octal === undefined ? decimal! : `0o${octal}`))
  const value = sign === '-' ? -size : size
  return value < INT64_MIN || value > UINT64_MAX ? undefined : value
}

/** `strconv.FormatFloat(key, 'g', -1, 32)`: the shortest text of the nearest 32-bit float. */
function floatKey(value: number): string {
  const single = Math.fround(value)
  if (Number.isNaN(single)) return '.nan'
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf'
  if (Object.is(single, -0)) return '-0'
  let precision = 1
  while (precision < 9 && Math.fround(Number(single.toPrecision(precision))) !== single) precision++
  const shortest = Number(single.toPrecision(precision))
  const [mantissa, exponent] = shortest.toExponential().split('e') as [string, string]
  const power = Number(exponent)
  // For the shortest form, 'g' turns to exponents outside of 1e-4 to 1e6.
  if (power >= -4 && power < 6) return String(shortest)
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

setPlainKeyResolver(plainKey)
