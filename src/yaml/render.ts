/** Values to YAML text in the style of the document around them. */
import type { Json, JsonObject } from './json.ts'
import { isPlainString } from './scalars.ts'

/** How a document is written. */
export interface Style {
  readonly newline: string
  /** Blanks by which maps are indented. */
  readonly step: number
  /** Blanks by which a list is indented against its key. */
  readonly listStep: number
}

export type Quotes = 'plain' | 'single' | 'double'

/** Where a text stands: on its own lines, inside brackets, or in JSON. */
export type Context = 'block' | 'flow' | 'json'

/** A value as it follows a colon or a dash: the rest of that line, and the lines below it, indented. */
export interface Rendered {
  readonly inline: string
  readonly lines: readonly string[]
}

/** In block style. `indent` is the column that nested maps and the lines of texts get. */
function renderBlock(value: Json, indent: number, style: Style, quotes: Quotes = 'plain'): Rendered {
  if (typeof value === 'string' && value.includes('\n')) return renderText(value, indent)
  if (!isFilled(value)) return { inline: renderInline(value, 'block', quotes), lines: [] }
  return { inline: '', lines: blockLines(value, indent, style) }
}

/** The lines of a map or list that is not empty; the first one is indented like the others. */
function blockLines(value: readonly Json[] | JsonObject, indent: number, style: Style): string[] {
  const margin = ' '.repeat(indent)
  const lines: string[] = []
  if (isList(value)) {
    for (const item of value) lines.push(...listItem(item, indent, style))
    return lines
  }
  for (const [key, entry] of Object.entries(value)) {
    const { inline, lines: below } = renderEntry(entry, indent, style)
    lines.push(`${margin}${renderWord(key, 'block', 'plain')}:${inline && ` ${inline}`}`, ...below)
  }
  return lines
}

/** The value of a key that stands at column `column`. */
export function renderEntry(value: Json, column: number, style: Style, quotes: Quotes = 'plain'): Rendered {
  return renderBlock(value, column + (isList(value) ? style.listStep : style.step), style, quotes)
}

/** An item with its dash at column `indent`. */
export function listItem(item: Json, indent: number, style: Style): string[] {
  const { inline, lines } = renderItem(item, indent + 2, style)
  return [`${' '.repeat(indent)}-${inline && ` ${inline}`}`, ...lines]
}

/** What follows a dash; maps and lists begin on its line, at column `indent`. */
export function renderItem(item: Json, indent: number, style: Style, quotes: Quotes = 'plain'): Rendered {
  const { inline, lines } = renderBlock(item, indent, style, quotes)
  if (inline !== '' || lines.length === 0) return { inline, lines }
  return { inline: lines[0]!.slice(indent), lines: lines.slice(1) }
}

/** On one line. */
export function renderInline(value: Json, context: Context, quotes: Quotes = 'plain'): string {
  if (typeof value === 'string') return renderWord(value, context, quotes)
  if (value === null || typeof value !== 'object') return String(value)
  if (isList(value)) return `[${value.map(it => renderInline(it, context)).join(', ')}]`
  const entries = Object.entries(value).map(([key, it]) => renderPair(key, it, context))
  return `{${entries.join(', ')}}`
}

export const renderPair = (key: string, value: Json, context: Context): string =>
  `${renderWord(key, context, 'plain')}: ${renderInline(value, context)}`

export const renderKey = (key: string, context: Context): string => renderWord(key, context, 'plain')

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const isFilled = (value: Json): value is readonly Json[] | JsonObject =>
  value !== null && typeof value === 'object' && (isList(value) ? value : Object.keys(value)).length > 0

/** A text on one line, in the wanted quotes as far as they can hold it. */
function renderWord(text: string, context: Context, quotes: Quotes): string {
  if (context !== 'json') {
    if (quotes === 'plain' && isSafePlain(text, context)) return text
    if (quotes === 'single' && !NEEDS_ESCAPE.test(text)) return `'${text.replaceAll("'", "''")}'`
  }
  const escaped = JSON.stringify(text)
  return NEEDS_ESCAPE.test(text) ? escaped.replace(NOT_IN_JSON, toEscape) : escaped
}

/** Control characters, line breaks of YAML 1.1, byte order marks and non-characters. */
const NEEDS_ESCAPE = /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/
const NOT_IN_JSON = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g

const toEscape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Indicators that no unquoted text begins with, and those that it does not begin with before a blank. */
const BAD_START = /^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?:\s|$)|---|\.\.\.|\s)/
const BAD_MIDDLE = /:\s|:$|\s#|\s$/
const BAD_IN_FLOW = /[,[\]{}?]|:[,[\]{}]|^[-:]/

function isSafePlain(text: string, context: Context): boolean {
  if (NEEDS_ESCAPE.test(text) || BAD_START.test(text) || BAD_MIDDLE.test(text)) return false
  return isPlainString(text) && !(context === 'flow' && BAD_IN_FLOW.test(text))
}

/** A text of several lines as literal block where that can hold it, else in double quotes. */
function renderText(text: string, indent: number): Rendered {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  // A literal block begins with something visible and cannot escape. Blank lines at its end would need `|+`, and
  // that would swallow the blank lines that happen to stand below.
  if (body === '' || /^[ \t\n]|\n$/.test(body) || NEEDS_ESCAPE.test(body.replace(/[\n\t]/g, '')))
    return { inline: renderWord(text, 'block', 'double'), lines: [] }
  const margin = ' '.repeat(indent)
  const lines = body.split('\n').map(line => (line === '' ? '' : margin + line))
  return { inline: body === text ? '|-' : '|', lines }
}
