/** Edits that give a place a new value, or add an entry to a map or an item to a list. */
import type { Json } from './json.ts'
import { columnOf, flowContext, isBlankText, lineEnd, lineStart, styleOf } from './layout.ts'
import { writtenSpan } from './locate.ts'
import type { Change, Trail } from './patch.ts'
import {
  listItem,
  type Quotes,
  type Rendered,
  renderEntry,
  renderInline,
  renderItem,
  renderKey,
  renderPair,
} from './render.ts'
import {
  DOUBLE_QUOTED,
  EMPTY,
  END,
  FLOW,
  FOLDED,
  isMap,
  isSeq,
  KIND_MASK,
  LITERAL,
  MAP,
  NEXT,
  OVERRIDE,
  PLAIN,
  SEQ,
  SINGLE_QUOTED,
  START,
  STRIDE,
  sizeOf,
  type Table,
} from './table.ts'

/** The text of the value at the end of the trail is replaced. */
export function findReplacement(trail: Trail, value: Json): Change[] | undefined {
  return trail.inFlow ? replaceInFlow(trail, value) : replaceInBlock(trail, value)
}

/** `key` or the next index is added to the map or list at the end of the trail. */
export function findInsertion(trail: Trail, step: string | number, value: Json): Change[] | undefined {
  const { table, places } = trail
  const { node } = places.at(-1)!
  const fits =
    typeof step === 'string' ? isMap(table, node) : isSeq(table, node) && step === sizeOf(table, node)
  if (!fits) return undefined
  return (table.nodes[node]! & FLOW) !== 0 ? addInFlow(trail, step, value) : addInBlock(trail, step, value)
}

const quotesOf = (kind: number): Quotes =>
  (kind & KIND_MASK) === SINGLE_QUOTED ? 'single' : (kind & KIND_MASK) === DOUBLE_QUOTED ? 'double' : 'plain'

function replaceInFlow({ table, places }: Trail, value: Json): Change[] {
  const { node, keyNode } = places.at(-1)!
  const kind = table.nodes[node]!
  const { start, end } = writtenSpan(table, node)
  const text = renderInline(value, flowContext(table), quotesOf(kind))
  if ((kind & KIND_MASK) !== EMPTY) return [{ start: valueStart(table, node), end, text }]
  // `{a}` has no colon yet.
  const hasColon = keyNode < 0 || start > table.nodes[keyNode + END]!
  return [{ start, end, text: hasColon ? ` ${text}` : `: ${text}` }]
}

/** A value that was tagged loses its tag, an anchored one keeps its anchor. */
function valueStart(table: Table, node: number): number {
  const { text, nodes } = table
  const { start } = writtenSpan(table, node)
  if ((nodes[node]! & OVERRIDE) === 0) return start
  const tag = /!\S*[ \t]+$/.exec(text.slice(lineStart(text, start), start))
  return start - (tag?.[0].length ?? 0)
}

/** The old value in parts: what stands on the line of its key or dash, and the lines below. */
interface Slot {
  /** Behind the colon or dash; the value itself at the root. */
  readonly at: number
  readonly inline: { readonly start: number; readonly end: number }
  /** Lines below that belong to the value, line break before them included; empty where there are none. */
  readonly below: { readonly start: number; readonly end: number }
}

function replaceInBlock(trail: Trail, value: Json): Change[] | undefined {
  const slot = findSlot(trail)
  const { inline, lines } = renderFor(trail, slot, value)
  const style = styleOf(trail.document)
  const changes: Change[] = []
  const { text } = trail.table
  const isInline = slot.inline.end > slot.inline.start
  if (inline === '') changes.push({ start: slot.at, end: slot.inline.end, text: '' })
  else if (isInline) changes.push({ ...slot.inline, text: inline })
  else
    changes.push({
      start: slot.at,
      end: slot.at,
      text: slot.at === slot.inline.start && isRoot(trail) ? inline : ` ${inline}`,
    })
  const body = lines.map(line => style.newline + line).join('')
  if (body !== '' || slot.below.end > slot.below.start) changes.push({ ...slot.below, text: body })
  return changes.filter(it => it.text !== text.slice(it.start, it.end))
}

const isRoot = ({ places }: Trail): boolean => places.length === 1

function findSlot(trail: Trail): Slot {
  const { table, places } = trail
  const { text, nodes } = table
  const { node, keyNode } = places.at(-1)!
  const isAlias = table.aliases?.has(node) === true
  // An alias is a word, whatever it stands for.
  const kind = isAlias ? PLAIN : nodes[node]! & KIND_MASK
  const start = valueStart(table, node)
  const { end } = writtenSpan(table, node)
  const at = slotStart(trail)
  const isBlock = (kind === MAP || kind === SEQ) && (nodes[node]! & FLOW) === 0
  const sameLine = lineStart(text, at) === lineStart(text, start)
  if (isBlock && !sameLine) {
    const line = lineEnd(text, at)
    return { at, inline: { start: at, end: at }, below: { start: line, end: lineEnd(text, end) } }
  }
  if (isBlock) return { at, inline: { start, end: lineEnd(text, end) }, below: none(lineEnd(text, end)) }
  if (kind === LITERAL || kind === FOLDED) {
    const header = start + /^[|>][-+1-9]*/.exec(text.slice(start, start + 4))![0].length
    const line = lineEnd(text, header)
    return { at, inline: { start, end: header }, below: { start: line, end: Math.max(line, end) } }
  }
  const from = kind === EMPTY ? at : start
  const line = lineEnd(text, end)
  if (kind !== EMPTY && !sameLine && keyNode >= 0)
    // A text that begins below its key.
    return { at, inline: { start: at, end: at }, below: { start: lineEnd(text, at), end } }
  return { at, inline: { start: from, end }, below: none(line) }
}

const none = (at: number): { start: number; end: number } => ({ start: at, end: at })

/** Behind the colon of a key or the dash of an item. */
function slotStart({ table, places }: Trail): number {
  const { text, nodes } = table
  const { node, keyNode } = places.at(-1)!
  const { start } = writtenSpan(table, node)
  if (keyNode >= 0) return text.indexOf(':', nodes[keyNode + END]!) + 1
  if (places.length === 1 || (nodes[node]! & KIND_MASK) === EMPTY) return start
  // Between a dash and its value stand only blanks, comments and properties.
  const before = text.slice(0, start)
  const dash =
    /-(?:[ \t]+(?:[&!]\S*[ \t]+)*|[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*)$/.exec(
      before.slice(Math.max(0, before.length - 2000)),
    )
  return dash ? start - dash[0].length + 1 : start
}

function renderFor(trail: Trail, slot: Slot, value: Json): Rendered {
  const { table, places, document } = trail
  const { node, keyNode } = places.at(-1)!
  const { text, nodes } = table
  const style = styleOf(document)
  const quotes = quotesOf(nodes[node]!)
  if (keyNode >= 0) return renderEntry(value, columnOf(text, nodes[keyNode + START]!), style, quotes)
  const { start } = writtenSpan(table, node)
  const isInline = slot.inline.end > slot.inline.start
  const indent = isInline || isRoot(trail) ? columnOf(text, start) : columnOf(text, slot.at) + 1
  return renderItem(value, indent, style, quotes)
}

function addInBlock({ table, places, document }: Trail, step: string | number, value: Json): Change[] {
  const { text, nodes } = table
  const { node } = places.at(-1)!
  const style = styleOf(document)
  const indent = columnOf(text, nodes[node + START]!)
  const at = lineEnd(text, nodes[node + END]!)
  let lines: readonly string[]
  if (typeof step === 'number') lines = listItem(value, indent, style)
  else {
    const { inline, lines: below } = renderEntry(value, indent, style)
    lines = [`${' '.repeat(indent)}${renderKey(step, 'block')}:${inline && ` ${inline}`}`, ...below]
  }
  return [{ start: at, end: at, text: lines.map(line => style.newline + line).join('') }]
}

function addInFlow({ table, places, document }: Trail, step: string | number, value: Json): Change[] {
  const { text, nodes } = table
  const { node } = places.at(-1)!
  const context = flowContext(table)
  const entry = typeof step === 'number' ? renderInline(value, context) : renderPair(step, value, context)
  const open = nodes[node + START]! + 1
  const close = nodes[node + END]! - 1
  if (sizeOf(table, node) === 0) return [{ start: open, end: open, text: entry }]
  const { start: first, end: last } = lastChild(table, node)
  const comma = /^[ \t]*,/.exec(text.slice(last, close))
  const at = last + (comma?.[0].length ?? 0)
  // Entries that have lines of their own keep having them.
  const line = lineStart(text, first)
  const ownLine = line > open && isBlankText(text.slice(line, first))
  const gap = ownLine ? styleOf(document).newline + text.slice(line, first) : ' '
  return [{ start: at, end: at, text: comma ? `${gap}${entry}${ownLine ? ',' : ''}` : `,${gap}${entry}` }]
}

/** Text of the last entry or item of a collection that is not empty. */
function lastChild(table: Table, node: number): { start: number; end: number } {
  const { nodes } = table
  const end = nodes[node + NEXT]!
  let first = node + STRIDE
  let value = first
  for (let at = first; at < end; ) {
    first = at
    value = isMap(table, node) ? at + STRIDE : at
    at = nodes[value + NEXT]!
  }
  return { start: writtenSpan(table, first).start, end: writtenSpan(table, value).end }
}
