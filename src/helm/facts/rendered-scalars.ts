/** Scalars of rendered manifests, and the pieces of text that they are made of. */
import { scalarValue } from '../../yaml/decode.ts'
import type { Json } from '../../yaml/json.ts'
import {
  EMPTY,
  END,
  isMap,
  isScalar,
  kindOf,
  NEXT,
  PLAIN,
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
  const keys = markKeys(table)
  for (let node = 0; node < nodes.length; node += STRIDE) {
    if (!isScalar(table, node) || kindOf(table, node) === EMPTY || keys[node / STRIDE] === 1) continue
    const isPlain = kindOf(table, node) === PLAIN
    yield { document, node, start: nodes[node + START]!, end: nodes[node + END]!, isPlain }
  }
}

/** By node: 1 for keys, which look like values; only the maps above know which is which. */
function markKeys(table: Table): Uint8Array {
  const { nodes } = table
  const keys = new Uint8Array(nodes.length / STRIDE)
  for (let node = 0; node < nodes.length; node += STRIDE) {
    if (!isMap(table, node)) continue
    const end = nodes[node + NEXT]!
    for (let key = node + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!) keys[key / STRIDE] = 1
  }
  return keys
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
