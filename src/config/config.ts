/** The settings of a run, resolved: defaults filled in, names checked. Passed along, never stored. */
import type { Severity } from '../rule.ts'
import type { Json } from '../yaml/json.ts'

export type Level = Severity | 'off'

/** What holds for the rules in one file. */
export interface RuleSettings {
  level(rule: string): Level
  options(rule: string): Json
}

/** An object that exists in the cluster and is not in the input; `*` in names matches any text. */
export interface External {
  readonly kind: string
  readonly namespace?: string
  readonly name: string
}

export interface ChartConfig {
  /** Ids of values files; the chart is rendered with each. */
  readonly values: readonly string[]
  readonly namespace?: string
  /** Name of the release, where it is known. */
  readonly release?: string
}

export interface Config {
  /** The minors to check, ascending: `["1.35", "1.36"]`. */
  readonly kubernetes: readonly string[]
  /** False when nobody named a version and the newest known one is taken. */
  readonly kubernetesGiven: boolean
  /** The namespace of resources that name none; undefined: unknown. */
  readonly namespace?: string
  readonly external: readonly External[]
  /** `closed: true`: everything that is referred to is in the input or in `external`. */
  readonly closed: boolean
  /** How to render charts, by their folder. */
  readonly charts?: ReadonlyMap<string, ChartConfig>
  /** By file id, because `overrides` and nested configuration files depend on the path. */
  settingsFor(file: string): RuleSettings
}
