/** Offsets of the core (UTF-16 units) to positions of the protocol and back, in the encoding agreed with the client. */
import type { Position, Range } from 'vscode-languageserver'
import { lineStarts, positionAt } from '../text/lines.ts'
import type { Location, Source, Span } from '../text/source.ts'

export type PositionEncoding = 'utf-16' | 'utf-8' | 'utf-32'

/** The first encoding of the client's list that exists; UTF-16 where it has none, as the protocol demands. */
export function chooseEncoding(offered: readonly string[] | undefined): PositionEncoding {
  if (offered === undefined || offered.includes('utf-16')) return 'utf-16'
  return offered.find(isEncoding) ?? 'utf-16'
}

const isEncoding = (it: string): it is PositionEncoding =>
  it === 'utf-16' || it === 'utf-8' || it === 'utf-32'

export function toPosition(source: Source, offset: number, encoding: PositionEncoding): Position {
  const { line, column } = positionAt(source, offset)
  if (encoding === 'utf-16') return { line, character: column }
  let character = 0
  for (let at = offset - column; at < offset; at += unitsAt(source.text, at))
    character += widthAt(source.text, at, encoding)
  return { line, character }
}

export const toRange = ({ source, span }: Location, encoding: PositionEncoding): Range => ({
  start: toPosition(source, span.start, encoding),
  end: toPosition(source, span.end, encoding),
})

/** Clamped to the text, and to the line without its line end, as the protocol demands. */
export function toOffset(source: Source, position: Position, encoding: PositionEncoding): number {
  const starts = lineStarts(source)
  const { line, character } = position
  if (line >= starts.length) return source.text.length
  const bom = line === 0 && source.text.charCodeAt(0) === 0xfeff ? 1 : 0
  let at = starts[line]! + bom
  const end = lineEnd(source, line)
  if (encoding === 'utf-16') return Math.max(at, Math.min(at + character, end))
  for (let left = character; left > 0 && at < end; at += unitsAt(source.text, at))
    left -= widthAt(source.text, at, encoding)
  return at
}

export function toSpan(source: Source, range: Range, encoding: PositionEncoding): Span {
  const start = toOffset(source, range.start, encoding)
  return { start, end: Math.max(start, toOffset(source, range.end, encoding)) }
}

/** Where the line's text ends, before its LF, CRLF or CR. */
function lineEnd(source: Source, line: number): number {
  const starts = lineStarts(source)
  const { text } = source
  if (line + 1 >= starts.length) return text.length
  let end = starts[line + 1]!
  if (text.charCodeAt(end - 1) === 10) end--
  if (text.charCodeAt(end - 1) === 13) end--
  return Math.max(end, starts[line]!)
}

/** UTF-16 units of the character at an offset: two for a surrogate pair. */
const unitsAt = (text: string, at: number): 1 | 2 => (text.codePointAt(at)! > 0xffff ? 2 : 1)

function widthAt(text: string, at: number, encoding: 'utf-8' | 'utf-32'): number {
  if (encoding === 'utf-32') return 1
  const point = text.codePointAt(at)!
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}
