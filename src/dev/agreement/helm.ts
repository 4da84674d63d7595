/** Agreement with helm: recorded charts rendered anew, compared by hashes and error texts; and measures of their source maps. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import type { HelmProblem } from '../../helm/chart.ts'
import { setSchemaCheck } from '../../helm/on-demand.ts'
import type { Rendering } from '../../helm/render-chart.ts'
import { checkSchemas } from '../../helm/schema.ts'
import { encodeUtf8 } from '../../helm/template/utf8.ts'
import { setFullParser } from '../../helm/values-yaml.ts'
import { loadFullParser } from '../../yaml/parse.ts'
import { findChart, type Row, readChart, readRows, renderAs } from './helm/charts.ts'
import {
  countChangedKeys,
  countCovered,
  countLiteralLines,
  createRandom,
  SOURCE_MEASURES,
} from './helm/source-map.ts'
import { createMeasures, type Measures } from './measures.ts'
import { readOptions } from './options.ts'

const OUTPUT_MEASURES = ['identical', 'failures alike', 'failures with the same message'] as const

/** Charts whose source maps are measured. */
const CHARTS = 200

/** `CHARTS_FOLDER RESULTS.tsv [--show N]`; the exit code is 1 when an output or a failure differs. */
export async function run(args: string[]): Promise<number> {
  const { files, show } = readOptions(args)
  const [folder, results] = files
  if (!folder || !results) {
    console.error('usage: agreement helm CHARTS_FOLDER RESULTS.tsv [--show N]')
    return 2
  }
  setFullParser(await loadFullParser())
  setSchemaCheck(checkSchemas)
  const measures = createMeasures(show, [])
  const times: number[] = []
  const rows = readRows(results)
  for (const row of rows)
    compareRow(row, folder, { measures, times, errors: path.join(path.dirname(results), 'stderr') })
  measureSources(rows, folder, measures)
  console.log(measures.format([...OUTPUT_MEASURES, ...SOURCE_MEASURES]))
  times.sort((a, b) => a - b)
  const at = (share: number): string =>
    (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1)
  console.log(`milliseconds a rendering: median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)}`)
  return measures.share('identical') === 100 && measures.share('failures alike') === 100 ? 0 : 1
}

interface Comparison {
  readonly measures: Measures
  readonly times: number[]
  /** Folder of what helm wrote to standard error, a file a row. */
  readonly errors: string
}

function compareRow(row: Row, folder: string, { measures, times, errors }: Comparison): void {
  const isFailure = row.status === 'fail' || row.status === 'library'
  if (!isFailure && (row.status !== 'ok' || row.deterministic !== 'yes')) return
  const place = findChart(row, folder)
  if (!place) return
  const started = performance.now()
  const { output, problems } = renderCase(row, place)
  const took = performance.now() - started
  const label = `${row.id} ${row.chart} ${row.case}`
  const [first] = problems
  if (isFailure) {
    measures.count(
      'failures alike',
      output === undefined,
      () => `${label}: helm fails (${row.reason}), we render`,
    )
    const told = path.join(errors, `${row.id}.txt`)
    if (existsSync(told)) compareMessage(readFileSync(told, 'utf8'), problems, label, measures)
    return
  }
  times.push(took)
  const sha256 = createHash('sha256')
    .update(encodeUtf8(output ?? ''))
    .digest('hex')
  measures.count(
    'identical',
    output !== undefined && sha256 === row.sha256,
    () => `${label}: ${first ? `${first.code}: ${first.message}` : 'differs'}`,
  )
}

function renderCase(row: Row, place: string): Pick<Rendering, 'output' | 'problems'> {
  const { chart, problems } = readChart(place)
  if (!chart) return { output: undefined, problems }
  const values =
    row.case === 'default' ? [] : [{ id: row.case, text: readFileSync(path.join(place, row.case), 'utf8') }]
  return renderAs(chart, values)
}

/** The last line says what is wrong; what stands before it is the way there. */
function compareMessage(
  told: string,
  problems: readonly HelmProblem[],
  label: string,
  measures: Measures,
): void {
  const wanted = lastLine(told.replace(/\n+Use --debug flag[^\n]*\n*$/, ''))
  // Which of the errors of a schema stands last is left to chance.
  const isAnyLine = told.includes('is not valid against metaschema')
  const ours = problems.flatMap(it => {
    const text = it.helmText ?? it.message
    return isAnyLine ? text.split('\n') : [lastLine(text)]
  })
  measures.count(
    'failures with the same message',
    ours.some(it => it !== '' && (wanted === it || wanted.endsWith(it))),
    () => `${label}\n  helm:     ${wanted}\n  plimsoll: ${ours[0]}`,
  )
}

const lastLine = (text: string): string =>
  text
    .trim()
    .split('\n')
    .at(-1)!
    .trim()
    .replace(/^Error: /, '')
    // Why a network cannot be reached is no matter of charts.
    .replace(/(failing loading "[^"]*"): .*/, '$1')
    .replace(/^.*(?=failing loading ")/, '')

/** Charts that helm renders with their own values, evenly taken from all. */
function measureSources(rows: readonly Row[], folder: string, measures: Measures): void {
  const places = rows
    .filter(it => it.status === 'ok' && it.case === 'default')
    .map(it => findChart(it, folder))
    .filter(it => it !== undefined)
  const random = createRandom(1)
  const step = Math.max(1, places.length / CHARTS)
  for (let at = 0; at < places.length; at += step) {
    const place = places[Math.floor(at)]!
    const { chart } = readChart(place)
    const output = chart && renderAs(chart, []).mapped()
    if (!output) continue
    countCovered(output.text, place, measures)
    countLiteralLines(output.text, place, random, measures)
    countChangedKeys(place, random, measures)
  }
}
