/**
 * Values of CEL. An int is a number where a number holds it exactly and a bigint elsewhere, so that values of manifests
 * need no conversion; doubles and uints, which are rare, are boxed.
 */
import type { Type } from './types.ts'
import * as types from './types.ts'

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Double
  | Uint
  | Uint8Array
  | readonly Value[]
  | CelMap
  | Timestamp
  | Duration
  | TypeValue
  | Optional
  | Opaque

/** A key in its canonical form: numbers of equal value are one key, whatever their type. */
export type Key = string | number | bigint | boolean

export type CelMap = ReadonlyMap<Key, Value>

export class Double {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

export class Uint {
  readonly value: bigint
  constructor(value: bigint) {
    this.value = value
  }
}

/** A point in time, as nanoseconds since 1970, and the offset in minutes with which it was written. */
export class Timestamp {
  readonly nanos: bigint
  readonly offset: number
  constructor(nanos: bigint, offset: number) {
    this.nanos = nanos
    this.offset = offset
  }
}

export class Duration {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    this.nanos = nanos
  }
}

/** A type as a value: what `type(x)` gives. */
export class TypeValue {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export class Optional {
  static readonly none = new Optional(undefined)
  readonly value: Value | undefined
  constructor(value: Value | undefined) {
    this.value = value
  }
}

/** A value of a library's own type. */
export abstract class Opaque {
  abstract readonly type: Type
  /** Equality with another value of the same type. */
  abstract equals(other: Opaque): boolean
  /** How much there is to read in it, for its cost. */
  get size(): number {
    return 1
  }
}

/** A map some of whose keys were written as uint; they are found by any number of the same value. */
export class UintMap extends Map<Key, Value> {
  readonly uints = new Set<Key>()
}

/** A list whose items have no order (`x-kubernetes-list-type: set`). */
export class SetList extends Array<Value> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

/** A list whose items are told apart by fields (`x-kubernetes-list-type: map`). */
export class KeyedList extends Array<Value> {
  /** Names of the fields, as expressions write them. */
  identity: readonly string[] = []
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n
const MAX_UINT64 = 2n ** 64n - 1n

/** An int in its canonical form; undefined beyond 64 bits. */
export function toInt(value: bigint): number | bigint | undefined {
  if (value >= -9007199254740991n && value <= 9007199254740991n) return Number(value)
  return value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined
}

/** Undefined beyond 64 bits. */
export const toUint = (value: bigint): Uint | undefined =>
  value >= 0n && value <= MAX_UINT64 ? new Uint(value) : undefined

/** The canonical form of a map's key; undefined for values that are no keys. */
export function toKey(value: Value): Key | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value
    default:
      if (value instanceof Uint) return value.value <= 9007199254740991n ? Number(value.value) : value.value
      if (value instanceof Double && Number.isInteger(value.value)) return toInt(BigInt(value.value))
      return undefined
  }
}

/** The key as the value that was written. */
export function keyValue(map: CelMap, key: Key): Value {
  return map instanceof UintMap && map.uints.has(key) ? new Uint(BigInt(key)) : key
}

export const isInt = (value: Value): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

/** The type of a value, as far as the value knows it: elements are dyn. */
export function typeOfValue(value: Value): Type {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return types.INT
    case 'string':
      return types.STRING
    case 'boolean':
      return types.BOOL
  }
  if (value === null) return types.NULL
  if (Array.isArray(value)) return LIST
  if (value instanceof Map) return MAP
  if (value instanceof Double) return types.DOUBLE
  if (value instanceof Uint) return types.UINT
  if (value instanceof Uint8Array) return types.BYTES
  if (value instanceof Timestamp) return types.TIMESTAMP
  if (value instanceof Duration) return types.DURATION
  if (value instanceof TypeValue) return TYPE
  if (value instanceof Optional) return OPTIONAL
  return (value as Opaque).type
}

const LIST = types.listOf(types.DYN)
const MAP = types.mapOf(types.DYN, types.DYN)
const TYPE = types.typeOf(types.DYN)
const OPTIONAL = types.optionalOf(types.DYN)

/** The name that `type(x)` has for the type. */
export const typeName = (type: Type): string => (type.kind === 'null' ? 'null_type' : type.name)
