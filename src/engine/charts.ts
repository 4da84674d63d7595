/** Charts of a project: which values sets each is rendered with, what comes out, what stops it. Loaded when there is one. */
import { type Chart, type HelmProblem, sourceOf } from '../helm/chart.ts'
import { buildChartFacts, type ChartFacts } from '../helm/facts/chart-facts.ts'
import type { ChartParts, FactsSet } from '../helm/facts/chart-parts.ts'
import { isCompatible } from '../helm/functions/semver.ts'
import { type LoadedChart, loadChart } from '../helm/load-chart.ts'
import { NotLoaded, setSchemaCheck } from '../helm/on-demand.ts'
import { DEFAULT_OPTIONS, type Rendering, renderChart } from '../helm/render-chart.ts'
import { listSharedDocuments } from '../helm/rendered.ts'
import { isRendered, type Printed, toPrinted } from '../helm/rendered-edits.ts'
import type { SetArgument } from '../helm/set-values.ts'
import { parseValuesFile, setFullParser } from '../helm/values-yaml.ts'
import { memo } from '../text/memo.ts'
import type { Source } from '../text/source.ts'
import { type At, atRoot } from '../yaml/cursor.ts'
import type { Document } from '../yaml/document.ts'
import { type FullParser, loadFullParser, parseSource } from '../yaml/parse.ts'
import { demandsValues, ownValues, type Skipped } from './finding.ts'
import type { GivenValues } from './input.ts'
import { toLocalFolder } from './local-charts.ts'

/** A chart folder with everything in it. */
export interface ChartInput {
  readonly folder: string
  /** Texts below the folder. */
  readonly sources: readonly Source[]
  /** Other files by id: packaged sub-charts, pictures. */
  readonly blobs: ReadonlyMap<string, Uint8Array>
  /** Charts elsewhere in the project that this one or one of these names as `file://…`. */
  readonly local: readonly ChartInput[]
  /** Charts of the project that name this one as `file://…`, themselves or by one that they name so. */
  readonly above: readonly ChartInput[]
}

export interface ChartSettings {
  /** The minor that `.Capabilities` tells. */
  readonly kubernetes: string
  /** The APIs that a cluster of the minor offers; those that helm takes without a cluster when there are none. */
  readonly served: readonly string[]
  /** Values files named in the settings; each is a set of its own. */
  readonly values: readonly Source[]
  /** Values of the command line, all of which make one set. */
  readonly given: GivenValues | undefined
  readonly namespace: string
  readonly release: string
}

/** A chart rendered with one set of values. */
export interface RenderedSet {
  /** `ownValues` for the defaults alone, else the id of the values file. */
  readonly values: string
  readonly documents: readonly Document[]
  /** True where a place of a template has part in what is rendered. */
  readonly isRendered: (source: Source, offset: number) => boolean
  /** Objects are missing: a template failed, be it for want of values that the chart demands. */
  readonly isPartial: boolean
}

export interface RenderedChart {
  readonly folder: string
  readonly sets: readonly RenderedSet[]
  readonly problems: readonly ChartProblem[]
  readonly skipped: readonly Skipped[]
}

/** With all that it was made of: much, and wanted by the rules about charts alone. */
export interface FreshChart extends RenderedChart {
  readonly facts: ChartFacts
}

export interface ChartProblem extends HelmProblem {
  readonly folder: string
  /** The sets of values in which it shows; none when the chart cannot be loaded at all. */
  readonly values: readonly string[]
}

let full: FullParser | undefined

/** Renders a chart with its default values, each `ci/*values*.yaml` and each configured values file. */
export async function renderSets(input: ChartInput, settings: ChartSettings): Promise<FreshChart> {
  // Templates make any YAML.
  full ??= await loadFullParser()
  setFullParser(full)
  try {
    return renderAll(input, settings)
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error
    setSchemaCheck((await import('../helm/schema.ts')).checkSchemas)
    return renderAll(input, settings)
  }
}

function renderAll(input: ChartInput, settings: ChartSettings): FreshChart {
  const { folder } = input
  const { chart, problems } = load(input)
  const layers = listLayers(input, settings)
  const files = readFiles(input, layers, chart)
  const listChartsAbove = (): readonly Chart[] => input.above.flatMap(it => loadWhole(it) ?? [])
  const bare: FreshChart = {
    folder,
    sets: [],
    problems: problems.map(it => ({ ...it, folder, values: [] })),
    skipped: [],
    facts: buildChartFacts({ ...files, chart, sets: [], missing: [], listChartsAbove }),
  }
  if (!chart) return bare
  if (chart.metadata.type === 'library')
    return { ...bare, skipped: [{ path: folder, reason: 'a library chart: it renders nothing itself' }] }
  const { present, missing, names } = splitDependencies(withLocalCharts(chart, folder, input.local))
  const found: ChartProblem[] = missing.map(it => ({ ...it, folder, values: [] }))
  const renderings: Omit<FactsSet, 'documents'>[] = []
  const skipped: Skipped[] = []
  const own = files.defaults?.document
  const valuesFile = (source: Source) => (own?.source === source ? own : undefined)
  let isStopped = false
  for (const layer of layers) {
    const { name } = layer
    if (isStopped) {
      skipped.push({ path: folder, reason: `not rendered with ${name}: a limit was met before` })
      continue
    }
    const [first] = renderings
    const rendering = first && isEmpty(layer) ? first.rendering : render(present, layer, settings)
    isStopped ||= rendering.problems.some(it => it.code === 'limit')
    for (const problem of rendering.problems) {
      const reason = reasonToSkip(problem, { isDefault: name === ownValues, isPartial: missing.length > 0 })
      if (reason === undefined) addProblem(found, { ...problem, folder, values: [name] })
      else if (reason !== '') skipped.push({ path: folder, reason })
    }
    const lost = missing.length > 0 && name === ownValues ? countLost(rendering) : 0
    if (lost > 0) skipped.push({ path: folder, reason: wordLost(lost) })
    for (const { id } of rendering.unread)
      skipped.push({ path: id, reason: 'includes a template with a syntax error' })
    renderings.push({ values: name, rendering })
  }
  const documents = listSharedDocuments(
    renderings.map(it => it.rendering),
    valuesFile,
  )
  const sets = renderings.map(
    ({ values, rendering }, i): RenderedSet => ({
      values,
      documents: documents[i]!,
      isRendered: isRenderedIn(toPrinted(rendering)),
      isPartial: missing.length > 0 || rendering.problems.some(it => it.code !== 'schema-elsewhere'),
    }),
  )
  const facts = buildChartFacts({
    ...files,
    chart: present,
    sets: renderings.map((it, i) => ({ ...it, documents: documents[i]! })),
    missing: names,
    listChartsAbove,
  })
  return { folder, sets, problems: found, skipped, facts }
}

const render = (chart: Chart, { values, sets }: Layers, settings: ChartSettings): Rendering =>
  renderChart(chart, {
    ...DEFAULT_OPTIONS,
    compat: 'helm-4.2',
    releaseName: settings.release,
    namespace: settings.namespace,
    kubeVersion: `v${settings.kubernetes}.0`,
    served: settings.served.length > 0 ? settings.served : undefined,
    values,
    sets,
  })

/** Leaves the values of the chart as they are: files that only say that the defaults are to be tested. */
const isEmpty = ({ values, sets }: Layers): boolean =>
  sets.length === 0 &&
  values.every(it => {
    const parsed = parseValuesFile(it)
    return parsed.values.entries.size === 0 && parsed.problems.length === 0
  })

const isRenderedIn =
  (printed: Printed): RenderedSet['isRendered'] =>
  (source, offset) =>
    isRendered(printed, source, offset)

/** Files that were not rendered; those beginning with `_` never are. */
const countLost = ({ sources, files }: Rendering): number =>
  [...sources.keys()].filter(it => !files.has(it) && !/\/_[^/]*$/.test(it)).length

const wordLost = (count: number): string =>
  `needs sub-charts that are not there: ${count} ${count === 1 ? 'template' : 'templates'}`

/** What rules read of a chart's own files. */
function readFiles(
  { folder, sources }: ChartInput,
  layers: readonly Layers[],
  chart: Chart | undefined,
): Omit<ChartParts, 'chart' | 'sets' | 'missing' | 'listChartsAbove'> {
  const valuesFiles = layers.flatMap(it => it.values)
  const parse = (source: Source | undefined): readonly Document[] =>
    (source && parseSource(source, full)) ?? []
  const named = (name: string) => parse(sources.find(it => nameIn(folder, it.id) === name))
  const [about, defaults] = [named('Chart.yaml'), named('values.yaml')]
  return {
    folder,
    about: toRoot(about),
    defaults: toRoot(defaults),
    files: [...about, ...defaults, ...valuesFiles.flatMap(parse)],
    definitions: (chart?.files ?? [])
      .filter(it => /^crds\/.*\.(?:ya?ml|json)$/.test(it.name))
      .flatMap(it => parse(sourceOf(it))),
    valuesFiles,
    arguments: layers.flatMap(it => it.sets),
  }
}

/** Undefined where the file is absent or broken, which is said elsewhere. */
const toRoot = ([document]: readonly Document[]): At | undefined =>
  document && !document.problems.some(it => it.code === 'syntax') ? atRoot(document) : undefined

interface Circumstances {
  /** Rendered with the chart's own values alone. */
  readonly isDefault: boolean
  /** Without sub-charts that it needs. */
  readonly isPartial: boolean
}

/**
 * Why a problem is no fault of the chart; `""` where it follows from one that is reported already. Many charts demand
 * values that only their users know: that the defaults alone do not suffice is by design.
 */
function reasonToSkip(
  { code, message, location }: HelmProblem,
  { isDefault, isPartial }: Circumstances,
): string | undefined {
  if (code === 'kubernetes-incompatible') return message
  if (code === 'schema-elsewhere') return `a schema that is partly on the web: ${firstLine(message)}`
  if (isPartial && (code === 'template-error' || code === 'manifest-invalid')) return ''
  // Without a cluster every look-up finds nothing.
  if (code === 'template-fail' && location && LOOKUP.test(location.source.text))
    return `a chart that looks into the cluster: ${firstLine(message)}`
  const isDemand = code === 'template-fail' || code === 'values-schema'
  return isDefault && isDemand ? `${demandsValues}: ${firstLine(message)}` : undefined
}

const LOOKUP = /\blookup\s+["`(.$]/

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]!

/** The path inside the chart. */
const nameIn = (folder: string, id: string): string => (folder === '' ? id : id.slice(folder.length + 1))

function load({ folder, sources, blobs }: ChartInput): LoadedChart {
  const below = (id: string): string => nameIn(folder, id)
  return loadChart(
    new Map<string, Source | Uint8Array>([
      ...sources.map(it => [below(it.id), it] as const),
      ...[...blobs].map(([id, data]) => [below(id), data] as const),
    ]),
    folder,
  )
}

/** Puts charts that stand elsewhere in the project where `helm dependency build` would pack them. */
function withLocalCharts(chart: Chart, folder: string, local: readonly ChartInput[]): Chart {
  const present = new Set(chart.charts.map(it => it.metadata.name))
  const added = (chart.metadata.dependencies ?? []).flatMap(({ name, version, repository }) => {
    const home = present.has(name) ? undefined : toLocalFolder(folder, repository)
    const input = local.find(it => it.folder === home)
    const found = input && load(input).chart
    if (found?.metadata.name !== name || !isCompatible(version, found.metadata.version)) return []
    present.add(name)
    // A circle ends where no folder is left.
    return [
      withLocalCharts(
        found,
        input!.folder,
        local.filter(it => it !== input),
      ),
    ]
  })
  return added.length === 0 ? chart : { ...chart, charts: [...chart.charts, ...added] }
}

/** With its sub-charts; many charts may ask for one that stands above them all. */
const loadWhole = memo((input: ChartInput): Chart | undefined => {
  const { chart } = load(input)
  return chart && withLocalCharts(chart, input.folder, input.local)
})

/** Sub-charts are rarely committed. What is missing is said, and the rest is rendered without it. */
function splitDependencies(chart: Chart): { present: Chart; missing: HelmProblem[]; names: string[] } {
  const { metadata } = chart
  const names = new Set(chart.charts.map(it => it.metadata.name))
  const missing = (metadata.dependencies ?? []).filter(it => !names.has(it.name))
  if (missing.length === 0) return { present: chart, missing: [], names: [] }
  const dependencies = metadata.dependencies!.filter(it => names.has(it.name))
  return {
    present: { ...chart, metadata: { ...metadata, dependencies } },
    names: missing.map(it => it.alias || it.name),
    missing: missing.map(({ name, version, origin }) => ({
      code: 'dependency-missing',
      message: `sub-chart "${name}" ${version} is not in charts/, so its templates were not checked; \`helm dependency build\` fetches it`,
      location:
        origin?.kind === 'values'
          ? { source: origin.source, span: origin.value }
          : { source: sourceOf(chart.file), span: { start: 0, end: 0 } },
      related: [],
    })),
  }
}

/** What stands above the chart's own values.yaml. */
interface Layers {
  readonly name: string
  readonly values: readonly Source[]
  readonly sets: readonly SetArgument[]
}

function listLayers({ folder, sources }: ChartInput, { values, given }: ChartSettings): Layers[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const ci = sources.filter(it => CI_VALUES.test(it.id.slice(prefix.length)))
  const layers: Layers[] = [{ name: ownValues, values: [], sets: [] }]
  for (const it of [...ci, ...values]) layers.push({ name: it.id, values: [it], sets: [] })
  if (given && given.files.length + given.sets.length > 0) {
    const kinds = new Set(given.sets.map(it => `--${it.kind}`))
    const name = [...given.files.map(it => it.id), ...kinds].join(', ')
    layers.push({ name, values: given.files, sets: given.sets })
  }
  return layers
}

/** As chart-testing picks them. */
const CI_VALUES = /^ci\/[^/]*values[^/]*\.ya?ml$/

function addProblem(found: ChartProblem[], problem: ChartProblem): void {
  const at = found.findIndex(
    it =>
      it.message === problem.message &&
      it.location?.source === problem.location?.source &&
      it.location?.span.start === problem.location?.span.start,
  )
  if (at < 0) found.push(problem)
  else found[at] = { ...found[at]!, values: [...found[at]!.values, ...problem.values] }
}
