/** `plimsoll lint`: reads, checks, reports. */
import { resolve } from 'node:path'
import { applyBaseline, formatBaseline } from '../../engine/baseline.ts'
import type { Finding } from '../../engine/finding.ts'
import { helmValuesInvalid } from '../../engine/own-rules.ts'
import { buildReport } from '../../engine/report.ts'
import { internalError } from '../../engine/run-rules.ts'
import { UserError } from '../../host/user-error.ts'
import { toLine } from '../../report/escape.ts'
import { isAtLeast } from '../../report/severities.ts'
import { refuseNothing } from '../empty-handed.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { FailOptions, Invocation, LintOptions } from '../flags.ts'
import { judgeRun, openRun, type Run } from '../open-run.ts'
import { divideRun } from '../parts/start-parts.ts'
import { readOutputs, writeReports, writeText } from '../write-reports.ts'

export async function lint(invocation: Invocation<LintOptions>): Promise<ExitCode> {
  const { io, flags } = invocation
  const outputs = readOutputs(flags.format, io.env)
  const run = await openRun(invocation, divideRun)
  const found = await judgeRun(run)
  refuseArguments(found.findings)
  if (flags.updateBaseline) updateBaseline(invocation, found.findings)
  const { findings, suppressed, stale } = leaveOutKnown(run, found.findings, flags)
  const all = { ...found, findings, suppressed: found.suppressed + suppressed }
  const report = buildReport(run.workspace.snapshot, all)
  refuseNothing(found.tally, found.findings.length + found.suppressed)
  const shown = flags.quiet ? { ...report, findings: findings.filter(it => it.severity === 'error') } : report
  run.progress.clear()
  writeReports(shown, outputs, { io, rules: run.rules, color: flags.color })
  if (stale > 0)
    io.err(
      `plimsoll: ${stale} entries of ${flags.baseline} are no longer needed (--update-baseline removes them)\n`,
    )
  return toExitCode(findings, flags)
}

/** An argument that cannot be read is no fault of the chart. */
function refuseArguments(findings: readonly Finding[]): void {
  const refused = findings.find(it => it.rule === helmValuesInvalid && it.location.source.id.startsWith('--'))
  if (refused) throw new UserError(toLine(refused.message))
}

function toExitCode(findings: readonly Finding[], flags: LintOptions): ExitCode {
  if (findings.some(it => it.rule === internalError)) return exitCodes.bug
  if (flags.exitZero || flags.updateBaseline) return exitCodes.clean
  const warnings = findings.filter(it => it.severity === 'warning').length
  const failed = fails(findings, flags) || warnings > (flags.maxWarnings ?? Number.POSITIVE_INFINITY)
  return failed ? exitCodes.findings : exitCodes.clean
}

/** Something is as grave as the level at which a run fails. */
export const fails = (findings: readonly Finding[], { failOn }: FailOptions): boolean =>
  findings.some(it => isAtLeast(it.severity, failOn))

const defaultBaseline = 'plimsoll-baseline.json'

function updateBaseline({ io, flags }: Invocation<LintOptions>, findings: readonly Finding[]): void {
  const file = flags.baseline ?? defaultBaseline
  if (flags.focus || flags.since !== undefined)
    throw new UserError('--update-baseline needs all findings', 'leave out --focus and --since')
  writeText(resolve(io.cwd, file), file, formatBaseline(findings))
  io.err(`plimsoll: ${file} lists ${findings.length} findings; --baseline ${file} leaves them out\n`)
}

function leaveOutKnown({ baseline, focus }: Run, findings: readonly Finding[], flags: LintOptions) {
  if (flags.updateBaseline) return { findings: [], suppressed: findings.length, stale: 0 }
  if (!baseline) return { findings, suppressed: 0, stale: 0 }
  const known = applyBaseline(findings, baseline)
  return focus ? { ...known, stale: 0 } : known
}
