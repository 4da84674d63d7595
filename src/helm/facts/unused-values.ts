/** Keys of values that no template of the chart or of a sub-chart can read, with whatever values. */
import { isAbsolutePath, pathBelow } from '../../text/paths.ts'
import type { Location } from '../../text/source.ts'
import type { Chart } from '../chart.ts'
import type { Origin } from '../template/origin.ts'
import { type Dict, isDict } from '../template/value.ts'
import { parseValuesFile } from '../values-yaml.ts'
import type { ChartParts } from './chart-parts.ts'
import { hasPath, readArguments } from './given-values.ts'
import type { NamedKeys } from './named-keys.ts'
import { type NamedValues, withNamedAbove } from './named-values.ts'

export interface UnusedValue {
  /** The key. */
  readonly location: Location
  readonly path: readonly string[]
  /** Keys that templates read in the same map: one of a like name was meant. */
  readonly read: ReadonlySet<string>
  /**
   * Of values.yaml, of other files of the chart, which are for nothing but it, and of files and arguments from outside,
   * which may be for several charts.
   */
  readonly from: 'defaults' | 'chart' | 'outside'
}

/** The topmost keys; nothing where sub-charts are missing, or values are handed on to where they have other names. */
export function listUnusedValues(parts: ChartParts, named: NamedValues): UnusedValue[] {
  const { chart, missing, listChartsAbove } = parts
  if (!chart || missing.length > 0 || chart.metadata.type === 'library' || importsValues(chart)) return []
  const found = collectAll(parts, chart, named.keys)
  const above = found.length === 0 ? [] : listChartsAbove()
  return above.length === 0 ? found : collectAll(parts, chart, withNamedAbove(named.keys, chart, above))
}

function collectAll(parts: ChartParts, { values }: Chart, keys: NamedKeys): UnusedValue[] {
  const found: UnusedValue[] = []
  if (keys.isNamed) return found
  collect(values, { above: [], keys, from: 'defaults', found })
  collectGiven(parts, keys, found)
  return found
}

/** Of keys that values.yaml has as well, those there are said. */
function collectGiven(
  { chart, folder, valuesFiles, arguments: given }: ChartParts,
  keys: NamedKeys,
  found: UnusedValue[],
): void {
  const others: UnusedValue[] = []
  for (const source of valuesFiles) {
    const from = isBelow(folder, source.id) ? 'chart' : 'outside'
    collect(parseValuesFile(source).values, { above: [], keys, from, found: others })
  }
  collect(readArguments(given), { above: [], keys, from: 'outside', found: others })
  const isOwn = (path: readonly string[]): boolean => hasPath(chart!.values, path)
  const told = new Set<string>()
  for (const it of others) {
    const place = `${it.location.source.id}:${it.location.span.start}`
    if (!isOwn(it.path) && !told.has(place)) found.push(it)
    told.add(place)
  }
}

/** Ids are paths from where plimsoll runs, which may be the chart's folder itself. */
function isBelow(folder: string, id: string): boolean {
  const path = pathBelow(folder, id)
  return path !== undefined && !isAbsolutePath(path) && !path.startsWith('../')
}

interface Walk extends Pick<UnusedValue, 'from'> {
  readonly above: readonly string[]
  /** What is named below these values. */
  readonly keys: NamedKeys
  readonly found: UnusedValue[]
}

function collect(values: Dict, walk: Walk): void {
  const { above, keys, from, found } = walk
  values.entries.forEach((value, key) => {
    const named = keys.below?.get(key)
    if (named?.isNamed || isForParents(above, key)) return
    const path = [...above, key]
    if (named) {
      if (isDict(value)) collect(value, { ...walk, above: path, keys: named })
      return
    }
    const location = placeOf(values.origins.get(key))
    if (location) found.push({ location, path, from, read: new Set(keys.below?.keys()) })
  })
}

/** What charts above this one read: the condition of their dependency, what they import, and values that all share. */
const isForParents = ([first]: readonly string[], key: string): boolean =>
  first === undefined
    ? key === 'global' || key === 'tags' || key === 'enabled' || key === 'exports'
    : first === 'global' || first === 'tags'

/** The key, or the argument; undefined for what an anchor lends to other keys, or takes from them. */
function placeOf(origin: Origin | undefined): Location | undefined {
  if (origin?.kind !== 'values') return undefined
  const { source, key, value } = origin
  if (!key) return source.id.startsWith('--') ? { source, span: value } : undefined
  if (
    value.start < key.start ||
    /^[^\n]*:\s*(?:#[^\n]*\n\s*)*[&*]/.test(source.text.slice(key.start, value.end + 1))
  )
    return undefined
  return { source, span: key }
}

const importsValues = (chart: Chart): boolean =>
  (chart.metadata.dependencies ?? []).some(it => it.importValues.length > 0) ||
  chart.charts.some(importsValues)
