/** What charts cost beside the real helm on the same charts, run in turn. */
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { setSchemaCheck } from '../../helm/on-demand.ts'
import { checkSchemas } from '../../helm/schema.ts'
import { setFullParser } from '../../helm/values-yaml.ts'
import { loadFullParser } from '../../yaml/parse.ts'
import { readChart, renderAs } from '../agreement/helm/charts.ts'
import { median } from './process.ts'

export interface ChartRequest {
  /** A helm binary; without one only what needs none is measured. */
  readonly helm: string | undefined
  /** A folder of charts. */
  readonly folder: string
}

export interface ChartRow {
  readonly name: string
  readonly milliseconds: number
  readonly helm: number | undefined
  readonly budget: string
}

const MOST = 200
const ROUNDS = 3
const SINGLES = 25

/** Starting a process is dear from one that has grown: these are to be measured before anything in process. */
export function processRows({ helm, folder }: ChartRequest): ChartRow[] {
  const charts = listCharts(folder)
  const lint = ['dist/cli.js', 'lint', ...charts, '--format', 'json', '--exit-zero']
  const template = (chart: string): number => timeProcess(helm!, ['template', 'rel', chart])
  const all = pair(
    ROUNDS,
    () => timeProcess(process.execPath, lint),
    helm && (() => sum(charts.map(template))),
  )
  const singles = charts.filter((_, i) => i % Math.ceil(charts.length / SINGLES) === 0)
  const ours: number[] = []
  const theirs: number[] = []
  for (const chart of singles) {
    ours.push(timeProcess(process.execPath, ['dist/cli.js', 'render', chart]))
    if (helm) theirs.push(template(chart))
  }
  return [
    {
      name: `${charts.length} charts rendered and checked in one run`,
      ...all,
      budget: '¼ of helm template for each',
    },
    {
      name: 'one chart rendered by a new process, median',
      milliseconds: median(ours),
      helm: helm ? median(theirs) : undefined,
      budget: '1.5 × helm template',
    },
  ]
}

export const warmRow = async (folder: string): Promise<ChartRow> => ({
  name: 'one chart loaded and rendered in process, warm, median',
  milliseconds: await timeWarm(listCharts(folder)),
  helm: undefined,
  budget: '12 ms',
})

const listCharts = (folder: string): string[] =>
  readdirSync(folder)
    .map(it => path.join(folder, it))
    .filter(it => statSync(path.join(it, 'Chart.yaml'), { throwIfNoEntry: false }))
    .slice(0, MOST)

/** Medians of runs in turn. */
function pair(rounds: number, ours: () => number, theirs: (() => number) | undefined | '') {
  const mine: number[] = []
  const helms: number[] = []
  for (let i = 0; i < rounds; i++) {
    mine.push(ours())
    if (theirs) helms.push(theirs())
  }
  return { milliseconds: median(mine), helm: theirs ? median(helms) : undefined }
}

const sum = (values: readonly number[]): number => values.reduce((total, it) => total + it, 0)

/** Wall time. Some charts cannot be rendered with their own values, which both programs say with a code. */
function timeProcess(program: string, args: readonly string[]): number {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const start = process.hrtime.bigint()
  const { error, signal } = spawnSync(program, args, {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 30,
  })
  if (error || signal) throw error ?? new Error(`${program} was stopped by ${signal}`)
  return Number(process.hrtime.bigint() - start) / 1e6
}

async function timeWarm(charts: readonly string[]): Promise<number> {
  setFullParser(await loadFullParser())
  setSchemaCheck(checkSchemas)
  const times: number[] = []
  for (let round = 0; round < 3; round++) {
    times.length = 0
    for (const place of charts) {
      const start = process.hrtime.bigint()
      const { chart } = readChart(place)
      if (chart) renderAs(chart, [])
      times.push(Number(process.hrtime.bigint() - start) / 1e6)
    }
  }
  return median(times)
}
