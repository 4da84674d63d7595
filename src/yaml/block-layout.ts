/** Where the lines of a block scalar (`|`, `>`) begin and end, from its text. */
import { KEEP, STRIP } from './table.ts'

export interface BlockLayout {
  /** STRIP or KEEP, if the header says so. */
  readonly flags: number
  /** Indentation of the content; 0 when there is none. */
  readonly indent: number
  /** Length of the text that counts: without the last line break, and without blank lines unless they are kept. */
  readonly length: number
}

/** `source` begins with the header; `parent` is the column of the collection around it. */
export function blockLayout(source: string, parent: number): BlockLayout {
  const header = /^[|>]([-+1-9]{0,2})/.exec(source)
  const marks = header?.[1] ?? ''
  const flags = marks.includes('-') ? STRIP : marks.includes('+') ? KEEP : 0
  const headerEnd = header?.[0].length ?? 0
  const lineBreak = BREAK.exec(source)
  if (!lineBreak) return { flags, indent: 0, length: headerEnd }
  const first = lineBreak.index + lineBreak[0].length
  const lines = listLines(source, first)
  const digit = /[1-9]/.exec(marks)?.[0]
  const indent = digit ? Math.max(parent, 0) + Number(digit) : detectIndent(lines, parent)
  let last = lines.length - 1
  while (last >= 0 && isBlankLine(lines[last]!.text, indent)) last--
  const hasContent = last >= 0
  if (flags === KEEP) last = lines.length - 1
  if (last < 0) return { flags, indent: 0, length: headerEnd }
  return { flags, indent: hasContent || flags === KEEP ? indent : 0, length: lines[last]!.end }
}

const BREAK = /\r\n|[\r\n\x85\u2028\u2029]/

interface Line {
  readonly text: string
  /** Offset behind the text, before the break. */
  readonly end: number
}

function listLines(source: string, first: number): Line[] {
  const lines: Line[] = []
  const breaks = /\r\n|[\r\n\x85\u2028\u2029]/g
  let start = first
  breaks.lastIndex = first
  for (let match = breaks.exec(source); match; match = breaks.exec(source)) {
    lines.push({ text: source.slice(start, match.index), end: match.index })
    start = breaks.lastIndex
  }
  if (start < source.length) lines.push({ text: source.slice(start), end: source.length })
  return lines
}

const leadingBlanks = (text: string): number => {
  let at = 0
  while (text[at] === ' ') at++
  return at
}

const isBlankLine = (text: string, indent: number): boolean =>
  text.length <= indent && leadingBlanks(text) === text.length

/** Of leading blank lines the longest counts too, as in `yaml_parser_scan_block_scalar_breaks`. */
function detectIndent(lines: readonly Line[], parent: number): number {
  let indent = 0
  for (const { text } of lines) {
    const blanks = leadingBlanks(text)
    if (blanks > indent) indent = blanks
    if (blanks < text.length) break
  }
  return Math.max(indent, parent + 1, 1)
}
