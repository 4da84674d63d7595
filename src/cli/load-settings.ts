/** Finds the configuration for the paths of a command line. */
import { resolve, sep } from 'node:path'
import type { RuleInfo } from '../config/catalogue.ts'
import { readRuleNames } from '../config/catalogue.ts'
import { type ConfigFlags, configName, type LoadedConfig, loadConfig } from '../config/load-config.ts'
import { readAsset } from '../host/assets.ts'
import type { Host, Listing } from '../host/host.ts'
import { openCatalog } from '../kube/schema/catalog.ts'
import { folderOf } from '../text/paths.ts'
import { loadFullParser } from '../yaml/parse.ts'
import type { ConfigOptions } from './flags.ts'
import type { Io } from './io.ts'

export interface SettingsRequest {
  readonly io: Io
  readonly flags: ConfigOptions
  readonly host: Host
  readonly rules: readonly RuleInfo[]
  readonly paths: readonly string[]
  readonly listing: Pick<Listing, 'files'>
}

export async function loadSettings({
  io,
  flags,
  host,
  rules,
  paths,
  listing,
}: SettingsRequest): Promise<LoadedConfig> {
  const cwd = sep === '/' ? io.cwd : io.cwd.replaceAll(sep, '/')
  const request = {
    host,
    cwd,
    start: commonFolder(io.cwd, paths, host),
    nested: listing.files.map(it => it.id).filter(it => it === configName || it.endsWith(`/${configName}`)),
    rules,
    versions: openCatalog(readAsset).versions,
    flags: toConfigFlags(flags, rules),
  }
  return loadConfig(request) ?? loadConfig({ ...request, full: await loadFullParser() })!
}

function toConfigFlags(flags: ConfigOptions, rules: readonly RuleInfo[]): ConfigFlags {
  return {
    ...(flags.kubernetes === undefined ? {} : { kubernetes: flags.kubernetes }),
    ...(flags.preset ? { presets: flags.preset } : {}),
    ...(flags.only ? { only: readRuleNames(rules, flags.only, '--only') } : {}),
    ...(flags.ignore ? { ignore: readRuleNames(rules, flags.ignore, '--ignore') } : {}),
    ...(flags.config === false ? { file: 'none' } : {}),
    ...(flags.config ? { file: { path: flags.config } } : {}),
  }
}

/** The folder that all paths are in; standard input is where the command runs. */
function commonFolder(cwd: string, paths: readonly string[], host: Host): string {
  const folders = (paths.length === 0 ? ['.'] : paths).map(path => {
    const absolute = resolve(cwd, path === '-' ? '.' : path)
    return (isFolder(host, path) ? absolute : folderOf(absolute)).split(sep)
  })
  const [first = [], ...others] = folders
  let length = first.length
  for (const other of others) {
    let same = 0
    while (same < length && first[same] === other[same]) same++
    length = same
  }
  return first.slice(0, length).join('/')
}

const isFolder = (host: Host, path: string): boolean =>
  path === '-' || host.read(path).problem?.reason === 'a folder'
