/** A part of a divided run, in its thread: reads, judges, tells. */
import { ownRules } from '../../engine/own-rules.ts'
import type { Part } from '../../engine/part.ts'
import { type Judged, judge, tallyOf } from '../../engine/report.ts'
import { diskHost } from '../../host/disk.ts'
import { UserError } from '../../host/user-error.ts'
import type { Rule } from '../../rule.ts'
import type { Io } from '../io.ts'
import { loadSettings } from '../load-settings.ts'
import { loadWorkspace } from '../load-workspace.ts'
import { listProblemFindings } from '../read-input.ts'
import type { Failure, MainThread, PartRequest, ToPart } from './messages.ts'

export interface Surroundings {
  readonly io: Io
  readonly rules: readonly Rule[]
}

/** Never throws: a failure is told, too. */
export async function servePart(main: MainThread, request: PartRequest, around: Surroundings): Promise<void> {
  const heard = new Promise<ToPart>(resolve => main.on('message', resolve))
  const part: Part = {
    charts: request.charts,
    owns: id => request.owns.has(id),
    exchange(made) {
      main.postMessage({ kind: 'made', made })
      return heard
    },
  }
  try {
    main.postMessage({ kind: 'judged', judged: await judgePart(request, part, around) })
  } catch (error) {
    main.postMessage({ kind: 'failed', failure: toFailure(error) })
  } finally {
    main.close()
  }
}

async function judgePart(
  { paths, flags, reads, today }: PartRequest,
  part: Part,
  { io, rules }: Surroundings,
): Promise<Judged> {
  const host = diskHost(io.cwd)
  // What could not be listed is told by the main thread.
  const listing = { files: reads, skipped: [], unreadable: [] }
  const known = [...rules, ...ownRules]
  const settings = await loadSettings({ io, flags, host, rules: known, paths, listing })
  const loaded = { ...settings, notes: [] }
  const progress = { step: () => {}, clear: () => {} }
  const { workspace, texts } = await loadWorkspace(
    { io, rules, paths, flags },
    { host, listing, loaded, part, progress },
  )
  const { snapshot } = workspace
  const others = listProblemFindings(texts.problems, snapshot.config)
  return { ...judge(snapshot, { rules: known, today, others }), tally: tallyOf(snapshot) }
}

function toFailure(error: unknown): Failure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { message, stack, request: error instanceof UserError ? { hint: error.hint } : undefined }
}
