/** sprig's functions on strings. Those that only cut, indent or wrap keep what is known about the origin of each part. */

import { quote } from '../../text/go-quote.ts'
import { type Call, costly, type FunctionTable, fn, fnRest } from '../template/call.ts'
import { deriveFrom } from '../template/derivation.ts'
import { GoError } from '../template/errors.ts'
import { formatValue, toText } from '../template/format.ts'
import { parseInteger } from '../template/number.ts'
import type { Origin } from '../template/origin.ts'
import {
  isSpace,
  plainText,
  replaceAll,
  sliceText,
  type Text,
  TextBuilder,
  trimSpace,
  weightOf,
} from '../template/text.ts'
import { decodeUtf8, encodeUtf8, isAscii } from '../template/utf8.ts'
import { dict, int, isText, typedList, type Value } from '../template/value.ts'
import { stringItems } from './items.ts'

export const stringFunctions: FunctionTable = {
  hello: fn([], () => 'Hello!'),
  trim: costly(
    4,
    fn(['text'], (_, text) => trimSpace(text)),
  ),
  upper: fn(['text'], (_, text) => mapCase(text, it => it.toUpperCase())),
  lower: fn(['text'], (_, text) => mapCase(text, it => it.toLowerCase())),
  title: costly(
    50,
    fn(['text'], (_, text) => mapCase(text, titleCase)),
  ),
  untitle: costly(
    50,
    fn(['text'], (_, text) =>
      mapCase(text, it => it.replace(/(^|\s)(\S)/gu, (_all, a, b) => a + b.toLowerCase())),
    ),
  ),
  swapcase: costly(
    30,
    fn(['string'], (_, text) => swapCase(text)),
  ),
  nospace: costly(
    50,
    fn(['string'], (_, text) => [...text].filter(it => !isSpace(it.charCodeAt(0))).join('')),
  ),
  initials: costly(
    100,
    fn(['string'], (_, text) => [...text.matchAll(/(?:^|\s)(\S)/gu)].map(it => firstByte(it[1]!)).join('')),
  ),
  trunc: costly(
    4,
    fn(['int', 'text'], (_, count, text) => truncate(count, text)),
  ),
  substr: costly(
    4,
    fn(['int', 'int', 'text'], (_, start, end, text) => substring(start, end, text)),
  ),
  repeat: fn(['int', 'string'], (call, count, text) => repeat(call, count, text)),
  trimAll: costly(
    20,
    fn(['string', 'text'], (_, cutset, text) => trimSet(text, cutset)),
  ),
  trimall: costly(
    20,
    fn(['string', 'text'], (_, cutset, text) => trimSet(text, cutset)),
  ),
  trimSuffix: fn(['string', 'text'], (_, suffix, text) => {
    const plain = plainText(text)
    return suffix !== '' && plain.endsWith(suffix) ? sliceText(text, 0, plain.length - suffix.length) : text
  }),
  trimPrefix: fn(['string', 'text'], (_, prefix, text) => {
    const plain = plainText(text)
    return plain.startsWith(prefix) ? sliceText(text, prefix.length, plain.length) : text
  }),
  contains: fn(['string', 'string'], (_, part, text) => text.includes(part)),
  hasPrefix: fn(['string', 'string'], (_, part, text) => text.startsWith(part)),
  hasSuffix: fn(['string', 'string'], (_, part, text) => text.endsWith(part)),
  replace: fn(['string', 'text', 'text'], (call, search, replacement, text) => {
    call.charge(plainText(text).length)
    const from = call.origins[1] ?? call.origins[2]
    call.origin = call.origins[2]
    return charged(call, replaceAll(withOrigin(call, text, 2), search, replacement, call.piece(from)))
  }),
  plural: fn(['string', 'string', 'int'], (_, one, many, count) => (count === 1 ? one : many)),
  quote: fnRest([], 'any', (call, values) => wrapEach(call, values, toText, quoteText)),
  squote: fnRest([], 'any', (call, values) =>
    wrapEach(
      call,
      values,
      it => (isText(it) ? it : formatValue(it)),
      text => ["'", text, "'"],
    ),
  ),
  cat: fnRest([], 'any', (call, values) =>
    wrapEach(
      call,
      values,
      it => (isText(it) ? it : formatValue(it)),
      text => ['', text, ''],
    ),
  ),
  indent: fn(['int', 'text'], (call, count, text) => indent(call, count, text, '')),
  nindent: fn(['int', 'text'], (call, count, text) => indent(call, count, text, '\n')),
  toString: fn(['any'], (_, value) => (value === null ? '<nil>' : toText(value))),
  toStrings: fn(['any'], (_, value) =>
    typedList(
      '[]string',
      stringItems(value).map(it => it.text),
    ),
  ),
  atoi: fn(['string'], (_, text) =>
    int(/^[-+]?[0-9]+$/.test(text) ? (parseInteger(text.replace(/^([-+]?)0+(?=\d)/, '$1')) ?? 0) : 0),
  ),
  join: fn(['string', 'any'], (call, separator, value) => join(call, separator, value)),
  split: fn(['string', 'string'], (call, separator, text) => numbered(counted(call, text.split(separator)))),
  splitList: fn(['string', 'text'], (call, separator, text) => splitText(call, text, separator)),
  splitn: costly(
    20,
    fn(['string', 'int', 'string'], (call, separator, count, text) =>
      numbered(counted(call, splitAtMost(text, separator, count))),
    ),
  ),
  abbrev: fn(['int', 'string'], (_, width, text) => (width < 4 ? text : abbreviate(text, 0, width))),
  abbrevboth: fn(['int', 'int', 'string'], (_, offset, width, text) =>
    width < 4 || (offset > 0 && width < 7) ? text : abbreviate(text, offset, width),
  ),
  wrap: costly(
    100,
    fn(['int', 'string'], (_, width, text) => wrapText(text, width, '\n', 'words')),
  ),
  wrapWith: fn(['int', 'string', 'string'], (call, width, separator, text) => {
    call.charge(text.length * (30 + (separator.length + 1) / Math.max(1, width)))
    return wrapText(text, width, separator || '\n', 'anywhere')
  }),
}

/** A plain string argument as a text that remembers its origin. */
function withOrigin(call: Call, text: string | Text, argument: number): string | Text {
  const origin = call.origins[argument]
  if (typeof text !== 'string' || !origin || text === '') return text
  return { tag: 'text', text, segments: [{ at: 0, pad: 0, offset: 0, piece: call.piece(origin) }] }
}

function charged<T extends string | Text>(call: Call, text: T): T {
  call.charge(weightOf(text))
  return text
}

/** Changes letters one by one; when the length changes, segments would lie and are given up. */
function mapCase(text: string | Text, change: (plain: string) => string): string | Text {
  if (typeof text === 'string') return change(text)
  const changed = change(text.text)
  return changed.length === text.text.length ? { ...text, text: changed } : changed
}

/** strings.Title: the first letter of each word, where everything but letters, digits and `_` separates words. */
function titleCase(text: string): string {
  let result = ''
  let before = ' '
  for (const rune of text) {
    const code = before.charCodeAt(0)
    const separates =
      code <= 0x7f ? !/[A-Za-z0-9_]/.test(before) : !/[\p{L}\p{Nd}]/u.test(before) && isSpace(code)
    result +=
      separates && /\p{L}/u.test(rune) && rune.toUpperCase().length === rune.length
        ? rune.toUpperCase()
        : rune
    before = rune
  }
  return result
}

/** goutils takes the first byte of a word for its first letter. */
const firstByte = (rune: string): string => String.fromCharCode(encodeUtf8(rune)[0]!)

function swapCase(text: string): string {
  let result = ''
  for (const rune of text) result += /[\p{Lu}\p{Lt}]/u.test(rune) ? rune.toLowerCase() : rune.toUpperCase()
  return result
}

/** Counts bytes, as Go does. */
function truncate(count: number, text: string | Text): string | Text {
  const plain = plainText(text)
  if (isAscii(plain)) {
    if (count < 0)
      return plain.length + count > 0 ? sliceText(text, plain.length + count, plain.length) : text
    return plain.length > count ? sliceText(text, 0, count) : text
  }
  const bytes = encodeUtf8(plain)
  if (count < 0) return bytes.length + count > 0 ? decodeUtf8(bytes.subarray(bytes.length + count)) : text
  return bytes.length > count ? decodeUtf8(bytes.subarray(0, count)) : text
}

function substring(start: number, end: number, text: string | Text): string | Text {
  const plain = plainText(text)
  const ascii = isAscii(plain)
  const bytes = ascii ? undefined : encodeUtf8(plain)
  const length = bytes ? bytes.length : plain.length
  const from = Math.max(start, 0)
  const to = start >= 0 && (end < 0 || end > length) ? length : end
  if (to < 0 || to > length)
    throw new GoError(
      `runtime error: slice bounds out of range [:${to}]${to < 0 ? '' : ` with length ${length}`}`,
    )
  if (from > to) throw new GoError(`runtime error: slice bounds out of range [${from}:${to}]`)
  return bytes ? decodeUtf8(bytes.subarray(from, to)) : sliceText(text, from, to)
}

function repeat(call: Call, count: number, text: string): string {
  if (count < 0) throw new GoError('strings: negative Repeat count')
  call.charge(count * text.length)
  return text.repeat(count)
}

/** strings.Trim: every character of the set, from both ends. */
function trimSet(text: string | Text, cutset: string): string | Text {
  const plain = plainText(text)
  const set = new Set(cutset)
  const runes = [...plain]
  let start = 0
  let end = plain.length
  for (const rune of runes) {
    if (!set.has(rune)) break
    start += rune.length
  }
  for (let i = runes.length - 1; i >= 0 && end > start && set.has(runes[i]!); i--) end -= runes[i]!.length
  return sliceText(text, start, end)
}

/** The text with what stands before and behind it, or a string when its characters changed. */
type Wrapped = readonly [string, string | Text, string]

function quoteText(text: string | Text): Wrapped {
  const quoted = quote(plainText(text))
  if (quoted.length === plainText(text).length + 2) return ['"', text, '"']
  return ['', quoted, '']
}

/** Values that are not nil, each wrapped, with blanks between them. */
function wrapEach(
  call: Call,
  values: readonly Value[],
  show: (value: Value) => string | Text,
  wrap: (text: string | Text) => Wrapped,
): Text {
  const builder = new TextBuilder()
  const own = call.piece()
  let origin: Origin | undefined
  let first = true
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined) continue
    if (!first) builder.add(' ', own)
    first = false
    origin ??= call.origins[i]
    const from = deriveFrom(call.origins[i], value)
    const piece = from ? call.piece(from) : own
    const [before, text, after] = wrap(show(value))
    builder.add(before, piece)
    builder.append(text, piece)
    builder.add(after, piece)
  }
  call.origin = origin
  return charged(call, builder.build())
}

function indent(call: Call, count: number, text: string | Text, before: string): Text {
  if (count < 0) throw new GoError('strings: negative Repeat count')
  const plain = plainText(text)
  let lines = 1
  for (let at = plain.indexOf('\n'); at >= 0; at = plain.indexOf('\n', at + 1)) lines++
  call.charge(plain.length + lines * (count + 40))
  const builder = new TextBuilder()
  const piece = call.piece(call.origins[1])
  call.origin = call.origins[1]
  builder.add(before, piece)
  builder.appendIndented(text, ' '.repeat(count), piece)
  return builder.build()
}

function join(call: Call, separator: string, value: Value): Text {
  const builder = new TextBuilder()
  const own = call.piece(call.origins[1])
  call.origin = call.origins[1]
  let first = true
  for (const item of stringItems(value)) {
    if (!first) builder.add(separator, own)
    first = false
    call.charge(weightOf(item.text) + separator.length)
    builder.append(item.text, item.origin ? call.piece(item.origin) : own)
  }
  return builder.build()
}

const numbered = (parts: readonly string[]) => ({
  ...dict(new Map(parts.map((it, i): [string, Value] => [`_${i}`, it]))),
  type: 'map[string]string',
})

function splitText(call: Call, text: string | Text, separator: string): Value {
  const plain = plainText(text)
  if (typeof text === 'string' || separator === '')
    return typedList('[]string', counted(call, separator === '' ? [...plain] : plain.split(separator)))
  const items: Value[] = []
  let from = 0
  for (let at = plain.indexOf(separator); at >= 0; at = plain.indexOf(separator, from)) {
    items.push(sliceText(text, from, at))
    from = at + separator.length
  }
  items.push(sliceText(text, from, plain.length))
  return typedList('[]string', items)
}

/** Each part is a value of its own. */
function counted(call: Call, parts: string[]): string[] {
  call.charge(parts.length * 60)
  return parts
}

/** strings.SplitN. */
function splitAtMost(text: string, separator: string, count: number): string[] {
  if (count === 0) return []
  const parts = separator === '' ? [...text] : text.split(separator)
  if (count < 0 || parts.length <= count) return parts
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)]
}

/** goutils.AbbreviateFull; widths count bytes there, characters here. */
function abbreviate(text: string, offset: number, width: number): string {
  if (text.length <= width) return text
  let from = Math.min(offset, text.length)
  if (text.length - from < width - 3) from = text.length - (width - 3)
  if (from <= 4) return `${text.slice(0, width - 3)}...`
  if (width < 7) return ''
  if (from + width - 3 < text.length) return `...${abbreviate(text.slice(from), 0, width - 3)}`
  return `...${text.slice(text.length - (width - 3))}`
}

/** goutils.WrapCustom. */
function wrapText(text: string, wanted: number, newline: string, breaks: 'words' | 'anywhere'): string {
  const width = Math.max(1, wanted)
  let result = ''
  let offset = 0
  while (text.length - offset > width) {
    if (text[offset] === ' ') {
      offset++
      continue
    }
    const space = offset + text.slice(offset, offset + width + 1).lastIndexOf(' ')
    if (space >= offset) {
      result += text.slice(offset, space) + newline
      offset = space + 1
      continue
    }
    if (breaks === 'anywhere') {
      result += text.slice(offset, offset + width) + newline
      offset += width
      continue
    }
    const next = text.indexOf(' ', offset + width)
    if (next < 0) return result + text.slice(offset)
    result += text.slice(offset, next) + newline
    offset = next + 1
  }
  return result + text.slice(offset)
}
