/** Settings of a project from its plimsoll.yaml files. Faults in them are data here: an editor shows them and goes on. */
import type { Config } from '../config/config.ts'
import { type ConfigFlags, type ConfigRequest, loadConfig } from '../config/load-config.ts'
import type { ReadAsset } from '../engine/input.ts'
import { ownRules } from '../engine/own-rules.ts'
import type { Host } from '../host/host.ts'
import { UserError } from '../host/user-error.ts'
import { openCatalog } from '../kube/schema/catalog.ts'
import type { Rule } from '../rule.ts'
import { memo } from '../text/memo.ts'
import { loadFullParser } from '../yaml/parse.ts'

/** What a program brings along: its rules, and a way to its packaged data. */
export interface Kit {
  readonly rules: readonly Rule[]
  readonly readAsset: ReadAsset
}

/** Settings of the editor that stand for flags of the command line. */
export type Overrides = Pick<ConfigFlags, 'kubernetes' | 'file'>

/** `file`, `line` and `column` (zero-based) are undefined when the fault has no place. */
export interface ConfigProblem {
  readonly message: string
  readonly file: string | undefined
  readonly line: number
  readonly column: number
}

export interface LoadedSettings {
  readonly config: Config | undefined
  readonly problem: ConfigProblem | undefined
  /** Files with the cluster to place pods on, as ids. */
  readonly nodes: readonly string[]
}

export interface SettingsRequest {
  readonly host: Host
  readonly root: string
  /** Ids of configuration files below the root. */
  readonly nested: readonly string[]
  readonly kit: Kit
  readonly overrides: Overrides
}

export async function loadSettings(request: SettingsRequest): Promise<LoadedSettings> {
  const { host, root, nested, kit, overrides } = request
  const wanted: ConfigRequest = {
    host,
    cwd: root.replaceAll('\\', '/'),
    start: '',
    nested,
    rules: [...kit.rules, ...ownRules],
    versions: listVersions(kit),
    flags: overrides,
  }
  try {
    const loaded = loadConfig(wanted) ?? loadConfig({ ...wanted, full: await loadFullParser() })
    return { config: loaded?.config, problem: undefined, nodes: loaded?.nodes?.value ?? [] }
  } catch (error) {
    if (error instanceof UserError) return { config: undefined, problem: toProblem(error), nodes: [] }
    throw error
  }
}

const listVersions = memo((kit: Kit): readonly string[] => openCatalog(kit.readAsset).versions)

/** Configuration names places as `file:line:column`, 1-based. */
export function toProblem({ message, hint }: UserError): ConfigProblem {
  const [, file, line, column, rest] = /^(.+?):(\d+):(\d+): (.*)$/s.exec(message) ?? []
  const words = (rest ?? message) + (hint === undefined ? '' : `; ${hint}`)
  return { message: words, file, line: Number(line ?? 1) - 1, column: Number(column ?? 1) - 1 }
}
