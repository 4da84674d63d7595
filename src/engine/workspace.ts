/** The one stateful object: texts in, snapshots out. A change costs the changed file and the graphs around it. */
import type { Config } from '../config/config.ts'
import { buildGraph } from '../graph/build.ts'
import type { Apis } from '../kube/apis.ts'
import type { Resource } from '../kube/resource.ts'
import type { Rule } from '../rule.ts'
import type { Source } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import { type FullParser, loadFullParser, parseSource } from '../yaml/parse.ts'
import { buildApis } from './apis.ts'
import { listDefinitions } from './definitions.ts'
import type { Skipped } from './finding.ts'
import type { Input, ReadAsset } from './input.ts'
import { claimsToBeManifest, classify, findChart, isBroken, type Project, readProject } from './project.ts'
import { type Entry, resourcesOf, type Snapshot, type Unit } from './snapshot.ts'

export interface Change {
  readonly id: string
  /** Undefined: the file is gone. */
  readonly text: string | undefined
}

export interface Workspace {
  readonly snapshot: Snapshot
  /** Takes changed, new and removed texts; the snapshot before stays valid. */
  update(changes: readonly Change[]): Promise<Snapshot>
  /** Takes new settings or rules. */
  configure(config: Config, rules: readonly Rule[]): Promise<Snapshot>
}

/** Asynchronous only because the full YAML parser is loaded when the first document needs it. */
export async function openWorkspace(
  input: Input,
  config: Config,
  rules: readonly Rule[],
  readAsset: ReadAsset,
): Promise<Workspace> {
  const parser = createParser()
  const build = createBuilder(parser, input, readAsset)
  let sources = new Map(input.sources.map(it => [it.id, it]))
  let snapshot = await build(sources, config, rules)
  return {
    get snapshot() {
      return snapshot
    },
    async update(changes) {
      sources = new Map(sources)
      for (const { id, text } of changes) {
        if (text === undefined) sources.delete(id)
        else sources.set(id, { id, text })
      }
      snapshot = await build(sources, snapshot.config, snapshot.rules)
      return snapshot
    },
    async configure(nextConfig, nextRules) {
      snapshot = await build(sources, nextConfig, nextRules)
      return snapshot
    },
  }
}

interface Parser {
  /** Documents of every source; loads the full parser when one of them needs it. */
  parseAll(sources: Iterable<Source>): Promise<void>
  documentsOf(source: Source): readonly Document[]
}

function createParser(): Parser {
  const known = new WeakMap<Source, readonly Document[]>()
  let full: FullParser | undefined
  return {
    async parseAll(sources) {
      for (const source of sources) {
        if (known.has(source)) continue
        let documents = parseSource(source, full)
        if (!documents) {
          full = await loadFullParser()
          documents = parseSource(source, full)
        }
        known.set(source, documents!)
      }
    },
    documentsOf: source => known.get(source) ?? [],
  }
}

type Build = (
  sources: ReadonlyMap<string, Source>,
  config: Config,
  rules: readonly Rule[],
) => Promise<Snapshot>

function createBuilder(parser: Parser, input: Input, readAsset: ReadAsset): Build {
  const apisOf = createApisMemo(readAsset)
  return async (sources, config, rules) => {
    const yaml = [...sources.values()].filter(it => /\.(ya?ml|json)$|(^|\/)Kustomization$/i.test(it.id))
    await parser.parseAll(yaml)
    await parser.parseAll(input.definitions ?? [])
    const project = readProject([...sources.values()], parser.documentsOf)
    const skipped: Skipped[] = [...input.skipped]
    const entries = listEntries(yaml, project, parser, skipped)
    const definitions = listDefinitions([
      ...(input.definitions ?? []).flatMap(it => parser.documentsOf(it)),
      ...entries.map(it => it.document),
    ])
    const apis = apisOf(config.kubernetes, definitions)
    const units = buildUnits(entries, project, config, apis)
    return { config, rules, apis, sources, units, skipped }
  }
}

/** Linked schemas are kept until the versions or a definition change. */
function createApisMemo(readAsset: ReadAsset) {
  let last: { readonly madeOf: readonly unknown[]; readonly apis: Apis } | undefined
  return (versions: readonly string[], definitions: readonly Resource[]): Apis => {
    const madeOf = [versions, ...definitions]
    if (!last || !sameItems(madeOf, last.madeOf))
      last = { madeOf, apis: buildApis(versions, definitions, readAsset) }
    return last.apis
  }
}

function listEntries(
  sources: readonly Source[],
  project: Project,
  parser: Parser,
  skipped: Skipped[],
): Entry[] {
  const entries: Entry[] = []
  const charts = new Set<string>()
  for (const source of sources) {
    const chart = findChart(project, source.id)
    if (chart !== undefined && !source.id.startsWith(`${chart}/crds/`)) {
      charts.add(chart)
      continue
    }
    for (const document of parser.documentsOf(source)) {
      const { role, skipped: why } = classify(project, document)
      if (why && skipped.at(-1)?.path !== why.path) skipped.push(why)
      entries.push({ document, role })
    }
  }
  for (const chart of charts) skipped.push({ path: chart, reason: 'a chart: rendering is not supported yet' })
  return entries
}

/** Plain manifests are one unit; what a kustomization completes is one unit a kustomization. */
function buildUnits(entries: readonly Entry[], project: Project, config: Config, apis: Apis): Unit[] {
  const plain = entries.filter(it => it.role !== 'base')
  const byOverlay = groupBases(entries, project)
  const backdrop = [...byOverlay.values()].flat().flatMap(it => resourcesOf(it.document))
  const common = {
    namespace: config.namespace,
    external: config.external,
    isNamespaced: (it: Resource) => apis.isNamespaced(it.apiVersion, it.kind),
  }
  const units = [
    {
      name: '',
      entries: plain,
      graph: buildGraph({
        ...common,
        resources: listJudged(plain),
        backdrop,
        closed: config.closed,
        incomplete: listBroken(plain),
      }),
    },
  ]
  for (const [folder, some] of byOverlay)
    units.push({
      name: folder,
      entries: some,
      graph: buildGraph({
        ...common,
        resources: listJudged(some),
        backdrop: [],
        closed: false,
        incomplete: [`completed by the kustomization in ${folder || '.'}`],
      }),
    })
  return units
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

const listJudged = (entries: readonly Entry[]): Resource[] =>
  entries.filter(it => it.role === 'manifest' || it.role === 'base').flatMap(it => resourcesOf(it.document))

/** Manifests that could not be read whole: what they hold might be what others refer to. */
const listBroken = (entries: readonly Entry[]): string[] => [
  ...new Set(
    entries
      .filter(it => isBroken(it.document) && claimsToBeManifest(it.document))
      .map(it => `${it.document.source.id} could not be read`),
  ),
]

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((it, i) => it === b[i])
