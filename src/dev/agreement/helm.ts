/** Agreement with helm: renders recorded charts and compares hashes with those of helm's own output. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { type LoadedChart, loadChart, loadPackagedChart } from '../../helm/load-chart.ts'
import { DEFAULT_OPTIONS, type Rendering, renderChart } from '../../helm/render-chart.ts'
import { encodeUtf8 } from '../../helm/template/utf8.ts'
import { setFullParser } from '../../helm/values-yaml.ts'
import { loadFullParser } from '../../yaml/parse.ts'

interface Row {
  readonly id: string
  readonly chart: string
  readonly case: string
  readonly status: string
  readonly reason: string
  readonly deterministic: string
  readonly sha256: string
}

interface Tally {
  identical: number
  compared: number
  alike: number
  failed: number
  readonly times: number[]
  readonly shown: string[]
}

/** `CHARTS_FOLDER RESULTS.tsv [--show N] [--write FOLDER]`; the exit code is 1 when a row disagrees. */
export async function run(args: string[]): Promise<number> {
  const [folder, results] = args.filter((it, i) => !it.startsWith('--') && !args[i - 1]?.startsWith('--'))
  if (!folder || !results) {
    console.error('usage: agreement helm CHARTS_FOLDER RESULTS.tsv [--show N]')
    return 2
  }
  setFullParser(await loadFullParser())
  const show = Number(args[args.indexOf('--show') + 1] ?? 0) || 0
  const tally: Tally = { identical: 0, compared: 0, alike: 0, failed: 0, times: [], shown: [] }
  for (const row of readRows(results)) compareRow(row, folder, tally)
  const percent = (some: number, all: number): string =>
    `${some}/${all} (${all === 0 ? '-' : ((100 * some) / all).toFixed(2)} %)`
  console.log(`identical: ${percent(tally.identical, tally.compared)}`)
  console.log(`failures alike: ${percent(tally.alike, tally.failed)}`)
  const times = tally.times.sort((a, b) => a - b)
  const at = (share: number): string =>
    (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1)
  console.log(`milliseconds a rendering: median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)}`)
  for (const it of tally.shown.slice(0, show)) console.log(it)
  return tally.identical === tally.compared && tally.alike === tally.failed ? 0 : 1
}

function readRows(file: string): Row[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  return lines.map(
    line => Object.fromEntries(line.split('\t').map((it, i) => [names[i]!, it])) as unknown as Row,
  )
}

function compareRow(row: Row, folder: string, tally: Tally): void {
  const comparable =
    row.status === 'ok' ? row.deterministic === 'yes' : row.status === 'fail' || row.status === 'library'
  if (!comparable) return
  const place = findChart(row, folder)
  if (!place) return
  const started = performance.now()
  const { chart, problems } = load(place)
  const values = row.case === 'default' ? [] : [readValues(place, row.case)]
  let rendering: Rendering | undefined
  try {
    rendering = chart && renderChart(chart, { ...DEFAULT_OPTIONS, releaseName: 'rel', values })
  } catch (error) {
    tally.shown.push(
      `${row.id} ${row.chart} ${row.case}: crashed: ${error instanceof Error ? error.stack : error}`,
    )
  }
  const took = performance.now() - started
  const found = rendering?.problems ?? problems
  if (row.status !== 'ok') {
    tally.failed++
    if (rendering?.output === undefined) tally.alike++
    else tally.shown.push(`${row.id} ${row.chart} ${row.case}: helm fails (${row.reason}), we render`)
    return
  }
  tally.compared++
  tally.times.push(took)
  const sha256 = createHash('sha256')
    .update(encodeUtf8(rendering?.output ?? ''))
    .digest('hex')
  if (rendering?.output !== undefined && sha256 === row.sha256) tally.identical++
  else
    tally.shown.push(
      `${row.id} ${row.chart} ${row.case}: ${found[0] ? `${found[0].code}: ${found[0].message}` : 'differs'}`,
    )
}

/** The completed copy of a chart when there is one, else the chart itself. */
function findChart(row: Row, folder: string): string | undefined {
  const completed = path.join(folder, row.id.split('-')[0]!, path.basename(row.chart))
  if (existsSync(completed)) return completed
  const own = path.join(folder, row.chart)
  return existsSync(own) ? own : undefined
}

function readValues(place: string, name: string) {
  return { id: name, text: readFileSync(path.join(place, name), 'utf8') }
}

function load(place: string): LoadedChart {
  if (!statSync(place).isDirectory()) return loadPackagedChart(readFileSync(place), path.basename(place))
  const files = new Map<string, Uint8Array>()
  walk(place, '', files)
  return loadChart(files, path.basename(place))
}

function walk(folder: string, prefix: string, files: Map<string, Uint8Array>): void {
  for (const name of readdirSync(folder)) {
    const place = path.join(folder, name)
    const status = statSync(place, { throwIfNoEntry: false })
    if (status?.isDirectory()) walk(place, `${prefix}${name}/`, files)
    else if (status?.isFile()) files.set(prefix + name, readFileSync(place))
  }
}
