/** Benchmarks of the scheduling engine, run in a process of their own so that memory is theirs alone. */

import { runBundled } from './bundled.ts'

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
export const rows = (): ScheduleRow[] =>
  runBundled<ScheduleRow[]>('src/dev/bench/schedule-program.ts', [], ['memory']).flat()
