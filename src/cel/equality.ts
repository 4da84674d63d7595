/** Equality and order of values: numbers compare across their types, texts by code points. */
import { noSuchOverload } from './fault.ts'
import {
  type CelMap,
  Double,
  Duration,
  type Key,
  KeyedList,
  keyValue,
  Opaque,
  Optional,
  SetList,
  Timestamp,
  TypeValue,
  toKey,
  Uint,
  type Value,
} from './values.ts'

/**
 * The number in a value of a numeric type. Bigints and numbers compare exactly in JavaScript, but cel-go rounds an
 * integer to a double where it meets one.
 */
function toNumeric(value: Value, other: Value): number | bigint | undefined {
  if (other instanceof Double && (typeof value === 'bigint' || value instanceof Uint))
    return roundToDouble(value)
  return numberIn(value)
}

const roundToDouble = (value: bigint | Uint): number => Number(value instanceof Uint ? value.value : value)

function numberIn(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Double || value instanceof Uint) return value.value
  return undefined
}

export function isEqual(a: Value, b: Value): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    if (a === b) return true
    const left = toNumeric(a, b)
    const right = left === undefined ? undefined : toNumeric(b, a)
    return right !== undefined && left! >= right && left! <= right
  }
  if (Array.isArray(a)) return Array.isArray(b) && isEqualList(a, b)
  if (a instanceof Map) return b instanceof Map && isEqualMap(a, b)
  return isEqualScalar(a as Exclude<object & Value, readonly Value[] | CelMap>, b as Value)
}

function isEqualScalar(a: Exclude<object & Value, readonly Value[] | CelMap>, b: Value): boolean {
  if (a instanceof Double || a instanceof Uint) {
    const left = toNumeric(a, b)!
    const right = toNumeric(b, a)
    return right !== undefined && left >= right && left <= right
  }
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b) === 0
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name
  if (a instanceof Optional) {
    if (!(b instanceof Optional)) return false
    if (a.value === undefined || b.value === undefined) return a.value === b.value
    return isEqual(a.value, b.value)
  }
  return a instanceof Opaque && b instanceof Opaque && a.type === b.type && a.equals(b)
}

function isEqualList(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false
  if (a instanceof SetList) return haveSameItems(a, b)
  if (a instanceof KeyedList) return haveSameEntries(a, b)
  for (let i = 0; i < a.length; i++) if (!isEqual(a[i]!, b[i]!)) return false
  return true
}

/** Items of sets are scalars, as a rule; others are compared one by one. */
function haveSameItems(a: readonly Value[], b: readonly Value[]): boolean {
  const keys = new Set(a.map(toKey))
  if (keys.has(undefined)) return a.every(it => b.some(other => isEqual(it, other)))
  const seen = new Set<Key | undefined>()
  for (const it of b) {
    const key = toKey(it)
    if (!keys.has(key)) return false
    seen.add(key)
  }
  return seen.size === keys.size
}

function haveSameEntries(a: KeyedList, b: readonly Value[]): boolean {
  const known = new Map(a.map(it => [identityOf(it, a.identity), it]))
  const seen = new Set<string>()
  for (const it of b) {
    const key = identityOf(it, a.identity)
    const own = known.get(key)
    if (own === undefined || !isEqual(own, it)) return false
    seen.add(key)
  }
  return seen.size === known.size
}

/** What tells an item of a keyed list apart from the others. */
export function identityOf(item: Value, fields: readonly string[]): string {
  if (!(item instanceof Map)) return ''
  return JSON.stringify(fields.map(it => toIdentity(item.get(it) ?? null)))
}

const toIdentity = (value: Value): string =>
  typeof value === 'bigint' || typeof value === 'number' ? `${value}` : `${typeof value} ${String(value)}`

function isEqualMap(a: CelMap, b: CelMap): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) {
    const other = b.get(key)
    if (other === undefined || !isEqual(value, other)) return false
  }
  return true
}

/** Below zero, zero or above; NaN where one side is. Other types throw "no such overload". */
export function compare(a: Value, b: Value): number {
  const left = toNumeric(a, b)
  if (left !== undefined) {
    const right = toNumeric(b, a)
    if (right === undefined) throw noSuchOverload()
    return left < right ? -1 : left > right ? 1 : left >= right ? 0 : Number.NaN
  }
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if ((a instanceof Timestamp && b instanceof Timestamp) || (a instanceof Duration && b instanceof Duration))
    return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b)
  throw noSuchOverload()
}

/** By code points, where JavaScript compares UTF-16 units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  let at = 0
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  if (at === length) return a.length - b.length
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at))
}

/** Surrogates stand for code points above all others. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

/** Keys of a map as values. */
export const listKeys = (map: CelMap): Value[] => [...map.keys()].map(it => keyValue(map, it))
