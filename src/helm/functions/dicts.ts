/** sprig's functions on dicts. Entries keep their origins; `set`, `unset` and `merge` change the dict they are given. */
import { type Call, type FunctionTable, fn, fnRest } from '../template/call.ts'
import { derive } from '../template/derivation.ts'
import { GoError } from '../template/errors.ts'
import { toPlainText } from '../template/format.ts'
import { plainText } from '../template/text.ts'
import {
  type Dict,
  deleteEntry,
  dict,
  isDict,
  isString,
  list,
  setEntry,
  sortedKeys,
  typedList,
  typeOf,
  type Value,
} from '../template/value.ts'
import { mergeDicts } from './merge.ts'

const merge = (mode: 'fill' | 'overwrite') =>
  fnRest(['map'], 'map', (call, sources, target) => {
    call.origin = call.origins[0]
    const into = target.isNil ? dict() : target
    for (const source of sources) mergeDicts(call, into, source, mode)
    return into
  })

export const dictFunctions: FunctionTable = {
  dict: fnRest([], 'any', (call, values) => buildDict(call, values)),
  get: fn(['map', 'string'], (call, from, key) => {
    call.origin = from.origins.get(key)
    return from.entries.has(key) ? (from.entries.get(key) ?? null) : ''
  }),
  set: fn(['map', 'string', 'any'], (call, into, key, value) => {
    if (into.isNil) throw new GoError('assignment to entry in nil map')
    call.origin = call.origins[0]
    setEntry(into, key, value, derive(call.origins[2], call.guard))
    return into
  }),
  unset: fn(['map', 'string'], (call, from, key) => {
    call.origin = call.origins[0]
    deleteEntry(from, key)
    return from
  }),
  hasKey: fn(['map', 'string'], (_, from, key) => from.entries.has(key)),
  pluck: fnRest(['string'], 'map', (_, dicts, key) => {
    const holders = dicts.filter(it => it.entries.has(key))
    return list(
      holders.map(it => it.entries.get(key)),
      holders.map(it => it.origins.get(key)),
    )
  }),
  keys: fnRest([], 'map', (_, dicts) => typedList('[]string', dicts.flatMap(sortedKeys))),
  values: fn(['map'], (_, from) => {
    const keys = sortedKeys(from)
    return list(
      keys.map(it => from.entries.get(it)),
      keys.map(it => from.origins.get(it)),
    )
  }),
  pick: fnRest(['map'], 'string', (call, keys, from) => {
    const wanted = new Set(keys)
    call.origin = call.origins[0]
    return selectEntries(from, it => wanted.has(it))
  }),
  omit: fnRest(['map'], 'string', (call, keys, from) => {
    const unwanted = new Set(keys)
    call.origin = call.origins[0]
    return selectEntries(from, it => !unwanted.has(it))
  }),
  merge: merge('fill'),
  mustMerge: merge('fill'),
  mergeOverwrite: merge('overwrite'),
  mustMergeOverwrite: merge('overwrite'),
  dig: fnRest([], 'any', (call, values) => dig(call, values)),
}

function buildDict(call: Call, values: readonly Value[]): Dict {
  const built = dict()
  call.origin = null
  for (let i = 0; i < values.length; i += 2)
    setEntry(built, toPlainText(values[i]), i + 1 < values.length ? values[i + 1] : '', call.origins[i + 1])
  return built
}

function selectEntries(from: Dict, keep: (key: string) => boolean): Dict {
  const built = dict()
  for (const [key, value] of from.entries) if (keep(key)) setEntry(built, key, value, from.origins.get(key))
  return built
}

/** Follows keys into nested dicts; the last argument is the dict, the one before the value when a key is missing. */
function dig(call: Call, values: readonly Value[]): Value {
  if (values.length < 3) throw new GoError('dig needs at least three arguments')
  const last = values.length - 1
  let holder = digDict(values[last])
  const keys = values.slice(0, last - 1).map(it => {
    if (isString(it)) return plainText(it)
    throw new GoError(`interface conversion: interface {} is ${conversion(it)}, not string`)
  })
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    if (!holder.entries.has(key)) {
      call.origin = call.origins[last - 1]
      return values[last - 1]
    }
    if (i === keys.length - 1) {
      call.origin = holder.origins.get(key)
      return holder.entries.get(key) ?? null
    }
    holder = digDict(holder.entries.get(key))
  }
  return null
}

function digDict(value: Value): Dict {
  if (isDict(value) && value.type === 'map[string]interface {}') return value
  throw new GoError(`interface conversion: interface {} is ${conversion(value)}, not map[string]interface {}`)
}

const conversion = (value: Value): string => (value === null || value === undefined ? 'nil' : typeOf(value))
