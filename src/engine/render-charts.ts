/** Renders the charts of a project, each again only when something in it has changed. */
import type { Config } from '../config/config.ts'
import { type Catalog, openCatalog } from '../kube/schema/catalog.ts'
import { toMinor } from '../kube/schema/minors.ts'
import type { Rule } from '../rule.ts'
import type { Source } from '../text/source.ts'
import type { ChartInput, ChartSettings, RenderedChart } from './charts.ts'
import { type CheckedChart, checkChart } from './check-chart.ts'
import type { Input, ReadAsset } from './input.ts'
import { listLocalCharts } from './local-charts.ts'
import { findChart } from './project.ts'
import { defaultNamespace } from './units.ts'

export type RenderCharts = (
  folders: readonly string[],
  sources: ReadonlyMap<string, Source>,
  config: Config,
  rules: readonly Rule[],
) => Promise<ChartResult[]>

export interface ChartResult extends RenderedChart {
  readonly checked: CheckedChart
}

/** The renderer is loaded with the first chart. */
export function createRenderer(
  { blobs = NO_BLOBS, givenValues }: Pick<Input, 'blobs' | 'givenValues'>,
  readAsset: ReadAsset,
): RenderCharts {
  const catalog = openCatalog(readAsset)
  const served = new Map<string, readonly string[]>()
  const servedIn = (kubernetes: string): readonly string[] => {
    const list = served.get(kubernetes) ?? listServed(catalog, kubernetes)
    served.set(kubernetes, list)
    return list
  }
  const known = new Map<string, { readonly madeOf: readonly unknown[]; readonly result: ChartResult }>()
  return async (folders, sources, config, rules) => {
    const { renderSets } = await import('./charts.ts')
    const inputs = listInputs(folders, sources, blobs)
    const renderOne = async (folder: string): Promise<ChartResult> => {
      const input = inputs.get(folder)!
      const own = toSettings(folder, sources, config)
      const settings = { ...own, given: givenValues, served: servedIn(own.kubernetes) }
      const others = [input, ...input.above].flatMap(it => [it, ...it.local])
      const read = [...settings.values, ...others.flatMap(it => it.sources)]
      const madeOf = [config, rules, ...read]
      const last = known.get(folder)
      if (last && last.madeOf.length === madeOf.length && last.madeOf.every((it, i) => it === madeOf[i]))
        return last.result
      // There may be hundreds of charts: what is for the rules about them alone goes before the next one comes.
      const { facts, ...rendered } = await renderSets(input, settings)
      const result = { ...rendered, checked: checkChart(facts, rules, config) }
      known.set(folder, { madeOf, result })
      return result
    }
    const results: ChartResult[] = []
    for (const it of folders) results.push(await renderOne(it))
    return results
  }
}

const NO_BLOBS: ReadonlyMap<string, Uint8Array> = new Map()

/** What discovery lists of a cluster of the minor, custom resources left out: `apps/v1`, `apps/v1/Deployment`. */
function listServed(catalog: Catalog, kubernetes: string): readonly string[] {
  const minor = toMinor(kubernetes)
  const served = new Set<string>()
  for (const it of catalog.listKinds())
    if (minor !== undefined && it.isKnown(minor) && it.isServed(minor))
      served.add(it.apiVersion).add(`${it.apiVersion}/${it.kind}`)
  return [...served]
}

/** Each chart with those that it names as `file://…`, and those that name it so. */
function listInputs(
  folders: readonly string[],
  sources: ReadonlyMap<string, Source>,
  blobs: ReadonlyMap<string, Uint8Array>,
): ReadonlyMap<string, ChartInput> {
  const groups = groupByFolder(folders, sources, blobs)
  const above = new Map<string, ChartInput[]>()
  const inputs = new Map<string, ChartInput>()
  for (const folder of folders) {
    const named = listLocalCharts(folder, sources)
    const local = named.map(it => groups.get(it) ?? toInput(it, sources, blobs))
    const input = { ...groups.get(folder)!, local }
    inputs.set(folder, input)
    for (const it of named) above.set(it, [...(above.get(it) ?? []), input])
  }
  return new Map([...inputs].map(([folder, it]) => [folder, { ...it, above: above.get(folder) ?? [] }]))
}

/** The files of each chart, in one pass over all: a repository holds hundreds of charts and tens of thousands of files. */
function groupByFolder(
  folders: readonly string[],
  sources: ReadonlyMap<string, Source>,
  blobs: ReadonlyMap<string, Uint8Array>,
): Map<string, ChartInput> {
  const own = new Map(
    folders.map(it => [it, { sources: [] as Source[], blobs: new Map<string, Uint8Array>() }]),
  )
  const groupOf = (id: string) => {
    const folder = findChart(own, id)
    return folder === undefined ? undefined : own.get(folder)
  }
  for (const it of sources.values()) groupOf(it.id)?.sources.push(it)
  for (const [id, data] of blobs) groupOf(id)?.blobs.set(id, data)
  return new Map([...own].map(([folder, files]) => [folder, { folder, ...files, local: [], above: [] }]))
}

function toInput(
  folder: string,
  sources: ReadonlyMap<string, Source>,
  blobs: ReadonlyMap<string, Uint8Array>,
): ChartInput {
  const isBelow = (id: string): boolean => folder === '' || id.startsWith(`${folder}/`)
  return {
    folder,
    sources: [...sources.values()].filter(it => isBelow(it.id)),
    blobs: new Map([...blobs].filter(([id]) => isBelow(id))),
    local: [],
    above: [],
  }
}

function toSettings(
  folder: string,
  sources: ReadonlyMap<string, Source>,
  config: Config,
): Omit<ChartSettings, 'given' | 'served'> {
  const {
    values = [],
    namespace = defaultNamespace,
    release = defaultRelease,
  } = config.charts?.get(folder) ?? {}
  return {
    kubernetes: config.kubernetes.at(-1)!,
    values: values.map(id => sources.get(id)).filter(it => it !== undefined),
    namespace,
    release,
  }
}

/** What a release is called where nobody says; `helm template` needs a name, too. */
export const defaultRelease = 'release'
