/** sprig's dates. `now` is the instant that the caller of the rendering gives, and what it prints is marked unstable. */

import { quote } from '../../text/go-quote.ts'
import { type Call, costly, type FunctionTable, fn } from '../template/call.ts'
import { GoError } from '../template/errors.ts'
import { plainText } from '../template/text.ts'
import {
  int,
  int64,
  isInt,
  isString,
  isStruct,
  type Method,
  type Struct,
  type Value,
} from '../template/value.ts'
import { civilTime, formatSeconds, formatTime, parseDuration, parseTime } from './go-time.ts'

const UTC = { name: 'UTC', offset: 0 }

const dateModify = fn(['string', 'time'], (_, text, time) => {
  const duration = parseDuration(text)
  return duration === undefined ? time : timeStruct(secondsOf(time) + duration / 1e9)
})
const mustDateModify = fn(['string', 'time'], (_, text, time) => {
  const duration = parseDuration(text)
  if (duration === undefined) throw new GoError(`time: invalid duration ${quote(text)}`)
  return timeStruct(secondsOf(time) + duration / 1e9)
})
const dateInZone = costly(
  20,
  fn(['string', 'any', 'string'], (call, layout, date, zone) => formatDate(call, layout, date, zone)),
)

export const dateFunctions: FunctionTable = {
  now: fn([], call => {
    call.unstable = true
    return timeStruct(call.engine.now)
  }),
  ago: fn(['any'], (call, date) => {
    call.unstable = true
    return formatSeconds(Math.round(call.engine.now - instant(call, date)))
  }),
  date: costly(
    20,
    fn(['string', 'any'], (call, layout, date) => formatDate(call, layout, date, 'Local')),
  ),
  dateInZone,
  date_in_zone: dateInZone,
  dateModify,
  date_modify: dateModify,
  mustDateModify,
  must_date_modify: mustDateModify,
  htmlDate: fn(['any'], (call, date) => formatDate(call, '2006-01-02', date, 'Local')),
  htmlDateInZone: fn(['any', 'string'], (call, date, zone) => formatDate(call, '2006-01-02', date, zone)),
  duration: fn(['any'], (_, value) => formatSeconds(durationSeconds(value))),
  durationRound: fn(['any'], (call, value) => roundDuration(call, value)),
  toDate: costly(
    20,
    fn(['string', 'string'], (_, layout, text) => timeStruct(parseTime(layout, text) ?? ZERO_TIME)),
  ),
  mustToDate: fn(['string', 'string'], (_, layout, text) => {
    const seconds = parseTime(layout, text)
    if (seconds === undefined)
      throw new GoError(`parsing time ${quote(text)} as ${quote(layout)}: cannot parse`)
    return timeStruct(seconds)
  }),
  unixEpoch: fn(['time'], (_, time) => String(Math.floor(secondsOf(time)))),
}

/** Go's zero time: the first of January of year 1. */
const ZERO_TIME = -62135596800

const secondsOf = (time: Struct): number => time.inner as number

function timeStruct(seconds: number): Struct {
  const civil = civilTime(seconds)
  const getter = (value: Value): Method => ({ params: [], run: () => value })
  return {
    tag: 'struct',
    type: 'time.Time',
    fields: new Map(),
    inner: seconds,
    print: () => formatTime(seconds, '2006-01-02 15:04:05 -0700 MST', UTC),
    json: () => formatTime(seconds, '2006-01-02T15:04:05Z07:00', UTC),
    methods: new Map<string, Method>([
      ['Unix', getter(int64(Math.floor(seconds)))],
      ['UnixNano', getter(int64(BigInt(Math.floor(seconds)) * 1_000_000_000n))],
      ['UnixMilli', getter(int64(BigInt(Math.floor(seconds)) * 1000n))],
      ['Year', getter(int(civil.year))],
      ['YearDay', getter(int(civil.yearDay))],
      ['Day', getter(int(civil.day))],
      ['Hour', getter(int(civil.hour))],
      ['Minute', getter(int(civil.minute))],
      ['Second', getter(int(civil.second))],
      ['String', getter(formatTime(seconds, '2006-01-02 15:04:05 -0700 MST', UTC))],
      ['Format', { params: ['string'], run: ([layout]) => formatTime(seconds, layout as string, UTC) }],
    ]),
  }
}

/** The instant of a date argument; anything that is none means now. */
function instant(call: Call, date: Value): number {
  if (isStruct(date) && date.type === 'time.Time') return secondsOf(date)
  if (isInt(date)) return Number(date.value)
  call.unstable = true
  return call.engine.now
}

function formatDate(call: Call, layout: string, date: Value, zone: string): string {
  const seconds = instant(call, date)
  return formatTime(seconds, layout, zoneAt(zone, seconds))
}

/** Offset and abbreviation of a zone; unknown zones are UTC, as in sprig. Local time is UTC here. */
function zoneAt(zone: string, seconds: number): { name: string; offset: number } {
  if (zone === '' || zone === 'Local' || zone === 'UTC') return UTC
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      timeZoneName: 'longOffset',
    }).formatToParts(seconds * 1000)
    const shown = parts.find(it => it.type === 'timeZoneName')?.value ?? 'GMT'
    const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(shown)
    const offset = match?.[1] ? Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0) : 0
    const short = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' }).formatToParts(
      seconds * 1000,
    )
    const name = short.find(it => it.type === 'timeZoneName')?.value ?? 'UTC'
    return { name: name.replace(/^GMT([+-])(\d)$/, '$10$2'), offset: match?.[1] === '-' ? -offset : offset }
  } catch {
    return UTC
  }
}

/** Seconds of `duration`: a string of digits or an int64, anything else is 0. */
function durationSeconds(value: Value): number {
  if (isInt(value)) return value.type === 'int64' ? Number(value.value) : 0
  return isString(value) && /^[-+]?[0-9]+$/.test(plainText(value)) ? Number(plainText(value)) : 0
}

const SPANS: readonly (readonly [number, string])[] = [
  [365 * 24 * 3600e9, 'y'],
  [30 * 24 * 3600e9, 'mo'],
  [24 * 3600e9, 'd'],
  [3600e9, 'h'],
  [60e9, 'm'],
  [1e9, 's'],
]

function roundDuration(call: Call, value: Value): string {
  let nanoseconds = 0
  if (isString(value)) nanoseconds = parseDuration(plainText(value)) ?? 0
  else if (isInt(value) && value.type === 'int64') nanoseconds = Number(value.value)
  else if (isStruct(value) && value.type === 'time.Time')
    nanoseconds = (call.engine.now - secondsOf(value)) * 1e9
  const size = Math.abs(nanoseconds)
  for (const [span, unit] of SPANS) if (size > span) return `${Math.floor(size / span)}${unit}`
  return '0s'
}
