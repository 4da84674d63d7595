/** Lines, columns and habits of a document's text, for edits that look as if its author had made them. */
import type { Document } from './document.ts'
import type { Context, Style } from './render.ts'
import {
  DOUBLE_QUOTED,
  FLOW,
  isMap,
  isSeq,
  KIND_MASK,
  MAP,
  NEXT,
  SEQ,
  START,
  STRIDE,
  type Table,
} from './table.ts'

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** Offset of the line break behind an offset, CR included, or the end of the text. */
export function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at)
  if (newline < 0) return text.length
  return newline > at && text[newline - 1] === '\r' ? newline - 1 : newline
}

/** Offset of the next line's first character, or the end of the text. */
export function nextLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at)
  return newline < 0 ? text.length : newline + 1
}

export function columnOf(text: string, at: number): number {
  const start = lineStart(text, at)
  const bom = start === 0 && text.charCodeAt(0) === 0xfeff ? 1 : 0
  return at - start - bom
}

export const isBlankText = (text: string): boolean => /^[ \t\r\n]*$/.test(text)

/** How the document is written, from its first nested map and its first list below a key. */
export function styleOf({ table, span }: Document): Style {
  const { text } = table
  const newline = text.indexOf('\n', span.start)
  const style = { newline: text[newline - 1] === '\r' ? '\r\n' : '\n', step: 0, listStep: -1 }
  measure(table, style)
  const step = style.step || 2
  return { newline: style.newline, step, listStep: style.listStep < 0 ? step : style.listStep }
}

/** Unknown: step 0, list step -1. */
function measure({ text, nodes }: Table, style: { step: number; listStep: number }): void {
  for (let map = 0; map < nodes.length && (style.step === 0 || style.listStep < 0); map += STRIDE) {
    if ((nodes[map]! & (KIND_MASK | FLOW)) !== MAP) continue
    const column = columnOf(text, nodes[map + START]!)
    for (let key = map + STRIDE; key < nodes[map + NEXT]!; key = nodes[key + STRIDE + NEXT]!) {
      const value = key + STRIDE
      const kind = nodes[value]! & (KIND_MASK | FLOW)
      const step = columnOf(text, nodes[value + START]!) - column
      if (kind === MAP && style.step === 0 && step > 0) style.step = step
      else if (kind === SEQ && style.listStep < 0 && step >= 0) style.listStep = step
    }
  }
}

/** JSON stays JSON: a root in braces whose keys are all in double quotes. */
export function flowContext(table: Table): Context {
  const { nodes } = table
  if (!(isMap(table, 0) || isSeq(table, 0)) || (nodes[0]! & FLOW) === 0) return 'flow'
  for (let key = STRIDE; isMap(table, 0) && key < nodes[NEXT]!; key = nodes[key + STRIDE + NEXT]!)
    if ((nodes[key]! & KIND_MASK) !== DOUBLE_QUOTED) return 'flow'
  return 'json'
}
