/** JUnit XML: a suite for each file with findings, a failed case for each finding, one passed case when there is none. */
import type { Finding, Report } from '../engine/finding.ts'
import { toLine, toXml } from './escape.ts'
import { formatLocation } from './pretty.ts'
import { formatMessage, formatOrigin, groupByFile, type Reporter, wordOrigin } from './reporter.ts'
import { formatSummary } from './summary-line.ts'

export const formatJunit: Reporter = (report, options) => {
  const { findings } = report
  const suites = [...groupByFile(findings)].map(([file, some]) => formatSuite(file, some, report))
  if (suites.length === 0) suites.push(formatPassed(formatSummary(report, { ...options, color: false })))
  const time = (options.milliseconds / 1000).toFixed(3)
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="plimsoll" tests="${Math.max(1, findings.length)}" failures="${findings.length}" errors="0" time="${time}">
${suites.join('')}</testsuites>
`
}

function formatSuite(file: string, findings: readonly Finding[], report: Report): string {
  const cases = findings.map(it => formatCase(it, report))
  return `  <testsuite name="${toXml(file)}" tests="${findings.length}" failures="${findings.length}" errors="0" skipped="0">
${cases.join('')}  </testsuite>
`
}

function formatCase(finding: Finding, report: Report): string {
  const { rule, severity, location, resource } = finding
  const subject = resource ? ` ${resource.kind}/${resource.name}` : ''
  const message = formatMessage(finding, report)
  const origins = finding.origins.map(it => `\n${wordOrigin(it)} ${toLine(formatOrigin(it, id => id))}`)
  const body = `${formatLocation(location)}: ${message}${origins.join('')}`
  return `    <testcase name="${toXml(`${rule}${subject}`)}" classname="${toXml(location.source.id)}">
      <failure type="${severity}" message="${toXml(message)}">${toXml(body)}</failure>
    </testcase>
`
}

const formatPassed = (
  summary: string,
): string => `  <testsuite name="plimsoll" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="no findings" classname="plimsoll">
      <system-out>${toXml(summary)}</system-out>
    </testcase>
  </testsuite>
`
