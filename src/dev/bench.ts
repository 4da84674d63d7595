/**
 * `npm run bench [-- FOLDER…]`: what plimsoll costs, as ratios against js-yaml and ajv in the same run. Without folders
 * it takes generated ones; with folders it times the whole command on each beside the yardstick. `--helm=PROGRAM` (or the
 * variable HELM) times charts beside the real helm, `--charts=FOLDER` takes those in a folder instead of generated ones.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { openCatalog } from '../kube/schema/catalog.ts'
import { buildSchemas } from '../kube/schema/schemas.ts'
import { readAsset } from './agreement/assets.ts'
import { writeCharts } from './bench/chart-corpus.ts'
import { type ChartRequest, type ChartRow, processRows, warmRow } from './bench/charts.ts'
import { writeCorpus } from './bench/corpus.ts'
import { rows as growthRows } from './bench/growth.ts'
import { buildJsonSchema } from './bench/json-schema.ts'
import { timePaired } from './bench/process.ts'
import { rows as scheduleRows } from './bench/schedule.ts'
import { rows as schemaRows } from './bench/schema.ts'
import { rows as yamlRows } from './bench/yaml.ts'

const scratch = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'))
try {
  const yardstick = await buildYardstick()
  const options = process.argv.slice(2)
  const folders = options.filter(it => !it.startsWith('--'))
  console.log(
    '## Whole processes, wall time: plimsoll with its default rules, js-yaml and ajv without positions\n',
  )
  console.log('| input | files | MB | plimsoll ms | yardstick ms | ratio | plimsoll MiB | yardstick MiB |')
  console.log('|---|---|---|---|---|---|---|---|')
  for (const folder of folders.length > 0 ? folders : writeCorpora()) timeFolder(folder, yardstick)
  const charts = toChartRequest(options)
  timeCharts(charts)
  if (folders.length === 0) await timeInProcess()
  console.log('\n## Charts in process\n')
  printCharts([await warmRow(charts.folder)])
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

interface Yardstick {
  readonly program: string
  readonly schemas: string
}

async function buildYardstick(): Promise<Yardstick> {
  const program = path.join(scratch, 'yardstick.cjs')
  await build({
    entryPoints: ['src/dev/bench/yardstick.ts'],
    outfile: program,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  })
  const catalog = openCatalog(readAsset)
  const known = buildSchemas(catalog)
  const schemas = Object.fromEntries(
    catalog.listKinds().flatMap(({ apiVersion, kind }) => {
      const type = known.findType('1.36', apiVersion, kind)
      return type ? [[`${apiVersion} ${kind}`, buildJsonSchema(type)]] : []
    }),
  )
  const file = path.join(scratch, 'schemas.json')
  writeFileSync(file, JSON.stringify(schemas))
  return { program, schemas: file }
}

/** One file, a folder like a chart, a repository. */
function writeCorpora(): string[] {
  return [1, 100, 3500].map(files => {
    const folder = path.join(scratch, `${files}-files`)
    mkdirSync(folder)
    writeCorpus(folder, files)
    return folder
  })
}

function timeFolder(folder: string, yardstick: Yardstick): void {
  const files = listYaml(folder)
  const bytes = files.reduce((sum, it) => sum + statSync(it).size, 0)
  const rounds = bytes > 20e6 ? 5 : 11
  const {
    ours,
    yardstick: theirs,
    ratio,
  } = timePaired(
    ['dist/cli.js', 'lint', folder, '--format', 'compact', '--kubernetes', '1.36', '--exit-zero'],
    [yardstick.program, yardstick.schemas, folder],
    rounds,
  )
  const cells = [
    path.basename(folder),
    files.length,
    (bytes / 1e6).toFixed(1),
    ours.wall.toFixed(0),
    theirs.wall.toFixed(0),
    ratio.toFixed(2),
    ours.memory.toFixed(0),
    theirs.memory.toFixed(0),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}

function listYaml(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(it => /\.ya?ml$/.test(it))
    .map(it => path.join(folder, it))
    .filter(it => statSync(it, { throwIfNoEntry: false })?.isFile() === true)
}

function toChartRequest(options: readonly string[]): ChartRequest {
  const optionOf = (name: string): string | undefined =>
    options.find(it => it.startsWith(`--${name}=`))?.slice(name.length + 3)
  const given = optionOf('charts')
  const folder = given ?? path.join(scratch, 'charts')
  if (given === undefined) writeCharts(folder, 200)
  return { helm: optionOf('helm') ?? process.env.HELM, folder }
}

function timeCharts(charts: ChartRequest): void {
  console.log('\n## Charts beside helm, wall time\n')
  if (charts.helm === undefined)
    console.log('No helm to compare with: --helm=PROGRAM or the variable HELM names one.\n')
  printCharts(processRows(charts))
}

function printCharts(rows: readonly ChartRow[]): void {
  console.log('| measure | plimsoll ms | helm ms | ratio | budget |\n|---|---|---|---|---|')
  for (const { name, milliseconds, helm, budget } of rows) {
    const ratio = helm === undefined ? '' : (milliseconds / helm).toFixed(2)
    console.log(
      `| ${name} | ${milliseconds.toFixed(1)} | ${helm?.toFixed(1) ?? 'skipped'} | ${ratio} | ${budget} |`,
    )
  }
}

async function timeInProcess(): Promise<void> {
  const texts = listYaml(path.join(scratch, '3500-files')).map(it => ({
    path: it,
    text: readFileSync(it, 'utf8'),
  }))
  // First, because its first row wants a process that has parsed nothing yet.
  console.log('\n## Reading YAML in process\n\n| measure | |\n|---|---|')
  for (const { name, value, unit } of yamlRows(texts))
    console.log(`| ${name} | ${value.toFixed(1)} ${unit} |`)
  console.log('\n## Growth: cost of ten times the input\n\n| input | factor |\n|---|---|')
  for (const { name, factor } of await growthRows()) console.log(`| ${name} | ${factor.toFixed(1)} |`)
  console.log('\n## In process, warm\n\n| measure | ms | budget ms |\n|---|---|---|')
  for (const { name, milliseconds, budget } of schemaRows())
    console.log(`| ${name} | ${milliseconds.toFixed(1)} | ${budget?.toFixed(0) ?? ''} |`)
  console.log(
    '\n## Scheduling, in a process of its own\n\n| measure | | budget | × yardstick |\n|---|---|---|---|',
  )
  for (const { name, value, unit, budget, ratio } of scheduleRows())
    console.log(
      `| ${name} | ${value.toFixed(1)} ${unit} | ${budget ?? ''} | ${ratio === undefined ? '' : ratio.toFixed(2)} |`,
    )
}
