/**
 * Values of custom resources as expressions see them, by their schemas: `UnstructuredToVal` of
 * apiserver/pkg/cel/common/valuesunstructured.go.
 */
import { parseDuration, parseTimestamp } from '../../cel/calendar.ts'
import {
  Double,
  Duration,
  type Key,
  KeyedList,
  SetList,
  type Timestamp,
  toInt,
  type Value,
} from '../../cel/values.ts'
import { internKey } from '../../yaml/keys.ts'
import { type GoList, type GoMap, type GoValue, isGoList, isGoMap } from './go-value.ts'
import { escapeName, listFieldNames } from './rule-names.ts'
import { hasMeta } from './rule-types.ts'
import type { Structural } from './structural.ts'

/** Values that were converted before, so that rules at every level of an object cost one conversion. */
export type Converted = WeakMap<object, Value>

/** `root`: apiVersion, kind and the names in metadata can be seen whatever the schema says of them. */
export function toCelValue(
  value: GoValue,
  schema: Structural,
  place: 'root' | 'inner',
  done: Converted,
): Value {
  if (typeof value === 'bigint')
    return schema.type === 'number' ? new Double(Number(value)) : (toInt(value) ?? 0)
  if (typeof value === 'number') return new Double(value)
  if (typeof value === 'string') return toText(value, schema)
  if (typeof value !== 'object' || value === null) return value
  const known = done.get(value)
  if (known !== undefined) return known
  const converted = isGoList(value) ? toList(value, schema, done) : toMap(value, schema, place, done)
  done.set(value, converted)
  return converted
}

function toList(list: GoList, schema: Structural, done: Converted): Value {
  const { items, listType } = schema
  const values = items
    ? list.map(it => toCelValue(it, items, items.isEmbedded ? 'root' : 'inner', done))
    : list.map(toUntyped)
  if (listType === 'set') return SetList.from(values) as SetList
  if (listType !== 'map') return values
  const keyed = KeyedList.from(values) as KeyedList
  keyed.identity = schema.listKeys.map(it => escapeName(it) ?? it)
  return keyed
}

function toMap(map: GoMap, schema: Structural, place: 'root' | 'inner', done: Converted): Value {
  const { additional, fields } = schema
  const converted = new Map<Key, Value>()
  const addsMeta = place === 'root' && !hasMeta(schema)
  const isObject = place === 'root' || fields.size > 0 || typeof additional !== 'object'
  for (const [name, it] of Object.entries(map)) {
    if (!isObject) {
      converted.set(
        name,
        toCelValue(it, additional as Structural, innerPlace(additional as Structural), done),
      )
      continue
    }
    // Of an object's fields, null is the same as absent.
    if (it === null) continue
    if (addsMeta && (name === 'apiVersion' || name === 'kind' || name === 'metadata')) {
      converted.set(name, toMeta(it))
      continue
    }
    const field = fields.get(internKey(name))?.schema()
    const names = field ? listFieldNames(name) : []
    if (field && names.length > 0) {
      const value = toCelValue(it, field, innerPlace(field), done)
      for (const written of names) converted.set(written, value)
    } else converted.set(`${HIDDEN}${name}`, toUntyped(it))
  }
  return converted
}

const innerPlace = ({ isEmbedded }: Structural): 'root' | 'inner' => (isEmbedded ? 'root' : 'inner')

/** Fields that no expression can name still count when objects are compared. */
const HIDDEN = '\u0000'

function toMeta(value: GoValue): Value {
  if (!isGoMap(value)) return toUntyped(value)
  const meta = new Map<Key, Value>()
  for (const [name, it] of Object.entries(value))
    if (it !== null)
      meta.set(name === 'name' || name === 'generateName' ? name : `${HIDDEN}${name}`, toUntyped(it))
  return meta
}

function toUntyped(value: GoValue): Value {
  if (typeof value === 'bigint') return toInt(value) ?? 0
  if (typeof value === 'number') return new Double(value)
  if (isGoList(value)) return value.map(toUntyped)
  if (isGoMap(value)) return new Map(Object.entries(value).map(([name, it]) => [name, toUntyped(it)]))
  return value
}

function toText(text: string, { type, format }: Structural): Value {
  if (type !== 'string' || format === '') return text
  switch (format) {
    case 'duration':
      return parseDuration(text) ?? parseWordyDuration(text)
    case 'date':
      return parseTimestamp(`${text}T00:00:00Z`) ?? text
    case 'date-time':
      return parseDateTime(text) ?? text
    case 'byte':
      return decodeBase64(text)
    default:
      return text
  }
}

/** Forms without a zone are taken too. */
const parseDateTime = (text: string): Timestamp | undefined =>
  parseTimestamp(text) ?? parseTimestamp(`${text.replace(' ', 'T')}Z`)

const UNITS: readonly (readonly [RegExp, bigint])[] = [
  [/^(?:ns|nano)/, 1n],
  [/^(?:us|µs|micro)/, 1000n],
  [/^(?:ms|milli)/, 1_000_000n],
  [/^(?:s|sec)/, 1_000_000_000n],
  [/^(?:m|min)/, 60_000_000_000n],
  [/^(?:h|hr|hour)/, 3_600_000_000_000n],
  [/^(?:d|day)/, 86_400_000_000_000n],
  [/^(?:w|wk|week)/, 604_800_000_000_000n],
]

/** `3 days`: what strfmt.ParseDuration takes besides Go's own form. */
function parseWordyDuration(text: string): Duration {
  let nanos = 0n
  for (const [, count, unit] of text.toLowerCase().matchAll(/(\d+)\s*([a-zµ]+)/g)) {
    const factor = UNITS.find(([pattern]) => pattern.test(unit!))?.[1] ?? 0n
    nanos += BigInt(count!) * factor
  }
  return new Duration(BigInt.asIntN(64, nanos))
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function decodeBase64(text: string): Uint8Array {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const character of text) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) continue
    held = ((held << 6) | value) & 0xfff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return Uint8Array.from(bytes)
}
