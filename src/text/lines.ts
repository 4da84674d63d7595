/** Offsets to lines and columns and back. Line ends are LF, CRLF or a lone CR; a leading BOM takes no column. */
import { memo } from './memo.ts'
import type { Source } from './source.ts'

/** Zero-based line and column; columns count UTF-16 units, as in LSP. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Offset of the first unit of every line, in order. */
export const lineStarts = memo((source: Source): Uint32Array => {
  const { text } = source
  const starts = [0]
  const lone = text.includes('\r')
  for (let at = 0; ; ) {
    const lf = text.indexOf('\n', at)
    if (lone) addCarriageReturns(text, at, lf < 0 ? text.length : lf, starts)
    if (lf < 0) break
    starts.push(lf + 1)
    at = lf + 1
  }
  return Uint32Array.from(starts)
})

function addCarriageReturns(text: string, from: number, to: number, starts: number[]): void {
  for (let cr = text.indexOf('\r', from); cr >= 0 && cr < to; cr = text.indexOf('\r', cr + 1))
    if (text.charCodeAt(cr + 1) !== 10) starts.push(cr + 1)
}

/** Line and column of an offset, from 0. A byte order mark takes no column. */
export function positionAt(source: Source, offset: number): Position {
  const starts = lineStarts(source)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  const bom = low === 0 && source.text.charCodeAt(0) === 0xfeff ? 1 : 0
  return { line: low, column: Math.max(0, offset - starts[low]! - bom) }
}
