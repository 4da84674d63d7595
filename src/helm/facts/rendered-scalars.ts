/** Scalars of rendered manifests, and the pieces of text that they are made of. */
import { scalarValue } from '../../yaml/decode.ts'
import type { Json } from '../../yaml/json.ts'
import {
  EMPTY,
  END,
  isScalar,
  kindOf,
  NEXT,
  PLAIN,
  SEQ,
  START,
  STRIDE,
  type Table,
} from '../../yaml/table.ts'
import type { RenderedDocument } from '../rendered.ts'
import { type Segment, segmentIndex } from '../template/text.ts'

export interface RenderedScalar {
  readonly document: RenderedDocument
  readonly node: number
  readonly start: number
  readonly end: number
  /** Written without quotes and not as a block. */
  readonly isPlain: boolean
}

/** Values that are scalars, keys left out. */
export function* eachScalar(document: RenderedDocument): IterableIterator<RenderedScalar> {
  const { table } = document
  const { nodes } = table
  for (let node = 0; node < nodes.length; node += STRIDE) {
    if (!isScalar(table, node) || kindOf(table, node) === EMPTY || isKey(table, node)) continue
    const isPlain = kindOf(table, node) === PLAIN
    yield { document, node, start: nodes[node + START]!, end: nodes[node + END]!, isPlain }
  }
}

/** Keys have the node of their value directly behind them, and parents know which is which. */
const keysOf = new WeakMap<Table, Set<number>>()

function isKey(table: Table, node: number): boolean {
  let keys = keysOf.get(table)
  if (!keys) {
    keys = new Set()
    listKeys(table, keys)
    keysOf.set(table, keys)
  }
  return keys.has(node)
}

function listKeys({ nodes, ...table }: Table, keys: Set<number>): void {
  const whole: Table = { nodes, ...table }
  for (let node = 0; node < nodes.length; node += STRIDE) {
    if (isScalar(whole, node) || kindOf(whole, node) === SEQ) continue
    const end = nodes[node + NEXT]!
    for (let key = node + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!) keys.add(key)
  }
}

/** The runs of text that a span of a manifest is made of. */
export function* eachSegment(
  { document }: Pick<RenderedScalar, 'document'>,
  start: number,
  end: number,
): IterableIterator<{ readonly segment: Segment; readonly text: string }> {
  const { text, segments } = document.manifest.content
  for (
    let i = Math.max(0, segmentIndex(segments, start));
    i < segments.length && segments[i]!.at < end;
    i++
  ) {
    const segment = segments[i]!
    yield { segment, text: text.slice(segment.at + segment.pad, segments[i + 1]?.at) }
  }
}

export const readScalar = ({ document: { table }, node }: RenderedScalar): Json => scalarValue(table, node)
