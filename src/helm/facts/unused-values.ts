/** Keys of values.yaml that no template of the chart or of a sub-chart can read, with whatever values. */
import type { Location } from '../../text/source.ts'
import type { Chart } from '../chart.ts'
import type { Origin } from '../template/origin.ts'
import { type Dict, isDict } from '../template/value.ts'
import type { ChartParts } from './chart-parts.ts'
import type { NamedKeys } from './named-keys.ts'
import type { NamedValues } from './named-values.ts'

export interface UnusedValue {
  /** The key. */
  readonly location: Location
  readonly path: readonly string[]
}

/** The topmost keys; nothing where sub-charts are missing, or values are handed on to where they have other names. */
export function listUnusedValues({ chart, missing }: ChartParts, named: NamedValues): UnusedValue[] {
  if (!chart || missing.length > 0 || chart.metadata.type === 'library' || importsValues(chart)) return []
  const found: UnusedValue[] = []
  if (!named.keys.isNamed) collect(chart.values, [], named.keys, found)
  return found
}

/** `keys` are what is named below the values. */
function collect(values: Dict, above: readonly string[], keys: NamedKeys, found: UnusedValue[]): void {
  values.entries.forEach((value, key) => {
    const named = keys.below?.get(key)
    if (named?.isNamed || isForParents(above, key)) return
    if (named) {
      if (isDict(value)) collect(value, [...above, key], named, found)
      return
    }
    const location = placeOf(values.origins.get(key))
    if (location) found.push({ location, path: [...above, key] })
  })
}

/** What charts above this one read: the condition of their dependency, and values that all of them share. */
const isForParents = ([first]: readonly string[], key: string): boolean => {
  if (first === undefined) return key === 'global' || key === 'tags' || key === 'enabled'
  return first === 'global' || first === 'tags'
}

/** Undefined for what an anchor lends to other keys, or takes from them. */
function placeOf(origin: Origin | undefined): Location | undefined {
  if (origin?.kind !== 'values' || !origin.key) return undefined
  const { source, key, value } = origin
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
