/** The standard library of CEL: operators as the checker sees them, conversions, sizes, searches in texts. */
import { parseDuration, parseTimestamp } from '../calendar.ts'
import { Fault, overflow } from '../fault.ts'
import { formatShortDouble, formatValue } from '../format-value.ts'
import { builtin, global, method, type Overload } from '../functions.ts'
import { toDuration, toTimestamp } from '../operators.ts'
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  param,
  STRING,
  TIMESTAMP,
  type Type,
  typeOf,
  UINT,
} from '../types.ts'
import { decodeUtf8, encodeUtf8 } from '../utf8.ts'
import {
  Double,
  type Duration,
  type Timestamp,
  TypeValue,
  toInt,
  toUint,
  typeName,
  typeOfValue,
  type Uint,
  type Value,
} from '../values.ts'
import { matches } from './regex.ts'

const A = param('A')
const B = param('B')
const LIST = listOf(A)
const MAP = mapOf(A, B)

const ORDERED: readonly Type[] = [BOOL, INT, UINT, DOUBLE, STRING, BYTES, TIMESTAMP, DURATION]
const NUMBERS: readonly Type[] = [INT, UINT, DOUBLE]

const orders = ['_<_', '_<=_', '_>_', '_>=_'].flatMap(name => [
  ...ORDERED.map(it => builtin(name, [it, it], BOOL)),
  ...NUMBERS.flatMap(a => NUMBERS.filter(b => b !== a).map(b => builtin(name, [a, b], BOOL))),
])

const operators: readonly Overload[] = [
  builtin('_?_:_', [BOOL, A, A], A),
  builtin('_&&_', [BOOL, BOOL], BOOL),
  builtin('_||_', [BOOL, BOOL], BOOL),
  builtin('!_', [BOOL], BOOL),
  builtin('_==_', [A, A], BOOL),
  builtin('_!=_', [A, A], BOOL),
  ...orders,
  ...[BYTES, DOUBLE, DURATION, INT, LIST, STRING, UINT].map(it => builtin('_+_', [it, it], it)),
  builtin('_+_', [DURATION, TIMESTAMP], TIMESTAMP),
  builtin('_+_', [TIMESTAMP, DURATION], TIMESTAMP),
  ...[DOUBLE, DURATION, INT, UINT].map(it => builtin('_-_', [it, it], it)),
  builtin('_-_', [TIMESTAMP, DURATION], TIMESTAMP),
  builtin('_-_', [TIMESTAMP, TIMESTAMP], DURATION),
  ...['_*_', '_/_'].flatMap(name => NUMBERS.map(it => builtin(name, [it, it], it))),
  builtin('_%_', [INT, INT], INT),
  builtin('_%_', [UINT, UINT], UINT),
  builtin('-_', [INT], INT),
  builtin('-_', [DOUBLE], DOUBLE),
  builtin('@in', [A, LIST], BOOL),
  builtin('@in', [A, MAP], BOOL),
  builtin('_[_]', [LIST, INT], A),
  builtin('_[_]', [MAP, A], B),
]

const sizes: readonly Overload[] = [STRING, BYTES, LIST, MAP].flatMap(it => [
  builtin('size', [it], INT),
  { ...builtin('size', [it], INT), isMethod: true },
])

/** Text that Go would not parse. */
const invalid = (what: string, text: string): Fault =>
  new Fault(`strconv.Parse${what}: parsing ${JSON.stringify(text)}: invalid syntax`)

function toInt64(value: bigint): Value {
  const result = toInt(value)
  if (result === undefined) throw overflow('integer')
  return result
}

function toUint64(value: bigint): Value {
  const result = toUint(value)
  if (!result) throw overflow('unsigned integer')
  return result
}

/** Doubles are cut to integers; those at the very edge of 64 bits are refused already. */
function cut({ value }: Double, what: 'integer' | 'unsigned integer'): bigint {
  const limit = what === 'integer' ? 2 ** 63 : 2 ** 64
  const isIn = value < limit && (what === 'integer' ? value > -limit : value >= 0)
  if (!isIn) throw overflow(what)
  return BigInt(Math.trunc(value))
}

function parseBool(text: string): boolean {
  if (/^(?:1|t|T|true|TRUE|True)$/.test(text)) return true
  if (/^(?:0|f|F|false|FALSE|False)$/.test(text)) return false
  throw new Fault(`Type conversion error from 'string' to 'bool'`)
}

function parseDouble(text: string): Double {
  const special = /^([+-]?)(?:inf|infinity)$/i.exec(text)
  if (special) return new Double(special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
  if (/^nan$/i.test(text)) return new Double(Number.NaN)
  const value = Number(text)
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) || !Number.isFinite(value))
    throw invalid('Float', text)
  return new Double(value)
}

function toText(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes)
  if (text === undefined) throw new Fault('invalid UTF-8 in bytes, cannot convert to string')
  return text
}

function durationOf(text: string): Duration {
  const duration = parseDuration(text)
  if (!duration) throw new Fault(`time: invalid duration ${JSON.stringify(text)}`)
  return duration
}

function timestampOf(text: string): Timestamp {
  const timestamp = parseTimestamp(text)
  if (!timestamp) throw new Fault(`parsing time ${JSON.stringify(text)} as RFC 3339: cannot parse`)
  return toTimestamp(timestamp.nanos, timestamp.offset)
}

const SECOND = 1_000_000_000n
const same = (value: Value): Value => value

const conversions: readonly Overload[] = [
  global('bool', [BOOL], BOOL, same),
  global('bool', [STRING], BOOL, parseBool),
  global('bytes', [BYTES], BYTES, same),
  global('bytes', [STRING], BYTES, encodeUtf8),
  global('double', [DOUBLE], DOUBLE, same),
  global('double', [INT], DOUBLE, (value: number | bigint) => new Double(Number(value))),
  global('double', [UINT], DOUBLE, ({ value }: Uint) => new Double(Number(value))),
  global('double', [STRING], DOUBLE, parseDouble),
  global('duration', [DURATION], DURATION, same),
  global('duration', [INT], DURATION, (value: number | bigint) => toDuration(BigInt(value))),
  global('duration', [STRING], DURATION, durationOf),
  global('dyn', [A], DYN, same),
  global('int', [INT], INT, same),
  global('int', [DOUBLE], INT, (value: Double) => toInt64(cut(value, 'integer'))),
  global('int', [DURATION], INT, ({ nanos }: Duration) => toInt64(nanos)),
  global('int', [STRING], INT, (text: string) => {
    if (!/^[+-]?\d+$/.test(text)) throw invalid('Int', text)
    return toInt64(BigInt(text))
  }),
  global('int', [TIMESTAMP], INT, ({ nanos }: Timestamp) => toInt64(floorSeconds(nanos))),
  global('int', [UINT], INT, ({ value }: Uint) => toInt64(value)),
  global('string', [STRING], STRING, same),
  ...[BOOL, INT, UINT, TIMESTAMP, DURATION].map(it => global('string', [it], STRING, formatValue)),
  global('string', [BYTES], STRING, toText),
  global('string', [DOUBLE], STRING, ({ value }: Double) => formatShortDouble(value)),
  global('timestamp', [TIMESTAMP], TIMESTAMP, same),
  global('timestamp', [INT], TIMESTAMP, (value: number | bigint) => toTimestamp(BigInt(value) * SECOND)),
  global('timestamp', [STRING], TIMESTAMP, timestampOf),
  global('uint', [UINT], UINT, same),
  global('uint', [DOUBLE], UINT, (value: Double) => toUint64(cut(value, 'unsigned integer'))),
  global('uint', [INT], UINT, (value: number | bigint) => toUint64(BigInt(value))),
  global('uint', [STRING], UINT, (text: string) => {
    if (!/^\d+$/.test(text)) throw invalid('Uint', text)
    return toUint64(BigInt(text))
  }),
  global('type', [A], typeOf(A), (value: Value) => new TypeValue(typeName(typeOfValue(value)))),
]

const floorSeconds = (nanos: bigint): bigint =>
  nanos >= 0n || nanos % SECOND === 0n ? nanos / SECOND : nanos / SECOND - 1n

const searches: readonly Overload[] = [
  method('contains', [STRING, STRING], BOOL, (text: string, part: string) => text.includes(part)),
  method('endsWith', [STRING, STRING], BOOL, (text: string, part: string) => text.endsWith(part)),
  method('startsWith', [STRING, STRING], BOOL, (text: string, part: string) => text.startsWith(part)),
  method('matches', [STRING, STRING], BOOL, matches),
  global('matches', [STRING, STRING], BOOL, matches),
]

export const standard: readonly Overload[] = [...operators, ...sizes, ...conversions, ...searches]
