/** cel-go's extension for texts. Positions count code points. */
import { Fault, noSuchOverload } from '../fault.ts'
import { global, method, type Overload } from '../functions.ts'
import { DYN, INT, listOf, STRING } from '../types.ts'
import type { Value } from '../values.ts'
import { formatText, formatTextPlain } from './format-text.ts'

type Int = number | bigint

/** Without surrogates, units are code points, and nothing needs to be split. */
const runesOf = (text: string): string | readonly string[] =>
  /[\ud800-\udfff]/.test(text) ? [...text] : text

const outOfRange = (index: Int): Fault => new Fault(`index out of range: ${index}`)

function charAt(text: string, index: Int): string {
  const runes = runesOf(text)
  if (index < 0 || index > runes.length) throw outOfRange(index)
  return runes[Number(index)] ?? ''
}

/** Where a part begins, in code points. */
function positionOf(text: string, units: number): number {
  return units < 0 ? -1 : runesOf(text.slice(0, units)).length
}

function unitsOf(text: string, index: Int): number {
  const runes = runesOf(text)
  if (index < 0 || index > runes.length) throw outOfRange(index)
  return typeof runes === 'string' ? Number(index) : runes.slice(0, Number(index)).join('').length
}

function indexOf(text: string, part: string, from: Int = 0): number {
  if (from < 0) throw outOfRange(from)
  const { length } = runesOf(text)
  if (part === '') return Math.min(Number(from), length)
  if (from >= length) {
    if (from > length) throw outOfRange(from)
    return -1
  }
  return positionOf(text, text.indexOf(part, unitsOf(text, from)))
}

function lastIndexOf(text: string, part: string, from?: Int): number {
  const { length } = runesOf(text)
  if (from !== undefined && (from < 0 || from >= length) && !(part === '' && from >= 0))
    throw outOfRange(from)
  if (part === '') return Math.min(from === undefined ? length : Number(from), length)
  const start = from === undefined ? text.length : unitsOf(text, from)
  return positionOf(text, text.lastIndexOf(part, start))
}

function substring(text: string, start: Int, end?: Int): string {
  const runes = runesOf(text)
  if (start < 0 || start > runes.length) throw outOfRange(start)
  if (end === undefined) return sliceOf(runes, start, runes.length)
  if (end < 0 || end > runes.length) throw outOfRange(end)
  if (start > end) throw new Fault(`invalid substring range. start: ${start}, end: ${end}`)
  return sliceOf(runes, start, end)
}

const sliceOf = (runes: string | readonly string[], start: Int, end: Int): string =>
  typeof runes === 'string'
    ? runes.slice(Number(start), Number(end))
    : runes.slice(Number(start), Number(end)).join('')

/** `strings.Replace`: an empty part stands between all code points. */
function replace(text: string, part: string, by: string, limit: Int = -1): string {
  if (limit === 0) return text
  const count = limit < 0 ? Number.POSITIVE_INFINITY : Number(limit)
  if (part !== '') {
    const pieces = text.split(part)
    const kept = Math.min(count, pieces.length - 1)
    return (
      pieces.slice(0, kept + 1).join(by) +
      (kept < pieces.length - 1 ? part + pieces.slice(kept + 1).join(part) : '')
    )
  }
  let result = ''
  let done = 0
  for (const rune of text) {
    if (done < count) {
      result += by
      done++
    }
    result += rune
  }
  return done < count ? result + by : result
}

/** `strings.SplitN` */
function split(text: string, separator: string, limit: Int = -1): string[] {
  if (limit === 0) return []
  const pieces = separator === '' ? [...text] : text.split(separator)
  if (limit < 0 || pieces.length <= limit) return pieces
  const kept = Number(limit) - 1
  return [...pieces.slice(0, kept), pieces.slice(kept).join(separator)]
}

function join(list: readonly Value[], separator = ''): string {
  if (!list.every(it => typeof it === 'string')) throw noSuchOverload()
  return list.join(separator)
}

const mapAscii = (text: string, pattern: RegExp, shift: number): string =>
  text.replace(pattern, it => String.fromCharCode(it.charCodeAt(0) + shift))

/** What `unicode.IsSpace` takes for blank. */
const BLANK = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const TRIMMED = new RegExp(`^${BLANK}+|${BLANK}+$`, 'g')

const QUOTED: ReadonlyMap<string, string> = new Map([
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
  ['"', '\\"'],
])

const quote = (text: string): string =>
  `"${[...text].map(it => QUOTED.get(it) ?? (/[\ud800-\udfff]/.test(it) && it.length === 1 ? '\ufffd' : it)).join('')}"`

const reverse = (text: string): string => [...text].reverse().join('')

/** As Kubernetes had them up to 1.28. */
export const stringsV0: readonly Overload[] = [
  method('charAt', [STRING, INT], STRING, charAt),
  method('indexOf', [STRING, STRING], INT, (a: string, b: string) => indexOf(a, b)),
  method('indexOf', [STRING, STRING, INT], INT, indexOf),
  method('lastIndexOf', [STRING, STRING], INT, (a: string, b: string) => lastIndexOf(a, b)),
  method('lastIndexOf', [STRING, STRING, INT], INT, lastIndexOf),
  method('lowerAscii', [STRING], STRING, (text: string) => mapAscii(text, /[A-Z]/g, 32)),
  method('upperAscii', [STRING], STRING, (text: string) => mapAscii(text, /[a-z]/g, -32)),
  method('replace', [STRING, STRING, STRING], STRING, (a: string, b: string, c: string) => replace(a, b, c)),
  method('replace', [STRING, STRING, STRING, INT], STRING, replace),
  method('split', [STRING, STRING], listOf(STRING), (a: string, b: string) => split(a, b)),
  method('split', [STRING, STRING, INT], listOf(STRING), split),
  method('substring', [STRING, INT], STRING, (text: string, start: Int) => substring(text, start)),
  method('substring', [STRING, INT, INT], STRING, substring),
  method('trim', [STRING], STRING, (text: string) => text.replace(TRIMMED, '')),
  method('join', [listOf(STRING)], STRING, (list: readonly Value[]) => join(list)),
  method('join', [listOf(STRING), STRING], STRING, join),
]

/** What came with 1.29. */
export const stringsV2: readonly Overload[] = [
  method('format', [STRING, listOf(DYN)], STRING, formatText),
  global('strings.quote', [STRING], STRING, quote),
]

/** Newer than any Kubernetes has it. */
export const stringsV4: readonly Overload[] = [
  method('reverse', [STRING], STRING, reverse),
  method('format', [STRING, listOf(DYN)], STRING, formatTextPlain),
]
