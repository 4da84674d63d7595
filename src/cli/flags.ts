/** The options of commands as the parser hands them over. */
import type { Preset, Rule, Severity } from '../rule.ts'
import type { Io } from './io.ts'
import type { ValuesOptions } from './values-options.ts'

export interface ConfigOptions {
  readonly kubernetes?: string
  /** A file; false for none. */
  readonly config?: string | false
  readonly only?: readonly string[]
  readonly ignore?: readonly string[]
  readonly preset?: readonly Preset[]
}

export interface RunOptions extends ConfigOptions, ValuesOptions {
  readonly crds?: readonly string[]
  /** Files with the cluster to place pods on. */
  readonly nodes?: readonly string[]
  readonly schemaLocation?: readonly string[]
  readonly baseline?: string
  readonly updateBaseline?: boolean
  readonly focus?: readonly string[]
  readonly since?: string
  readonly stdinFilename?: string
}

export interface FailOptions {
  readonly failOn: Severity
}

export interface ColorOptions {
  readonly color?: boolean
}

export interface LintOptions extends RunOptions, FailOptions, ColorOptions {
  readonly format?: readonly string[]
  readonly maxWarnings?: number
  readonly quiet?: boolean
  readonly exitZero?: boolean
  /** How many threads share the work; absent: as many as pay off. */
  readonly threads?: number
}

export interface FixOptions extends Omit<RunOptions, 'stdinFilename'>, FailOptions {
  readonly diff?: boolean
  readonly unsafe?: boolean
}

/** No rule runs, so nothing chooses among rules and findings. */
export interface ScheduleOptions
  extends Pick<RunOptions, 'kubernetes' | 'config' | 'nodes' | 'stdinFilename'>,
    ValuesOptions,
    ColorOptions {
  readonly snapshot?: string
  readonly format?: readonly string[]
}

/** Versions of helm whose output differs. */
export const helmVersions = ['3', '4.1', '4.2'] as const

export interface RenderOptions extends ValuesOptions {
  readonly namespace: string
  readonly release?: string
  /** The same, as helm 2 called it. */
  readonly name?: string
  readonly kubernetes?: string
  readonly apiVersions?: readonly string[]
  readonly includeCrds?: boolean
  readonly isUpgrade?: boolean
  readonly helm: (typeof helmVersions)[number]
  readonly map?: boolean
}

export interface Invocation<Options> {
  readonly io: Io
  readonly rules: readonly Rule[]
  readonly paths: readonly string[]
  readonly flags: Options
}
