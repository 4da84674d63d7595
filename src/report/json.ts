/** The report for programs. `schemas/report.json` describes it; within a version things are only added. */
import type { Finding, FindingFix } from '../engine/finding.ts'
import type { PlacedProblem } from '../engine/inventory.ts'
import type { Location } from '../text/source.ts'
import { toJsonText } from './escape.ts'
import { countFindings, type Reporter, toRange } from './reporter.ts'

export const formatJson: Reporter = ({ findings, summary }, { version, milliseconds }) => {
  const { error, warning, info, fixable } = countFindings(findings)
  const { kubernetesGiven, suppressed, incomplete, skipped, files, resources, charts, kubernetes } = summary
  const { problems = [], unlisted = 0 } = summary.inventory ?? {}
  const report = {
    version: 1,
    tool: { name: 'plimsoll', version },
    summary: {
      files,
      resources,
      charts,
      kubernetes,
      kubernetesGiven,
      errors: error,
      warnings: warning,
      infos: info,
      fixable,
      suppressed,
      skipped,
      inventoryProblems: problems.map(toPlace),
      ...(unlisted > 0 ? { inventoryProblemsUnlisted: unlisted } : {}),
      incomplete,
      milliseconds: Math.round(milliseconds),
    },
    findings: findings.map(toJson),
  }
  return `${toJsonText(report)}\n`
}

/** Lines and columns from 1. */
export const toPlace = ({ file, line, column, message }: PlacedProblem) => ({
  file,
  line: line + 1,
  column: column + 1,
  message,
})

/** Absent things are left out, not null. */
const toJson = (finding: Finding) => ({
  rule: finding.rule,
  severity: finding.severity,
  message: finding.message,
  ...place(finding.location),
  resource: finding.resource,
  path: finding.path,
  kubernetes: finding.kubernetes,
  values: finding.values,
  origins: finding.origins.map(it => ({ kind: it.kind, ...place(it.location), path: it.path })),
  related: finding.related.map(it => ({ ...place(it.location), message: it.message })),
  fixes: finding.fixes.map(toFix),
  serverReason: finding.server?.reason,
  serverField: finding.server?.field,
  serverMessage: finding.server?.message,
  fingerprint: finding.fingerprint,
})

const toFix = ({ title, safe, edits }: FindingFix) => ({
  title,
  safe,
  edits: edits.map(it => ({ ...place(it), text: it.text })),
})

const place = (location: Location) => ({ file: location.source.id, range: toRange(location) })
