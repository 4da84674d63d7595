/** Blocks that an action prints at another level than the line above it in the template announces. */
import type { Location, Span } from '../../text/source.ts'
import { keyText } from '../../yaml/keys.ts'
import { AUX, EMPTY, END, FLOW, kindOf, MAP, NEXT, START, STRIDE, type Table } from '../../yaml/table.ts'
import { placeInTemplate } from '../problems.ts'
import type { RenderedDocument } from '../rendered.ts'
import type { Frame, Piece, TemplateSource } from '../template/origin.ts'
import { segmentIndex } from '../template/text.ts'
import type { ChartFact, ChartParts } from './chart-parts.ts'

export interface MisplacedBlock extends ChartFact {
  /** The key above it that stays without a value, and where it is. */
  readonly key: string
  readonly keyLocation: Location
  /** Blanks before the key, and before what is printed. */
  readonly above: number
  readonly printed: number
}

/** A key at the end of its line, and an action below it whose text is not indented further than the key. */
export function listMisplacedBlocks({ sets }: ChartParts): MisplacedBlock[] {
  const found: MisplacedBlock[] = []
  for (const { values, documents } of sets)
    for (const document of documents)
      for (const [key, next] of eachEmpty(document.table)) {
        const block = toMisplaced(document, key, next)
        if (block) found.push({ ...block, values: [values] })
      }
  return found
}

/** Keys without a value in block style, with the node behind them. */
function* eachEmpty(table: Table): IterableIterator<[key: number, next: number]> {
  const { nodes } = table
  for (let map = 0; map < nodes.length; map += STRIDE) {
    if (kindOf(table, map) !== MAP || (nodes[map]! & FLOW) !== 0) continue
    const end = nodes[map + NEXT]!
    for (let key = map + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!) {
      const next = key + 2 * STRIDE
      if (kindOf(table, key + STRIDE) === EMPTY && next < nodes.length) yield [key, next]
    }
  }
}

function toMisplaced(
  { table, manifest: { content } }: RenderedDocument,
  key: number,
  next: number,
): MisplacedBlock | undefined {
  const { nodes } = table
  const keySpan = { start: nodes[key + START]!, end: nodes[key + END]! }
  const start = nodes[next + START]!
  const segment = content.segments[segmentIndex(content.segments, keySpan.start)]
  const other = content.segments[segmentIndex(content.segments, start)]?.piece
  if (!segment?.piece.literal || !other || other === segment.piece) return undefined
  const { template, frame, span } = segment.piece
  const keyAt = span.start + segment.offset + keySpan.start - segment.at - segment.pad
  const call = callIn(frame, template, other)
  if (!call || !isBelow(template.text.slice(keyAt + keySpan.end - keySpan.start, call.start)))
    return undefined
  const above = columnOf(content.text, keySpan.start)
  const printed = columnOf(content.text, start)
  const location = placeInTemplate(template, call)
  const keyLocation = placeInTemplate(template, { start: keyAt, end: keyAt + keySpan.end - keySpan.start })
  if (!location || !keyLocation || printed > above) return undefined
  return { location, key: keyText(nodes[key + AUX]!), keyLocation, above, printed }
}

/** Where the template of a key prints the other piece: an action of its own, or one that includes it. */
function callIn(frame: Frame, template: TemplateSource, { frame: inner, ...piece }: Piece): Span | undefined {
  if (inner === frame) return piece.literal ? undefined : piece.span
  for (let it: Frame | undefined = inner; it; it = it.parent)
    if (it.parent === frame) return it.call?.template === template ? it.call.span : undefined
  return undefined
}

/** From the key to the action there are blanks, comments and conditions alone. */
const isBelow = (between: string): boolean =>
  /^["']?:[ \t]*\n\s*(?:\{\{-?\s*(?:(?:with|if)\b[^{}]*|\/\*[^{}]*\*\/\s*-?)\}\}\s*)*(?:\{\{-?[^{}]*)?$/.test(
    between,
  )

const columnOf = (text: string, offset: number): number => offset - text.lastIndexOf('\n', offset - 1) - 1
