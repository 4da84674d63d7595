/** Instants, Go's layouts and durations. Instants are whole seconds since 1970; nothing here reads a clock. */

export interface CivilTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly weekday: number
  readonly yearDay: number
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** Days since 1970 of a date in the proleptic Gregorian calendar. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

export function civilTime(seconds: number): CivilTime {
  const days = Math.floor(seconds / 86400)
  const rest = seconds - days * 86400
  const shifted = days + 719468
  const era = Math.floor(shifted / 146097)
  const dayOfEra = shifted - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return {
    year,
    month,
    day,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: Math.floor(rest) % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysFromCivil(year, 1, 1) + 1,
  }
}

/** Layout elements of time.Format, longest first where one is the beginning of another. */
const ELEMENTS =
  /January|Jan|Monday|Mon|MST|Z070000|Z07:00:00|Z0700|Z07:00|Z07|-070000|-07:00:00|-0700|-07:00|-07|2006|002|01|02|03|04|05|06|15|PM|pm|__2|_2006|_2|[.,]0+(?![0-9])|[.,]9+(?![0-9])|1|2|3|4|5/g

const two = (value: number): string => String(value).padStart(2, '0')

/** Time.Format in a zone of a fixed offset. */
export function formatTime(
  seconds: number,
  layout: string,
  zone: { readonly name: string; readonly offset: number },
): string {
  const time = civilTime(seconds + zone.offset)
  return layout.replace(ELEMENTS, element => formatElement(element, time, zone))
}

function formatElement(
  element: string,
  time: CivilTime,
  zone: { readonly name: string; readonly offset: number },
): string {
  const hour12 = time.hour % 12 === 0 ? 12 : time.hour % 12
  switch (element) {
    case 'January':
      return MONTHS[time.month - 1]!
    case 'Jan':
      return MONTHS[time.month - 1]!.slice(0, 3)
    case 'Monday':
      return WEEKDAYS[time.weekday]!
    case 'Mon':
      return WEEKDAYS[time.weekday]!.slice(0, 3)
    case 'MST':
      return zone.name
    case '2006':
      return String(time.year).padStart(4, '0')
    case '_2006':
      return `_${String(time.year).padStart(4, '0')}`
    case '002':
      return String(time.yearDay).padStart(3, '0')
    case '__2':
      return String(time.yearDay).padStart(3, ' ')
    case '01':
      return two(time.month)
    case '1':
      return String(time.month)
    case '02':
      return two(time.day)
    case '_2':
      return String(time.day).padStart(2, ' ')
    case '2':
      return String(time.day)
    case '15':
      return two(time.hour)
    case '03':
      return two(hour12)
    case '3':
      return String(hour12)
    case '04':
      return two(time.minute)
    case '4':
      return String(time.minute)
    case '05':
      return two(time.second)
    case '5':
      return String(time.second)
    case '06':
      return two(time.year % 100)
    case 'PM':
      return time.hour >= 12 ? 'PM' : 'AM'
    case 'pm':
      return time.hour >= 12 ? 'pm' : 'am'
  }
  if (element[0] === '.' || element[0] === ',') return element[1] === '0' ? element : ''
  return formatOffset(element, zone.offset)
}

function formatOffset(element: string, offset: number): string {
  if (element.startsWith('Z') && offset === 0) return 'Z'
  const minutes = Math.trunc(Math.abs(offset) / 60)
  const colon = element.includes(':') ? ':' : ''
  const sign = offset < 0 ? '-' : '+'
  const digits = element.replaceAll(':', '').length - 1
  const hours = `${sign}${two(Math.trunc(minutes / 60))}`
  if (digits === 2) return hours
  return `${hours}${colon}${two(minutes % 60)}${digits === 6 ? `${colon}${two(Math.abs(offset) % 60)}` : ''}`
}

/** time.Parse: the instant, or undefined when the text does not fit the layout. */
export function parseTime(layout: string, text: string): number | undefined {
  const parts = {
    year: 0,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    offset: 0,
    afternoon: undefined as boolean | undefined,
  }
  let at = 0
  let from = 0
  for (const match of layout.matchAll(ELEMENTS)) {
    at = skipLiteral(text, at, layout.slice(from, match.index))
    if (at < 0) return undefined
    const length = parseElement(match[0], text.slice(at), parts)
    if (length < 0) return undefined
    at += length
    from = match.index + match[0].length
  }
  if (skipLiteral(text, at, layout.slice(from)) !== text.length) return undefined
  if (
    parts.month < 1 ||
    parts.month > 12 ||
    parts.day < 1 ||
    parts.hour > 23 ||
    parts.minute > 59 ||
    parts.second > 59
  )
    return undefined
  const monthDays =
    daysFromCivil(parts.month === 12 ? parts.year + 1 : parts.year, (parts.month % 12) + 1, 1) -
    daysFromCivil(parts.year, parts.month, 1)
  if (parts.day > monthDays) return undefined
  const hour = parts.afternoon === undefined ? parts.hour : (parts.hour % 12) + (parts.afternoon ? 12 : 0)
  return (
    daysFromCivil(parts.year, parts.month, parts.day) * 86400 +
    hour * 3600 +
    parts.minute * 60 +
    parts.second -
    parts.offset
  )
}

/** Where the text goes on behind what a layout has between its elements, or -1; spaces stand for any number of them. */
function skipLiteral(text: string, start: number, literal: string): number {
  let at = start
  for (let i = 0; i < literal.length; ) {
    if (literal[i] === ' ') {
      if (at < text.length && text[at] !== ' ') return -1
      while (literal[i] === ' ') i++
      while (text[at] === ' ') at++
    } else if (text[at++] !== literal[i++]) return -1
  }
  return at
}

interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  offset: number
  afternoon: boolean | undefined
}

/** Characters that the element takes from the text, or -1. */
function parseElement(element: string, text: string, parts: Parts): number {
  const number = (pattern: RegExp, store: (value: number) => void): number => {
    const match = pattern.exec(text)
    if (!match) return -1
    store(Number(match[0]))
    return match[0].length
  }
  const name = (names: readonly string[], short: boolean, store: (index: number) => void): number => {
    const index = names.findIndex(it =>
      text.toLowerCase().startsWith((short ? it.slice(0, 3) : it).toLowerCase()),
    )
    if (index >= 0) store(index)
    return index < 0 ? -1 : short ? 3 : names[index]!.length
  }
  switch (element) {
    case '2006':
      return number(/^[0-9]{4}/, it => (parts.year = it))
    case '06':
      return number(/^[0-9]{2}/, it => (parts.year = it >= 69 ? 1900 + it : 2000 + it))
    case '01':
    case '1':
      return number(element === '01' ? /^[0-9]{2}/ : /^[0-9]{1,2}/, it => (parts.month = it))
    case '02':
    case '2':
    case '_2':
      if (element === '02') return number(/^[0-9]{2}/, it => (parts.day = it))
      return number(element === '2' ? /^[0-9]{1,2}/ : /^ ?[0-9]{1,2}/, it => (parts.day = it))
    case '15':
    case '03':
    case '3':
      return number(element === '03' ? /^[0-9]{2}/ : /^[0-9]{1,2}/, it => (parts.hour = it))
    case '04':
    case '4':
      return number(element === '04' ? /^[0-9]{2}/ : /^[0-9]{1,2}/, it => (parts.minute = it))
    case '05':
    case '5': {
      const length = number(element === '05' ? /^[0-9]{2}/ : /^[0-9]{1,2}/, it => (parts.second = it))
      // A fraction may follow the seconds though the layout has none.
      const fraction = length < 0 ? undefined : /^[.,][0-9]+/.exec(text.slice(length))
      return fraction ? length + fraction[0].length : length
    }
    case 'January':
    case 'Jan':
      return name(MONTHS, element === 'Jan', it => (parts.month = it + 1))
    case 'Monday':
    case 'Mon':
      return name(WEEKDAYS, element === 'Mon', () => undefined)
    case 'PM':
    case 'pm':
      if (!/^[ap]m/i.test(text)) return -1
      parts.afternoon = /^p/i.test(text)
      return 2
    case 'MST':
      return /^[A-Z]{3,4}/.exec(text)?.[0].length ?? -1
  }
  if (element[0] === '.' || element[0] === ',') return /^[.,][0-9]+/.exec(text)?.[0].length ?? 0
  return parseOffset(element, text, parts)
}

function parseOffset(element: string, text: string, parts: Parts): number {
  if (element.startsWith('Z') && text.startsWith('Z')) return 1
  const match = (
    element.includes(':') ? /^([+-])([0-9]{2}):([0-9]{2})/ : /^([+-])([0-9]{2})([0-9]{2})?/
  ).exec(text)
  if (!match || Number(match[2]) > 24 || Number(match[3] ?? 0) > 60) return -1
  const offset = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60
  parts.offset = match[1] === '-' ? -offset : offset
  return match[0].length
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['\u00b5s', 1e3],
  ['\u03bcs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
])

/** time.ParseDuration in nanoseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0' || text === '+0' || text === '-0') return 0
  if (text.length > 200) return undefined
  const match = /^([+-]?)((?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/.exec(text)
  if (!match) return undefined
  let sum = 0
  for (const part of match[2]!.matchAll(/([0-9.]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g))
    sum += Number(part[1]) * UNITS.get(part[2]!)!
  return match[1] === '-' ? -sum : sum
}

/** Duration.String for whole seconds. */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return '0s'
  const sign = seconds < 0 ? '-' : ''
  const total = Math.abs(seconds)
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor(total / 60) % 60
  const rest = total % 60
  if (hours > 0) return `${sign}${hours}h${minutes}m${rest}s`
  return minutes > 0 ? `${sign}${minutes}m${rest}s` : `${sign}${rest}s`
}
