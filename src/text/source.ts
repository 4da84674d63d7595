/** Texts and places in them. Offsets are UTF-16; lines and columns exist only at the edges (reports, LSP). */

/** Half-open range of UTF-16 offsets. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One immutable version of one text. `id` is opaque to the core; a host gives it meaning (usually a path with `/`). */
export interface Source {
  readonly id: string
  readonly text: string
}

export interface Location {
  readonly source: Source
  readonly span: Span
}

/** Replaces `span` of `source` by `text`. */
export interface Edit extends Location {
  readonly text: string
}
