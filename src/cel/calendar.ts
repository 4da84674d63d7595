/** Points in time and spans of it as texts, and the parts of a date: Go's `time` as far as CEL shows it. */
import { Fault } from './fault.ts'
import { Duration, Timestamp } from './values.ts'

const SECOND = 1_000_000_000n
const DAY = 86_400

/** Days since 1970 of a date of the Gregorian calendar; months count from 1. */
export function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

export interface CivilDate {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
}

/** The inverse of `daysOf`. */
export function dateOf(days: number): CivilDate {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153)
  const day = ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:[zZ]|([+-])(\d\d):(\d\d))$/

/** RFC 3339, as `time.Parse` takes it; undefined for other texts. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = RFC3339.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as number[]
  const [, , , , , , , fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match
  const isDate = month! >= 1 && month! <= 12 && day! >= 1 && day! <= daysIn(year!, month!)
  if (!isDate || hour! > 23 || minute! > 59 || second! > 59) return undefined
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1)
  const seconds = daysOf(year!, month!, day!) * DAY + hour! * 3600 + minute! * 60 + second! - offset * 60
  return new Timestamp(BigInt(seconds) * SECOND + BigInt(fraction.slice(0, 9).padEnd(9, '0')), offset)
}

const daysIn = (year: number, month: number): number =>
  month === 12 ? 31 : daysOf(year, month + 1, 1) - daysOf(year, month, 1)

/** `2026-01-02T03:04:05.6Z`, or with the offset with which it was written. */
export function formatTimestamp({ nanos, offset }: Timestamp): string {
  const seconds = Number(floorDivide(nanos, SECOND)) + offset * 60
  const { year, month, day } = dateOf(Math.floor(seconds / DAY))
  const ofDay = seconds - Math.floor(seconds / DAY) * DAY
  const two = (it: number): string => String(it).padStart(2, '0')
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
  const time = `${two(Math.floor(ofDay / 3600))}:${two(Math.floor(ofDay / 60) % 60)}:${two(ofDay % 60)}`
  const ahead = Math.abs(offset)
  const zone =
    offset === 0 ? 'Z' : `${offset < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`
  return `${date}T${time}${formatFraction(nanos - floorDivide(nanos, SECOND) * SECOND)}${zone}`
}

const formatFraction = (nanos: bigint): string =>
  nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`

/** Seconds: `90.5s`. */
export function formatDuration({ nanos }: Duration): string {
  const absolute = nanos < 0n ? -nanos : nanos
  return `${nanos < 0n ? '-' : ''}${absolute / SECOND}${formatFraction(absolute % SECOND)}s`
}

export const floorDivide = (value: bigint, by: bigint): bigint =>
  value >= 0n ? value / by : -((-value + by - 1n) / by)

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1000n],
  ['µs', 1000n],
  ['μs', 1000n],
  ['ms', 1_000_000n],
  ['s', SECOND],
  ['m', 60n * SECOND],
  ['h', 3600n * SECOND],
])

/** `1h30m`, as `time.ParseDuration` takes it; undefined for other texts and beyond 64 bits of nanoseconds. */
export function parseDuration(text: string): Duration | undefined {
  const sign = text.startsWith('-') ? -1n : 1n
  const rest = /^[+-]/.test(text) ? text.slice(1) : text
  if (rest === '0') return new Duration(0n)
  const part = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y
  let nanos = 0n
  for (let at = 0; at < rest.length || at === 0; ) {
    part.lastIndex = at
    const match = part.exec(rest)
    if (!match || (match[1] === '' && !match[2])) return undefined
    const unit = UNITS.get(match[3]!)!
    nanos += BigInt(match[1] || 0) * unit
    const fraction = match[2] ?? ''
    if (fraction !== '') nanos += (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length)
    at = part.lastIndex
  }
  const total = sign * nanos
  return BigInt.asIntN(64, total) === total ? new Duration(total) : undefined
}

/** Minutes east of UTC at a point in time, for an offset (`+02:00`) or a name of the time zone database. */
export function offsetOf(zone: string, { nanos }: Timestamp): number {
  const fixed = /^([+-]?)(\d\d):(\d\d)$/.exec(zone)
  if (fixed) return (Number(fixed[2]) * 60 + Number(fixed[3])) * (fixed[1] === '-' ? -1 : 1)
  if (zone === '' || zone === 'UTC') return 0
  return zoneOffset(zone, Number(nanos / 1_000_000n))
}

function zoneOffset(zone: string, millis: number): number {
  let parts: Intl.DateTimeFormatPart[]
  try {
    const options = { timeZone: zone, timeZoneName: 'longOffset' } as const
    parts = new Intl.DateTimeFormat('en-US', options).formatToParts(millis)
  } catch {
    throw new Fault(`unknown time zone ${zone}`)
  }
  const name = parts.find(it => it.type === 'timeZoneName')?.value ?? ''
  const match = /([+-])(\d\d):(\d\d)/.exec(name)
  return match ? (Number(match[2]) * 60 + Number(match[3])) * (match[1] === '-' ? -1 : 1) : 0
}
