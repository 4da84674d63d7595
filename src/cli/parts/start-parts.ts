/** The main thread's side of a divided run: starts the other parts, and hands on what parts tell each other. */
import type { MadeByChart } from '../../engine/part.ts'
import type { Judged } from '../../engine/report.ts'
import type { ListedFile } from '../../host/host.ts'
import { UserError } from '../../host/user-error.ts'
import type { Invocation, LintOptions } from '../flags.ts'
import type { DivideRun } from '../open-run.ts'
import { isPackage } from '../read-all.ts'
import { divide } from './divide.ts'
import type { Failure, FromPart, PartRequest, Thread, ToPart } from './messages.ts'

/** What a thread costs, some hundred milliseconds to start and to get into its stride, is won back by so many files. */
const FILES_A_THREAD = 1000
/** More do not help: each reads all plain files. */
const MOST_THREADS = 4

/** Undefined where one thread does all. */
export const divideRun: DivideRun<LintOptions> = (invocation, { host, listing, loaded }) => {
  const { io, flags, paths } = invocation
  const { files } = listing
  const count = countThreads(invocation, files)
  if (!io.startThread || count < 2 || paths.includes('-') || files.some(isPackage)) return undefined
  const division = divide(files, { count, host, shared: loaded.files })
  if (!division) return undefined
  const { charts } = division
  const [own, ...others] = division.parts
  const common = { today: io.today(), paths, flags, charts }
  const started = startAll(
    others.map(it => ({ ...common, ...it })),
    io.startThread,
  )
  if (!started) return undefined
  const isElsewhere = (id: string): boolean => others.some(it => it.owns.has(id) && !own!.owns.has(id))
  return {
    reads: own!.reads,
    part: { charts, owns: id => !isElsewhere(id), exchange: made => exchange(made, started) },
    judgeOthers: () => Promise.all(started.map(it => it.judged)),
  }
}

function countThreads({ io, flags }: Invocation<LintOptions>, files: readonly ListedFile[]): number {
  const sensible = Math.min(io.cores(), MOST_THREADS, Math.floor(files.length / FILES_A_THREAD))
  return Math.min(flags.threads ?? sensible, files.length)
}

/** Undefined where Node is told to allow no threads. */
function startAll(
  requests: readonly PartRequest[],
  startThread: (request: PartRequest) => Thread,
): OtherPart[] | undefined {
  try {
    return requests.map(it => listenTo(startThread(it)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ACCESS_DENIED') throw error
    return undefined
  }
}

async function exchange(own: readonly MadeByChart[], others: readonly OtherPart[]): Promise<ToPart> {
  const made = await Promise.all(others.map(it => it.made))
  others.forEach((other, i) => {
    other.tell([...own, ...made.filter((_, k) => k !== i).flat()])
  })
  return made.flat()
}

interface OtherPart {
  readonly made: Promise<readonly MadeByChart[]>
  readonly judged: Promise<Judged>
  tell(message: ToPart): void
}

function listenTo(thread: Thread): OtherPart {
  const hear = <Result>(pick: (message: FromPart) => Result | undefined): Promise<Result> => {
    const heard = new Promise<Result>((resolve, reject) => {
      thread.on('message', message => {
        if (message.kind === 'failed') reject(toError(message.failure))
        const result = pick(message)
        if (result) resolve(result)
      })
      thread.on('error', reject)
    })
    // Who waits for the other message is told.
    heard.catch(() => {})
    return heard
  }
  return {
    made: hear(it => (it.kind === 'made' ? it.made : undefined)),
    judged: hear(it => (it.kind === 'judged' ? it.judged : undefined)),
    tell: message => thread.postMessage(message),
  }
}

function toError({ message, stack, request }: Failure): Error {
  if (request) return new UserError(message, request.hint)
  const error = new Error(message)
  if (stack !== undefined) error.stack = stack
  return error
}
