/** cel-go's extension for lists as sets. */
import { isEqual } from '../equality.ts'
import { global, type Overload } from '../functions.ts'
import { BOOL, listOf, param } from '../types.ts'
import type { Value } from '../values.ts'

type List = readonly Value[]

const LIST = listOf(param('T'))

const contains = (list: List, part: List): boolean => part.every(it => list.some(other => isEqual(other, it)))

export const sets: readonly Overload[] = [
  global('sets.contains', [LIST, LIST], BOOL, contains),
  global('sets.equivalent', [LIST, LIST], BOOL, (a: List, b: List) => contains(a, b) && contains(b, a)),
  global('sets.intersects', [LIST, LIST], BOOL, (a: List, b: List) =>
    a.some(it => b.some(other => isEqual(it, other))),
  ),
]
