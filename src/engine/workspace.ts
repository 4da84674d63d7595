/** The one stateful object: texts in, snapshots out. A change costs the changed file and the graphs around it. */
import type { Config } from '../config/config.ts'
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
import type { Inventory } from './inventory.ts'
import { type LateRules, loadRules } from './late-rules.ts'
import { exchangeMade, listInstalled, NOTHING_ELSEWHERE } from './part.ts'
import { chartFileOf, classify, isPlainYaml, listChartFolders, type Project, readProject } from './project.ts'
import { createRenderer } from './render-charts.ts'
import type { Entry, Snapshot } from './snapshot.ts'
import { buildUnits, listJudged } from './units.ts'
import type { UserSchemas } from './user-schemas.ts'

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
  /** Documents of all sources; loads the full parser when one of them needs it. */
  parseAll(sources: readonly Source[]): Promise<readonly Document[]>
  documentsOf(source: Source): readonly Document[]
}

function createParser(): Parser {
  const known = new WeakMap<Source, readonly Document[]>()
  let full: FullParser | undefined
  const documentsOf = (source: Source): readonly Document[] => known.get(source) ?? []
  return {
    documentsOf,
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
      return sources.flatMap(documentsOf)
    },
  }
}

type Build = (
  sources: ReadonlyMap<string, Source>,
  config: Config,
  rules: readonly Rule[],
) => Promise<Snapshot>

function createBuilder(parser: Parser, input: Input, readAsset: ReadAsset): Build {
  const late: LateRules = { engine: undefined }
  const apisOf = createApisMemo(readAsset, input, late)
  const render = createRenderer(input, readAsset)
  return async (sources, config, rules) => {
    const all = [...sources.values()]
    const folders = input.part?.charts ?? listChartFolders(all.map(it => it.id))
    const owns = (id: string): boolean => input.part?.owns(id) ?? true
    const yaml = all.filter(it => isPlainYaml(it.id, folders))
    await parser.parseAll(yaml)
    await parser.parseAll(input.definitions ?? [])
    const project = readProject(yaml, folders, parser.documentsOf)
    const { entries, skipped } = listEntries(yaml, project, parser)
    const ownFolders = [...folders].filter(it => owns(chartFileOf(it)))
    const charts = ownFolders.length === 0 ? [] : await render(ownFolders, sources, config, rules)
    const elsewhere = input.part
      ? await exchangeMade(input.part, charts, listJudged(entries), parser.parseAll)
      : NOTHING_ELSEWHERE
    const installed = new Map(charts.map(it => [it.folder, listInstalled(it.sets)]))
    const definitions = listDefinitions([
      ...(input.definitions ?? []).flatMap(parser.documentsOf),
      ...entries.map(it => it.document),
      ...[...folders].flatMap(it => installed.get(it) ?? elsewhere.definitions.get(it) ?? []),
    ])
    const apis = await apisOf(config.kubernetes, definitions)
    const units = buildUnits({ entries, charts, project, owns, beside: elsewhere.objects }, config, apis)
    await loadRules(late, units, apis)
    const chartProblems = charts.flatMap(it => it.problems)
    const checkedCharts = charts.map(it => it.checked)
    const ofCharts = { chartProblems, checkedCharts, charts: charts.length }
    const ownSkipped = skipped.filter(it => owns(it.path))
    const allSkipped = [...input.skipped, ...ownSkipped, ...charts.flatMap(it => it.skipped)]
    const snapshot = { config, rules, apis, sources, units, skipped: allSkipped, ...ofCharts }
    return input.inventory ? addFits(snapshot, input.inventory) : snapshot
  }
}

/** Linked schemas are kept until the versions or a definition change. */
function createApisMemo(readAsset: ReadAsset, { schemaPlaces, readSchema }: Input, rules: LateRules) {
  let last: { readonly madeOf: readonly unknown[]; readonly apis: Apis } | undefined
  let users: UserSchemas | undefined
  return async (versions: readonly string[], definitions: readonly Resource[]): Promise<Apis> => {
    if (schemaPlaces && readSchema && !users) {
      const { openUserSchemas } = await import('./user-schemas.ts')
      users = openUserSchemas(schemaPlaces, readSchema)
    }
    const madeOf = [versions, ...definitions]
    if (!last || !sameItems(madeOf, last.madeOf))
      last = { madeOf, apis: buildApis(versions, definitions, readAsset, { rules, ...(users && { users }) }) }
    return last.apis
  }
}

/** The scheduler is loaded only where there is a cluster to place pods on. */
async function addFits(snapshot: Snapshot, inventory: Inventory): Promise<Snapshot> {
  const { createFits } = await import('./fit.ts')
  const { problems, unlisted } = inventory
  return { ...snapshot, inventory: { problems, unlisted }, findFit: createFits(snapshot, inventory) }
}

function listEntries(
  sources: readonly Source[],
  project: Project,
  parser: Parser,
): { entries: Entry[]; skipped: Skipped[] } {
  const entries: Entry[] = []
  const skipped: Skipped[] = []
  for (const source of sources)
    for (const document of parser.documentsOf(source)) {
      const { role, skipped: why } = classify(project, document)
      if (why && skipped.at(-1)?.path !== why.path) skipped.push(why)
      entries.push({ document, role })
    }
  return { entries, skipped }
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((it, i) => it === b[i])
