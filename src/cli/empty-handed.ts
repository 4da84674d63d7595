/** "Checked nothing" is never silent: what a run without a manifest says. */

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
export function refuseNothing({ files, resources, skipped }: Tally, findings: number): void {
  if (resources > 0 || findings > 0) return
  const reasons = new Set(skipped.map(it => it.reason))
  const read =
    files.size === 0
      ? 'no YAML or JSON files'
      : `${formatCount(files.size, 'file')}, none with apiVersion and kind`
  throw new UserError(
    `nothing to check: ${read}`,
    reasons.size > 0 ? `skipped: ${[...reasons].join(', ')}` : undefined,
  )
}
