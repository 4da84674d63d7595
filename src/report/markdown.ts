/** Markdown for pull request comments and job summaries: counts, then a table for each file. */
import type { Finding, Report } from '../engine/finding.ts'
import type { Severity } from '../rule.ts'
import { toMarkdown, toMarkdownCode } from './escape.ts'
import { formatMessageWithOrigins, groupByFile, type Reporter, toRange } from './reporter.ts'
import { formatFound, formatSummary } from './summary-line.ts'

const signs: Readonly<Record<Severity, string>> = { error: '🛑', warning: '⚠️', info: 'ℹ️' }

export const formatMarkdown: Reporter = (report, options) => {
  const files = [...groupByFile(report.findings)].map(([file, findings]) =>
    formatFile(file, findings, report),
  )
  const summary = toMarkdown(formatSummary(report, { ...options, color: false }))
  return `## plimsoll: ${toMarkdown(formatFound(report))}\n\n${files.join('')}${summary}\n`
}

function formatFile(file: string, findings: readonly Finding[], report: Report): string {
  const rows = findings.map(it => {
    const { line, column } = toRange(it.location).start
    const message = toMarkdown(formatMessageWithOrigins(it, report))
    return `| ${signs[it.severity]} ${it.severity} | ${line}:${column} | ${toMarkdownCode(it.rule)} | ${message} |\n`
  })
  return `### ${toMarkdownCode(file)}\n\n| severity | place | rule | finding |\n|---|---|---|---|\n${rows.join('')}\n`
}
