/** What the full parser takes and makes. */
import type { Span } from '../text/source.ts'
import type { Problem } from './document.ts'
import type { Table } from './table.ts'

/** The text between two separator lines. */
export interface Chunk {
  readonly text: string
  readonly span: Span
}

export interface Parsed {
  readonly table: Table
  readonly problems: readonly Problem[]
}
