/** Settings of a run: the nearest plimsoll.yaml upward, what it extends, files below the root, flags. */
import picomatch from 'picomatch'
import type { Host } from '../host/host.ts'
import { UserError } from '../host/user-error.ts'
import { folderOf, joinPath, pathBelow } from '../text/paths.ts'
import type { JsonObject } from '../yaml/json.ts'
import { type FullParser, parseSource } from '../yaml/parse.ts'
import type { RuleInfo } from './catalogue.ts'
import type { ChartConfig, Config, RuleSettings } from './config.ts'
import { type ConfigFile, type Layer, readConfigFile, type Setting } from './config-file.ts'
import { type RuleFlags, type SettledRule, settleRules, toRuleSettings } from './rule-settings.ts'
import { buildConfigSchema } from './schema.ts'
import { readVersions } from './versions.ts'

export const configName = 'plimsoll.yaml'

export interface ConfigRequest {
  readonly host: Pick<Host, 'read' | 'exists'>
  /** The working directory that ids are relative to; absolute, with `/`. */
  readonly cwd: string
  /** Where the search upward begins: the folder that all given paths are in, as an id. */
  readonly start: string
  /** Configuration files below the given paths, as ids; each holds for its own folder. */
  readonly nested: readonly string[]
  readonly rules: readonly RuleInfo[]
  /** The known minors, ascending. */
  readonly versions: readonly string[]
  readonly flags: ConfigFlags
  readonly full?: FullParser | undefined
}

export interface ConfigFlags extends RuleFlags {
  readonly kubernetes?: string
  /** This file and no other one; `none`: no file at all. */
  readonly file?: { readonly path: string } | 'none'
}

export interface LoadedConfig {
  readonly config: Config
  /** The file that holds for the run, as an id. */
  readonly file: string | undefined
  /** Files that settings name and a run needs, as ids. */
  readonly files: readonly string[]
  /** Files with the cluster to place pods on, as ids. */
  readonly nodes: Setting<readonly string[]> | undefined
  /** Settings that are accepted and have no effect, and why. */
  readonly notes: readonly { readonly path: string; readonly reason: string }[]
  /** Settings of the whole run, each with the place it comes from. */
  readonly settings: ReadonlyMap<string, Setting<unknown>>
  /** What holds for the rules in a file, and where it comes from. */
  explain(file: string): ReadonlyMap<string, SettledRule>
}

/** Undefined when a file needs the full parser and none is given: load it and call again. */
export function loadConfig(request: ConfigRequest): LoadedConfig | undefined {
  const read = createReader(request)
  const main = findMain(request)
  const ids = request.flags.file ? [main] : [main, ...request.nested.filter(it => it !== main)]
  const chains: Chain[] = []
  for (const id of ids) {
    if (id === undefined) continue
    const chain = readChain(id, read, request)
    if (!chain) return undefined
    chains.push({ folder: id === main ? undefined : folderOf(id), files: chain })
  }
  const own = chains.find(it => it.folder === undefined)
  const rules = createRuleLookup(request, chains)
  const charts = readCharts(
    chains.flatMap(it => it.files),
    request,
  )
  return {
    config: { ...readRunSettings(own?.files ?? [], request), charts, settingsFor: rules.settingsFor },
    file: main,
    files: [...charts.values()].flatMap(it => it.values),
    nodes: findNodes(own?.files ?? [], request),
    notes: chains.flatMap(listNotes),
    settings: listSettings(own?.files ?? [], request),
    explain: rules.explain,
  }
}

/** A file and what it extends, from weak to strong. */
interface Chain {
  /** Holds for this folder; undefined: for everything. */
  readonly folder: string | undefined
  readonly files: readonly ConfigFile[]
}

type Reader = (id: string, from: string) => ConfigFile | undefined

function createReader({ host, rules, versions, full }: ConfigRequest): Reader {
  let schema: JsonObject | undefined
  return (id, from) => {
    const { text, problem } = host.read(id)
    if (text === undefined) throw new UserError(`${from}cannot read ${id}: ${problem?.reason}`)
    const source = { id, text }
    const documents = parseSource(source, full)
    schema ??= buildConfigSchema(rules, versions)
    return documents && readConfigFile(source, documents, schema, rules)
  }
}

/** Stops at the root of the repository: settings of a stranger's folder above it are not meant. */
function findMain({ host, cwd, start, flags }: ConfigRequest): string | undefined {
  if (flags.file === 'none') return undefined
  if (flags.file) return flags.file.path
  const toId = (path: string): string => pathBelow(cwd, path) ?? path
  for (let folder = joinPath(cwd, start); folder !== ''; folder = folderOf(folder)) {
    const id = toId(`${folder}/${configName}`)
    if (host.exists(id)) return id
    if (host.exists(toId(`${folder}/.git`))) return undefined
  }
  return undefined
}

function readChain(id: string, read: Reader, request: ConfigRequest): ConfigFile[] | undefined {
  const chain: ConfigFile[] = []
  const open: string[] = []
  const add = (id: string, from: string): boolean => {
    if (open.includes(id)) throw new UserError(`${from}${[...open, id].join(' extends ')}`)
    open.push(id)
    const file = read(id, from)
    if (!file) return false
    for (const { value, from } of file.extends) {
      const path = joinPath(joinPath(request.cwd, file.folder), value)
      if (!add(pathBelow(request.cwd, path) ?? path, `${from}: `)) return false
    }
    open.pop()
    chain.push(file)
    return true
  }
  return add(id, '') ? chain : undefined
}

const defaults: Pick<Config, 'kubernetesGiven' | 'external' | 'closed'> = {
  kubernetesGiven: false,
  external: [],
  closed: false,
}

function readRunSettings(
  files: readonly ConfigFile[],
  request: ConfigRequest,
): Omit<Config, 'settingsFor' | 'charts'> {
  const { flags, versions } = request
  const kubernetes: Setting<string> | undefined =
    flags.kubernetes === undefined
      ? last(files, it => it.kubernetes)
      : { value: flags.kubernetes, from: '--kubernetes' }
  const namespace = last(files, it => it.namespace)?.value
  return {
    kubernetes: kubernetes ? readVersions(kubernetes.value, versions, kubernetes.from) : versions.slice(-1),
    kubernetesGiven: kubernetes !== undefined,
    external: files.flatMap(it => it.external?.value ?? []),
    closed: last(files, it => it.closed)?.value ?? defaults.closed,
    ...(namespace === undefined ? {} : { namespace }),
  }
}

/** What is set for a chart is listed by its folder, behind this. */
export const CHART_SETTING = 'charts.'

/** A path in the settings of a folder, as seen from where plimsoll runs. */
function toId(cwd: string, folder: string, path: string): string {
  const absolute = joinPath(joinPath(cwd, folder), path)
  return pathBelow(cwd, absolute) ?? absolute
}

/** A chart as `helm package` makes it. */
const PACKAGE = /\.(?:tgz|tar\.gz)$/i

/** Values files are relative to the chart, or to the file that names them. */
function readCharts(files: readonly ConfigFile[], { host, cwd }: ConfigRequest): Map<string, ChartConfig> {
  const charts = new Map<string, ChartConfig>()
  for (const { id: file, folder, charts: settings } of files)
    for (const { chart, values, namespace, release, from } of settings) {
      const id = toId(cwd, folder, chart)
      const about = PACKAGE.test(id) ? id : joinPath(id, 'Chart.yaml')
      if (!host.exists(about)) throw new UserError(`${from}: ${chart} is no chart: ${about} does not exist`)
      const ids = values.map(path => {
        const found = [toId(cwd, id, path), toId(cwd, folder, path)].find(it => host.exists(it))
        if (found === undefined)
          throw new UserError(`${from}: ${path} does not exist, neither in ${chart} nor beside ${file}`)
        return found
      })
      charts.set(id, {
        values: ids,
        ...(namespace === undefined ? {} : { namespace }),
        ...(release === undefined ? {} : { release }),
      })
    }
  return charts
}

/** Paths are relative to the file that names them. */
function findNodes(
  files: readonly ConfigFile[],
  { host, cwd }: ConfigRequest,
): Setting<readonly string[]> | undefined {
  const file = files.findLast(it => it.nodes)
  if (!file?.nodes) return undefined
  const { value, from } = file.nodes
  const ids = value.map(path => {
    const absolute = joinPath(joinPath(cwd, file.folder), path)
    const id = pathBelow(cwd, absolute) ?? absolute
    if (!host.exists(id)) throw new UserError(`${from}: ${path} does not exist`)
    return id
  })
  return ids.length > 0 ? { value: ids, from } : undefined
}

function last<Value>(
  files: readonly ConfigFile[],
  pick: (file: ConfigFile) => Setting<Value> | undefined,
): Setting<Value> | undefined {
  return files.map(pick).findLast(it => it !== undefined)
}

function listSettings(
  files: readonly ConfigFile[],
  { flags, versions, cwd }: ConfigRequest,
): Map<string, Setting<unknown>> {
  const settings = new Map<string, Setting<unknown>>([
    ['kubernetes', { value: versions.at(-1), from: 'default: the newest known minor' }],
    ['closed', { value: defaults.closed, from: 'default' }],
    ['external', { value: defaults.external, from: 'default' }],
  ])
  for (const file of files)
    for (const key of ['kubernetes', 'namespace', 'closed', 'external', 'nodes', 'policies'] as const) {
      const setting = file[key]
      if (setting) settings.set(key, setting)
    }
  if (flags.kubernetes !== undefined)
    settings.set('kubernetes', { value: flags.kubernetes, from: '--kubernetes' })
  for (const file of files)
    for (const { chart, values, namespace, release, from } of file.charts) {
      const id = toId(cwd, file.folder, chart)
      settings.set(`${CHART_SETTING}${id}`, { value: { values, namespace, release }, from })
    }
  return settings
}

/** What is configured and does nothing is said. */
function listNotes({ folder, files }: Chain): { path: string; reason: string }[] {
  return files.flatMap(file => {
    const notes: { path: string; reason: string }[] = []
    const say = (setting: { readonly from: string } | undefined, reason: string): void => {
      if (setting) notes.push({ path: file.id, reason })
    }
    say(file.policies, '"policies" has no effect yet')
    if (folder !== undefined)
      for (const key of ['kubernetes', 'namespace', 'closed', 'external', 'nodes'] as const)
        say(file[key], `"${key}" holds for a whole run and is taken from its own file`)
    return notes
  })
}

interface RuleLookup {
  settingsFor(file: string): RuleSettings
  explain(file: string): ReadonlyMap<string, SettledRule>
}

interface Match {
  readonly layer: Layer
  readonly applies: (file: string) => boolean
}

/** One object for all files with the same layers, so that results computed under it can be kept. */
function createRuleLookup({ rules, flags, cwd }: ConfigRequest, chains: readonly Chain[]): RuleLookup {
  const nested = chains
    .filter(it => it.folder !== undefined)
    .sort((a, b) => b.folder!.length - a.folder!.length)
    .map(it => ({ folder: it.folder!, layers: listMatches(it, cwd) }))
  const own = chains.find(it => it.folder === undefined)
  const outer = own ? listMatches(own, cwd) : []
  const settledByKey = new Map<
    string,
    { settled: ReadonlyMap<string, SettledRule>; settings: RuleSettings }
  >()
  const find = (file: string) => {
    const index = nested.findIndex(it => pathBelow(it.folder, file) !== undefined)
    const layers = (nested[index]?.layers ?? outer).filter(it => it.applies(file)).map(it => it.layer)
    const key = `${index}:${layers.map(it => ids.of(it)).join()}`
    let known = settledByKey.get(key)
    if (!known) {
      const settled = settleRules(rules, layers, flags)
      known = { settled, settings: toRuleSettings(settled) }
      settledByKey.set(key, known)
    }
    return known
  }
  const ids = createNumbering<Layer>()
  return { settingsFor: file => find(file).settings, explain: file => find(file).settled }
}

function createNumbering<Item extends object>(): { of(item: Item): number } {
  const numbers = new Map<Item, number>()
  return {
    of(item) {
      const number = numbers.get(item) ?? numbers.size
      numbers.set(item, number)
      return number
    },
  }
}

function listMatches({ files }: Chain, cwd: string): Match[] {
  return files
    .flatMap(it => it.layers)
    .map(layer => {
      if (!layer.files) return { layer, applies: () => true }
      const matches = picomatch([...layer.files], { dot: true })
      const folder = joinPath(cwd, layer.folder)
      return {
        layer,
        applies: file => {
          const below = pathBelow(folder, joinPath(cwd, file))
          return below !== undefined && matches(below)
        },
      }
    })
}
