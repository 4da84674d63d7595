/** Optional values. `optMap` and `optFlatMap` are macros. */
import { isEqual } from '../equality.ts'
import { Fault } from '../fault.ts'
import { builtin, global, method, type Overload } from '../functions.ts'
import { BOOL, INT, listOf, mapOf, optionalOf, param, type Type } from '../types.ts'
import { Double, Duration, Optional, Timestamp, Uint, type Value } from '../values.ts'

const V = param('V')
const K = param('K')
const OPTIONAL: Type = optionalOf(V)
const LIST = listOf(V)
const MAP = mapOf(K, V)

/** Zero, empty, or nothing. */
function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0 || value === '') return true
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0
  if (value instanceof Map) return value.size === 0
  if (value instanceof Double || value instanceof Uint) return isEqual(value, 0)
  if (value instanceof Duration) return value.nanos === 0n
  // Go counts from the year 1.
  if (value instanceof Timestamp) return value.nanos === -62_135_596_800_000_000_000n
  return value instanceof Optional && value.value === undefined
}

function heldBy({ value }: Optional): Value {
  if (value === undefined) throw new Fault('optional.none() dereference')
  return value
}

const at = (list: readonly Value[], index: number): Optional => {
  const value = list.at(index)
  return value === undefined ? Optional.none : new Optional(value)
}

const unwrap = (list: readonly Value[]): Value[] =>
  list.flatMap(it => (it instanceof Optional && it.value !== undefined ? [it.value] : []))

export const optionals: readonly Overload[] = [
  global('optional.of', [V], OPTIONAL, (value: Value) => new Optional(value)),
  global('optional.none', [], OPTIONAL, () => Optional.none),
  global('optional.ofNonZeroValue', [V], OPTIONAL, (value: Value) =>
    isZero(value) ? Optional.none : new Optional(value),
  ),
  method('hasValue', [OPTIONAL], BOOL, ({ value }: Optional) => value !== undefined),
  method('value', [OPTIONAL], V, heldBy),
  method('or', [OPTIONAL, OPTIONAL], OPTIONAL, (a: Optional, b: Optional) => (a.value === undefined ? b : a)),
  method('orValue', [OPTIONAL, V], V, ({ value }: Optional, other: Value) => orElse(value, other)),
  builtin('_[_]', [optionalOf(LIST), INT], OPTIONAL),
  builtin('_[_]', [optionalOf(MAP), K], OPTIONAL),
  builtin('_[?_]', [LIST, INT], OPTIONAL),
  builtin('_[?_]', [optionalOf(LIST), INT], OPTIONAL),
  builtin('_[?_]', [MAP, K], OPTIONAL),
  builtin('_[?_]', [optionalOf(MAP), K], OPTIONAL),
]

/** Null is a value that an optional may hold. */
const orElse = (value: Value | undefined, other: Value): Value => (value === undefined ? other : value)

/** The second version of the library, which Kubernetes does not have. */
export const optionalsV2: readonly Overload[] = [
  method('first', [LIST], OPTIONAL, (list: readonly Value[]) => at(list, 0)),
  method('last', [LIST], OPTIONAL, (list: readonly Value[]) => at(list, -1)),
  global('optional.unwrap', [listOf(OPTIONAL)], LIST, unwrap),
  method('unwrapOpt', [listOf(OPTIONAL)], LIST, unwrap),
]
