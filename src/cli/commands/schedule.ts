/** `plimsoll schedule`: places the pods of manifests on the nodes of an inventory, and says what does not fit. */
import { resolve } from 'node:path'
import type { Inventory, PlacedProblem } from '../../engine/inventory.ts'
import { diskHost } from '../../host/disk.ts'
import { UserError } from '../../host/user-error.ts'
import { toJsonText, toLine } from '../../report/escape.ts'
import { formatLocation } from '../../report/pretty.ts'
import type { Source } from '../../text/source.ts'
import { loadFullParser } from '../../yaml/parse.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Invocation, ScheduleOptions } from '../flags.ts'
import { openRun } from '../open-run.ts'
import { useColor } from '../use-color.ts'
import { version } from '../version.ts'
import { writeText } from '../write-reports.ts'

/** The engine is loaded here and not before: no other command needs it. */
const loadEngine = async () => ({
  ...(await import('../../engine/inventory.ts')),
  ...(await import('../../engine/fit.ts')),
  ...(await import('../../report/schedule/text.ts')),
  ...(await import('../../report/schedule/json.ts')),
})

export async function schedule(invocation: Invocation<ScheduleOptions>): Promise<ExitCode> {
  const { io, flags } = invocation
  const sources = readInventory(invocation)
  const { workspace, texts, progress } = await openRun(invocation)
  const engine = await loadEngine()
  const { snapshot } = workspace
  const minor = Number(snapshot.config.kubernetes.at(-1)?.split('.')[1])
  const inventory =
    engine.toInventory(sources, minor) ?? engine.toInventory(sources, minor, await loadFullParser())!
  progress.clear()
  for (const it of [...inventory.broken, ...inventory.problems]) io.err(`${formatProblem(it)}\n`)
  for (const { source, reason } of texts.problems) io.err(`${toLine(`plimsoll: ${source.id}: ${reason}`)}\n`)
  refuseUnusable(inventory)
  if (flags.snapshot !== undefined)
    writeText(
      resolve(io.cwd, flags.snapshot),
      flags.snapshot,
      `${toJsonText(engine.reduceInventory(inventory))}\n`,
    )
  const fit = engine.buildFit(snapshot, inventory)
  if (!fit) throw new UserError('nothing to schedule: no manifest makes pods')
  io.out(
    flags.format === 'json'
      ? engine.formatFitJson(fit, version)
      : engine.formatFitText(fit, useColor(flags.color, io)),
  )
  if (!fit.report.settled) return exitCodes.request
  const isBlocked = fit.workloads.some(it => it.rolloutBlock !== undefined)
  return fit.report.verdict === 'schedules' && !isBlocked ? exitCodes.clean : exitCodes.findings
}

function readInventory({ io, flags }: Invocation<ScheduleOptions>): Source[] {
  const host = diskHost(io.cwd)
  const files = host.list(flags.nodes).files
  return files.map(({ id }) => {
    const { text, problem } = host.read(id)
    if (text === undefined) throw new UserError(`--nodes: cannot read ${id}: ${problem?.reason}`)
    return { id, text }
  })
}

const formatProblem = ({ location, message }: PlacedProblem): string =>
  `${formatLocation(location)}: ${toLine(message)}`

function refuseUnusable({ broken, cluster }: Inventory): void {
  if (broken.length > 0)
    throw new UserError('the inventory is broken, and nothing can be decided with a part of it')
  if (cluster.nodes.length === 0)
    throw new UserError('the inventory has no nodes', 'kubectl get nodes,pods -A -o json > nodes.json')
  if (cluster.nodes.every(it => it.allocatable.size === 0))
    throw new UserError('no node of the inventory has allocatable resources')
}
