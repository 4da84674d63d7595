/** What all formats share: their options, counts, and places with 1-based lines and columns. */
import type { RuleInfo } from '../config/catalogue.ts'
import { type Finding, type Origin, ownValues, type Report } from '../engine/finding.ts'
import type { Severity } from '../rule.ts'
import { type Position, positionAt } from '../text/lines.ts'
import { joinPath } from '../text/paths.ts'
import type { Location } from '../text/source.ts'

export interface ReportOptions {
  readonly color: boolean
  /** Every rule of the run, whether it found something or not. */
  readonly rules: readonly RuleInfo[]
  /** Of plimsoll. */
  readonly version: string
  /** Where plimsoll is at home on the web. */
  readonly homepage: string | undefined
  readonly milliseconds: number
  /** The working directory as seen from the root of the repository, `""` at the root: what code hosts want paths from. */
  readonly prefix: string
}

/** Text of a whole report; ends with a line end. */
export type Reporter = (report: Report, options: ReportOptions) => string

/** Lines and columns are 1-based; columns and offsets count UTF-16 units; the end is behind the last unit. */
export interface Place {
  readonly line: number
  readonly column: number
  readonly offset: number
}

export interface Range {
  readonly start: Place
  readonly end: Place
}

export const toRange = ({ source, span }: Location): Range => ({
  start: toPlace(positionAt(source, span.start), span.start),
  end: toPlace(positionAt(source, span.end), span.end),
})

const toPlace = ({ line, column }: Position, offset: number): Place => ({
  line: line + 1,
  column: column + 1,
  offset,
})

export interface Counts extends Readonly<Record<Severity, number>> {
  /** Findings with a fix, and those of them whose fix is safe. */
  readonly fixable: number
  readonly safelyFixable: number
}

/** How many there are of each severity, and how many a fix would mend. */
export function countFindings(findings: readonly Finding[]): Counts {
  const counts = { error: 0, warning: 0, info: 0, fixable: 0, safelyFixable: 0 }
  for (const { severity, fixes } of findings) {
    counts[severity]++
    if (fixes.length > 0) counts.fixable++
    if (fixes.some(it => it.safe)) counts.safelyFixable++
  }
  return counts
}

/** A file's path from the root of the repository. */
export const fromRoot = (file: string, { prefix }: Pick<ReportOptions, 'prefix'>): string =>
  prefix === '' ? file : joinPath(prefix, file)

export const formatCount = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`

/** Findings by file, in order. */
export function groupByFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const { id } = finding.location.source
    const group = groups.get(id)
    if (group) group.push(finding)
    else groups.set(id, [finding])
  }
  return groups
}

/** The message, with the minors and the values files it holds for when they are not all that were checked. */
export function formatMessage(finding: Finding, { summary }: Report): string {
  const { message, kubernetes } = finding
  const some = kubernetes.length > 0 && kubernetes.length < summary.kubernetes.length
  const minors = some ? ` (Kubernetes ${formatVersions(kubernetes)})` : ''
  return `${message}${minors}${formatValues(finding)}`
}

/** The message with the values to edit where rendered text is wrong, for formats that have one line for a finding. */
export function formatMessageWithOrigins(
  finding: Finding,
  report: Report,
  toFile: (id: string) => string = id => id,
): string {
  const places = finding.origins
    .filter(it => it.kind === 'values')
    .slice(0, MOST_ORIGINS)
    .map(it => formatOrigin(it, toFile))
  return formatMessage(finding, report) + (places.length > 0 ? ` (from ${places.join(', ')})` : '')
}

/** An image is printed from a repository and a tag; what is made of more is told by the first. */
const MOST_ORIGINS = 2

/** `charts/shop/values.yaml:9:15 service.targetPort`. */
export function formatOrigin({ location, path }: Origin, toFile: (id: string) => string): string {
  const { line, column } = toRange(location).start
  return `${toFile(location.source.id)}:${line}:${column}${path === undefined ? '' : ` ${path}`}`
}

/** How an origin made the text that the finding is about. */
export const wordOrigin = ({ kind }: Origin): string => (kind === 'include' ? 'included from' : 'from')

/** Charts have dozens of values files: the first few tell which they are. */
const MOST_VALUES = 3

/** ` (with ci/a-values.yaml)`, named from the chart; nothing for what the chart's own values show. */
export function formatValues({ values = [], location }: Finding): string {
  if (values.length === 0 || values.includes(ownValues)) return ''
  const named = values.slice(0, MOST_VALUES).map(it => fromCommonFolder(it, location.source.id))
  const more = values.length > MOST_VALUES ? ` and ${values.length - MOST_VALUES} more` : ''
  return ` (with ${named.join(', ')}${more})`
}

/** The path without the folders that it shares with another one. */
function fromCommonFolder(path: string, other: string): string {
  const steps = path.split('/')
  const others = other.split('/')
  let shared = 0
  while (shared < steps.length - 1 && steps[shared] === others[shared]) shared++
  return steps.slice(shared).join('/')
}

/** `1.33-1.36` for neighbours, a list otherwise. Ascending. */
export function formatVersions(versions: readonly string[]): string {
  const minors = versions.map(it => Number(it.slice(it.indexOf('.') + 1)))
  const together = minors.every((it, i) => i === 0 || it === minors[i - 1]! + 1)
  return versions.length > 2 && together ? `${versions[0]}-${versions.at(-1)}` : versions.join(', ')
}
