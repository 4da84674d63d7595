/** Incremental changes of the protocol applied to a text. */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver'
import type { Source } from '../text/source.ts'
import { type PositionEncoding, toSpan } from './positions.ts'

/** The text after changes that are meant one after the other, each against the text that the one before left. */
export function applyChanges(
  text: string,
  changes: readonly TextDocumentContentChangeEvent[],
  encoding: PositionEncoding,
): string {
  let now = text
  for (const change of changes) {
    if (!('range' in change)) {
      now = change.text
      continue
    }
    const source: Source = { id: '', text: now }
    const { start, end } = toSpan(source, change.range, encoding)
    now = now.slice(0, start) + change.text + now.slice(end)
  }
  return now
}
