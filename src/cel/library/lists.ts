/** Lists: Kubernetes' own functions, and cel-go's extension, which came with 1.34. */
import { compare, isEqual } from '../equality.ts'
import { sortByKeys } from '../evaluate-folds.ts'
import { Fault } from '../fault.ts'
import { global, method, type Overload } from '../functions.ts'
import { add } from '../operators.ts'
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  param,
  STRING,
  TIMESTAMP,
  type Type,
  UINT,
} from '../types.ts'
import { Double, Duration, Uint, type Value } from '../values.ts'

type List = readonly Value[]
type Int = number | bigint

const T = param('T')
const LIST = listOf(T)
const COMPARABLE: readonly Type[] = [BOOL, INT, UINT, DOUBLE, STRING, BYTES, TIMESTAMP, DURATION]
const SUMMABLE: readonly (readonly [Type, Value])[] = [
  [INT, 0],
  [UINT, new Uint(0n)],
  [DOUBLE, new Double(0)],
  [DURATION, new Duration(0n)],
]

const isSorted = (list: List): boolean => list.every((it, i) => i === 0 || compare(list[i - 1]!, it) <= 0)

function extreme(list: List, sign: number, name: string): Value {
  if (list.length === 0) throw new Fault(`${name} called on empty list`)
  return list.reduce((best, it) => (compare(it, best) * sign > 0 ? it : best))
}

/** By hand: positions of a part in an own type of list, or in a text, which has functions of the same name. */
const indexOf = (list: List, item: Value): number => list.findIndex(it => isEqual(it, item))
const lastIndexOf = (list: List, item: Value): number => list.findLastIndex(it => isEqual(it, item))

/** Since 1.24. */
export const kubernetesLists: readonly Overload[] = [
  ...COMPARABLE.flatMap(it => [
    method('isSorted', [listOf(it)], BOOL, isSorted),
    method('min', [listOf(it)], it, (list: List) => extreme(list, -1, 'min')),
    method('max', [listOf(it)], it, (list: List) => extreme(list, 1, 'max')),
  ]),
  ...SUMMABLE.map(([type, zero]) =>
    method('sum', [listOf(type)], type, (list: List) => list.reduce(add, zero)),
  ),
  method('indexOf', [LIST, T], INT, indexOf),
  method('lastIndexOf', [LIST, T], INT, lastIndexOf),
]

/** Since 1.37. */
export const includes: readonly Overload[] = [
  method('includes', [DYN, DYN], BOOL, (container: Value, item: Value) =>
    Array.isArray(container) ? indexOf(container, item) >= 0 : isEqual(container, item),
  ),
]

function slice(list: List, start: Int, end: Int): Value {
  if (start < 0 || end < 0) throw new Fault(`cannot slice(${start}, ${end}), negative indexes not supported`)
  if (start > end)
    throw new Fault(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`)
  if (list.length < end) throw new Fault(`cannot slice(${start}, ${end}), list is length ${list.length}`)
  return list.slice(Number(start), Number(end))
}

function flatten(list: List, depth: Int = 1): Value[] {
  if (depth < 0) throw new Fault('level must be non-negative')
  return list.flatMap(it => {
    if (!Array.isArray(it)) return [it]
    return depth > 1 ? flatten(it, Number(depth) - 1) : depth === 1 ? (it as List) : [it as List]
  })
}

function distinct(list: List): Value[] {
  const seen: Value[] = []
  const scalars = new Set<Value>()
  for (const it of list) {
    if (typeof it === 'string' || typeof it === 'number') {
      if (scalars.has(it)) continue
      scalars.add(it)
    }
    if (!seen.some(other => isEqual(other, it))) seen.push(it)
  }
  return seen
}

/** More would not fit into any budget. */
const MAX_RANGE = 1_000_000

function range(count: Int): number[] {
  if (count > MAX_RANGE) throw new Fault(`range of ${count} exceeds the limit of ${MAX_RANGE}`)
  return Array.from({ length: Math.max(0, Number(count)) }, (_, i) => i)
}

const sort = (list: List): Value[] => sortByKeys(list.map(item => ({ item, key: item })))

/** Since 1.34; `sortBy` is a macro. */
export const lists: readonly Overload[] = [
  method('slice', [LIST, INT, INT], LIST, slice),
  method('flatten', [listOf(LIST)], LIST, (list: List) => flatten(list)),
  method('flatten', [listOf(DYN)], listOf(DYN), (list: List) => flatten(list)),
  method('flatten', [listOf(DYN), INT], listOf(DYN), flatten),
  method('distinct', [LIST], LIST, distinct),
  method('reverse', [LIST], LIST, (list: List) => [...list].reverse()),
  ...COMPARABLE.map(it => method('sort', [listOf(it)], listOf(it), sort)),
  global('lists.range', [INT], listOf(INT), range),
]
