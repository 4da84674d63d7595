/** Edits that take an entry or an item away, with its lines and the comment behind it. */
import { columnOf, isBlankText, lineEnd, lineStart, nextLine } from './layout.ts'
import { writtenSpan } from './locate.ts'
import type { Change, Trail } from './patch.ts'
import { END, FLOW, isMap, NEXT, START, STRIDE, type Table } from './table.ts'

/** The entry or item at the end of the trail goes; others stay in its map or list. */
export function findRemoval(trail: Trail): Change[] | undefined {
  const { table, places } = trail
  const parent = places.at(-2)!.node
  const { node, keyNode } = places.at(-1)!
  const children = listChildren(table, parent)
  const index = children.findIndex(it => it.node === (keyNode >= 0 ? keyNode : node))
  return (table.nodes[parent]! & FLOW) !== 0
    ? removeInFlow(table, parent, children, index)
    : removeInBlock(table, children, index)
}

/** An entry with its key, an item with its dash. */
interface Child {
  /** The key or the item. */
  readonly node: number
  readonly start: number
  readonly end: number
}

function listChildren(table: Table, parent: number): Child[] {
  const { text, nodes } = table
  const children: Child[] = []
  const isBlockList = !isMap(table, parent) && (nodes[parent]! & FLOW) === 0
  const column = columnOf(text, nodes[parent + START]!)
  let behind = nodes[parent + START]!
  for (let node = parent + STRIDE; node < nodes[parent + NEXT]!; ) {
    const value = isMap(table, parent) ? node + STRIDE : node
    const start = isBlockList ? findDash(text, behind, column) : writtenSpan(table, node).start
    const { end } = writtenSpan(table, value)
    children.push({ node, start, end })
    behind = nextLine(text, end)
    node = nodes[value + NEXT]!
  }
  return children
}

/** The next line from an offset on that has a dash at a column. */
function findDash(text: string, from: number, column: number): number {
  if (text[from] === '-' && columnOf(text, from) === column) return from
  for (let line = from; line < text.length; line = nextLine(text, line)) {
    if (text[line + column] === '-' && isBlankText(text.slice(line, line + column))) return line + column
  }
  return from
}

function removeInBlock({ text }: Table, children: readonly Child[], index: number): Change[] {
  const { start, end } = children[index]!
  const line = lineStart(text, start)
  const next = children[index + 1]
  const stop = nextLine(text, end)
  if (isBlankText(text.slice(line, start))) {
    // The last line of a text may have no line break of its own to go with it.
    const hasBreak = stop > 0 && text[stop - 1] === '\n'
    return hasBreak || line === 0
      ? [{ start: line, end: stop, text: '' }]
      : [{ start: breakBefore(text, line), end: stop, text: '' }]
  }
  // The first entry behind a dash: the next one moves up, unless a comment stands between them.
  if (next && isBlankText(text.slice(stop, next.start))) return [{ start, end: next.start, text: '' }]
  let from = start
  while (text[from - 1] === ' ') from--
  return [{ start: from, end: lineEnd(text, end), text: '' }]
}

const breakBefore = (text: string, line: number): number => (text[line - 2] === '\r' ? line - 2 : line - 1)

function removeInFlow(
  table: Table,
  parent: number,
  children: readonly Child[],
  index: number,
): Change[] | undefined {
  const { text, nodes } = table
  const { start, end } = children[index]!
  const close = nodes[parent + END]! - 1
  const previous = children[index - 1]
  const next = children[index + 1]
  const line = lineStart(text, start)
  const tail = /^[ \t]*(,?)[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/.exec(text.slice(end, close))
  if (line > nodes[parent + START]! && isBlankText(text.slice(line, start)) && tail) {
    const own = { start: line, end: end + tail[0].length, text: '' }
    if (next || !previous || tail[1] === ',') return [own]
    // The comma of the entry before it separates nothing any more.
    const comma = text.indexOf(',', previous.end)
    return [{ start: comma, end: comma + 1, text: '' }, own]
  }
  const change = next ? { start, end: next.start, text: '' } : { start: previous!.end, end, text: '' }
  return text.slice(change.start, change.end).includes('#') ? undefined : [change]
}
