/** Benchmarks of the scheduling engine, run in a process of their own so that memory is theirs alone. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'

export interface ScheduleRow {
  readonly name: string
  readonly value: number
  readonly unit: 'ms' | 'MiB' | '×'
  /** What it may be on an idle machine. */
  readonly budget?: number
  /** Beside the yardstick in the same process. */
  readonly ratio?: number | undefined
}

/** Every measure with its budget. */
export function rows(): ScheduleRow[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'))
  try {
    const program = path.join(folder, 'schedule.mjs')
    buildSync({
      entryPoints: ['src/dev/bench/schedule-program.ts'],
      outfile: program,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    })
    const run = (...args: string[]): ScheduleRow[] =>
      JSON.parse(execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' })) as ScheduleRow[]
    return [...run(), ...run('memory')]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
