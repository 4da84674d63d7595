/** Numbers of values files that templates print as another text than the one that is written. */
import { memo } from '../../text/memo.ts'
import type { Location } from '../../text/source.ts'
import { type At, atNode, atRoot } from '../../yaml/cursor.ts'
import { placeInTemplate } from '../problems.ts'
import type { RenderedDocument } from '../rendered.ts'
import type { Piece } from '../template/origin.ts'
import type { ChartFact, ChartParts } from './chart-parts.ts'
import { eachScalar, eachSegment, type RenderedScalar, readScalar } from './rendered-scalars.ts'
import { listTellingPieces } from './telling-pieces.ts'

export interface PrintedNumber extends ChartFact {
  /** As it stands in the values file, and where. */
  readonly written: string
  readonly origin: Location
  readonly printed: string
  /** Behind the value in the action, where a function that prints it whole can be put. */
  readonly behind: Location | undefined
}

/** Within texts alone: where the API wants a number, every spelling is the same number. */
export const listPrintedNumbers = ({ sets }: ChartParts): PrintedNumber[] =>
  sets.flatMap(({ values, documents }) =>
    documents.flatMap(it => listIn(it).map(number => ({ ...number, values: [values] }))),
  )

/** Sets of values share documents. */
const listIn = memo((document: RenderedDocument): readonly PrintedNumber[] => {
  const found: PrintedNumber[] = []
  if (!mayHoldNumber(document)) return found
  for (const scalar of eachScalar(document)) {
    if (scalar.isPlain && typeof readScalar(scalar) !== 'string') continue
    for (const { segment, text } of eachSegment(scalar, scalar.start, scalar.end)) {
      const number = toChanged(segment.piece, text, () => keyOf(document, scalar))
      if (number) found.push(number)
    }
  }
  return found
})

/** Most manifests print no number in another way, whatever the scalars are that it would stand in. */
function mayHoldNumber(document: RenderedDocument): boolean {
  const { text, segments } = document.manifest.content
  return listTellingPieces(document).numbers.some(i => {
    const { piece, at, pad } = segments[i]!
    return toChanged(piece, text.slice(at + pad, segments[i + 1]?.at), () => 'image') !== undefined
  })
}

const EXPONENT = /^["']?(-?\d(?:\.\d+)?e[+-]\d{2,})["']?$/

function toChanged(
  piece: Piece,
  text: string,
  key: () => string | number | undefined,
): PrintedNumber | undefined {
  const { value } = piece
  if (piece.literal || value?.kind !== 'values') return undefined
  const written = value.source.text.slice(value.value.start, value.value.end)
  const printed = text.trim()
  if (!isChanged(written, printed, key)) return undefined
  const location = placeInTemplate(piece.template, piece.span)
  return (
    location && {
      location,
      written,
      printed: printed.replaceAll(/["']/g, ''),
      origin: { source: value.source, span: value.value },
      behind: findBehind(piece),
    }
  )
}

/** In the chart's own templates, of an action that begins with the value: `{{ .Values.size }}`, `{{ .Values.size | quote }}`. */
function findBehind({ template: { file, name, text }, span }: Piece): Location | undefined {
  if (name.includes('/charts/')) return undefined
  const open = text.lastIndexOf('{{', span.start + 1)
  const begin = /^\{\{-?\s*\$?(?:\.\w+)+(?=\s*(?:\||-?\}\}))/.exec(text.slice(open, open + MOST_ACTION))
  if (!file || open < 0 || !begin) return undefined
  const at = open + begin[0].length
  return { source: file, span: { start: at, end: at } }
}

const MOST_ACTION = 500

function isChanged(written: string, printed: string, key: () => string | number | undefined): boolean {
  if (/^[+-]?\d+$/.test(written) && EXPONENT.test(printed)) return true
  // A file mode in octal digits, printed as the number that they mean.
  if (/^0[0-7]{3}$/.test(written)) return /^["']?\d+["']?$/.test(printed) && !printed.includes(written)
  return (
    /^\d+\.\d*0$/.test(written) &&
    key() === 'image' &&
    printed.replaceAll(/["']/g, '') === String(Number(written))
  )
}

const keyOf = (document: RenderedDocument, { node }: RenderedScalar): At['key'] =>
  atNode(atRoot(document), node)?.key
