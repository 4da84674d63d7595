/** The report for people at a terminal: a block for each finding, then one line about the whole. */
import type { Finding, FindingFix, Report } from '../engine/finding.ts'
import { formatResource } from '../kube/resource.ts'
import type { Severity } from '../rule.ts'
import type { Location } from '../text/source.ts'
import { type FrameStyle, formatFrame } from './code-frame.ts'
import { toLine } from './escape.ts'
import { formatInventoryProblems } from './inventory-problems.ts'
import { formatMessage, type Reporter, toRange, wordOrigin } from './reporter.ts'
import { formatSummary } from './summary-line.ts'

export const formatPretty: Reporter = (report, options) => {
  const paint = createPaint(options.color)
  const blocks = report.findings.map(it => formatFinding(it, report, paint))
  const odd = report.summary.inventory ? formatInventoryProblems(report.summary.inventory) : []
  if (odd.length > 0) blocks.push(`${odd.join('\n')}\n`)
  return [...blocks, `${formatSummary(report, options)}\n`].join('\n')
}

interface Paint {
  readonly severity: Readonly<Record<Severity, (text: string) => string>>
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly link: (text: string) => string
  readonly fix: (text: string) => string
}

const plain = (text: string): string => text
/** The codes of ECMA-48 for a colour or weight, and back. */
const withCodes =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`

const createPaint = (color: boolean): Paint => {
  const paint = (on: number, off = 39) => (color ? withCodes(on, off) : plain)
  return {
    severity: { error: paint(31), warning: paint(33), info: paint(34) },
    bold: paint(1, 22),
    dim: paint(2, 22),
    link: paint(36),
    fix: paint(32),
  }
}

function formatFinding(finding: Finding, report: Report, paint: Paint): string {
  const { severity, rule, resource, location, related, origins, fixes } = finding
  const color = paint.severity[severity]
  const about = resource
    ? paint.dim(
        `  ${toLine(formatResource(resource))}${resource.namespace ? ` in ${toLine(resource.namespace)}` : ''}`,
      )
    : ''
  const style: FrameStyle = { gutter: paint.dim, mark: color }
  const lines = [
    `${color(severity)} ${paint.bold(toLine(rule))}: ${toLine(formatMessage(finding, report))}`,
    `  ${paint.link(formatLocation(location))}${about}`,
    ...formatFrame(location, 2, style),
  ]
  for (const origin of origins) {
    const path = origin.path === undefined ? '' : ` ${toLine(origin.path)}`
    lines.push(`  ${wordOrigin(origin)} ${paint.link(formatLocation(origin.location))}${paint.dim(path)}`)
  }
  for (const it of related) {
    lines.push(`  ${paint.link(formatLocation(it.location))}  ${toLine(it.message)}`)
    lines.push(...formatFrame(it.location, 0, { gutter: paint.dim, mark: paint.dim }))
  }
  for (const fix of fixes) lines.push(`  ${paint.fix('fix:')} ${formatFix(fix)}`)
  return `${lines.join('\n')}\n`
}

const formatFix = ({ title, safe }: FindingFix): string => `${toLine(title)}${safe ? '' : ' (with --unsafe)'}`

export function formatLocation(location: Location): string {
  const { line, column } = toRange(location).start
  return toLine(`${location.source.id}:${line}:${column}`)
}
