/** What all templates of a chart and its sub-charts name, among the values of the outermost chart. */

import { memo } from '../../text/memo.ts'
import type { Source } from '../../text/source.ts'
import { type Chart, type ChartFile, sourceOf } from '../chart.ts'
import { pathsOf } from '../dependencies.ts'
import { plainText } from '../template/text.ts'
import { isDict, isList, isString, type Value } from '../template/value.ts'
import type { ChartParts } from './chart-parts.ts'
import {
  type ChartTemplates,
  listChartTemplates,
  listDefines,
  listRunning,
  type RunningTemplate,
} from './chart-templates.ts'
import { addKeys, createKeys, findKeys, type NamedKeys, openKeys } from './named-keys.ts'
import { listNamedTemplates, listNamedValues, MOST_READS, mayName } from './value-reads.ts'

export interface NamedValues {
  readonly keys: NamedKeys
  /** Reads of the templates that run with the data of the outermost chart. */
  readonly own: readonly RunningTemplate[]
  /** Those of all charts. */
  readonly all: readonly RunningTemplate[]
}

export function listNamedInChart({ chart, valuesFiles, sets }: ChartParts): NamedValues {
  if (!chart) return { keys: createKeys(), own: [], all: [] }
  return listNamedIn(listChartTemplates(chart, sets[0]?.rendering.templates ?? []), valuesFiles)
}

function listNamedIn(charts: readonly ChartTemplates[], valuesFiles: readonly Source[]): NamedValues {
  const keys = createKeys()
  const defines = listDefines(charts)
  const texts = [...listTexts(charts), ...valuesFiles.map(it => it.text)]
  const extra = texts.flatMap(listNamedTemplates)
  addTexts(keys, charts, texts)
  const all = charts.flatMap((it, i) => {
    const running = listRunning(it, defines, i === 0 ? [...extra, ...listOwnDefines(it)] : extra)
    addReads(keys, it, running)
    return running
  })
  return { keys, own: listRunning(charts[0]!, defines, extra, 'sure'), all }
}

interface NamedAbove {
  readonly keys: NamedKeys
  readonly charts: readonly ChartTemplates[]
}

/** By the outermost chart: many of the project may be below it. */
const namedAbove = memo((chart: Chart): NamedAbove => {
  const charts = listChartTemplates(chart, [])
  return { charts, keys: listNamedIn(charts, []).keys }
})

/** With what is named where the values of the chart stand among those of charts above it. */
export function withNamedAbove(
  own: NamedKeys,
  { metadata: { name } }: Chart,
  above: readonly Chart[],
): NamedKeys {
  const keys = createKeys()
  addKeys(keys, own)
  for (const { charts, keys: named } of above.map(namedAbove))
    for (const { chart, prefixes } of charts)
      for (const prefix of chart.metadata.name === name ? prefixes : []) {
        if (prefix.some((_, i) => findKeys(named, prefix.slice(0, i))?.isNamed === true)) keys.isNamed = true
        addKeys(keys, findKeys(named, prefix) ?? createKeys())
      }
  return keys
}

/** A text may be evaluated with the values of any chart. */
function addTexts(keys: NamedKeys, charts: readonly ChartTemplates[], texts: readonly string[]): void {
  const paths = texts.flatMap(listNamedValues)
  if (paths.length === 0) return
  const named = createKeys()
  if (paths.length > MOST_READS) named.isNamed = true
  else for (const path of paths) openKeys(named, path).isNamed = true
  for (const { prefixes } of charts) for (const it of prefixes) addKeys(openKeys(keys, it), named)
}

/** A helper that nothing includes reads its values all the same. */
const listOwnDefines = ({ files }: ChartTemplates): string[] =>
  files.flatMap(it => it.parsed.defined.map(({ name }) => name))

function addReads(
  keys: NamedKeys,
  { chart, prefixes }: ChartTemplates,
  templates: readonly RunningTemplate[],
): void {
  const conditions = listConditions(chart)
  if (conditions.length === 0 && templates.every(it => it.tree.reads.length === 0)) return
  const places = prefixes.map(it => openKeys(keys, it))
  // Each chart on the way may set globals for all below it.
  const above = [...new Set(prefixes.flatMap(it => it.map((_, i) => openKeys(keys, it.slice(0, i)))))]
  const add = (path: readonly string[]): void => {
    for (let i = 0; i < places.length; i++) openKeys(places[i]!, path).isNamed = true
    if (path[0] === 'global') for (const it of above) openKeys(it, path).isNamed = true
    else if (path[0] === 'tags') openKeys(keys, path).isNamed = true
  }
  for (const path of conditions) add(path)
  for (const { tree } of templates) for (let i = 0; i < tree.reads.length; i++) add(tree.reads[i]!.path)
}

/** Chart.yaml reads values, too. */
const listConditions = ({ metadata: { dependencies = [] } }: Chart): string[][] =>
  dependencies.flatMap(it => [
    ...(it.condition === '' ? [] : it.condition.split(',').map(path => path.trim().split('.'))),
    ...it.tags.map(tag => ['tags', tag]),
    ...it.importValues.flatMap(wanted => {
      const { child } = pathsOf(wanted)
      return child === undefined ? [] : [[it.alias || it.name, ...child.split('.')]]
    }),
  ])

/** Texts that may become templates and name something: values, and files where a template can open them. */
function listTexts(charts: readonly ChartTemplates[]): string[] {
  const texts: string[] = []
  const files: string[] = []
  for (const { chart } of charts) {
    addStrings(chart.values, texts)
    for (const file of chart.files)
      if (!/\.(?:md|lock)$/i.test(file.name) && mayNameIn(file)) files.push(sourceOf(file).text)
  }
  const isOpened = (): boolean =>
    charts.some(it => it.chart.templates.some(file => sourceOf(file).text.includes('Files')))
  return files.length > 0 && isOpened() ? [...texts, ...files] : texts
}

/** Bytes, of pictures most of them, are not decoded exactly to find nothing in them. */
const mayNameIn = ({ content }: ChartFile): boolean =>
  mayName(content instanceof Uint8Array ? decoder.decode(content) : content.text)

const decoder = new TextDecoder()

function addStrings(value: Value, texts: string[]): void {
  if (isString(value)) {
    const text = plainText(value)
    if (mayName(text)) texts.push(text)
  } else if (isDict(value) || isList(value)) {
    const parts = isDict(value) ? value.entries : value.items
    parts.forEach((it: Value) => {
      addStrings(it, texts)
    })
  }
}
