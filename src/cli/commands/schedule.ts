/** `plimsoll schedule`: places the pods of manifests on the nodes of an inventory, and says what does not fit. */
import { resolve } from 'node:path'
import type { Fit } from '../../engine/fit.ts'
import { UserError } from '../../host/user-error.ts'
import { toLine } from '../../report/escape.ts'
import { formatInventoryProblems } from '../../report/inventory-problems.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Invocation, ScheduleOptions } from '../flags.ts'
import { openRun } from '../open-run.ts'
import { useColor } from '../use-color.ts'
import { version } from '../version.ts'
import { type Output, parseOutputs, writePieces, writeText } from '../write-reports.ts'

const formats = ['pretty', 'json', 'svg', 'html'] as const
type Format = (typeof formats)[number]

/** The engine is loaded here and not before: no other command needs it. */
const loadEngine = async () => ({
  ...(await import('../../engine/inventory.ts')),
  ...(await import('../../engine/fit.ts')),
})

export async function schedule(invocation: Invocation<ScheduleOptions>): Promise<ExitCode> {
  const { io, flags } = invocation
  const outputs = parseOutputs<Format>(flags.format ?? ['pretty'], formats)
  const { workspace, inventory, texts, progress } = await openRun(invocation)
  if (!inventory)
    throw new UserError(
      'no cluster to place pods on: --nodes names one, or `nodes` in plimsoll.yaml',
      'kubectl get nodes,pods -A -o json > nodes.json',
    )
  const engine = await loadEngine()
  progress.clear()
  // A picture has no room for them.
  if (outputs.every(it => it.format === 'svg'))
    for (const it of formatInventoryProblems(inventory)) io.err(`${it}\n`)
  for (const { source, reason } of texts.problems) io.err(`${toLine(`plimsoll: ${source.id}: ${reason}`)}\n`)
  if (flags.snapshot !== undefined)
    writePieces(resolve(io.cwd, flags.snapshot), flags.snapshot, engine.listSnapshotPieces(inventory))
  const fit = engine.buildFit(workspace.snapshot, inventory)
  if (!fit)
    throw new UserError(
      'nothing to schedule: no manifest makes pods',
      flags.nodes && flags.nodes.length > 1
        ? `the cluster was read from ${flags.nodes.join(', ')}; paths of manifests stand before --nodes`
        : undefined,
    )
  for (const it of outputs) {
    const text = await formatFit(fit, it, invocation)
    if (it.file === undefined) io.out(text)
    else writeText(resolve(io.cwd, it.file), it.file, text)
  }
  return toExitCode(fit)
}

async function formatFit(
  fit: Fit,
  { format, file }: Output<Format>,
  { io, flags }: Invocation<ScheduleOptions>,
): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../../report/schedule/json.ts')).formatFitJson(fit, version)
    case 'svg':
      return (await import('../../report/schedule/svg.ts')).formatFitSvg(fit)
    case 'html':
      return (await import('../../report/schedule/html.ts')).formatFitHtml(fit, version)
    default: {
      const { formatFitPretty } = await import('../../report/schedule/pretty.ts')
      return formatFitPretty(fit, file === undefined && useColor(flags.color, io))
    }
  }
}

/** Not tried is neither fit nor unfit. */
function toExitCode({ report, workloads }: Fit): ExitCode {
  if (!report.settled) return exitCodes.request
  const isBlocked = workloads.some(it => it.rolloutBlock !== undefined)
  return report.verdict === 'schedules' && !isBlocked ? exitCodes.clean : exitCodes.findings
}
