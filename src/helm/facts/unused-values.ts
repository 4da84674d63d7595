/** Keys of values.yaml that no template of the chart or of a sub-chart can read, with whatever values. */
import type { Location } from '../../text/source.ts'
import { type Chart, sourceOf } from '../chart.ts'
import type { Origin } from '../template/origin.ts'
import { plainText } from '../template/text.ts'
import { type Dict, isDict, isList, isString, type Value } from '../template/value.ts'
import type { ChartParts } from './chart-parts.ts'
import {
  type ChartTemplates,
  listChartTemplates,
  listDefines,
  listNamedTemplates,
  listRunning,
} from './chart-templates.ts'
import { isReadWhole, listNamedValues, listValueReads, pathKey, type ValueRead } from './value-reads.ts'

export interface UnusedValue {
  /** The key. */
  readonly location: Location
  readonly path: readonly string[]
}

/** What templates name, as paths among the values of the outermost chart. */
export interface NamedValues {
  /** Paths that are taken as a whole. */
  readonly whole: ReadonlySet<string>
  /** What is above them. */
  readonly above: ReadonlySet<string>
  /** Reads of the templates that run with the data of the outermost chart. */
  readonly own: readonly ValueRead[]
  /** Those of all charts. */
  readonly all: readonly ValueRead[]
}

/** The topmost keys; nothing where sub-charts are missing, or values are handed on to where they have other names. */
export function listUnusedValues({ chart, missing }: ChartParts, named: NamedValues): UnusedValue[] {
  if (!chart || missing.length > 0 || chart.metadata.type === 'library' || importsValues(chart)) return []
  const found: UnusedValue[] = []
  collect(chart.values, [], named, found)
  return found
}

function collect(values: Dict, above: readonly string[], named: NamedValues, found: UnusedValue[]): void {
  for (const [key, value] of values.entries) {
    const path = [...above, key]
    if (isReadWhole(named.whole, path) || isForParents(path)) continue
    if (named.above.has(pathKey(path))) {
      if (isDict(value)) collect(value, path, named, found)
      continue
    }
    const location = placeOf(values.origins.get(key))
    if (location) found.push({ location, path })
  }
}

/** What charts above this one read: the condition of their dependency, and values that all of them share. */
const isForParents = ([first, ...rest]: readonly string[]): boolean =>
  first === 'global' || first === 'tags' || (first === 'enabled' && rest.length === 0)

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

export function listNamedInChart({ chart, valuesFiles, sets }: ChartParts): NamedValues {
  const whole = new Set<string>()
  const above = new Set<string>()
  const add = (path: readonly string[]): void => {
    whole.add(pathKey(path))
    for (let length = 0; length < path.length; length++) above.add(pathKey(path.slice(0, length)))
  }
  if (!chart) return { whole, above, own: [], all: [] }
  const charts = listChartTemplates(chart, sets[0]?.rendering.templates ?? [])
  const defines = listDefines(charts)
  const isOpened = charts.some(it => it.chart.templates.some(file => sourceOf(file).text.includes('Files')))
  const texts = [
    ...charts.flatMap(it => listStrings(it.chart.values)),
    ...(isOpened ? charts.flatMap(it => listFileTexts(it.chart)) : []),
    ...valuesFiles.map(it => it.text),
  ]
  const extra = texts.flatMap(listNamedTemplates)
  for (const path of texts.flatMap(listNamedValues)) add(path)
  const reads = charts.map((it, i) =>
    listValueReads(listRunning(it, defines, i === 0 ? [...extra, ...listOwnDefines(it)] : extra)),
  )
  charts.forEach((it: ChartTemplates, i) => {
    const paths = [...reads[i]!.map(read => read.path), ...listConditions(it.chart)]
    for (const path of paths) {
      for (const prefix of it.prefixes) add([...prefix, ...path])
      if (path[0] === 'global' || path[0] === 'tags') add(path)
    }
  })
  return {
    whole,
    above,
    own: listValueReads(listRunning(charts[0]!, defines, extra, 'sure')),
    all: reads.flat(),
  }
}

/** A helper that nothing includes reads its values all the same. */
const listOwnDefines = ({ files }: ChartTemplates): string[] =>
  files.flatMap(it => it.parsed.defined.map(({ name }) => name))

/** Files that templates can read, for `tpl`. */
const listFileTexts = ({ files }: Chart): string[] =>
  files.filter(it => !/\.(?:md|lock)$/i.test(it.name)).map(it => sourceOf(it).text)

/** Values may be templates, too. */
function listStrings(value: Value): string[] {
  if (isString(value)) return [plainText(value)]
  if (isDict(value)) return [...value.entries.values()].flatMap(listStrings)
  return isList(value) ? value.items.flatMap(listStrings) : []
}

/** Chart.yaml reads values, too. */
const listConditions = ({ metadata: { dependencies = [] } }: Chart): string[][] =>
  dependencies.flatMap(it => [
    ...(it.condition === '' ? [] : it.condition.split(',').map(path => path.trim().split('.'))),
    ...it.tags.map(tag => ['tags', tag]),
  ])
