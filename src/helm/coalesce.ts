/**
 * Merging of values over a tree of charts (pkg/chart/common/util/coalesce.go). Tables are shared and changed exactly
 * where Helm shares and changes them: templates that call `set` see the difference.
 */
import { ChartError } from './chart.ts'
import type { ChartNode } from './chart-tree.ts'
import { sprintf } from './template/format.ts'
import type { Origin } from './template/origin.ts'
import { plainText } from './template/text.ts'
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

/**
 * Tables of the result that may be changed; all of them where it is undefined. Else the result is to be looked at alone: it
 * shares the tables of defaults and given values, and one is copied when something is merged into it.
 */
type Owned = Set<Dict> | undefined

/** Values of the user over the defaults of a chart and its sub-charts. */
export function coalesceValues(node: ChartNode, values: Dict, mode: CoalesceMode): Dict {
  return coalesce(node, deepCopy(values) as Dict, mode, undefined)
}

/** The same for who only looks at them, without a copy of everything. */
export function lookAtValues(node: ChartNode, values: Dict, mode: CoalesceMode): Dict {
  const into = copyTable(values)
  ownGlobals(into)
  return coalesce(node, into, mode, new Set())
}

function coalesce(node: ChartNode, into: Dict, mode: CoalesceMode, owned: Owned): Dict {
  coalesceOwn(node, into, mode, owned)
  for (const child of node.children) {
    if (!into.entries.has(child.name)) setEntry(into, child.name, dict(), undefined)
    const table = openTable(into, child.name, owned)
    if (!table)
      throw new ChartError(
        'values-invalid',
        `type mismatch on ${child.name}: the values of a sub-chart must be a map`,
        undefined,
        `type mismatch on ${child.name}: ${asBoolean(into.entries.get(child.name))}`,
      )
    if (owned) ownGlobals(table)
    coalesceGlobals(table, into)
    coalesce(child, table, mode, owned)
  }
  return into
}

/** What helm prints of such a value: it takes it to be a boolean. */
function asBoolean(value: Value): string {
  let text = ''
  sprintf('%t', [value], part => {
    text += typeof part === 'string' ? part : plainText(part)
  })
  return text
}

const copyTable = (table: Dict): Dict => dict(copyMap(table.entries), copyMap(table.origins))

/** The table at a key, as one that may be changed. */
function openTable(into: Dict, key: string, owned: Owned): Dict | undefined {
  const table = into.entries.get(key)
  if (!isDict(table)) return undefined
  if (!owned || owned.has(table)) return table
  const copy = copyTable(table)
  owned.add(copy)
  into.entries.set(key, copy)
  return copy
}

/** Charts share the tables of `global`, and what is merged into them in one chart shows in others: they are copied as a whole. */
function ownGlobals(into: Dict): void {
  const globals = into.entries.get(GLOBAL)
  if (isDict(globals)) into.entries.set(GLOBAL, deepCopy(globals))
}

const GLOBAL = 'global'

const put = (into: Dict, key: string, from: Dict): void =>
  setEntry(into, key, from.entries.get(key), from.origins.get(key))

function coalesceOwn({ values, children }: ChartNode, into: Dict, mode: CoalesceMode, shared: Owned): void {
  for (const key of sortedKeys(values)) {
    const value = values.entries.get(key)
    const given = into.entries.get(key)
    const owned = key === GLOBAL ? undefined : shared
    if (!into.entries.has(key)) putDefault(into, key, values, owned)
    else if (given === null && mode === 'coalesce') deleteEntry(into, key)
    else if (isDict(given) && isDict(value)) {
      const isChild = children.some(it => it.name === key)
      mergeDefaults(openTable(into, key, owned)!, value, { mode: isChild ? 'merge' : mode, owned })
    }
  }
}

function putDefault(into: Dict, key: string, defaults: Dict, owned: Owned): void {
  const value = defaults.entries.get(key)
  setEntry(into, key, owned ? value : deepCopy(value, 1), defaults.origins.get(key))
}

interface Merging {
  readonly mode: CoalesceMode
  readonly owned: Owned
}

/** As `coalesceTables`, of defaults that stay as they are: nobody would see them changed. */
function mergeDefaults(into: Dict, defaults: Dict, merging: Merging, depth = 0): void {
  if (depth > MAX_DEPTH) throw tooDeep()
  const { mode, owned } = merging
  for (const key of sortedKeys(defaults)) {
    const value = defaults.entries.get(key)
    const present = into.entries.get(key)
    if (!into.entries.has(key)) putDefault(into, key, defaults, owned)
    else if (mode === 'coalesce' && present === null && value !== null) deleteEntry(into, key)
    else if (isDict(value) && isDict(present))
      mergeDefaults(openTable(into, key, owned)!, value, merging, depth + 1)
  }
}

const tooDeep = (): ChartError => new ChartError('values-invalid', 'values are nested too deeply')

function coalesceGlobals(into: Dict, from: Dict): void {
  const own = into.entries.has('global') ? into.entries.get('global') : dict()
  const given = from.entries.has('global') ? from.entries.get('global') : dict()
  if (!isDict(own) || !isDict(given)) return
  for (const key of sortedKeys(given)) {
    const value = given.entries.get(key)
    const present = own.entries.get(key)
    if (isDict(value)) {
      const copy = copyTable(value)
      if (isDict(present)) coalesceTables(copy, present, 'merge')
      if (isDict(present) || !own.entries.has(key)) setEntry(own, key, copy, given.origins.get(key))
    } else if (!isDict(present)) put(own, key, given)
  }
  setEntry(into, 'global', own, into.origins.get('global') ?? from.origins.get('global'))
}

/** CoalesceTables and MergeTables: `into` wins. `from` is changed, too. */
export function coalesceTables(into: Dict, from: Dict, mode: CoalesceMode, depth = 0): Dict {
  if (depth > MAX_DEPTH) throw tooDeep()
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
  values.entries.forEach((value, key) => {
    if (value === null) deleteEntry(values, key)
    else if (isDict(value)) removeNulls(value)
  })
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
