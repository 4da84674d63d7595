/** The line that closes a report for people: how much was checked, what was found, what was left out. */
import type { InventoryProblems, Report, Skipped } from '../engine/finding.ts'
import { toLine } from './escape.ts'
import { formatProblem } from './inventory-problems.ts'
import { countFindings, formatCount, formatVersions, type ReportOptions } from './reporter.ts'

export function formatSummary(
  report: Report,
  { milliseconds, color }: Pick<ReportOptions, 'milliseconds' | 'color'>,
): string {
  const { summary } = report
  const charts = summary.charts > 0 ? `, ${formatCount(summary.charts, 'chart')}` : ''
  const parts = [
    `${formatFound(report)} in ${formatCount(summary.files, 'file')} (${formatCount(summary.resources, 'resource')}${charts})`,
    formatKubernetes(report),
    ...formatFixable(report),
    ...(summary.suppressed > 0 ? [`${summary.suppressed} suppressed`] : []),
    ...(summary.skipped.length > 0 ? [formatSkipped(summary.skipped)] : []),
    ...formatInventory(summary.inventory),
    ...formatIncomplete(summary.incomplete),
    formatTime(milliseconds),
  ]
  const line = toLine(parts.join('; '))
  return color ? `\u001b[1m${line}\u001b[22m` : line
}

export function formatFound({ findings }: Report): string {
  const counts = countFindings(findings)
  const found = [
    ...(counts.error > 0 ? [formatCount(counts.error, 'error')] : []),
    ...(counts.warning > 0 ? [formatCount(counts.warning, 'warning')] : []),
    ...(counts.info > 0 ? [formatCount(counts.info, 'info')] : []),
  ]
  return found.length > 0 ? found.join(', ') : 'No findings'
}

function formatKubernetes({ summary }: Report): string {
  const versions = `Kubernetes ${formatVersions(summary.kubernetes)}`
  return summary.kubernetesGiven ? versions : `${versions} (the newest known; --kubernetes chooses)`
}

function formatFixable({ findings }: Report): string[] {
  const { fixable, safelyFixable } = countFindings(findings)
  if (fixable === 0) return []
  const unsafe = fixable - safelyFixable
  if (unsafe === 0) return [`${fixable} fixable by "plimsoll fix"`]
  return [`${fixable} fixable by "plimsoll fix" (${unsafe === fixable ? 'all' : unsafe} need --unsafe)`]
}

/** Reasons with their numbers, those that begin alike together; path and details where a reason has only one. */
function formatSkipped(skipped: readonly Skipped[]): string {
  const byHead = new Map<string, Skipped[]>()
  for (const it of skipped) {
    const head = it.reason.split(': ', 1)[0]!
    const some = byHead.get(head)
    if (some) some.push(it)
    else byHead.set(head, [it])
  }
  const reasons = [...byHead].map(([head, some]) => {
    const [{ path, reason }] = some as [Skipped]
    if (some.length === 1) return `${path}: ${shorten(reason)}`
    return `${some.length} × ${some.every(it => it.reason === reason) ? shorten(reason) : head}`
  })
  return `${skipped.length} skipped (${reasons.slice(0, 5).join(', ')}${reasons.length > 5 ? ', …' : ''})`
}

/** Charts explain at length what they demand; reports for programs have all of it. */
const LONGEST_REASON = 120

const shorten = (text: string): string =>
  text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON - 1)}…` : text

function formatInventory(inventory: InventoryProblems | undefined): string[] {
  const [first] = inventory?.problems ?? []
  if (!inventory || !first) return []
  const count = inventory.problems.length + inventory.unlisted
  return count === 1
    ? [`1 problem of the inventory (${formatProblem(first)})`]
    : [`${count} problems of the inventory (the first: ${formatProblem(first)})`]
}

function formatIncomplete(incomplete: readonly string[]): string[] {
  const [first, ...more] = incomplete
  if (first === undefined) return []
  const others = more.length > 0 ? ` and ${more.length} more` : ''
  return [`findings about missing things held back: ${first}${others}`]
}

const formatTime = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
