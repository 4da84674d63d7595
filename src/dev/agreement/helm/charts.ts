/** Charts on the disk of the development machine: found, read, rendered as `helm template rel CHART` does. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { readArchive } from '../../../helm/archive.ts'
import type { Chart } from '../../../helm/chart.ts'
import { type LoadedChart, loadChart, loadPackagedChart } from '../../../helm/load-chart.ts'
import { DEFAULT_OPTIONS, type Rendering, renderChart } from '../../../helm/render-chart.ts'

/** A line of RESULTS.tsv. */
export interface Row {
  readonly id: string
  readonly chart: string
  readonly case: string
  readonly status: string
  readonly reason: string
  readonly deterministic: string
  readonly sha256: string
}

export function readRows(file: string): Row[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  return lines.map(
    line => Object.fromEntries(line.split('\t').map((it, i) => [names[i]!, it])) as unknown as Row,
  )
}

/** The completed copy of a chart when there is one, else the chart itself. */
export function findChart(row: Row, folder: string): string | undefined {
  const completed = path.join(folder, row.id.split('-')[0]!, path.basename(row.chart))
  if (existsSync(completed)) return completed
  const own = path.join(folder, row.chart)
  return existsSync(own) ? own : undefined
}

export function readChart(place: string): LoadedChart {
  if (!statSync(place).isDirectory()) return loadPackagedChart(readFileSync(place), path.basename(place))
  return loadChart(readFiles(place), path.basename(place))
}

/** Files of a package, or below a folder, links followed, as helm does. */
export function readFiles(place: string): Map<string, Uint8Array> {
  if (!statSync(place).isDirectory()) return readArchive(readFileSync(place))
  const files = new Map<string, Uint8Array>()
  walk(place, '', files)
  return files
}

function walk(folder: string, prefix: string, files: Map<string, Uint8Array>): void {
  for (const name of readdirSync(folder)) {
    const place = path.join(folder, name)
    const status = statSync(place, { throwIfNoEntry: false })
    if (status?.isDirectory()) walk(place, `${prefix}${name}/`, files)
    else if (status?.isFile()) files.set(prefix + name, readFileSync(place))
  }
}

export const renderAs = (chart: Chart, values: readonly { id: string; text: string }[]): Rendering =>
  renderChart(chart, { ...DEFAULT_OPTIONS, releaseName: 'rel', values })
