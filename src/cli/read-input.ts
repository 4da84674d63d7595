/** Files of a listing to the texts that the engine gets; what cannot be read becomes findings. */
import type { Config } from '../config/config.ts'
import type { Finding } from '../engine/finding.ts'
import { fileUnreadable } from '../engine/own-rules.ts'
import type { Host, ListedFile, Listing, ReadProblem } from '../host/host.ts'
import { lateSource } from '../host/late-source.ts'
import { UserError } from '../host/user-error.ts'
import { hashText } from '../text/hash.ts'
import type { Source } from '../text/source.ts'
import type { Progress } from './progress.ts'

export interface Texts {
  readonly sources: readonly Source[]
  /** Files of charts that are no text or that only templates may ask for, by id. */
  readonly blobs: ReadonlyMap<string, Uint8Array>
  readonly problems: readonly FileProblem[]
}

export interface FileProblem extends ReadProblem {
  /** The file as far as it could be read; empty when it could not. */
  readonly source: Source
}

/** What was named itself and cannot be read at all is a `UserError`. */
export function readTexts(host: Host, listing: Listing, progress: Progress): Texts {
  const sources: Source[] = []
  const blobs = new Map<string, Uint8Array>()
  const problems: FileProblem[] = []
  for (const file of listing.files) {
    const { id, named } = file
    if (sources.length % 64 === 0) progress.step(`reading files: ${sources.length}`)
    const late = isProse(file) ? host.readBytes?.(id) : undefined
    if (late) {
      sources.push(lateSource(id, late))
      blobs.set(id, late)
      continue
    }
    const { text, bytes, problem } = host.read(id)
    const source = { id, text: text ?? problem?.before ?? '' }
    if (bytes && file.role === 'chart') blobs.set(id, bytes)
    if (text !== undefined) sources.push(source)
    else if (named) throw new UserError(`cannot read ${id}: ${problem?.reason}`)
    if (problem && !isChartData(file)) problems.push({ ...problem, source })
  }
  for (const { path, reason } of listing.unreadable)
    problems.push({ source: { id: path, text: '' }, reason, before: '' })
  return { sources, blobs, problems }
}

/** What charts say about themselves is a fifth of their text, and nobody looks into it but a template that prints it. */
const isProse = ({ id, role }: ListedFile): boolean =>
  role === 'chart' && /\.md$/i.test(id) && !/(?:^|\/)templates\//.test(id)

/** Charts may carry pictures and archives, which are none of our business. */
const isChartData = ({ id, role }: ListedFile): boolean =>
  role === 'chart' && !/\.(?:ya?ml|json|tpl)$/i.test(id)

export function listProblemFindings(problems: readonly FileProblem[], config: Config): Finding[] {
  return problems.flatMap(({ source, reason, before }): Finding[] => {
    const severity = config.settingsFor(source.id).level(fileUnreadable)
    if (severity === 'off') return []
    const start = before.length
    return [
      {
        rule: fileUnreadable,
        severity,
        message: reason,
        location: { source, span: { start, end: Math.min(start + 1, source.text.length) } },
        kubernetes: config.kubernetes,
        origins: [],
        related: [],
        fixes: [],
        fingerprint: hashText([fileUnreadable, source.id, reason].join('\0')),
      },
    ]
  })
}
