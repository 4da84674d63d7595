/** What an editor may do about findings. Plain data, no protocol. */
import type { Finding, FindingFix } from '../engine/finding.ts'
import { chooseFixes } from '../engine/fix.ts'
import type { Edit, Source, Span } from '../text/source.ts'

/** Findings whose place touches the span; an empty span is a caret. */
export const findingsAt = (findings: readonly Finding[], { start, end }: Span): Finding[] =>
  findings.filter(({ location: { span } }) => span.start <= end && start <= span.end)

/** The fix to apply when the user asks for no choice: the first safe one. */
export const findPreferredFix = ({ fixes }: Finding): FindingFix | undefined => fixes.find(it => it.safe)

/** What is fixed unasked in one file: safe fixes that stay in it and out of each other's way. */
export function listSafeEdits(findings: readonly Finding[], source: Source): Edit[] {
  const isOwn = (finding: Finding): boolean =>
    findPreferredFix(finding)?.edits.every(it => it.source.id === source.id) ?? false
  return chooseFixes(findings.filter(isOwn), 'safe').flatMap(it => it.edits)
}
