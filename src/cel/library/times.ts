/** Parts of timestamps and durations: `getFullYear()`, `getHours('Europe/Berlin')`. */
import { dateOf, daysOf, floorDivide, offsetOf } from '../calendar.ts'
import { method, type Overload } from '../functions.ts'
import { DURATION, INT, STRING, TIMESTAMP } from '../types.ts'
import type { Duration, Timestamp } from '../values.ts'

interface Moment {
  /** Since 1970, in the zone. */
  readonly days: number
  readonly secondOfDay: number
  readonly millisecond: number
}

function momentOf(timestamp: Timestamp, zone: string): Moment {
  const nanos = timestamp.nanos + BigInt(offsetOf(zone, timestamp)) * 60_000_000_000n
  const seconds = Number(floorDivide(nanos, 1_000_000_000n))
  const days = Math.floor(seconds / 86_400)
  const rest = nanos - BigInt(seconds) * 1_000_000_000n
  return { days, secondOfDay: seconds - days * 86_400, millisecond: Number(rest / 1_000_000n) }
}

const PARTS: Readonly<Record<string, (moment: Moment) => number>> = {
  getFullYear: ({ days }) => dateOf(days).year,
  getMonth: ({ days }) => dateOf(days).month - 1,
  getDate: ({ days }) => dateOf(days).day,
  getDayOfMonth: ({ days }) => dateOf(days).day - 1,
  getDayOfYear: ({ days }) => days - daysOf(dateOf(days).year, 1, 1),
  // 1970 began on a Thursday.
  getDayOfWeek: ({ days }) => (((days + 4) % 7) + 7) % 7,
  getHours: ({ secondOfDay }) => Math.floor(secondOfDay / 3600),
  getMinutes: ({ secondOfDay }) => Math.floor(secondOfDay / 60) % 60,
  getSeconds: ({ secondOfDay }) => secondOfDay % 60,
  getMilliseconds: ({ millisecond }) => millisecond,
}

/** Nanoseconds in what is counted. */
const UNITS: Readonly<Record<string, bigint>> = {
  getHours: 3_600_000_000_000n,
  getMinutes: 60_000_000_000n,
  getSeconds: 1_000_000_000n,
  getMilliseconds: 1_000_000n,
}

export const times: readonly Overload[] = [
  ...Object.entries(PARTS).flatMap(([name, part]) => [
    method(name, [TIMESTAMP], INT, (it: Timestamp) => part(momentOf(it, ''))),
    method(name, [TIMESTAMP, STRING], INT, (it: Timestamp, zone: string) => part(momentOf(it, zone))),
  ]),
  ...Object.entries(UNITS).map(([name, unit]) =>
    method(name, [DURATION], INT, ({ nanos }: Duration) => Number(nanos / unit)),
  ),
]
