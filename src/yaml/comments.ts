/** Comments of a text, found without reading everything: suppressions ask for those with a certain word. */
import type { Source, Span } from '../text/source.ts'
import type { Document } from './document.ts'
import { END, FOLDED, KIND_MASK, LITERAL, SEQ, SHARED, START, STRIDE, type Table } from './table.ts'

export interface Comment {
  /** From `#` to the end of the line. */
  readonly span: Span
  /** Without `#` and the blanks around it. */
  readonly text: string
  /** True when nothing but blanks stands before it on its line. */
  readonly ownLine: boolean
}

/**
 * The comments that contain `word`, in text order; '#' finds all. `documents` are those of the source. A `#` in quotes,
 * in a block scalar or in the middle of a word begins no comment.
 */
export function listComments(source: Source, documents: readonly Document[], word: string): Comment[] {
  const { text } = source
  const comments: Comment[] = []
  for (let at = text.indexOf(word); at >= 0; ) {
    const comment = commentAt(text, documents, at, at + word.length)
    if (comment) comments.push(comment)
    at = text.indexOf(word, comment ? comment.span.end : at + word.length)
  }
  return comments
}

/** The comment that covers `[start, end)`, if there is one. */
function commentAt(
  text: string,
  documents: readonly Document[],
  start: number,
  end: number,
): Comment | undefined {
  const line = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1
  for (let hash = text.indexOf('#', line); hash >= 0 && hash <= start; hash = text.indexOf('#', hash + 1)) {
    if (!/^$|[ \t\ufeff]/.test(text.slice(Math.max(line, hash - 1), hash)) || isInScalar(documents, hash))
      continue
    const stop = text.slice(hash).search(/[\r\n]|$/) + hash
    const content = text.slice(hash + 1, stop).trim()
    return end > stop
      ? undefined
      : { span: { start: hash, end: stop }, text: content, ownLine: text.slice(line, hash).trim() === '' }
  }
  return undefined
}

function isInScalar(documents: readonly Document[], offset: number): boolean {
  const document = documents.find(it => offset >= it.span.start && offset < it.span.end)
  if (!document) return false
  const { table } = document
  const node = table.aliases ? findByScan(table, offset) : findByStart(table, offset)
  if (node < 0) return false
  const kind = table.nodes[node]! & KIND_MASK
  if (kind !== LITERAL && kind !== FOLDED) return true
  // The line with `|` may end with a comment.
  const newline = table.text.indexOf('\n', table.nodes[node + START]!)
  return newline >= 0 && offset > newline
}

/** The scalar over an offset, or -1: nodes are ordered by their start where nothing is copied. */
function findByStart({ nodes }: Table, offset: number): number {
  let low = 0
  let high = nodes.length / STRIDE - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (nodes[middle * STRIDE + START]! <= offset) low = middle
    else high = middle - 1
  }
  return coversAsScalar(nodes, low * STRIDE, offset) ? low * STRIDE : -1
}

function findByScan({ nodes }: Table, offset: number): number {
  for (let node = 0; node < nodes.length; node += STRIDE)
    if ((nodes[node]! & SHARED) === 0 && coversAsScalar(nodes, node, offset)) return node
  return -1
}

const coversAsScalar = (nodes: Int32Array, node: number, offset: number): boolean =>
  (nodes[node]! & KIND_MASK) > SEQ && nodes[node + START]! <= offset && offset < nodes[node + END]!
