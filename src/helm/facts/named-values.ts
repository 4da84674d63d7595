/** What all templates of a chart and its sub-charts name, among the values of the outermost chart. */

import { type Chart, type ChartFile, sourceOf } from '../chart.ts'
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
import { createKeys, type NamedKeys, openKeys } from './named-keys.ts'
import { listNamedTemplates, listNamedValues, mayName } from './value-reads.ts'

export interface NamedValues {
  readonly keys: NamedKeys
  /** Reads of the templates that run with the data of the outermost chart. */
  readonly own: readonly RunningTemplate[]
  /** Those of all charts. */
  readonly all: readonly RunningTemplate[]
}

export function listNamedInChart({ chart, valuesFiles, sets }: ChartParts): NamedValues {
  const keys = createKeys()
  if (!chart) return { keys, own: [], all: [] }
  const charts = listChartTemplates(chart, sets[0]?.rendering.templates ?? [])
  const defines = listDefines(charts)
  const texts = [...listTexts(charts), ...valuesFiles.map(it => it.text)]
  const extra = texts.flatMap(listNamedTemplates)
  for (const text of texts) for (const path of listNamedValues(text)) openKeys(keys, path).isNamed = true
  const all = charts.flatMap((it, i) => {
    const running = listRunning(it, defines, i === 0 ? [...extra, ...listOwnDefines(it)] : extra)
    addReads(keys, it, running)
    return running
  })
  return { keys, own: listRunning(charts[0]!, defines, extra, 'sure'), all }
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
  const add = (path: readonly string[]): void => {
    for (let i = 0; i < places.length; i++) openKeys(places[i]!, path).isNamed = true
    if (path[0] === 'global' || path[0] === 'tags') openKeys(keys, path).isNamed = true
  }
  for (const path of conditions) add(path)
  for (const { tree } of templates) for (let i = 0; i < tree.reads.length; i++) add(tree.reads[i]!.path)
}

/** Chart.yaml reads values, too. */
const listConditions = ({ metadata: { dependencies = [] } }: Chart): string[][] =>
  dependencies.flatMap(it => [
    ...(it.condition === '' ? [] : it.condition.split(',').map(path => path.trim().split('.'))),
    ...it.tags.map(tag => ['tags', tag]),
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
