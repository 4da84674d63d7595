/** `plimsoll fix`: applies fixes in place, or shows what they would change. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { applyBaseline } from '../../engine/baseline.ts'
import { applyFixes } from '../../engine/fix.ts'
import { tallyOf } from '../../engine/report.ts'
import { isPackageName } from '../../host/names.ts'
import { UserError } from '../../host/user-error.ts'
import { formatCount } from '../../report/reporter.ts'
import { formatDiff } from '../../report/unified-diff.ts'
import type { Source } from '../../text/source.ts'
import { refuseNothing } from '../empty-handed.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { FixOptions, Invocation } from '../flags.ts'
import { findAll, openRun } from '../open-run.ts'
import { writeText } from '../write-reports.ts'
import { fails } from './lint.ts'

export async function fix(invocation: Invocation<FixOptions>): Promise<ExitCode> {
  const { io, flags, paths } = invocation
  if (paths.includes('-')) throw new UserError('fix needs files: it changes them in place')
  if (paths.some(isPackageName))
    throw new UserError('fix needs files: a packaged chart cannot be changed in place')
  const run = await openRun(invocation)
  refuseNothing(tallyOf(run.workspace.snapshot), run.texts.problems.length)
  const { applied, changed, findings } = await applyFixes({
    workspace: run.workspace,
    allow: flags.unsafe ? 'all' : 'safe',
    listFindings: snapshot => {
      const found = findAll(run, snapshot).findings
      return run.baseline ? applyBaseline(found, run.baseline).findings : found
    },
  })
  run.progress.clear()
  if (flags.diff) {
    io.out(changed.map(it => formatDiff(it.before.id, it.before.text, it.after.text)).join(''))
    if (changed.length > 0) return exitCodes.findings
    const unsafe = flags.unsafe ? 0 : findings.filter(it => it.fixes.length > 0).length
    const more = unsafe > 0 ? `; --unsafe would mend ${formatCount(unsafe, 'finding')}` : ''
    io.err(`plimsoll: nothing to fix${more}\n`)
    return exitCodes.clean
  }
  for (const { before, after } of changed) writeFixed(io.cwd, before, after)
  const left = findings.length > 0 ? `; ${formatCount(findings.length, 'finding')} left` : ''
  io.out(`${formatCount(applied, 'fix', 'fixes')} applied in ${formatCount(changed.length, 'file')}${left}\n`)
  return fails(findings, flags) ? exitCodes.findings : exitCodes.clean
}

/** Only what stands on the disk as it was read: other encodings would be lost, and so would edits made meanwhile. */
function writeFixed(cwd: string, before: Source, after: Source): void {
  const path = resolve(cwd, before.id)
  if (!readFileSync(path).equals(Buffer.from(before.text)))
    throw new UserError(`${before.id} is not written as UTF-8, or has changed since it was read`)
  writeText(path, before.id, after.text)
}
