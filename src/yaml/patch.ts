/** Patches to text edits that keep comments, indentation and style. */
import type { Edit } from '../text/source.ts'
import type { Document, Patch } from './document.ts'

export function lowerPatch(_document: Document, _patch: Patch): readonly Edit[] | undefined {
  return undefined
}
