/** Cron schedules as CronJobs take them: the grammar of robfig/cron's standard parser, with its messages. */
import { parseDuration } from './duration.ts'

interface Field {
  readonly min: number
  readonly max: number
  readonly names: readonly string[]
}

const NO_NAMES: readonly string[] = []
const FIELDS: readonly Field[] = [
  { min: 0, max: 59, names: NO_NAMES },
  { min: 0, max: 23, names: NO_NAMES },
  { min: 1, max: 31, names: NO_NAMES },
  { min: 1, max: 12, names: ['', ...'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')] },
  { min: 0, max: 6, names: 'sun mon tue wed thu fri sat'.split(' ') },
]
/** The allowed values of each of the five fields, ascending; for `@every` the interval in nanoseconds. */
export type Schedule =
  | { readonly every: number }
  | { readonly fields: readonly (readonly number[])[]; readonly every?: undefined }

const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
])

/** `cron.ParseStandard` without time zones; a string is its message about what is wrong. Never throws. */
export function parseSchedule(text: string): Schedule | string {
  if (text === '') return 'empty spec string'
  if (text.startsWith('@')) return parseDescriptor(text)
  const words = splitWords(text)
  if (words.length !== 5) return `expected exactly 5 fields, found ${words.length}: [${words.join(' ')}]`
  const fields: number[][] = []
  for (let at = 0; at < 5; at++) {
    const field = parseField(words[at]!, FIELDS[at]!)
    if (typeof field === 'string') return field
    fields.push(field)
  }
  return { fields }
}

/** `strings.Fields`: Unicode white space, which includes U+0085 and lacks U+FEFF. */
const splitWords = (text: string): string[] =>
  text.split(/[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/).filter(Boolean)

function parseDescriptor(text: string): Schedule | string {
  const described = DESCRIPTORS.get(text)
  if (described !== undefined) return parseSchedule(described)
  if (!text.startsWith('@every ')) return `unrecognized descriptor: ${text}`
  const every = parseDuration(text.slice('@every '.length))
  return typeof every === 'string' ? `failed to parse duration ${text}: ${every}` : { every }
}

function parseField(text: string, field: Field): number[] | string {
  const values = new Set<number>()
  for (const expression of text.split(',').filter(Boolean)) {
    const range = parseRange(expression, field)
    if (typeof range === 'string') return range
    for (let value = range.start; value <= range.end; value += range.step) values.add(value)
  }
  return [...values].sort((left, right) => left - right)
}

interface Range {
  readonly start: number
  readonly end: number
  readonly step: number
}

function parseRange(expression: string, field: Field): Range | string {
  const [bounds, stepText, ...more] = expression.split('/')
  const [low, high, ...others] = bounds!.split('-')
  const any = low === '*' || low === '?'
  const start = any ? field.min : parseNumber(low!, field.names)
  if (typeof start === 'string') return start
  if (!any && others.length > 0) return `too many hyphens: ${expression}`
  const written = any ? field.max : high === undefined ? start : parseNumber(high, field.names)
  if (typeof written === 'string') return written
  if (more.length > 0) return `too many slashes: ${expression}`
  const step = stepText === undefined ? 1 : parseNumber(stepText, NO_NAMES)
  if (typeof step === 'string') return step
  const end = stepText !== undefined && high === undefined ? field.max : written
  if (start < field.min) return `beginning of range (${start}) below minimum (${field.min}): ${expression}`
  if (end > field.max) return `end of range (${end}) above maximum (${field.max}): ${expression}`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`
  if (step === 0) return `step of range should be a positive number: ${expression}`
  return { start, end, step }
}

function parseNumber(text: string, names: readonly string[]): number | string {
  const named = text === '' ? -1 : names.indexOf(text.toLowerCase())
  if (named >= 0) return named
  const failure = `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: `
  if (!/^[+-]?[0-9]+$/.test(text)) return `${failure}invalid syntax`
  const number = Number(text)
  if (Math.abs(number) >= 2 ** 63) return `${failure}value out of range`
  return number < 0 ? `negative number (${number}) not allowed: ${text}` : number
}
