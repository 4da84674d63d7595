/** The Test Anything Protocol, version 14: a failed point for each finding. */
import { toJsonText, toLine } from './escape.ts'
import { formatLocation } from './pretty.ts'
import { formatMessageWithOrigins, type Reporter, toRange } from './reporter.ts'
import { formatSummary } from './summary-line.ts'

export const formatTap: Reporter = (report, options) => {
  const { findings } = report
  const points = findings.map((finding, i) => {
    const { line, column } = toRange(finding.location).start
    const message = formatMessageWithOrigins(finding, report)
    const description = toDescription(`${formatLocation(finding.location)} ${finding.rule}: ${message}`)
    return `not ok ${i + 1} - ${description}
  ---
  severity: ${finding.severity}
  rule: ${toJsonText(finding.rule)}
  message: ${toJsonText(message)}
  file: ${toJsonText(finding.location.source.id)}
  line: ${line}
  column: ${column}
  ...
`
  })
  if (points.length === 0)
    points.push(`ok 1 - ${toDescription(formatSummary(report, { ...options, color: false }))}\n`)
  return `TAP version 14\n1..${points.length}\n${points.join('')}`
}

/** A hash would begin a directive. */
const toDescription = (text: string): string => toLine(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#')
