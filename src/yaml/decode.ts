/** Turns nodes into text and values, on demand. Line folding and escapes follow go-yaml's scanner. */
import { BACKSLASH, CR, isBlank, LF, SPACE } from '../text/characters.ts'
import type { Json } from './json.ts'
import { keyText } from './keys.ts'
import { plainValue, type Scalar } from './scalars.ts'
import {
  AUX,
  DOUBLE_QUOTED,
  END,
  ESCAPED,
  FOLDED,
  KEEP,
  KIND_MASK,
  LITERAL,
  MAP,
  MULTILINE,
  NEXT,
  OVERRIDE,
  PLAIN,
  SEQ,
  SINGLE_QUOTED,
  START,
  STRIDE,
  STRIP,
  type Table,
} from './table.ts'

/** The text of a scalar without quotes, escapes, folding, indentation and tags; '' for maps and sequences. */
export function scalarText(table: Table, node: number): string {
  const { nodes, text } = table
  const kind = nodes[node]!
  if ((kind & OVERRIDE) !== 0) {
    const value = table.overrides!.get(node)!
    if (typeof value === 'string') return value
  }
  const start = nodes[node + START]!
  const end = nodes[node + END]!
  switch (kind & KIND_MASK) {
    case PLAIN:
      return (kind & MULTILINE) === 0 ? text.slice(start, end) : foldFlow(text.slice(start, end), 'verbatim')
    case SINGLE_QUOTED: {
      const inner = text.slice(start + 1, end - 1)
      const folded = (kind & MULTILINE) === 0 ? inner : foldFlow(inner, 'verbatim')
      return (kind & ESCAPED) === 0 ? folded : folded.replaceAll("''", "'")
    }
    case DOUBLE_QUOTED: {
      const inner = text.slice(start + 1, end - 1)
      return (kind & (MULTILINE | ESCAPED)) === 0 ? inner : foldFlow(inner, 'escapes')
    }
    case LITERAL:
    case FOLDED:
      return blockText(table, node)
    default:
      return ''
  }
}

/** What the scalar means to kubectl; null for maps and sequences. */
export function scalarValue(table: Table, node: number): Scalar {
  const kind = table.nodes[node]!
  if ((kind & OVERRIDE) !== 0) return table.overrides!.get(node)!
  const type = kind & KIND_MASK
  if (type === PLAIN && (kind & MULTILINE) === 0)
    return plainValue(table.text.slice(table.nodes[node + START]!, table.nodes[node + END]!))
  return type >= PLAIN && type <= FOLDED ? scalarText(table, node) : null
}

/**
 * The whole value below a node. Maps are objects without prototype, so that `__proto__` and `constructor` are keys
 * like any other; of repeated keys the last one counts. Depth is bounded by the producers.
 */
export function toJson(table: Table, node: number): Json {
  const { nodes } = table
  const end = nodes[node + NEXT]!
  switch (nodes[node]! & KIND_MASK) {
    case MAP: {
      const map = emptyMap()
      for (let key = node + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!)
        map[keyText(nodes[key + AUX]!)] = toJson(table, key + STRIDE)
      return map
    }
    case SEQ: {
      const items: Json[] = []
      for (let item = node + STRIDE; item < end; item = nodes[item + NEXT]!) items.push(toJson(table, item))
      return items
    }
    default:
      return scalarValue(table, node)
  }
}

/** As `Object.create(null)`, which engines keep as a table that is slow to fill and to read. */
const Bare = function Bare() {} as unknown as new () => Record<string, Json>
Bare.prototype = Object.freeze(Object.create(null))
export const emptyMap = (): Record<string, Json> => new Bare()

const NEL = 0x85
const LS = 0x2028
const PS = 0x2029

/**
 * Line folding of a multi-line plain or quoted text, and escapes of a double-quoted one: a line break becomes a blank,
 * of several all but the first stay, blanks around breaks go. Like `yaml_parser_scan_flow_scalar` in scannerc.go.
 */
function foldFlow(text: string, mode: 'escapes' | 'verbatim'): string {
  let result = ''
  let at = 0
  while (at < text.length) {
    const run = at
    let escapedBreak = false
    while (at < text.length && !isBlank(text.charCodeAt(at)) && breakLength(text, at) === 0) {
      if (mode === 'verbatim' || text.charCodeAt(at) !== BACKSLASH) at++
      else break
    }
    result += text.slice(run, at)
    if (mode === 'escapes' && text.charCodeAt(at) === BACKSLASH) {
      const length = breakLength(text, at + 1)
      escapedBreak = length > 0
      if (!escapedBreak) result += escapeValue(text, at)
      at += escapedBreak ? 1 + length : escapeLength(text, at)
      if (!escapedBreak) continue
    }
    const gap = at
    while (at < text.length && (isBlank(text.charCodeAt(at)) || breakLength(text, at) > 0)) at++
    result += foldGap(text.slice(gap, at), escapedBreak)
  }
  return result
}

/** Length of the line break at an offset, 0 where there is none. NEL, LS and PS are breaks to go-yaml. */
function breakLength(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  if (unit === LF || unit === NEL || unit === LS || unit === PS) return 1
  if (unit !== CR) return 0
  return text.charCodeAt(at + 1) === LF ? 2 : 1
}

/** What blanks and breaks between two words come to. */
function foldGap(gap: string, escapedBreak: boolean): string {
  let breaks = ''
  let first = ''
  for (let at = 0; at < gap.length; ) {
    const length = breakLength(gap, at)
    if (length > 0) {
      const unit = gap.charCodeAt(at)
      const kept = unit === LS || unit === PS ? gap[at]! : '\n'
      if (first === '' && !escapedBreak) first = kept
      else breaks += kept
    }
    at += length || 1
  }
  if (escapedBreak) return breaks
  if (first === '') return gap
  if (first !== '\n') return first + breaks
  return breaks === '' ? ' ' : breaks
}

const ESCAPES = new Map<string, string>([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
])
const HEX_DIGITS = new Map<string, number>([
  ['x', 2],
  ['u', 4],
  ['U', 8],
])

const escapeLength = (text: string, at: number): number => 2 + (HEX_DIGITS.get(text[at + 1] ?? '') ?? 0)

/** The character behind a backslash; itself where it has no meaning, since a broken text is decoded too. */
function escapeValue(text: string, at: number): string {
  const letter = text[at + 1] ?? ''
  const digits = HEX_DIGITS.get(letter)
  if (digits === undefined) return ESCAPES.get(letter) ?? letter
  const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}

/** A block scalar: header line, then lines indented by `indent`. The span ends before the last line break. */
function blockText({ text, nodes }: Table, node: number): string {
  const kind = nodes[node]!
  const indent = nodes[node + AUX]!
  const end = nodes[node + END]!
  const block = text.slice(nodes[node + START]!, end)
  const header = block.search(/[\r\n\x85\u2028\u2029]/)
  const last = text.charCodeAt(end)
  if (last === LS || last === PS || /[\u2028\u2029]/.test(block))
    return header < 0 ? '' : separatedText(block.slice(header) + (text[end] ?? '\n'), kind, indent)
  if (header < 0) return ''
  const lines = splitLines(block.slice(header + breakLength(block, header)), indent)
  return chomped(lines, kind)
}

function chomped(lines: readonly string[], kind: number): string {
  let end = lines.length
  while (end > 0 && lines[end - 1] === '') end--
  const content = (kind & KIND_MASK) === LITERAL ? lines.slice(0, end).join('\n') : foldBlock(lines, end)
  if ((kind & STRIP) !== 0) return content
  if ((kind & KEEP) !== 0) return content + '\n'.repeat(lines.length - end + (end > 0 ? 1 : 0))
  return end > 0 ? `${content}\n` : ''
}

/** A text with separators of lines or paragraphs, which stay as they are: `yaml_parser_scan_block_scalar`, step by step. */
function separatedText(block: string, kind: number, indent: number): string {
  const isLiteral = (kind & KIND_MASK) === LITERAL
  let result = ''
  let before = ''
  let empty = ''
  let wasIndented = false
  for (let at = breakLength(block, 0); at < block.length; ) {
    const limit = at + indent
    while (at < limit && block.charCodeAt(at) === SPACE) at++
    const start = at
    while (at < block.length && breakLength(block, at) === 0) at++
    const length = breakLength(block, at)
    const unit = block.charCodeAt(at)
    const lineBreak = length === 0 ? '' : unit === LS || unit === PS ? block[at]! : '\n'
    if (at === start) empty += lineBreak
    else {
      const isIndented = isBlank(block.charCodeAt(start))
      const isFolded = !isLiteral && !wasIndented && !isIndented && before === '\n'
      result += (isFolded ? (empty === '' ? ' ' : '') : before) + empty + block.slice(start, at)
      before = lineBreak
      empty = ''
      wasIndented = isIndented
    }
    at += length
  }
  if ((kind & STRIP) !== 0) return result
  return (kind & KEEP) !== 0 ? result + before + empty : result + before
}

/** Lines without their indentation. */
function splitLines(body: string, indent: number): string[] {
  const text = /[\r\x85]/.test(body) ? body.replace(/\r\n?|\x85/g, '\n') : body
  const lines: string[] = []
  for (let line = 0; ; ) {
    const newline = text.indexOf('\n', line)
    const end = newline < 0 ? text.length : newline
    const limit = Math.min(line + indent, end)
    let at = line
    while (at < limit && text.charCodeAt(at) === SPACE) at++
    lines.push(text.slice(at, end))
    if (newline < 0) return lines
    line = newline + 1
  }
}

/** Folds lines `[0, end)`; lines that begin with a blank, and the breaks around them, stay as they are. */
function foldBlock(lines: readonly string[], end: number): string {
  let result = ''
  let blank = 0
  let verbatim = false
  for (let i = 0; i < end; i++) {
    const line = lines[i]!
    if (line === '') {
      blank++
      continue
    }
    const indented = isBlank(line.charCodeAt(0))
    if (i === blank) result = '\n'.repeat(blank)
    else if (indented || verbatim) result += '\n'.repeat(blank + 1)
    else result += blank === 0 ? ' ' : '\n'.repeat(blank)
    result += line
    verbatim = indented
    blank = 0
  }
  return result
}
