/** GitLab's Code Quality artifact: findings are matched between branches by fingerprints, which must differ. */
import type { Severity } from '../rule.ts'
import { hashText } from '../text/hash.ts'
import { toJsonText } from './escape.ts'
import { formatMessageWithOrigins, fromRoot, type Reporter, toRange } from './reporter.ts'

const severityNames: Readonly<Record<Severity, string>> = {
  error: 'critical',
  warning: 'minor',
  info: 'info',
}

export const formatGitlab: Reporter = (report, options) => {
  const taken = new Set<string>()
  const toFile = (id: string): string => fromRoot(id, options)
  const entries = report.findings.map(finding => {
    const { start, end } = toRange(finding.location)
    return {
      description: formatMessageWithOrigins(finding, report, toFile),
      check_name: finding.rule,
      fingerprint: uniqueFingerprint(finding.fingerprint, taken),
      severity: severityNames[finding.severity],
      location: {
        path: toFile(finding.location.source.id),
        lines: { begin: start.line, end: end.line },
      },
    }
  })
  return `${toJsonText(entries)}\n`
}

/** Without line numbers, so that an edit elsewhere in the file changes none of them. */
function uniqueFingerprint(fingerprint: string, taken: Set<string>): string {
  let unique = fingerprint
  while (taken.has(unique)) unique = hashText(unique)
  taken.add(unique)
  return unique
}
