/**
 * Merging of values over a tree of charts (pkg/chart/common/util/coalesce.go). Tables are shared and changed exactly
 * where Helm shares and changes them: templates that call `set` see the difference.
 */
import { ChartError } from './chart.ts'
import type { ChartNode } from './chart-tree.ts'
import type { Origin } from './template/origin.ts'
import {
  copyMap,
  type Dict,
  deepCopy,
  deleteEntry,
  dict,
  isDict,
  MAX_DEPTH,
  setEntry,
  sortedKeys,
  type Value,
} from './template/value.ts'

/** `coalesce`: null removes a default. `merge`: null is kept for a later coalescing. */
export type CoalesceMode = 'coalesce' | 'merge'

/** Values of the user over the defaults of a chart and its sub-charts. */
export function coalesceValues(node: ChartNode, values: Dict, mode: CoalesceMode): Dict {
  return coalesce(node, deepCopy(values) as Dict, mode)
}

function coalesce(node: ChartNode, into: Dict, mode: CoalesceMode): Dict {
  coalesceOwn(node, into, mode)
  for (const child of node.children) {
    if (!into.entries.has(child.name)) setEntry(into, child.name, dict(), undefined)
    const table = into.entries.get(child.name)
    if (!isDict(table))
      throw new ChartError(
        'values-invalid',
        `type mismatch on ${child.name}: the values of a sub-chart must be a map`,
      )
    coalesceGlobals(table, into)
    const origin = into.origins.get(child.name)
    setEntry(into, child.name, coalesce(child, table, mode), origin)
  }
  return into
}

const put = (into: Dict, key: string, from: Dict): void =>
  setEntry(into, key, from.entries.get(key), from.origins.get(key))

function coalesceOwn(node: ChartNode, into: Dict, mode: CoalesceMode): void {
  const defaults = deepCopy(node.values) as Dict
  for (const key of sortedKeys(defaults)) {
    const value = defaults.entries.get(key)
    if (!into.entries.has(key)) {
      put(into, key, defaults)
      continue
    }
    const given = into.entries.get(key)
    if (given === null && mode === 'coalesce') deleteEntry(into, key)
    else if (isDict(given) && isDict(value)) {
      const isChild = node.children.some(it => it.name === key)
      coalesceTables(given, value, isChild ? 'merge' : mode)
    }
  }
}

function coalesceGlobals(into: Dict, from: Dict): void {
  const own = into.entries.has('global') ? into.entries.get('global') : dict()
  const given = from.entries.has('global') ? from.entries.get('global') : dict()
  if (!isDict(own) || !isDict(given)) return
  for (const key of sortedKeys(given)) {
    const value = given.entries.get(key)
    const present = own.entries.get(key)
    if (isDict(value)) {
      const copy = dict(copyMap(value.entries), copyMap(value.origins))
      if (isDict(present)) coalesceTables(copy, present, 'merge')
      if (isDict(present) || !own.entries.has(key)) setEntry(own, key, copy, given.origins.get(key))
    } else if (!isDict(present)) put(own, key, given)
  }
  setEntry(into, 'global', own, into.origins.get('global') ?? from.origins.get('global'))
}

/** CoalesceTables and MergeTables: `into` wins. `from` is changed, too. */
export function coalesceTables(into: Dict, from: Dict, mode: CoalesceMode, depth = 0): Dict {
  if (depth > MAX_DEPTH) throw new ChartError('values-invalid', 'values are nested too deeply')
  const removed = new Set<string>()
  for (const [key, value] of into.entries)
    if (value === null) {
      if (from.entries.has(key) && from.entries.get(key) !== null) removed.add(key)
      setEntry(from, key, null, into.origins.get(key))
    }
  for (const key of sortedKeys(from)) {
    const value: Value = from.entries.get(key)
    const present = into.entries.get(key)
    if (!into.entries.has(key)) put(into, key, from)
    else if (mode === 'coalesce' && present === null && removed.has(key)) deleteEntry(into, key)
    else if (isDict(value) && isDict(present)) coalesceTables(present, value, mode, depth + 1)
  }
  return into
}

/** Helm 4.2: nulls that are left anywhere are removed. */
export function removeNulls(values: Dict): void {
  for (const [key, value] of [...values.entries]) {
    if (value === null) deleteEntry(values, key)
    else if (isDict(value)) removeNulls(value)
  }
}

/** The table at a dotted path. */
export function findTable(values: Dict, path: string): Dict | undefined {
  let table: Dict = values
  for (const step of path.split('.')) {
    const next = table.entries.get(step)
    if (!isDict(next)) return undefined
    table = next
  }
  return table
}

/** Values.PathValue: what stands at a dotted path, undefined when nothing or a table does. */
export function findValueAt(values: Dict, path: string): Value {
  const value = findSlot(values, path)?.value
  return isDict(value) ? undefined : value
}

/** What stands at a dotted path, and where it comes from. */
export function findSlot(
  values: Dict,
  path: string,
): { readonly value: Value; readonly origin: Origin | undefined } | undefined {
  const dot = path.lastIndexOf('.')
  const table = dot < 0 ? values : findTable(values, path.slice(0, dot))
  const last = path.slice(dot + 1)
  return table && { value: table.entries.get(last), origin: table.origins.get(last) }
}
