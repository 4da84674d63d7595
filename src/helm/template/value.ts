/**
 * Go values as a template sees them. `undefined` is Go's invalid value (the result of a pipeline that has none), `null` is a
 * nil interface (an entry or item that holds nil): field access on the first is silent, on the second an error.
 * Numbers of YAML and JSON are float64 and therefore JavaScript numbers; integers are boxed with their Go type.
 * User keys live in Maps only.
 */
import { GoError, LimitExceeded } from './errors.ts'
import type { Origin } from './origin.ts'
import type { Text } from './text.ts'

export type Value = undefined | null | boolean | number | string | Text | Int | List | Dict | Bytes | Struct

export type IntType = 'int' | 'int64' | 'int32' | 'uint8' | 'uint64'

export interface Int {
  readonly tag: 'int'
  readonly type: IntType
  readonly value: bigint
}

/** A slice. `isNil` tells a nil slice from an empty one: only JSON and YAML show the difference. */
export interface List {
  readonly tag: 'list'
  /** Go's name of the type: `[]interface {}`, `[]string`. */
  readonly type: string
  readonly items: Value[]
  readonly origins: (Origin | undefined)[] | undefined
  readonly isNil: boolean
  readonly methods?: Methods
}

export interface Dict {
  readonly tag: 'dict'
  readonly type: string
  readonly entries: Map<string, Value>
  readonly origins: Map<string, Origin>
  readonly isNil: boolean
  readonly methods?: Methods
}

export interface Bytes {
  readonly tag: 'bytes'
  readonly bytes: Uint8Array
}

/** A Go struct, or a pointer to one: fixed fields, methods, its own way to print. */
export interface Struct {
  readonly tag: 'struct'
  readonly type: string
  readonly fields: ReadonlyMap<string, Value>
  readonly methods?: Methods
  /** The String method. */
  readonly print?: () => string
  /** What encoding/json makes of it, when that is not the fields. */
  readonly json?: () => Value
  /** What only the functions of this package know about it: an instant, a version. */
  readonly inner?: unknown
}

/** A method: its parameters by Go type, and what it does with the checked arguments. */
export interface Method {
  readonly params: readonly ('string' | 'version')[]
  readonly run: (args: readonly Value[]) => Value
}
export type Methods = ReadonlyMap<string, Method>

export const MAP_TYPE = 'map[string]interface {}'
const LIST_TYPE = '[]interface {}'

export const int = (value: number | bigint): Int => ({ tag: 'int', type: 'int', value: BigInt(value) })
export const int64 = (value: number | bigint): Int => ({
  tag: 'int',
  type: 'int64',
  value: BigInt.asIntN(64, BigInt(value)),
})

export const list = (items: Value[], origins?: (Origin | undefined)[]): List => ({
  tag: 'list',
  type: LIST_TYPE,
  items,
  origins,
  isNil: false,
})
export const typedList = (type: string, items: Value[], origins?: (Origin | undefined)[]): List => ({
  tag: 'list',
  type,
  items,
  origins,
  isNil: false,
})
export const nilList = (type = LIST_TYPE): List => ({
  tag: 'list',
  type,
  items: [],
  origins: undefined,
  isNil: true,
})

export const dict = (
  entries: Map<string, Value> = new Map(),
  origins: Map<string, Origin> = new Map(),
): Dict => ({
  tag: 'dict',
  type: MAP_TYPE,
  entries,
  origins,
  isNil: false,
})
export const nilDict = (): Dict => ({
  tag: 'dict',
  type: MAP_TYPE,
  entries: new Map(),
  origins: new Map(),
  isNil: true,
})

export const bytes = (value: Uint8Array): Bytes => ({ tag: 'bytes', bytes: value })

export const isText = (value: Value): value is Text =>
  typeof value === 'object' && value !== null && value.tag === 'text'
export const isString = (value: Value): value is string | Text => typeof value === 'string' || isText(value)
export const isInt = (value: Value): value is Int =>
  typeof value === 'object' && value !== null && value.tag === 'int'
export const isList = (value: Value): value is List =>
  typeof value === 'object' && value !== null && value.tag === 'list'
export const isDict = (value: Value): value is Dict =>
  typeof value === 'object' && value !== null && value.tag === 'dict'
export const isBytes = (value: Value): value is Bytes =>
  typeof value === 'object' && value !== null && value.tag === 'bytes'
export const isStruct = (value: Value): value is Struct =>
  typeof value === 'object' && value !== null && value.tag === 'struct'

/** Sets an entry together with its origin. */
export function setEntry(into: Dict, key: string, value: Value, origin: Origin | undefined): void {
  into.entries.set(key, value)
  if (origin) into.origins.set(key, origin)
  else into.origins.delete(key)
}

export function deleteEntry(from: Dict, key: string): void {
  from.entries.delete(key)
  from.origins.delete(key)
}

/** A copy whose containers are new and whose origins are kept; `depth` bounds values that contain themselves. */
export function deepCopy(value: Value, depth = 0): Value {
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) throw new RangeError('value is nested too deeply')
  if (value.tag === 'dict') {
    const entries = new Map<string, Value>()
    value.entries.forEach((it, key) => {
      entries.set(key, isContainer(it) ? deepCopy(it, depth + 1) : it)
    })
    return { ...value, entries, origins: copyMap(value.origins) }
  }
  if (value.tag === 'list') {
    const items = value.items.some(isContainer)
      ? value.items.map(it => deepCopy(it, depth + 1))
      : value.items.slice()
    return { ...value, items, origins: value.origins?.slice() }
  }
  return value
}

const isContainer = (value: Value): value is Dict | List =>
  typeof value === 'object' && value !== null && (value.tag === 'dict' || value.tag === 'list')

/** As `new Map(map)` does, in half of the time; loops over maps make a pair of each entry until they are optimised. */
export function copyMap<K, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  const copy = new Map<K, V>()
  map.forEach((it, key) => {
    copy.set(key, it)
  })
  return copy
}

export const MAX_DEPTH = 500

/** Values larger than this are neither printed nor copied: shared parts count as often as they are met. */
const MAX_NODES = 1_000_000

/** Number of entries and items below a value. Throws for values that contain themselves, or are bombs. */
export function sizeOf(value: Value): number {
  return isContainer(value) ? countNodes(value, 0, 0) : 1
}

function countNodes(value: Dict | List, before: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new GoError('value is nested too deeply')
  let count = before + (value.tag === 'dict' ? value.entries.size : value.items.length)
  if (count > MAX_NODES) throw new LimitExceeded(`a value has more than ${MAX_NODES} parts`)
  const add = (it: Value): void => {
    if (isContainer(it)) count = countNodes(it, count, depth + 1)
  }
  if (value.tag === 'dict') value.entries.forEach(add)
  else value.items.forEach(add)
  return count
}

/** reflect.Kind by name. */
export function kindOf(value: Value): string {
  if (value === undefined || value === null) return 'invalid'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return 'float64'
  switch (value.tag) {
    case 'text':
      return 'string'
    case 'int':
      return value.type
    case 'list':
    case 'bytes':
      return 'slice'
    case 'dict':
      return 'map'
    default:
      return value.type.startsWith('*') ? 'ptr' : 'struct'
  }
}

/** The type as `%T` prints it. */
export function typeOf(value: Value): string {
  if (value === undefined || value === null) return '<nil>'
  if (typeof value !== 'object') return kindOf(value)
  switch (value.tag) {
    case 'text':
      return 'string'
    case 'bytes':
      return '[]uint8'
    default:
      return value.type
  }
}

/** Go knows nothing of the type of what is in it. */
export function holdsInterfaces(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (value.tag === 'list') return value.type === LIST_TYPE
  return value.tag === 'dict' && (value.type === MAP_TYPE || value.type.endsWith('.Values'))
}

/** text/template's truth: zero, empty and nil are false, structs are true. */
export function isTrue(value: Value): boolean {
  if (value === undefined || value === null) return false
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      return value !== ''
    case 'number':
      return value !== 0
  }
  switch (value.tag) {
    case 'text':
      return value.text !== ''
    case 'int':
      return value.value !== 0n
    case 'list':
      return value.items.length > 0
    case 'dict':
      return value.entries.size > 0
    case 'bytes':
      return value.bytes.length > 0
    case 'struct':
      return true
  }
}

/** Order of UTF-8 bytes, which differs from that of UTF-16 units only around surrogates. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    const high = x >= 0xd800 && x <= 0xdfff
    return high === (y >= 0xd800 && y <= 0xdfff) ? x - y : high ? 1 : -1
  }
  return a.length - b.length
}

export function sortedKeys({ entries }: Dict): string[] {
  const keys = [...entries.keys()]
  return keys.length < 2 ? keys : keys.sort(compareBytes)
}
