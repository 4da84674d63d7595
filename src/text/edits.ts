/** Applying edits to texts: order, overlap, merging of equal ones. */
import type { Edit, Source } from './source.ts'

/** Text of `source` after those `edits` that belong to it. Edits must not overlap; equal edits count once. */
export function applyEdits(source: Source, edits: readonly Edit[]): string {
  const ordered = sortEdits(edits.filter(it => it.source.id === source.id))
  let text = ''
  let at = 0
  for (const { span, text: insert } of ordered) {
    text += source.text.slice(at, span.start) + insert
    at = span.end
  }
  return text + source.text.slice(at)
}

/** Edits in text order, duplicates dropped. */
export function sortEdits(edits: readonly Edit[]): Edit[] {
  return [...edits]
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
    .filter((it, i, all) => i === 0 || !sameEdit(it, all[i - 1]!))
}

/** True when one edit touches text that another one replaces; two insertions at one place overlap too. */
export function editsOverlap(a: readonly Edit[], b: readonly Edit[]): boolean {
  return a.some(x => b.some(y => x.source.id === y.source.id && !sameEdit(x, y) && spansOverlap(x, y)))
}

const spansOverlap = (a: Edit, b: Edit): boolean =>
  (a.span.start < b.span.end && b.span.start < a.span.end) || a.span.start === b.span.start

const sameEdit = (a: Edit, b: Edit): boolean =>
  a.source.id === b.source.id &&
  a.span.start === b.span.start &&
  a.span.end === b.span.end &&
  a.text === b.text
