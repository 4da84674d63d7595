/** What the main thread and those of the parts of a run tell each other: plain data. */
import type { MadeByChart } from '../../engine/part.ts'
import type { Judged } from '../../engine/report.ts'
import type { ListedFile } from '../../host/host.ts'
import type { RunOptions } from '../flags.ts'

/** The beginning: what to judge. */
export interface PartRequest {
  readonly today: string
  readonly paths: readonly string[]
  readonly flags: RunOptions
  readonly reads: readonly ListedFile[]
  readonly owns: ReadonlySet<string>
  readonly charts: ReadonlySet<string>
}

/** What a part says: first what its charts make, then what it has found, or once why it has failed. */
export type FromPart =
  | { readonly kind: 'made'; readonly made: readonly MadeByChart[] }
  | { readonly kind: 'judged'; readonly judged: Judged }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What it hears: what the charts of all other parts make. */
export type ToPart = readonly MadeByChart[]

/** An error, without its class. */
export interface Failure {
  readonly message: string
  readonly stack: string | undefined
  /** A request that is wrong, and what to do about it; undefined: a bug. */
  readonly request: { readonly hint: string | undefined } | undefined
}

/** A thread seen from the main one. */
export interface Thread {
  postMessage(message: ToPart): void
  on(event: 'message', listen: (message: FromPart) => void): unknown
  /** It has ended before its time. */
  on(event: 'error', listen: (error: Error) => void): unknown
}

/** The main thread seen from another. */
export interface MainThread {
  postMessage(message: FromPart): void
  on(event: 'message', listen: (message: ToPart) => void): unknown
  close(): void
}
