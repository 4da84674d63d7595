/** One document of a text: its node table, its problems, its way back to the places and edits of real files. */
import type { Edit, Location, Source, Span } from '../text/source.ts'
import type { Json, Path } from './json.ts'
import type { Table } from './table.ts'

/** Which part of an entry is meant. `pair` is key and value; for list items and roots all three are the value. */
export type Part = 'key' | 'value' | 'pair'

/**
 * `set` creates what is missing on the way; `remove` takes the whole entry or item; `rename` gives the entry at the path
 * the key that `value` holds, and is refused where the map has it already.
 */
export interface Patch {
  readonly op: 'set' | 'remove' | 'rename'
  readonly path: Path
  readonly value?: Json
}

export type ProblemCode = 'syntax' | 'duplicate-key' | 'ambiguous'

/** Undefined where the text is not ours to rewrite; `untried` where too much of it was read for other patches before. */
export type Lowered = readonly Edit[] | 'untried' | undefined

/** What is wrong with the text itself. */
export interface Problem {
  /**
   * `syntax`: kubectl refuses the text. `duplicate-key`: a key is repeated, the last one counts.
   * `ambiguous`: readers of YAML 1.1 (kubectl) and 1.2 understand different things.
   */
  readonly code: ProblemCode
  /** First line what, in the user's own names; no full stop. */
  readonly message: string
  /** Offsets into the table's text. */
  readonly span: Span
  readonly related?: { readonly message: string; readonly span: Span }
}

/** A place that a rendered text comes from: a template action, an include on the way, a key of a values file. */
export interface DocumentOrigin {
  readonly kind: 'template' | 'include' | 'values' | 'literal'
  readonly location: Location
  /** Of values, the path in the values file. */
  readonly path?: Path
}

/** Parsing never fails: a broken text is a document with problems. Immutable. */
export interface Document {
  /** The file that the document is written in; for rendered documents the template. */
  readonly source: Source
  /** The whole document in the table's text, without the `---` before it. */
  readonly span: Span
  readonly table: Table
  readonly problems: readonly Problem[]
  /** The materialised value; computed once, on demand. */
  readonly value: Json
  /** Where a span of the table's text is written. Identity for files; the template's place for rendered text. */
  place(span: Span): Location
  /** Where a path is written; the nearest existing ancestor when it is absent. */
  locate(path: Path, part?: Part): Location
  /** Text edits for a patch. */
  lower(patch: Patch): Lowered
  /** What made a span of the table's text; only rendered documents have it. */
  origins?(span: Span): readonly DocumentOrigin[]
  /** The value that makes all of what stands at a path; only rendered documents have it. */
  whole?(path: Path): DocumentOrigin | undefined
}
