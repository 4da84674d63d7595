/** Strings that remember what made each of their parts; see origin.ts. */
import type { Source } from '../../text/source.ts'
import type { DerivedOrigin, Origin, Piece } from './origin.ts'

/** A run of text, up to the next segment. */
export interface Segment {
  /** First character in the text. */
  readonly at: number
  /** Leading characters that indentation put before the run. */
  readonly pad: number
  /** Character of the piece's own text (or of its value) that the run starts with; -1 when characters do not correspond. */
  readonly offset: number
  readonly piece: Piece
}

/** Segments are sorted and cover the whole text; the first one starts at 0 unless the text is empty. */
export interface Text {
  readonly tag: 'text'
  readonly text: string
  readonly segments: readonly Segment[]
  /** What decided about parts that are not there: the conditions within an `include`. */
  readonly decided?: DerivedOrigin | undefined
}

export const plainText = (value: string | Text): string => (typeof value === 'string' ? value : value.text)

/** What a piece and its segment cost in memory, in characters. */
export const PIECE_WEIGHT = 120

/** What a text costs in memory, in characters: a segment weighs more than the few characters it may stand for. */
export const weightOf = (value: string | Text): number =>
  typeof value === 'string' ? value.length : value.text.length + 40 * value.segments.length

/** A file that is printed as it is written. */
export function textOfFile(name: string, source: Source): Text {
  const piece: Piece = {
    template: { name, text: source.text, file: source, made: undefined },
    span: { start: 0, end: source.text.length },
    frame: { parent: undefined, name, call: undefined },
    literal: true,
    value: undefined,
    derived: undefined,
    guard: undefined,
    unstable: false,
  }
  return { tag: 'text', text: source.text, segments: [{ at: 0, pad: 0, offset: 0, piece }] }
}

/** Puts texts together. */
export class TextBuilder {
  text = ''
  readonly segments: Segment[] = []
  private decisions: Set<Origin> | undefined

  /** What decided about parts that are there or not. */
  decide(origin: Origin): void {
    this.decisions ??= new Set()
    if (this.decisions.size < MAX_DECISIONS) this.decisions.add(origin)
  }

  /** Appends a string that one piece made; `offset` as in `Segment`. */
  add(text: string, piece: Piece, offset = -1): void {
    if (text === '') return
    const last = this.segments[this.segments.length - 1]
    if (!last || last.piece !== piece || offset >= 0)
      this.segments.push({ at: this.text.length, pad: 0, offset, piece })
    this.text += text
  }

  /** Appends a text with its segments, or a plain string as the work of `piece`. */
  append(value: string | Text, piece: Piece): void {
    if (typeof value === 'string') this.add(value, piece, piece.value ? 0 : -1)
    else this.appendText(value)
  }

  /** Appends a text with its segments. */
  appendText(value: Text): void {
    const shift = this.text.length
    const { segments } = value
    for (let i = 0; i < segments.length; i++) {
      const it = segments[i]!
      this.segments.push(
        shift === 0 ? it : { at: it.at + shift, pad: it.pad, offset: it.offset, piece: it.piece },
      )
    }
    this.text += value.text
  }

  /** Appends characters `[start, end)` of a text. */
  appendSlice(value: string | Text, start: number, end: number, piece: Piece): void {
    if (start >= end) return
    if (typeof value === 'string') {
      this.add(value.slice(start, end), piece, piece.value ? start : -1)
      return
    }
    const { segments } = value
    const shift = this.text.length - start
    for (let i = segmentIndex(segments, start); i < segments.length && segments[i]!.at < end; i++)
      this.segments.push(cutSegment(segments[i]!, start, shift))
    this.text += value.text.slice(start, end)
  }

  /** Appends a text whose every line is indented. */
  appendIndented(value: string | Text, pad: string, piece: Piece): void {
    const text = plainText(value)
    const width = pad.length
    const segments = typeof value === 'string' ? undefined : value.segments
    let index = 0
    let base = this.text.length
    for (let start = 0; start <= text.length; ) {
      const newline = text.indexOf('\n', start)
      const end = newline < 0 ? text.length : newline + 1
      if (!segments || segments.length === 0) {
        this.segments.push({ at: base, pad: width, offset: piece.value ? start : -1, piece })
      } else {
        while (index + 1 < segments.length && segments[index + 1]!.at <= start) index++
        this.segments.push(padSegment(segments[index]!, start, base, width))
        while (index + 1 < segments.length && segments[index + 1]!.at < end)
          this.segments.push(cutSegment(segments[++index]!, start, base + width - start))
      }
      if (newline < 0) break
      base += width + end - start
      start = end
    }
    this.text += pad + (text.includes('\n') ? text.replaceAll('\n', `\n${pad}`) : text)
  }

  build(): Text {
    const { text, segments, decisions } = this
    if (decisions === undefined) return { tag: 'text', text, segments }
    const part = { kind: 'decisions', origins: [...decisions] } as const
    return {
      tag: 'text',
      text,
      segments,
      decided: { kind: 'derived', main: undefined, part, other: undefined },
    }
  }
}

/** A text that more conditions decide about than anybody reads. */
const MAX_DECISIONS = 10_000

/** The segment that covers a character; the last one for the end of the text; -1 in an empty text. */
export function segmentIndex(segments: readonly Segment[], at: number): number {
  let low = 0
  let high = segments.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (segments[middle]!.at <= at) low = middle
    else high = middle - 1
  }
  return high < 0 ? -1 : low
}

/** Characters `[start, end)` of a text. */
export function sliceText(value: string | Text, start: number, end: number): string | Text {
  if (typeof value === 'string') return value.slice(start, end)
  if (start <= 0 && end >= value.text.length) return value
  const { segments } = value
  const cut: Segment[] = []
  if (start < end)
    for (let i = segmentIndex(segments, start); i < segments.length && segments[i]!.at < end; i++)
      cut.push(cutSegment(segments[i]!, start, -start))
  return { tag: 'text', text: value.text.slice(start, end), segments: cut }
}

/** Go's strings.TrimSpace. */
export function trimSpace(value: string | Text): string | Text {
  const text = plainText(value)
  let start = 0
  let end = text.length
  while (start < end && isSpace(text.charCodeAt(start))) start++
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--
  return sliceText(value, start, end)
}

/** Go's strings.ReplaceAll; what is put in is the work of `piece`. */
export function replaceAll(
  value: string | Text,
  search: string,
  replacement: string | Text,
  piece: Piece,
): string | Text {
  const text = plainText(value)
  if (typeof value === 'string' && typeof replacement === 'string')
    return search === '' ? splitAround(text).join(replacement) : text.replaceAll(search, () => replacement)
  if (search === '') return splitAround(text).join(plainText(replacement))
  let at = text.indexOf(search)
  if (at < 0) return value
  const builder = new TextBuilder()
  let from = 0
  for (; at >= 0; at = text.indexOf(search, from)) {
    builder.appendSlice(value, from, at, piece)
    builder.append(replacement, piece)
    from = at + search.length
  }
  builder.appendSlice(value, from, text.length, piece)
  return builder.build()
}

/** An empty search string matches before every character and at the end. */
const splitAround = (text: string): string[] => ['', ...text, ''].slice(0, text === '' ? 2 : undefined)

/** unicode.IsSpace. */
export const isSpace = (unit: number): boolean =>
  unit === 32 ||
  (unit >= 9 && unit <= 13) ||
  unit === 0x85 ||
  unit === 0xa0 ||
  unit === 0x1680 ||
  (unit >= 0x2000 && unit <= 0x200a) ||
  unit === 0x2028 ||
  unit === 0x2029 ||
  unit === 0x202f ||
  unit === 0x205f ||
  unit === 0x3000

/** A segment from character `start` on, moved by `shift`. */
function cutSegment(it: Segment, start: number, shift: number): Segment {
  const skipped = start - it.at
  if (skipped <= 0) return { at: it.at + shift, pad: it.pad, offset: it.offset, piece: it.piece }
  const pad = Math.max(0, it.pad - skipped)
  const offset = it.offset < 0 ? -1 : it.offset + Math.max(0, skipped - it.pad)
  return { at: start + shift, pad, offset, piece: it.piece }
}

/** A segment from character `start` on, placed at `at` behind `width` more characters of indentation. */
function padSegment(it: Segment, start: number, at: number, width: number): Segment {
  const skipped = Math.max(0, start - it.at)
  const pad = Math.max(0, it.pad - skipped)
  const offset = it.offset < 0 ? -1 : it.offset + Math.max(0, skipped - it.pad)
  return { at, pad: pad + width, offset, piece: it.piece }
}
