/** Writes a report in the formats that were asked for, to standard output and files. */
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import type { RuleInfo } from '../config/catalogue.ts'
import { suggestion } from '../config/catalogue.ts'
import type { Report } from '../engine/finding.ts'
import { UserError } from '../host/user-error.ts'
import { findNearest } from '../kube/schema/suggest.ts'
import { formatPretty } from '../report/pretty.ts'
import type { Reporter } from '../report/reporter.ts'
import type { Io } from './io.ts'
import { useColor } from './use-color.ts'
import { homepage, version } from './version.ts'

const reporters = {
  pretty: async () => formatPretty,
  compact: async () => (await import('../report/compact.ts')).formatCompact,
  json: async () => (await import('../report/json.ts')).formatJson,
  sarif: async () => (await import('../report/sarif.ts')).formatSarif,
  github: async () => (await import('../report/github.ts')).formatGithub,
  gitlab: async () => (await import('../report/gitlab.ts')).formatGitlab,
  junit: async () => (await import('../report/junit.ts')).formatJunit,
  checkstyle: async () => (await import('../report/checkstyle.ts')).formatCheckstyle,
  tap: async () => (await import('../report/tap.ts')).formatTap,
  markdown: async () => (await import('../report/markdown.ts')).formatMarkdown,
} satisfies Record<string, () => Promise<Reporter>>

type Format = keyof typeof reporters

export interface Output {
  readonly format: Format
  /** Undefined: standard output. */
  readonly file: string | undefined
}

/** `sarif=out.sarif`, `json`; checked before the run, so that a slip does not cost one. */
export function readOutputs(texts: readonly string[] | undefined, env: Io['env']): readonly Output[] {
  if (!texts) return [{ format: env.GITHUB_ACTIONS === 'true' ? 'github' : 'pretty', file: undefined }]
  const outputs = texts.map((text): Output => {
    const equals = text.indexOf('=')
    const format = equals < 0 ? text : text.slice(0, equals)
    const file = equals < 0 ? undefined : text.slice(equals + 1)
    if (!isFormat(format))
      throw new UserError(
        `--format: unknown format "${format}"`,
        suggestion(findNearest(format, Object.keys(reporters))) ??
          `known: ${Object.keys(reporters).join(', ')}`,
      )
    if (file === '') throw new UserError(`--format: no file behind "${text}"`)
    return { format, file }
  })
  if (outputs.filter(it => it.file === undefined).length > 1)
    throw new UserError('--format: two formats for standard output', 'name a file: --format json=report.json')
  return outputs
}

const isFormat = (text: string): text is Format => Object.hasOwn(reporters, text)

export interface Writing {
  readonly io: Io
  readonly rules: readonly RuleInfo[]
  readonly color: boolean | undefined
}

export async function writeReports(
  report: Report,
  outputs: readonly Output[],
  { io, rules, color }: Writing,
): Promise<void> {
  for (const { format, file } of outputs) {
    const formatReport: Reporter = await reporters[format]()
    const text = formatReport(report, {
      color: file === undefined && useColor(color, io),
      rules,
      version,
      homepage,
      milliseconds: io.elapsed(),
      prefix: prefixOf(io.cwd),
    })
    if (file === undefined) io.out(text)
    else writeText(resolve(io.cwd, file), file, text)
  }
}

export function writeText(path: string, name: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new UserError(`cannot write ${name}: ${(error as Error).message}`)
  }
}

/** The working directory seen from the root of its repository. */
function prefixOf(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(resolve(folder, '.git'))) return relative(folder, cwd).split(sep).join('/')
    if (dirname(folder) === folder) return ''
  }
}
