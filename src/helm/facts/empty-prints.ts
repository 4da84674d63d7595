/** Actions that print nothing in the middle of a text: Helm takes out the `<no value>` that the template engine prints. */
import type { Location } from '../../text/source.ts'
import { placeInTemplate } from '../problems.ts'
import type { Piece } from '../template/origin.ts'
import type { ChartFact, ChartParts } from './chart-parts.ts'

export interface EmptyPrint extends ChartFact {
  /** The action as it is written. */
  readonly action: string
}

/** Nothing where sub-charts are missing, whose values would be there. */
export function listEmptyPrints({ sets, missing }: ChartParts): EmptyPrint[] {
  if (missing.length > 0) return []
  const found: EmptyPrint[] = []
  for (const { values, rendering } of sets)
    for (const piece of rendering.nothing) {
      if (isNote(piece) || !isWithinText(piece)) continue
      const location = placeInTemplate(piece.template, piece.span)
      if (location) found.push({ location, action: textOf(location), values: [values] })
    }
  return found
}

const textOf = ({ source, span }: Location): string => source.text.slice(span.start, span.end)

/** What is printed for people may have gaps. */
function isNote({ frame }: Piece): boolean {
  let outermost = frame
  while (outermost.parent) outermost = outermost.parent
  return outermost.name.endsWith('NOTES.txt')
}

/**
 * Other text needs the value, as in `{{ .repository }}:{{ .tag }}`. A value that is nothing as a whole may be meant, and so
 * may a path or a flag without one: `{{ .prefix }}/health`, `--labels={{ .labels }}`.
 */
function isWithinText({ template: { text }, span }: Piece): boolean {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1
  const lineEnd = text.indexOf('\n', span.end)
  const before = text.slice(lineStart, span.start)
  const after = text.slice(span.end, lineEnd < 0 ? text.length : lineEnd)
  if (/(?:^|\s)#/.test(before)) return false
  return /[\w}][:@-]$/.test(before) || /^[:@-][\w{$]/.test(after) || /^[\s-]*image:\s*\S/.test(before)
}
