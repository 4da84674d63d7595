/** The world around a run: everything that the command line reads and writes besides the files it checks. */
import { fstatSync, writeSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { readStandardInput } from '../host/disk.ts'
import type { Reading } from '../host/host.ts'
import type { PartRequest, Thread } from './parts/messages.ts'

export interface Io {
  /** Absolute. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether standard output and standard error are terminals. */
  readonly isTerminal: { readonly out: boolean; readonly err: boolean }
  /** Results. */
  out(text: string | Uint8Array): void
  /** Everything else. */
  err(text: string): void
  readInput(): Reading
  /** Milliseconds since the process began. */
  elapsed(): number
  /** Seconds since 1970. */
  now(): number
  /** `2026-11-21`, in the user's time zone. */
  today(): string
  /** How many threads can run at a time. */
  cores(): number
  /** Begins a part of a run in a thread of its own; absent where there are none. */
  readonly startThread?: (request: PartRequest) => Thread
}

export const processIo = (): Io => ({
  cwd: process.cwd(),
  env: process.env,
  isTerminal: { out: isTerminal(1), err: isTerminal(2) },
  out: text => writeAll(1, text),
  err: text => writeAll(2, text),
  readInput: readStandardInput,
  elapsed: () => process.uptime() * 1000,
  now: () => Math.floor(Date.now() / 1000),
  today: () => formatDay(new Date()),
  cores: availableParallelism,
  // Sources are not what runs.
  ...(!import.meta.url.endsWith('.ts') && { startThread }),
})

const startThread = (workerData: PartRequest): Thread =>
  new Worker(new URL('./cli.js', import.meta.url), {
    workerData,
    argv: process.argv.slice(2),
    resourceLimits: { stackSizeMb: STACK_SIZE },
  })

/** That of the main thread, and the 192 KiB that Node keeps back: what nests too deeply for one does for all. */
const STACK_SIZE = 1.16

/** Most runs write to pipes and files, and asking `process.stdout` costs 2 ms. */
function isTerminal(file: 1 | 2): boolean {
  try {
    return fstatSync(file).isCharacterDevice() && (file === 1 ? process.stdout : process.stderr).isTTY
  } catch {
    return false
  }
}

const formatDay = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(it => String(it).padStart(2, '0')).join('-')

/** Synchronous, so that a whole report is out before the process ends. A reader that has gone away is no error. */
function writeAll(file: number, text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(file, bytes, at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
