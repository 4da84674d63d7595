/** All templates of a chart and its sub-charts, whether they take part in a rendering or not, and what each chart runs. */
import type { Source } from '../../text/source.ts'
import { type Chart, type ChartFile, sourceOf } from '../chart.ts'
import { isFunction } from '../functions/functions.ts'
import type { Template } from '../template/ast.ts'
import { parseFile } from '../template/parsed-files.ts'
import type { ParsedTemplate } from '../template/parser.ts'
import { readTree } from './value-reads.ts'

export interface ParsedFile {
  readonly file: ChartFile
  readonly parsed: Pick<ParsedTemplate, 'main' | 'defined'>
}

/** A chart of the tree with its own files. */
export interface ChartTemplates {
  readonly chart: Chart
  /** Where its values stand among those of the outermost chart: nothing, `store`, `store.cache`; one for each alias. */
  readonly prefixes: readonly (readonly string[])[]
  readonly files: readonly ParsedFile[]
}

const known = isFunction('helm-4.2')
/** Those of renderings, where files have them in common. */
const TREES = { dialect: 'helm-4.2', nth: 0 }

/** The outermost chart first. `parsed` are templates that a rendering has read already. */
export function listChartTemplates(chart: Chart, parsed: readonly Template[]): ChartTemplates[] {
  const byFile = new Map<Source | undefined, ParsedFile['parsed']>()
  let defined: Template[] = []
  // A rendering lists what a file defines before the file.
  for (const it of parsed) {
    if (it.nameSpan) defined.push(it)
    else {
      byFile.set(it.source.file, { main: it, defined })
      defined = []
    }
  }
  return listBelow(chart, [[]], { path: chart.metadata.name, byFile })
}

interface Known {
  readonly path: string
  readonly byFile: ReadonlyMap<Source | undefined, ParsedFile['parsed']>
}

function listBelow(
  chart: Chart,
  prefixes: ChartTemplates['prefixes'],
  { path, byFile }: Known,
): ChartTemplates[] {
  const files = chart.templates.map((file): ParsedFile => {
    const source = sourceOf(file)
    const template = { name: `${path}/${file.name}`, text: source.text, file: source, made: undefined }
    return { file, parsed: byFile.get(source) ?? parseFile(template, known, TREES) }
  })
  const below = chart.charts.flatMap(child => {
    const { name } = child.metadata
    const names = (chart.metadata.dependencies ?? []).filter(it => it.name === name)
    const all = names.length === 0 ? [name] : names.map(it => it.alias || it.name)
    const inner = prefixes.flatMap(it => all.map(step => [...it, step]))
    return listBelow(child, inner, { path: `${path}/charts/${name}`, byFile })
  })
  return [{ chart, prefixes, files }, ...below]
}

/** What can be called by a name, over the whole tree. */
export type Defines = ReadonlyMap<string, readonly Template[]>

export function listDefines(charts: readonly ChartTemplates[]): Defines {
  const defines = new Map<string, Template[]>()
  for (const { files } of charts)
    for (const { parsed } of files)
      for (const it of parsed.defined) {
        const same = defines.get(it.name)
        if (same) same.push(it)
        else defines.set(it.name, [it])
      }
  return defines
}

/**
 * The templates that run with the data of a chart: its files, and what these include. `extra` are names that texts other
 * than templates may include. A name that is put together may be any: `sure` leaves out what only such names lead to.
 */
export function listRunning(
  { files }: ChartTemplates,
  defines: Defines,
  extra: readonly string[],
  how: 'possible' | 'sure' = 'possible',
): Template[] {
  const running = new Set<Template>()
  const open = files
    .filter(it => !it.file.name.slice(it.file.name.lastIndexOf('/') + 1).startsWith('_'))
    .map(it => it.parsed.main)
  open.push(...extra.flatMap(it => defines.get(it) ?? []))
  let all = how === 'sure'
  for (let template = open.pop(); template; template = open.pop()) {
    if (running.has(template)) continue
    running.add(template)
    for (const name of readTree(template.body).includes) {
      if (name !== undefined) open.push(...(defines.get(name) ?? []))
      else if (!all) {
        all = true
        open.push(...[...defines.values()].flat())
      }
    }
  }
  return [...running]
}
