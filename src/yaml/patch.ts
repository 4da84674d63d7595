/**
 * Patches to text edits that keep comments, indentation, quotes, line ends and style.
 *
 * The edits are planned on the node table and then tried: where the edited text does not parse to the intended value
 * (anchors that other places use, repeated keys, comments in the way), there are no edits.
 */
import { applyEdits } from '../text/edits.ts'
import { memo } from '../text/memo.ts'
import type { Edit, Source, Span } from '../text/source.ts'
import { scalarValue } from './decode.ts'
import type { Document, Lowered, Patch } from './document.ts'
import type { Json } from './json.ts'
import { nestValue, patchJson, sameJson } from './json-patch.ts'
import { type Place, ROOT, stepTo } from './locate.ts'
import { findRemoval } from './patch-remove.ts'
import { findInsertion, findReplacement } from './patch-set.ts'
import {
  EMPTY,
  FLOW,
  isMap,
  isSeq,
  kindOf,
  MERGED,
  PLAIN,
  SHARED,
  sizeOf,
  spanOf,
  type Table,
} from './table.ts'

/** Reads an edited text again; undefined when it cannot be read without errors. */
export type Reparse = (source: Source) => Json | undefined

/** A replacement of text, without the file. */
export interface Change extends Span {
  readonly text: string
}

/** What is read again at most for the patches of one document, in characters: thousands of faults may have a fix each. */
const MOST_READ = 2 ** 25

interface Trials {
  /** By the patch. */
  readonly known: Map<string, readonly Edit[] | undefined>
  left: number
}

const trialsOf = memo((_: Document): Trials => ({ known: new Map(), left: MOST_READ }))

export function lowerPatch(document: Document, patch: Patch, reparse: Reparse): Lowered {
  if (document.problems.some(it => it.code === 'syntax')) return undefined
  const trials = trialsOf(document)
  const key = JSON.stringify(patch)
  if (trials.known.has(key)) return trials.known.get(key)
  if (trials.left <= 0) return 'untried'
  trials.left -= document.span.end - document.span.start
  const edits = tryPatch(document, patch, reparse)
  trials.known.set(key, edits)
  return edits
}

function tryPatch(document: Document, patch: Patch, reparse: Reparse): readonly Edit[] | undefined {
  const intended = intend(document.value, patch)
  const changes = intended === undefined ? undefined : plan(document, patch)
  if (intended === undefined || !changes) return undefined
  const { source } = document
  const edits = changes.map(({ start, end, text }) => ({ source, span: { start, end }, text }))
  const result = reparse({ id: source.id, text: editDocument(document, changes) })
  return result !== undefined && sameJson(result, intended) ? edits : undefined
}

/** The text of the document after the changes; the file may hold thousands of others. */
function editDocument({ source, span }: Document, changes: readonly Change[]): string {
  const start = Math.min(span.start, ...changes.map(it => it.start))
  const end = Math.max(span.end, ...changes.map(it => it.end))
  const part: Source = { id: source.id, text: source.text.slice(start, end) }
  const moved = changes.map(it => ({
    source: part,
    span: { start: it.start - start, end: it.end - start },
    text: it.text,
  }))
  const edited = applyEdits(part, moved)
  return edited.slice(span.start - start, edited.length - (end - span.end))
}

function intend(value: Json, { op, path, value: wanted }: Patch): Json | undefined {
  if (op === 'remove') return patchJson(value, path, undefined)
  if (wanted === undefined) return undefined
  return op === 'set' ? patchJson(value, path, wanted) : renameJson(value, path, wanted)
}

function renameJson(value: Json, path: Patch['path'], key: Json): Json | undefined {
  const to = [...path.slice(0, -1), typeof key === 'string' ? key : '']
  const moved = readJson(value, path)
  if (typeof key !== 'string' || moved === undefined || readJson(value, to) !== undefined) return undefined
  const without = patchJson(value, path, undefined)
  return without === undefined ? undefined : patchJson(without, to, moved)
}

function readJson(value: Json, path: Patch['path']): Json | undefined {
  let at: unknown = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Readonly<Record<string | number, unknown>>)[step]
  }
  return at as Json
}

function plan(document: Document, patch: Patch): Change[] | undefined {
  if (patch.op === 'remove') return planRemoval(document, patch)
  return patch.op === 'set' ? planSet(document, patch.path, patch.value!) : planRename(document, patch)
}

/** The nodes from the root to the target, as far as the path exists. */
export interface Trail {
  readonly document: Document
  readonly table: Table
  readonly places: readonly Place[]
  /** True when the last place stands inside brackets. */
  readonly inFlow: boolean
}

function trailTo(document: Document, path: Patch['path']): Trail | undefined {
  const { table } = document
  const places: Place[] = [ROOT]
  for (const step of path) {
    const next = stepTo(table, places.at(-1)!.node, step)
    if (!next) break
    places.push(next)
  }
  if (places.some((place, i) => isForeign(table, place, i === path.length))) return undefined
  const inFlow = places.slice(0, -1).some(it => (table.nodes[it.node]! & FLOW) !== 0)
  return { document, table, places, inFlow }
}

/** True for text that stands elsewhere too. An alias itself may be replaced, what it stands for may not. */
function isForeign({ nodes, aliases }: Table, { node, keyNode }: Place, isTarget: boolean): boolean {
  if (keyNode >= 0 && (nodes[keyNode]! & (SHARED | MERGED)) !== 0) return true
  return (nodes[node]! & SHARED) !== 0 && !(isTarget && aliases?.has(node) === true)
}

function planSet(document: Document, path: Patch['path'], value: Json): Change[] | undefined {
  const trail = trailTo(document, path)
  if (!trail) return undefined
  const { table, places } = trail
  const rest = path.slice(places.length - 1)
  const [step, ...below] = rest
  if (step === undefined) return findReplacement(trail, value)
  const nested = nestValue(below, value)
  if (nested === undefined) return undefined
  const parent = places.at(-1)!.node
  const isNull =
    kindOf(table, parent) === EMPTY ||
    (kindOf(table, parent) === PLAIN && scalarValue(table, parent) === null)
  const isEmpty = (isMap(table, parent) || isSeq(table, parent)) && sizeOf(table, parent) === 0
  // Into `{}`, `[]` and nothing, the whole value is written, in the style of what stands around it.
  if (isNull || (isEmpty && !trail.inFlow)) {
    const whole = nestValue(rest, value)
    return whole === undefined ? undefined : findReplacement(trail, whole)
  }
  return findInsertion(trail, step, nested)
}

/** Quotes around the key stay; a key that would need some where there are none is refused by the trial. */
function planRename(document: Document, { path, value }: Patch): Change[] | undefined {
  const place = trailTo(document, path)?.places[path.length]
  if (!place || place.keyNode < 0) return undefined
  const { start, end } = spanOf(document.table, place.keyNode)
  const quotes = kindOf(document.table, place.keyNode) === PLAIN ? 0 : 1
  return [{ start: start + quotes, end: end - quotes, text: String(value) }]
}

function planRemoval(document: Document, { path }: Patch): Change[] | undefined {
  const trail = trailTo(document, path)
  if (!trail || path.length === 0 || trail.places.length !== path.length + 1) return undefined
  const parent = trail.places.at(-2)!.node
  if (sizeOf(trail.table, parent) > 1) return findRemoval(trail)
  const above: Trail = { ...trail, places: trail.places.slice(0, -1), inFlow: isBelowFlow(trail) }
  return findReplacement(above, isMap(trail.table, parent) ? {} : [])
}

const isBelowFlow = ({ table, places }: Trail): boolean =>
  places.slice(0, -2).some(it => (table.nodes[it.node]! & FLOW) !== 0)
