/** "Checked nothing" is never silent: what a run without a manifest says. */

import { demandsValues } from '../engine/finding.ts'
import { isKustomization } from '../engine/project.ts'
import type { Tally } from '../engine/report.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { UserError } from '../host/user-error.ts'
import { formatCount } from '../report/reporter.ts'

/** True when something in a file was judged, built, or left out with a reason. */
export function isJudgedFile(snapshot: Snapshot, id: string): boolean {
  if (isKustomization(id) || snapshot.skipped.some(it => it.path === id)) return true
  return snapshot.units.some(unit =>
    unit.entries.some(
      it => it.document.source.id === id && (it.role !== 'other' || it.document.problems.length > 0),
    ),
  )
}

/** A `UserError` when nothing was judged. */
export function refuseNothing({ files, resources, charts, skipped }: Tally, findings: number): void {
  if (resources > 0 || findings > 0) return
  const read = formatCount(files.size, 'file')
  const what =
    files.size === 0
      ? 'no YAML or JSON files'
      : charts > 0
        ? `${read}, and no manifest is printed by ${formatCount(charts, 'chart')}`
        : `${read}, none with apiVersion and kind`
  const reasons = new Set(skipped.map(it => `${it.path}: ${it.reason}`))
  const some = [...reasons].slice(0, MOST_REASONS)
  const more = reasons.size > MOST_REASONS ? ` and ${reasons.size - MOST_REASONS} more` : ''
  const demanded = skipped.some(it => it.reason.startsWith(demandsValues))
  const help = demanded ? '; --values FILE, or ci/NAME-values.yaml in the chart, gives them' : ''
  throw new UserError(
    `nothing to check: ${what}`,
    reasons.size > 0 ? `skipped: ${some.join(', ')}${more}${help}` : undefined,
  )
}

const MOST_REASONS = 5
