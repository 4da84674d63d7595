/** What references are resolved in: plain files together, what a kustomization completes, each rendering of a chart. */
import type { Config } from '../config/config.ts'
import { buildGraph } from '../graph/build.ts'
import type { Apis } from '../kube/apis.ts'
import type { Resource } from '../kube/resource.ts'
import { atRoot } from '../yaml/cursor.ts'
import type { RenderedChart, RenderedSet } from './charts.ts'
import { claimsToBeManifest, isBroken, isYttTemplate, type Project } from './project.ts'
import { type Entry, isJudged, resourcesOf, type Unit } from './snapshot.ts'

export interface Parts {
  /** Documents of files. */
  readonly entries: readonly Entry[]
  readonly charts: readonly RenderedChart[]
  /** What charts make that are rendered elsewhere. */
  readonly beside: readonly Resource[]
  readonly project: Project
  /** Whether a file is judged here: all may be referred to. */
  readonly owns: (id: string) => boolean
}

/** Plain manifests are one unit, what a kustomization completes is one a kustomization, a chart is one a values set. */
export function buildUnits(parts: Parts, config: Config, apis: Apis): Unit[] {
  const { entries, charts, beside, project } = parts
  const listOwn = (some: readonly Entry[]) => some.filter(it => parts.owns(it.document.source.id))
  const plain = entries.filter(it => it.role !== 'base')
  const bases = groupBases(entries, project)
  const rendered = charts.flatMap(listRenderings)
  const inPlain = listJudged(plain)
  const inBases = [...bases.values()].flatMap(listJudged)
  const inCharts = [...rendered.flatMap(it => listJudged(it.entries)), ...beside]
  const common = {
    namespace: config.namespace,
    external: config.external,
    closed: config.closed,
    builtImages: listBuiltImages(entries),
    isNamespaced: (it: Resource) => apis.isNamespaced(it.apiVersion, it.kind),
  }
  const units: Unit[] = [
    {
      name: '',
      entries: listOwn(plain),
      graph: buildGraph({
        ...common,
        resources: inPlain,
        backdrop: [...inBases, ...inCharts],
        incomplete: listBroken(plain),
      }),
    },
  ]
  for (const [folder, some] of bases) {
    const incomplete = [`completed by the kustomization in ${folder || '.'}`]
    const graph = buildGraph({
      ...common,
      resources: listJudged(some),
      backdrop: [],
      closed: false,
      incomplete,
    })
    units.push({ name: folder, entries: listOwn(some), graph })
  }
  for (const it of rendered) {
    const namespace = config.charts?.get(it.folder)?.namespace ?? defaultNamespace
    const resources = listJudged(it.entries)
    const backdrop = [...inPlain, ...inBases]
    const { incomplete } = it
    const partial = incomplete.length > 0
    const graph = buildGraph({ ...common, namespace, resources, backdrop, incomplete, partial })
    const chart = { folder: it.folder, values: it.values, isRendered: it.isRendered }
    units.push({ name: `${it.folder} with ${it.values}`, entries: it.entries, graph, chart })
  }
  return units
}

/** Where Helm installs a release when nobody names a namespace. */
export const defaultNamespace = 'default'

interface RenderedUnit {
  readonly folder: string
  readonly values: string
  readonly isRendered: RenderedSet['isRendered']
  readonly entries: readonly Entry[]
  readonly incomplete: readonly string[]
}

function listRenderings({ folder, sets }: RenderedChart): RenderedUnit[] {
  return sets.map(({ values, documents, isRendered, isPartial }) => ({
    folder,
    values,
    isRendered,
    entries: documents.map(document => ({ document, role: 'manifest' as const })),
    incomplete: isPartial ? [`the chart ${folder} could not be rendered whole`] : [],
  }))
}

function groupBases(entries: readonly Entry[], project: Project): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    if (entry.role !== 'base') continue
    const folder = project.bases.get(entry.document.source.id)!
    const group = groups.get(folder)
    if (group) group.push(entry)
    else groups.set(folder, [entry])
  }
  return groups
}

/** Resources that are applied, be it as they stand or completed. */
export const listJudged = (entries: readonly Entry[]): Resource[] =>
  entries.filter(isJudged).flatMap(it => resourcesOf(it.document))

/** What the files of skaffold build: it fills the name of the image that it built in wherever the name stands. */
function listBuiltImages(entries: readonly Entry[]): ReadonlySet<string> {
  const images = new Set<string>()
  for (const { document, role } of entries) {
    if (role !== 'other') continue
    const root = atRoot(document)
    if (!root.text('apiVersion')?.startsWith('skaffold/')) continue
    for (const it of root.get('build', 'artifacts')?.each() ?? []) images.add(it.text('image') ?? '')
  }
  return images
}

/** Manifests that could not be read whole, and templates: what they hold might be what others refer to. */
const listBroken = (entries: readonly Entry[]): string[] => [
  ...new Set(
    entries
      .filter(({ document: it }) => (isBroken(it) || isYttTemplate(it)) && claimsToBeManifest(it))
      .map(it => `${it.document.source.id} could not be read`),
  ),
]
