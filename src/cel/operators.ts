/** The operators of CEL on values: arithmetic with 64 bits, concatenation, membership, indices. */
import { identityOf, isEqual } from './equality.ts'
import { Fault, noSuchKey, noSuchOverload, overflow } from './fault.ts'
import { formatValue } from './format-value.ts'
import {
  Double,
  Duration,
  isInt,
  KeyedList,
  Optional,
  SetList,
  Timestamp,
  toInt,
  toKey,
  toUint,
  Uint,
  type Value,
} from './values.ts'

type Int = number | bigint

/** A result of exact integer arithmetic as an int. */
function int(value: bigint): Int {
  const result = toInt(value)
  if (result === undefined) throw overflow('integer')
  return result
}

function uint(value: bigint): Uint {
  const result = toUint(value)
  if (!result) throw overflow('unsigned integer')
  return result
}

export function add(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    return Number.isSafeInteger(sum) ? sum : int(BigInt(a) + BigInt(b))
  }
  if (typeof a === 'string' && typeof b === 'string') return a + b
  if (isInt(a) && isInt(b)) return int(BigInt(a) + BigInt(b))
  if (a instanceof Double && b instanceof Double) return new Double(a.value + b.value)
  if (a instanceof Uint && b instanceof Uint) return uint(a.value + b.value)
  if (Array.isArray(a) && Array.isArray(b)) return concat(a, b)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.of(...a, ...b)
  if (a instanceof Duration && b instanceof Duration) return toDuration(a.nanos + b.nanos)
  if (a instanceof Timestamp && b instanceof Duration) return toTimestamp(a.nanos + b.nanos, a.offset)
  if (a instanceof Duration && b instanceof Timestamp) return toTimestamp(a.nanos + b.nanos, b.offset)
  throw noSuchOverload()
}

function concat(a: readonly Value[], b: readonly Value[]): Value {
  if (a instanceof SetList) {
    const union = SetList.from(a) as SetList
    for (const it of b) if (!a.some(other => isEqual(other, it))) union.push(it)
    return union
  }
  if (a instanceof KeyedList) {
    const merged = KeyedList.from(a) as KeyedList
    merged.identity = a.identity
    const places = new Map(a.map((it, i) => [identityOf(it, a.identity), i]))
    for (const it of b) {
      const place = places.get(identityOf(it, a.identity))
      if (place === undefined) merged.push(it)
      else merged[place] = it
    }
    return merged
  }
  return [...a, ...b]
}

export function subtract(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    return Number.isSafeInteger(difference) ? difference : int(BigInt(a) - BigInt(b))
  }
  if (isInt(a) && isInt(b)) return int(BigInt(a) - BigInt(b))
  if (a instanceof Double && b instanceof Double) return new Double(a.value - b.value)
  if (a instanceof Uint && b instanceof Uint) return uint(a.value - b.value)
  if (a instanceof Duration && b instanceof Duration) return toDuration(a.nanos - b.nanos)
  if (a instanceof Timestamp && b instanceof Duration) return toTimestamp(a.nanos - b.nanos, a.offset)
  if (a instanceof Timestamp && b instanceof Timestamp) return toDuration(a.nanos - b.nanos)
  throw noSuchOverload()
}

export function multiply(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    // Adding zero turns the negative zero, which an int is not, into zero.
    return Number.isSafeInteger(product) ? product + 0 : int(BigInt(a) * BigInt(b))
  }
  if (isInt(a) && isInt(b)) return int(BigInt(a) * BigInt(b))
  if (a instanceof Double && b instanceof Double) return new Double(a.value * b.value)
  if (a instanceof Uint && b instanceof Uint) return uint(a.value * b.value)
  throw noSuchOverload()
}

export function divide(a: Value, b: Value): Value {
  if (isInt(a) && isInt(b)) {
    if (b === 0) throw new Fault('division by zero')
    if (typeof a === 'number' && typeof b === 'number') return Math.trunc(a / b) + 0
    return int(BigInt(a) / BigInt(b))
  }
  if (a instanceof Double && b instanceof Double) return new Double(a.value / b.value)
  if (a instanceof Uint && b instanceof Uint) {
    if (b.value === 0n) throw new Fault('division by zero')
    return new Uint(a.value / b.value)
  }
  throw noSuchOverload()
}

export function modulo(a: Value, b: Value): Value {
  if (isInt(a) && isInt(b)) {
    if (b === 0) throw new Fault('modulus by zero')
    if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0
    // The smallest int by -1 overflows in Go, although the remainder is zero.
    if (b === -1 && a === -(2n ** 63n)) throw overflow('integer')
    return int(BigInt(a) % BigInt(b))
  }
  if (a instanceof Uint && b instanceof Uint) {
    if (b.value === 0n) throw new Fault('modulus by zero')
    return new Uint(a.value % b.value)
  }
  throw noSuchOverload()
}

export function negate(a: Value): Value {
  if (typeof a === 'number') return 0 - a
  if (typeof a === 'bigint') return int(-a)
  if (a instanceof Double) return new Double(-a.value)
  if (a instanceof Duration) return toDuration(-a.nanos)
  throw noSuchOverload()
}

const MIN_TIME = -62135596800n * 1_000_000_000n
const MAX_TIME = 253402300799_999_999_999n

/** From year 1 to 9999. */
export function toTimestamp(nanos: bigint, offset = 0): Timestamp {
  if (nanos < MIN_TIME || nanos > MAX_TIME) throw overflow('timestamp')
  return new Timestamp(nanos, offset)
}

/** What an int64 of nanoseconds holds. */
export function toDuration(nanos: bigint): Duration {
  if (BigInt.asIntN(64, nanos) !== nanos) throw overflow('duration')
  return new Duration(nanos)
}

/** `item in container`. */
export function isIn(item: Value, container: Value): boolean {
  if (Array.isArray(container)) {
    if (typeof item === 'string') return container.includes(item)
    for (const it of container) if (isEqual(it, item)) return true
    return false
  }
  if (container instanceof Map) {
    const key = toKey(item)
    return key !== undefined && container.has(key)
  }
  throw noSuchOverload()
}

/** `container[key]`. */
export function atIndex(container: Value, key: Value): Value {
  if (container instanceof Optional) return atOptionalIndex(container, key)
  const found = findIndex(container, key)
  if (found !== undefined) return found
  throw container instanceof Map
    ? noSuchKey(formatValue(key))
    : new Fault(`index out of bounds: ${formatValue(key)}`)
}

/** `container[?key]`; also of an optional container. */
export function atOptionalIndex(container: Value, key: Value): Optional {
  const target = container instanceof Optional ? container.value : container
  const found = target === undefined ? undefined : findIndex(target, key)
  return found === undefined ? Optional.none : new Optional(found)
}

function findIndex(container: Value, key: Value): Value | undefined {
  if (Array.isArray(container)) {
    const index = toKey(key)
    if (typeof index === 'bigint') return undefined
    if (typeof index !== 'number') throw new Fault(`unsupported index value in list: ${formatValue(key)}`)
    return container[index] as Value | undefined
  }
  if (container instanceof Map) {
    const canonical = toKey(key)
    return canonical === undefined ? undefined : (container.get(canonical) as Value | undefined)
  }
  throw noSuchOverload()
}

export const countRunes = (text: string): number => {
  let count = text.length
  for (let at = 1; at < text.length; at++)
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) count--
  return count
}

export function sizeOf(value: Value): number {
  if (typeof value === 'string') return countRunes(value)
  if (Array.isArray(value)) return value.length
  if (value instanceof Map) return value.size
  if (value instanceof Uint8Array) return value.length
  throw noSuchOverload()
}
