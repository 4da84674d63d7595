/** sprig's functions on lists. Items keep their origins. */
import { type Call, type FunctionTable, fn, fnRest, type GoFunction } from '../template/call.ts'
import { isDeepEqual } from '../template/compare.ts'
import { GoError } from '../template/errors.ts'
import { toText } from '../template/format.ts'
import type { Origin } from '../template/origin.ts'
import { plainText } from '../template/text.ts'
import { compareBytes, int, isList, kindOf, list, nilList, typedList, type Value } from '../template/value.ts'
import { toInt64 } from './cast.ts'
import { isEmpty } from './defaults.ts'
import { findItems, type Items, itemsOf, NIL_DEREFERENCE, stringItems } from './items.ts'

const build = fnRest([], 'any', (call, values) => {
  call.origin = null
  return list([...values], [...call.origins])
})

const push = fn(['any', 'any'], (call, value, item) => {
  const { items, origins } = itemsOf(value, 'push on')
  call.charge(items.length * 20)
  return list([...items, item], [...originsOf(items, origins), call.origins[1]])
})
const prepend = fn(['any', 'any'], (call, value, item) => {
  const { items, origins } = itemsOf(value, 'prepend on')
  call.charge(items.length * 20)
  return list([item, ...items], [call.origins[1], ...originsOf(items, origins)])
})
const first = fn(['any'], (call, value) => pickItem(call, itemsOf(value, 'find first on'), 0))
const last = fn(['any'], (call, value) => {
  const found = itemsOf(value, 'find last on')
  return pickItem(call, found, found.items.length - 1)
})
const rest = fn(['any'], (_, value) => {
  const found = itemsOf(value, 'find rest on')
  return found.items.length === 0 ? nilList() : cut(found, 1, found.items.length)
})
const initial = fn(['any'], (_, value) => {
  const found = itemsOf(value, 'find initial on')
  return found.items.length === 0 ? nilList() : cut(found, 0, found.items.length - 1)
})
const reverse = fn(['any'], (_, value) => {
  const { items, origins } = itemsOf(value, 'find reverse on')
  return list([...items].reverse(), origins && [...origins].reverse())
})
const compact = fn(['any'], (_, value) => filterItems(itemsOf(value, 'compact on'), it => !isEmpty(it)))
const uniq = fn(['any'], (call, value) => {
  const found = itemsOf(value, 'find uniq on')
  const kept: Value[] = []
  return filterItems(found, it => {
    call.charge(kept.length)
    if (kept.some(other => isDeepEqual(it, other))) return false
    kept.push(it)
    return true
  })
})
const without = fnRest(['any'], 'any', (_, omitted, value) =>
  filterItems(itemsOf(value, 'find without on'), it => !omitted.some(other => isDeepEqual(it, other))),
)
const has = fn(['any', 'any'], (_, needle, value) =>
  value === null ? false : itemsOf(value, 'find has on').items.some(it => isDeepEqual(needle, it)),
)
const slice = fnRest(['any'], 'any', (call, indices, value) => sliceList(call, value, indices))
const chunk = fn(['int', 'any'], (call, size, value) => chunks(call, size, value))

export const listFunctions: FunctionTable = {
  list: build,
  tuple: build,
  ...both('append', push),
  ...both('push', push),
  ...both('prepend', prepend),
  ...both('first', first),
  ...both('last', last),
  ...both('rest', rest),
  ...both('initial', initial),
  ...both('reverse', reverse),
  ...both('compact', compact),
  ...both('uniq', uniq),
  ...both('without', without),
  ...both('has', has),
  ...both('slice', slice),
  ...both('chunk', chunk),
  concat: fnRest([], 'any', (call, values) => concat(call, values)),
  sortAlpha: fn(['any'], (call, value) => {
    const found = value === null ? [{ text: toText(value), origin: undefined }] : stringItems(value)
    const characters = found.reduce((sum, it) => sum + plainText(it.text).length, 0)
    call.charge(found.length * 60 + characters * Math.ceil(Math.log2(found.length + 1)))
    const items = found.sort((a, b) => compareBytes(plainText(a.text), plainText(b.text)))
    return typedList(
      '[]string',
      items.map(it => it.text),
      items.map(it => it.origin),
    )
  }),
  until: fn(['int'], (call, count) => numbers(call, 0, count, count < 0 ? -1 : 1)),
  untilStep: fn(['int', 'int', 'int'], (call, start, stop, step) => numbers(call, start, stop, step)),
  seq: fnRest([], 'int', (call, params) => sequence(call, params)),
}

/** The function and its `must…` twin, which differs only in how Go reports the error. */
function both(name: string, implementation: GoFunction): FunctionTable {
  return { [name]: implementation, [`must${name[0]!.toUpperCase()}${name.slice(1)}`]: implementation }
}

const originsOf = (items: readonly Value[], origins: readonly (Origin | undefined)[] | undefined) =>
  origins ?? new Array<undefined>(items.length).fill(undefined)

function pickItem(call: Call, found: Items, index: number): Value {
  if (found.items.length === 0) return null
  call.origin = found.origins?.[index]
  return found.items[index] ?? null
}

const cut = ({ items, origins }: Items, start: number, end: number) =>
  list(items.slice(start, end), origins?.slice(start, end))

function filterItems({ items, origins }: Items, keep: (item: Value) => boolean): Value {
  const kept: Value[] = []
  const from: (Origin | undefined)[] = []
  items.forEach((item, i) => {
    if (!keep(item ?? null)) return
    kept.push(item)
    from.push(origins?.[i])
  })
  return list(kept, from)
}

function concat(call: Call, values: readonly Value[]): Value {
  const items: Value[] = []
  const origins: (Origin | undefined)[] = []
  for (const value of values) {
    const found = findItems(value)
    if (!found && (value === null || value === undefined)) throw new GoError(NIL_DEREFERENCE)
    if (!found) throw new GoError(`Cannot concat type ${kindOf(value)} as list`)
    call.charge(found.items.length * 20)
    found.items.forEach((item, i) => {
      items.push(item)
      origins.push(found.origins?.[i])
    })
  }
  return items.length === 0 ? nilList() : list(items, origins)
}

function sliceList(call: Call, value: Value, indices: readonly Value[]): Value {
  const found = findItems(value)
  if (!found && (value === null || value === undefined)) throw new GoError(NIL_DEREFERENCE)
  if (!found) throw new GoError(`list should be type of slice or array but ${kindOf(value)}`)
  const length = found.items.length
  if (length === 0) return null
  const start = indices.length > 0 ? Number(toInt64(indices[0])) : 0
  const end = indices.length > 1 ? Number(toInt64(indices[1])) : length
  if (start < 0 || end > length || start > end)
    throw new GoError('reflect.Value.Slice: slice index out of bounds')
  call.origin = call.origins[0]
  const cutList = list(found.items.slice(start, end), found.origins?.slice(start, end))
  return isList(value) ? { ...cutList, type: value.type } : cutList
}

function chunks(call: Call, size: number, value: Value): Value {
  const found = itemsOf(value, 'chunk')
  if (size <= 0) throw new GoError('runtime error: makeslice: len out of range')
  call.charge(found.items.length * 20)
  const parts: Value[] = []
  for (let at = 0; at < found.items.length; at += size)
    parts.push(cut(found, at, Math.min(at + size, found.items.length)))
  return typedList('[][]interface {}', parts)
}

function numbers(call: Call, start: number, stop: number, step: number): Value {
  const items = steps(call, start, stop, step).map(it => int(it))
  return typedList('[]int', items)
}

function steps(call: Call, start: number, stop: number, step: number): number[] {
  const values: number[] = []
  if (stop < start ? step >= 0 : step <= 0) return values
  call.charge(Math.abs((stop - start) / step) * 16)
  if (stop < start) for (let i = start; i > stop; i += step) values.push(i)
  else for (let i = start; i < stop; i += step) values.push(i)
  return values
}

/** sprig's seq, which counts like the shell command. */
function sequence(call: Call, params: readonly number[]): string {
  const [a, b, c] = params
  if (a === undefined || params.length > 3) return ''
  if (b === undefined) {
    const step = a < 1 ? -1 : 1
    return steps(call, 1, a + step, step).join(' ')
  }
  if (c === undefined) {
    const step = b < a ? -1 : 1
    return steps(call, a, b + step, step).join(' ')
  }
  if (c < a) return b > 0 ? '' : steps(call, a, c - 1, b).join(' ')
  return steps(call, a, c + 1, b).join(' ')
}
