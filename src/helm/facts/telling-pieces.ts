/** Pieces of rendered manifests that rules ask for: most manifests have none, and are looked through once for all rules. */
import { DOUBLE_QUOTE, NINE } from '../../text/characters.ts'
import { memo } from '../../text/memo.ts'
import type { RenderedDocument } from '../rendered.ts'
import type { Piece } from '../template/origin.ts'

export interface TellingPieces {
  /** Something is made by chance or from the clock. */
  readonly hasUnstable: boolean
  /** Segments whose values begin like numbers, in the values file and as they are printed. */
  readonly numbers: readonly number[]
}

/** Sets of values share documents. */
export const listTellingPieces = memo(({ manifest }: RenderedDocument): TellingPieces => {
  const { text, segments } = manifest.content
  const numbers: number[] = []
  let hasUnstable = false
  for (let i = 0; i < segments.length; i++) {
    const { piece, at, pad } = segments[i]!
    if (piece.unstable) hasUnstable = true
    if (!piece.literal && mayBeNumber(piece, text.charCodeAt(at + pad))) numbers.push(i)
  }
  return { hasUnstable, numbers }
})

/** `first` is the first character that is printed; numbers may be printed in quotes. */
const mayBeNumber = ({ value }: Piece, first: number): boolean =>
  first <= NINE &&
  first >= DOUBLE_QUOTE &&
  value?.kind === 'values' &&
  value.source.text.charCodeAt(value.value.start) <= NINE
