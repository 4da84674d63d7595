/** All templates of a chart and its sub-charts, whether they take part in a rendering or not, and what each chart runs. */
import type { Source } from '../../text/source.ts'
import { type Chart, type ChartFile, sourceOf } from '../chart.ts'
import { isFunction } from '../functions/functions.ts'
import type { Template } from '../template/ast.ts'
import { parseFile } from '../template/parsed-files.ts'
import type { ParsedTemplate } from '../template/parser.ts'
import { ANYTHING, MOST_READS, readTree, type TreeFacts } from './value-reads.ts'

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

/** A template, and what is read in it. */
export interface RunningTemplate {
  readonly template: Template
  readonly tree: TreeFacts
}

/** What can be called by a name, over the whole tree. */
export type Defines = ReadonlyMap<string, readonly Template[]>

/** Named templates of all charts together, by name: any chart may include those of any other. */
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
): RunningTemplate[] {
  const known = new Set<Template>()
  const running: RunningTemplate[] = []
  const open: Template[] = []
  let count = 0
  for (const { file, parsed } of files)
    if (!file.name.startsWith('_', file.name.lastIndexOf('/') + 1)) open.push(parsed.main)
  for (const it of extra) addAll(open, defines.get(it))
  let all = how === 'sure'
  for (let template = open.pop(); template; template = open.pop()) {
    if (known.has(template)) continue
    known.add(template)
    const tree = readTree(template.body)
    running.push({ template, tree })
    count += tree.reads.length
    for (let i = 0; i < tree.includes.length; i++) {
      const name = tree.includes[i]
      if (name !== undefined) addAll(open, defines.get(name))
      else if (!all) {
        all = true
        for (const it of defines.values()) addAll(open, it)
      }
    }
  }
  return count <= MOST_READS ? running : [{ template: running[0]!.template, tree: ANYTHING }]
}

function addAll(open: Template[], templates: readonly Template[] = []): void {
  for (let i = 0; i < templates.length; i++) open.push(templates[i]!)
}
