/** The options of commands as the parser hands them over. */
import type { Preset, Rule, Severity } from '../rule.ts'
import type { Io } from './io.ts'

export interface ConfigOptions {
  readonly kubernetes?: string
  /** A file; false for none. */
  readonly config?: string | false
  readonly only?: readonly string[]
  readonly ignore?: readonly string[]
  readonly preset?: readonly Preset[]
}

export interface RunOptions extends ConfigOptions {
  readonly crds?: readonly string[]
  /** Files with the cluster to place pods on. */
  readonly nodes?: readonly string[]
  readonly schemaLocation?: readonly string[]
  readonly baseline?: string
  readonly updateBaseline?: boolean
  readonly focus?: readonly string[]
  readonly since?: string
  readonly stdinFilename?: string
  readonly failOn: Severity
  readonly color?: boolean
}

export interface LintOptions extends RunOptions {
  readonly format?: readonly string[]
  readonly maxWarnings?: number
  readonly quiet?: boolean
  readonly exitZero?: boolean
}

export interface FixOptions extends RunOptions {
  readonly diff?: boolean
  readonly unsafe?: boolean
}

export interface ScheduleOptions extends RunOptions {
  readonly snapshot?: string
  readonly format?: readonly string[]
}

export interface Invocation<Options> {
  readonly io: Io
  readonly rules: readonly Rule[]
  readonly paths: readonly string[]
  readonly flags: Options
}
