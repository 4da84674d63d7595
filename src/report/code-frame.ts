/** A few lines of a file with the place of a finding underlined. */
import { lineStarts, positionAt } from '../text/lines.ts'
import type { Location } from '../text/source.ts'
import { toFrameLine } from './escape.ts'

export interface FrameStyle {
  readonly gutter: (text: string) => string
  readonly mark: (text: string) => string
}

/** Longer lines are cut around the place: minified JSON has its whole content on one. */
const widest = 140

/** `context`: how many lines above are shown. A place that spans lines is underlined on its first one. */
export function formatFrame(location: Location, context: number, style: FrameStyle): string[] {
  const { source, span } = location
  const starts = lineStarts(source)
  const { line, column } = positionAt(source, span.start)
  const end = positionAt(source, span.end)
  const first = Math.max(0, line - context)
  const digits = String(line + 1).length
  const gutter = (label: string): string => style.gutter(`${label.padStart(digits + 2)} │ `)
  const lines: string[] = []
  for (let at = first; at <= line; at++) {
    const text = toFrameLine(source.text.slice(starts[at], starts[at + 1]).replace(/[\r\n]+$/, '')).replace(
      /^\ufffd(?=\S)/,
      '',
    )
    if (at < line) {
      lines.push(gutter(String(at + 1)) + cut(text, 0))
      continue
    }
    const from = text.length > widest ? Math.max(0, column - widest / 2) : 0
    const until = Math.max(column + 1, end.line === line ? end.column : text.length)
    const before = text.slice(from, column)
    const marked = text.slice(column, Math.min(until, from + widest)).trimEnd()
    lines.push(gutter(String(at + 1)) + cut(text, from))
    const shift = widthOf(before) + (from > 0 ? 1 : 0)
    lines.push(`${gutter('')}${' '.repeat(shift)}${style.mark('^'.repeat(Math.max(1, widthOf(marked))))}`)
  }
  return lines
}

const cut = (text: string, from: number): string =>
  `${from > 0 ? '…' : ''}${text.slice(from, from + widest)}${text.length > from + widest ? '…' : ''}`

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u
const zero = /\p{M}|\u200d|\ufe0f/u

/** Columns that a text takes on a terminal. */
function widthOf(text: string): number {
  let width = 0
  for (const unit of text) width += zero.test(unit) ? 0 : wide.test(unit) ? 2 : 1
  return width
}
