/** Both producers on one text, for tests that compare them. */
import { composeChunk } from '../../src/yaml/compose.ts'
import type { Document } from '../../src/yaml/document.ts'
import type { Json } from '../../src/yaml/json.ts'
import { type FullParser, parseSource } from '../../src/yaml/parse.ts'

/** Parsed as users get it: scanner first, the full parser where it is needed. */
export const parse = (text: string): readonly Document[] =>
  parseSource({ id: 'test.yaml', text }, composeChunk)!

/** Only what the scanner reads; undefined when it declines. */
export const scan = (text: string): readonly Document[] | undefined =>
  parseSource({ id: 'test.yaml', text }, declined)

/** The full parser alone, on a text with one document. */
export const compose: (text: string) => ReturnType<FullParser> = text =>
  composeChunk({ text, span: { start: text.startsWith('\ufeff') ? 1 : 0, end: text.length } })

const marker = { code: 'syntax', message: 'declined', span: { start: 0, end: 0 } } as const
const declined: FullParser = ({ text }) => ({
  table: { text, nodes: Int32Array.of(8, 0, 0, 5, 0) },
  problems: [marker],
})

export const isDeclined = (documents: readonly Document[]): boolean =>
  documents.some(it => it.problems.some(problem => problem.message === 'declined'))

/** Without prototypes and negative zeros, so that values compare by content. */
export function plain(value: Json): unknown {
  if (value === null || typeof value !== 'object') return value === 0 ? 0 : value
  if (Array.isArray(value)) return value.map(plain)
  return new Map(
    Object.entries(value)
      .map(([key, it]) => [key, plain(it)])
      .sort(([a], [b]) => (a! < b! ? -1 : 1)) as [string, unknown][],
  )
}
