/** One line a finding, `file:line:column: severity message [rule]`: what editors and problem matchers read. */
import { toLine } from './escape.ts'
import { formatLocation } from './pretty.ts'
import { formatMessageWithOrigins, type Reporter } from './reporter.ts'
import { formatSummary } from './summary-line.ts'

export const formatCompact: Reporter = (report, options) => {
  const lines = report.findings.map(
    it =>
      `${formatLocation(it.location)}: ${it.severity} ${toLine(formatMessageWithOrigins(it, report))} [${toLine(it.rule)}]\n`,
  )
  return `${lines.join('')}${formatSummary(report, { ...options, color: false })}\n`
}
