/** Files to a chart (pkg/chart/v2/loader): the host has read them, nothing here touches a disk. */

import type { Source } from '../text/source.ts'
import { MAX_CHART_SIZE, MAX_FILE_SIZE, readArchive } from './archive.ts'
import { bytesOf, type Chart, ChartError, type ChartFile, type HelmProblem, sourceOf } from './chart.ts'
import { extension } from './functions/paths.ts'
import { parseIgnore } from './ignore.ts'
import { checkFormat, checkLock, readMetadata } from './metadata.ts'
import { compareBytes, dict } from './template/value.ts'
import { parseValuesFile } from './values-yaml.ts'

export interface LoadedChart {
  /** Undefined when Helm could not load it either. */
  readonly chart: Chart | undefined
  readonly problems: readonly HelmProblem[]
}

/** Paths inside the chart to contents; a source keeps its identity, so that findings are about the very text. */
export type ChartFiles = ReadonlyMap<string, Uint8Array | string | Source>

/** Loads a chart from the files of its folder, `.helmignore` respected. `folder` is put before the ids of its files. */
export function loadChart(files: ChartFiles, folder: string): LoadedChart {
  return attempt(() => {
    const all = [...files].map(([name, data]) => toFile(name, data, folder))
    return checkVersion(buildChart(withoutIgnored(all), 0))
  })
}

/** Loads a packaged chart (`*.tgz`). */
export function loadPackagedChart(data: Uint8Array, id: string): LoadedChart {
  return attempt(() => {
    const files = readPackage(data, id)
    if (!lastNamed(files, 'Chart.yaml'))
      throw new ChartError('chart-invalid', 'unable to detect chart version, no Chart.yaml found')
    return checkVersion(buildChart(files, 0))
  })
}

/** Helm asks charts themselves for a version that it knows, sub-charts not. */
function checkVersion(chart: Chart): Chart {
  const { apiVersion } = chart.metadata
  if (apiVersion !== 'v1' && apiVersion !== 'v2')
    throw new ChartError(
      'chart-invalid',
      apiVersion === 'v3' ? 'invalid chart apiVersion' : 'unsupported chart version',
      { source: sourceOf(chart.file), span: { start: 0, end: 0 } },
    )
  return chart
}

function attempt(load: () => Chart): LoadedChart {
  try {
    return { chart: load(), problems: [] }
  } catch (error) {
    if (!(error instanceof ChartError)) throw error
    return { chart: undefined, problems: [error.problem] }
  }
}

function toFile(name: string, data: Uint8Array | string | Source, folder: string): ChartFile {
  const id = folder === '' ? name : `${folder}/${name}`
  if (data instanceof Uint8Array) return { name, id, content: withoutMark(data) }
  const source = typeof data === 'string' ? { id, text: data } : data
  const { text } = source
  return { name, id, content: text.charCodeAt(0) === 0xfeff ? { id, text: text.slice(1) } : source }
}

const withoutMark = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes

/** Files in the order of a walk, ignored folders and files left out. */
function withoutIgnored(files: readonly ChartFile[]): ChartFile[] {
  const file = files.find(it => it.name === '.helmignore')
  const { rules, problem } = parseIgnore(file ? sourceOf(file).text : '')
  if (problem)
    throw new ChartError('chart-invalid', problem, { source: sourceOf(file!), span: { start: 0, end: 0 } })
  const folders = new Map([['', false]])
  const isFolderIgnored = (folder: string): boolean => {
    const known = folders.get(folder)
    if (known !== undefined) return known
    const ignored = rules.ignores(folder, 'folder') || isFolderIgnored(folderOf(folder))
    folders.set(folder, ignored)
    return ignored
  }
  const kept = files.filter(it => !rules.ignores(it.name, 'file') && !isFolderIgnored(folderOf(it.name)))
  const rule = rules.findRule('Chart.yaml')
  if (rule && file && files.some(it => it.name === 'Chart.yaml')) throw chartIgnored(file, rule)
  checkSizes(kept)
  const paths = new Map(kept.map(it => [it, it.name.replaceAll('/', '\0')]))
  return kept.sort((a, b) => compareBytes(paths.get(a)!, paths.get(b)!))
}

/** A negated rule is no exception from the others: it leaves out whatever it does not match. */
function chartIgnored(file: ChartFile, { text, negated }: { text: string; negated: boolean }): ChartError {
  const source = sourceOf(file)
  const lines = source.text.split('\n')
  const at = lines.findIndex(it => it.trim() === text)
  const before = lines.slice(0, at).reduce((sum, it) => sum + it.length + 1, 0)
  const start = before + (lines[at]?.indexOf(text) ?? 0)
  const why = negated
    ? `${text} leaves out all that it does not match, Chart.yaml too`
    : `${text} leaves out Chart.yaml`
  return new ChartError(
    'chart-invalid',
    `.helmignore: ${why}`,
    { source, span: { start, end: start + text.length } },
    'Chart.yaml file is missing',
  )
}

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0))

function checkSizes(files: readonly ChartFile[]): void {
  const limits = files.map(mostBytes)
  if (limits.every(it => it <= MAX_FILE_SIZE) && limits.reduce((sum, it) => sum + it, 0) <= MAX_CHART_SIZE)
    return
  let total = 0
  for (const file of files) {
    const { name } = file
    const size = bytesOf(file).length
    if (size > MAX_FILE_SIZE)
      throw new ChartError(
        'chart-invalid',
        `chart file "${name}" is larger than the maximum file size ${MAX_FILE_SIZE}`,
      )
    total += size
    if (total > MAX_CHART_SIZE)
      throw new ChartError('chart-invalid', `chart is larger than the maximum size ${MAX_CHART_SIZE}`)
  }
}

/** Without looking at a text, whose characters take three bytes each at most. */
const mostBytes = ({ content }: ChartFile): number =>
  content instanceof Uint8Array ? content.length : content.text.length * 3

/** Charts within charts within charts. */
const MAX_NESTING = 50

const readPackage = (data: Uint8Array, id: string): ChartFile[] =>
  [...readArchive(data)].map(([name, content]) => toFile(name, content, id))

function buildChart(files: readonly ChartFile[], depth: number): Chart {
  if (depth > MAX_NESTING) throw new ChartError('chart-invalid', 'charts are nested too deeply')
  const file = lastNamed(files, 'Chart.yaml')
  if (!file) throw new ChartError('chart-invalid', 'Chart.yaml file is missing')
  if (depth === 0) checkFormat(file)
  const metadata = readMetadata(file, lastNamed(files, 'requirements.yaml'))
  for (const name of ['Chart.lock', 'requirements.lock']) {
    const lock = lastNamed(files, name)
    if (lock) checkLock(lock)
  }
  const isV1 = metadata.apiVersion === 'v1'
  const templates: ChartFile[] = []
  const others: ChartFile[] = []
  const inner = new Map<string, ChartFile[]>()
  for (const it of files) {
    if (LOADED_ELSEWHERE.has(it.name)) continue
    if (it.name === 'requirements.yaml' || it.name === 'requirements.lock') {
      if (isV1) others.push(it)
    } else if (it.name.startsWith('templates/')) templates.push(it)
    else if (it.name.startsWith('charts/') && extension(it.name) !== '.prov') addInner(inner, it)
    else others.push(it)
  }
  const valuesFile = lastNamed(files, 'values.yaml')
  return {
    metadata,
    file,
    values: valuesFile ? readValues(valuesFile) : dict(),
    schema: lastNamed(files, 'values.schema.json'),
    templates,
    files: others,
    charts: [...inner].flatMap(([name, some]) => buildInner(name, some, metadata.name, depth)),
  }
}

const LOADED_ELSEWHERE: ReadonlySet<string> = new Set([
  'Chart.yaml',
  'Chart.lock',
  'values.yaml',
  'values.schema.json',
])

const lastNamed = (files: readonly ChartFile[], name: string): ChartFile | undefined =>
  files.findLast(it => it.name === name)

function addInner(inner: Map<string, ChartFile[]>, file: ChartFile): void {
  const name = file.name.slice('charts/'.length)
  const slash = name.indexOf('/')
  const folder = slash < 0 ? name : name.slice(0, slash)
  const some = inner.get(folder)
  if (some) some.push({ ...file, name })
  else inner.set(folder, [{ ...file, name }])
}

function buildInner(name: string, files: readonly ChartFile[], parent: string, depth: number): Chart[] {
  if (name.startsWith('_') || name.startsWith('.')) return []
  try {
    if (extension(name) === '.tgz') {
      const file = files[0]!
      if (file.name !== name)
        throw new ChartError(
          'chart-invalid',
          `error unpacking subchart tar in ${parent}: expected ${name}, got ${file.name}`,
        )
      return [buildChart(readPackage(bytesOf(file), file.id), depth + 1)]
    }
    const own = files.flatMap(it =>
      it.name.includes('/') ? [{ ...it, name: it.name.slice(it.name.indexOf('/') + 1) }] : [],
    )
    return [buildChart(own, depth + 1)]
  } catch (error) {
    if (!(error instanceof ChartError)) throw error
    const { code, message, location, helmText } = error.problem
    const where = `error unpacking subchart ${name} in ${parent}: `
    throw new ChartError(code, where + message, location, helmText && where + helmText)
  }
}

function readValues(file: ChartFile) {
  const source = sourceOf(file)
  const { values, problems } = parseValuesFile(source)
  const [problem] = problems
  if (problem)
    throw new ChartError(
      'values-invalid',
      `cannot load ${file.name}: ${problem.message}`,
      { source, span: problem.span },
      `cannot load ${file.name}: ${problem.helmText}`,
    )
  return values
}
