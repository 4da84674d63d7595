/**
 * Workflow commands, which GitHub Actions shows as annotations. GitHub keeps ten of each severity in a step, so the
 * worst come first; the whole list is in the log.
 */
import type { Finding, Report } from '../engine/finding.ts'
import type { Severity } from '../rule.ts'
import { toCommandMessage, toCommandProperty, toLine } from './escape.ts'
import {
  formatMessage,
  formatOrigin,
  fromRoot,
  type Reporter,
  type ReportOptions,
  toRange,
  wordOrigin,
} from './reporter.ts'
import { severities } from './severities.ts'
import { formatSummary } from './summary-line.ts'

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

export const formatGithub: Reporter = (report, options) => {
  const lines = severities.flatMap(severity =>
    report.findings.filter(it => it.severity === severity).map(it => formatCommand(it, report, options)),
  )
  return `${[...lines, formatSummary(report, { ...options, color: false })].join('\n')}\n`
}

function formatCommand(finding: Finding, report: Report, options: ReportOptions): string {
  const { location, rule, severity, related, origins } = finding
  const toFile = (id: string): string => fromRoot(id, options)
  const { start, end } = toRange(location)
  // GitHub takes columns only where the annotation stays on one line.
  const columns = start.line === end.line ? { col: start.column, endColumn: end.column } : {}
  const properties = {
    file: toFile(location.source.id),
    line: start.line,
    endLine: end.line,
    ...columns,
    title: rule,
  }
  const list = Object.entries(properties).map(
    ([name, value]) => `${name}=${toCommandProperty(String(value))}`,
  )
  const more = [
    ...origins.map(it => `${wordOrigin(it)} ${formatOrigin(it, toFile)}`),
    ...related.map(
      it => `${formatOrigin({ kind: 'template', location: it.location }, toFile)} ${it.message}`,
    ),
  ]
  const message = [formatMessage(finding, report), ...more].map(toLine).join('\n')
  return `::${commands[severity]} ${list.join(',')}::${toCommandMessage(message)}`
}
