/** Writes a report in the formats that were asked for, to standard output and files. */
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import type { RuleInfo } from '../config/catalogue.ts'
import { suggestion } from '../config/catalogue.ts'
import type { Report } from '../engine/finding.ts'
import { UserError } from '../host/user-error.ts'
import { formatCheckstyle } from '../report/checkstyle.ts'
import { formatCompact } from '../report/compact.ts'
import { formatGithub } from '../report/github.ts'
import { formatGitlab } from '../report/gitlab.ts'
import { formatHtml } from '../report/html.ts'
import { formatJson } from '../report/json.ts'
import { formatJunit } from '../report/junit.ts'
import { formatMarkdown } from '../report/markdown.ts'
import { formatPretty } from '../report/pretty.ts'
import type { Reporter } from '../report/reporter.ts'
import { formatSarif } from '../report/sarif.ts'
import { formatTap } from '../report/tap.ts'
import { findNearest } from '../text/suggest.ts'
import type { Io } from './io.ts'
import { useColor } from './use-color.ts'
import { homepage, version } from './version.ts'

const reporters = {
  pretty: formatPretty,
  compact: formatCompact,
  json: formatJson,
  sarif: formatSarif,
  github: formatGithub,
  gitlab: formatGitlab,
  junit: formatJunit,
  checkstyle: formatCheckstyle,
  tap: formatTap,
  markdown: formatMarkdown,
  html: formatHtml,
} satisfies Record<string, Reporter>

type Format = keyof typeof reporters

export interface Output<Name extends string = Format> {
  readonly format: Name
  /** Undefined: standard output. */
  readonly file: string | undefined
}

/** `sarif=out.sarif`, `json`; checked before the run, so that a slip does not cost one. */
export function readOutputs(texts: readonly string[] | undefined, env: Io['env']): readonly Output[] {
  if (!texts) return [{ format: env.GITHUB_ACTIONS === 'true' ? 'github' : 'pretty', file: undefined }]
  return parseOutputs(texts, Object.keys(reporters) as Format[])
}

/** `html=fit.html`, `json`, of the formats that a command knows. */
export function parseOutputs<Format extends string>(
  texts: readonly string[],
  known: readonly Format[],
): readonly Output<Format>[] {
  const outputs = texts.map((text): Output<Format> => {
    const equals = text.indexOf('=')
    const name = equals < 0 ? text : text.slice(0, equals)
    const file = equals < 0 ? undefined : text.slice(equals + 1)
    const format = known.find(it => it === name)
    if (!format)
      throw new UserError(
        `--format: unknown format "${name}"`,
        suggestion(findNearest(name, [...known])) ?? `known: ${known.join(', ')}`,
      )
    if (file === '') throw new UserError(`--format: no file behind "${text}"`)
    return { format, file }
  })
  if (outputs.filter(it => it.file === undefined).length > 1)
    throw new UserError('--format: two formats for standard output', 'name a file: --format json=report.json')
  return outputs
}

export interface Writing {
  readonly io: Io
  readonly rules: readonly RuleInfo[]
  readonly color: boolean | undefined
}

export function writeReports(
  report: Report,
  outputs: readonly Output[],
  { io, rules, color }: Writing,
): void {
  for (const { format, file } of outputs) {
    const text = reporters[format](report, {
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

export const writeText = (path: string, name: string, text: string): void => writePieces(path, name, [text])

/** One file, of which no more than a few pieces are held at a time. */
export function writePieces(path: string, name: string, pieces: Iterable<string>): void {
  let file: number | undefined
  try {
    file = openSync(path, 'w')
    let held = ''
    for (const it of pieces) {
      held += it
      if (held.length < LARGE_WRITE) continue
      writeFileSync(file, held)
      held = ''
    }
    writeFileSync(file, held)
  } catch (error) {
    throw new UserError(`cannot write ${name}: ${(error as Error).message}`)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

const LARGE_WRITE = 1 << 20

/** The working directory seen from the root of its repository. */
function prefixOf(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(resolve(folder, '.git'))) return relative(folder, cwd).split(sep).join('/')
    if (dirname(folder) === folder) return ''
  }
}
