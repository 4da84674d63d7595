/** Applies fixes until none is left: those that do not overlap, in source order, then everything is checked again. */
import { applyEdits, editsOverlap } from '../text/edits.ts'
import type { Edit, Source } from '../text/source.ts'
import type { Finding, FindingFix } from './finding.ts'
import type { Snapshot } from './snapshot.ts'
import type { Workspace } from './workspace.ts'

/** A fix may uncover another fault; one that never settles is stopped. */
const mostRounds = 10

export interface FixRequest {
  readonly workspace: Workspace
  /** What is to be fixed in a snapshot, in report order. */
  readonly listFindings: (snapshot: Snapshot) => readonly Finding[]
  /** `safe`: only fixes that cannot change what runs. */
  readonly allow: 'safe' | 'all'
}

export interface FixResult {
  /** How many fixes were applied, in all rounds. */
  readonly applied: number
  /** Files that differ now, in order of their ids. */
  readonly changed: readonly { readonly before: Source; readonly after: Source }[]
  /** What is found after the last round. */
  readonly findings: readonly Finding[]
}

export async function applyFixes({ workspace, listFindings, allow }: FixRequest): Promise<FixResult> {
  const first = workspace.snapshot
  const touched = new Set<string>()
  let applied = 0
  let findings = listFindings(first)
  for (let round = 0; round < mostRounds; round++) {
    const fixes = chooseFixes(findings, allow)
    if (fixes.length === 0) break
    const edits = fixes.flatMap(it => it.edits)
    const sources = new Map(edits.map(it => [it.source.id, it.source]))
    const changes = [...sources.values()].map(it => ({ id: it.id, text: applyEdits(it, edits) }))
    for (const id of sources.keys()) touched.add(id)
    findings = listFindings(await workspace.update(changes))
    applied += fixes.length
  }
  const changed = [...touched].sort().map(id => ({
    before: first.sources.get(id)!,
    after: workspace.snapshot.sources.get(id)!,
  }))
  return { applied, changed: changed.filter(it => it.before.text !== it.after.text), findings }
}

/** At most one fix a finding, the first that is allowed; of two that touch the same text the earlier finding's. */
export function chooseFixes(findings: readonly Finding[], allow: 'safe' | 'all'): FindingFix[] {
  const chosen: FindingFix[] = []
  const bySource = new Map<string, Edit[]>()
  for (const { fixes } of findings) {
    const fix = fixes.find(it => it.safe) ?? (allow === 'all' ? fixes[0] : undefined)
    if (!fix || fix.edits.length === 0) continue
    if (fix.edits.some(it => editsOverlap([it], bySource.get(it.source.id) ?? []))) continue
    chosen.push(fix)
    for (const edit of fix.edits) {
      const edits = bySource.get(edit.source.id)
      if (edits) edits.push(edit)
      else bySource.set(edit.source.id, [edit])
    }
  }
  return chosen
}
