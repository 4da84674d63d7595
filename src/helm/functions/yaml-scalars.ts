/** How go-yaml v2 writes scalars: which style a string gets, and where lines fold (analyze_scalar and write_… of emitterc.go). */
import { plainValue } from '../../yaml/scalars.ts'
import { parseTime } from './go-time.ts'

/** Receives the output; knows the column, by which long lines fold. */
export interface Column {
  text: string
  column: number
}

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/
/** `allowedTimestampFormats` of go-yaml's resolve.go. */
const TIMESTAMPS = [
  '2006-1-2T15:4:5.999999999Z07:00',
  '2006-1-2t15:4:5.999999999Z07:00',
  '2006-1-2 15:4:5.999999999',
  '2006-1-2',
]

/** Read back without quotes it would be no string. */
function resolves(text: string): boolean {
  const first = text.charCodeAt(0)
  const digit = first >= 48 && first <= 57
  if (plainValue(text) !== text) return true
  if (!digit && first !== 43 && first !== 45) return text === ''
  return BASE_60.test(text) || (digit && isTimestamp(text))
}

const isTimestamp = (text: string): boolean =>
  /^[0-9]{4}-/.test(text) && TIMESTAMPS.some(it => parseTime(it, text) !== undefined)

interface Analysis {
  readonly multiline: boolean
  readonly plain: boolean
  readonly single: boolean
  readonly block: boolean
}

/** Text without anything that needs a second look. */
const SIMPLE = /^[A-Za-z0-9_/.][A-Za-z0-9_/.+=@$%^()~-]*$/
const FIRST_INDICATORS = '#,[]{}&*!|>\'"%@`'
const isBreak = (char: string | undefined): boolean =>
  char === '\n' || char === '\r' || char === '\u0085' || char === '\u2028' || char === '\u2029'

/** Printable for the emitter; tab, carriage return and everything above U+FFFD is not. */
function isPrintable(code: number): boolean {
  return (
    code === 0x0a ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  )
}

function analyze(text: string): Analysis {
  if (text === '') return { multiline: false, plain: true, single: true, block: false }
  let indicators = text.startsWith('---') || text.startsWith('...')
  let multiline = false
  let special = false
  let breakSpace = false
  let spaceBreak = false
  let previous = '\n'
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    const code = text.charCodeAt(i)
    const next = text[i + 1]
    const followed = next === undefined || next === ' ' || next === '\t'
    if (i === 0) indicators ||= FIRST_INDICATORS.includes(char) || ('?:-'.includes(char) && followed)
    else if (
      (char === ':' && followed) ||
      (char === '#' && (previous === ' ' || previous === '\t' || isBreak(previous)))
    )
      indicators = true
    if (!isPrintable(code)) special = true
    if (char === ' ') breakSpace ||= i > 0 && isBreak(previous)
    else if (isBreak(char)) {
      multiline = true
      spaceBreak ||= i > 0 && previous === ' '
    }
    previous = char
  }
  const first = text[0]
  const last = text.at(-1)
  const ragged = first === ' ' || isBreak(first) || last === ' ' || isBreak(last)
  const none = spaceBreak || special
  return {
    multiline,
    plain: !indicators && !ragged && !breakSpace && !none && !multiline,
    single: !breakSpace && !none,
    block: last !== ' ' && !none,
  }
}

/** Where lines fold; keys never do. */
export interface ScalarPlace {
  /** Indentation of lines after the first. */
  readonly indent: number
  readonly isKey: boolean
  /** Column behind which a line breaks at the next blank. */
  readonly width: number
}

/** Writes what is plain for certain; false when it takes a second look. */
export function writeSimple(out: Column, text: string): boolean {
  if (
    text.length > 80 ||
    !SIMPLE.test(text) ||
    resolves(text) ||
    text.startsWith('---') ||
    text.startsWith('...')
  )
    return false
  out.text += text
  out.column += text.length
  return true
}

/** Writes a string that is not simple, in the style that go-yaml chooses. */
export function writeString(out: Column, text: string, place: ScalarPlace): void {
  const analysis = analyze(text)
  if (text.includes('\n')) {
    if (!place.isKey && analysis.block) writeLiteral(out, text, place)
    else writeDouble(out, text, place)
  } else if (resolves(text) || (place.isKey && analysis.multiline)) writeDouble(out, text, place)
  else if (analysis.plain) writePlain(out, text, place)
  else if (analysis.single) writeSingle(out, text, place)
  else writeDouble(out, text, place)
}

function put(out: Column, text: string): void {
  out.text += text
  out.column += text.length
}

function breakLine(out: Column, indent: number): void {
  out.text += `\n${' '.repeat(indent)}`
  out.column = indent
}

/** Writes words; breaks at single blanks behind the width. */
function writeWords(out: Column, text: string, place: ScalarPlace, edges: 'any' | 'inner'): void {
  if (place.isKey || out.column + text.length <= place.width) {
    put(out, text)
    return
  }
  let from = 0
  for (let i = text.indexOf(' '); i >= 0; i = text.indexOf(' ', i + 1)) {
    const inner = edges === 'any' || (i > 0 && i < text.length - 1)
    if (text[i - 1] === ' ' || text[i + 1] === ' ' || !inner || out.column + i - from <= place.width) continue
    put(out, text.slice(from, i))
    breakLine(out, place.indent)
    from = i + 1
  }
  put(out, text.slice(from))
}

const writePlain = (out: Column, text: string, place: ScalarPlace): void =>
  writeWords(out, text, place, 'any')

function writeSingle(out: Column, text: string, place: ScalarPlace): void {
  put(out, "'")
  const words = text.replaceAll("'", "''")
  // Behind a line break of Unicode the next text is indented, though the line goes on for everybody else.
  if (/[\u2028\u2029]/.test(words))
    put(
      out,
      words.replace(/[\u2028\u2029]+(?!$)/g, it => it + ' '.repeat(place.indent)),
    )
  else writeWords(out, words, place, 'inner')
  put(out, "'")
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0, '0'],
  [7, 'a'],
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [11, 'v'],
  [12, 'f'],
  [13, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
])

function writeDouble(out: Column, text: string, place: ScalarPlace): void {
  put(out, '"')
  let afterSpace = false
  let at = 0
  for (const rune of text) {
    const code = rune.codePointAt(0)!
    if (rune === ' ') {
      const folds = !place.isKey && !afterSpace && out.column > place.width && at > 0 && at < text.length - 1
      if (folds) {
        breakLine(out, place.indent)
        if (text[at + 1] === ' ') put(out, '\\')
      } else put(out, ' ')
      afterSpace = true
    } else {
      const written =
        !isPrintable(code) || isBreak(rune) || rune === '"' || rune === '\\' ? escapeDouble(code) : rune
      put(out, written)
      afterSpace = false
    }
    at += rune.length
  }
  put(out, '"')
}

function escapeDouble(code: number): string {
  const short = ESCAPES.get(code)
  if (short) return `\\${short}`
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

function writeLiteral(out: Column, text: string, place: ScalarPlace): void {
  let head = '|'
  if (text[0] === ' ' || isBreak(text[0])) head += '2'
  if (!isBreak(text.at(-1))) head += '-'
  else if (text.length === 1 || isBreak(text.at(-2))) head += '+'
  put(out, head)
  const pad = ' '.repeat(place.indent)
  for (const line of text.split('\n')) out.text += line === '' ? '\n' : `\n${pad}${line}`
  // The break behind the last line is there already: whoever writes next must not add one.
  out.column = text.endsWith('\n') ? 0 : text.length - text.lastIndexOf('\n') - 1 + place.indent
}
