/** Keys and items of a values file as origins: few are ever pointed at, so that places and paths are made when asked for. */
import type { Source, Span } from '../text/source.ts'
import type { Path } from '../yaml/json.ts'
import { END, START, STRIDE, type Table } from '../yaml/table.ts'
import type { Origin, ValueOrigin } from './template/origin.ts'

/** A document of a file. */
export interface WrittenDocument {
  readonly source: Source
  readonly table: Table
  /** Where the text of the table begins in the file. */
  readonly offset: number
}

/**
 * A class, because places are asked for late: an object with its path and spans takes four times the memory. Its fields are
 * declared alone, since to define each before it is set takes longer than all the rest.
 */
export class WrittenOrigin implements ValueOrigin {
  declare readonly kind: 'values'
  declare private readonly document: WrittenDocument
  declare readonly above: Origin | undefined
  declare private readonly step: string | number
  declare private readonly node: number

  /** `node` is the key, whose value stands behind it, or the item. `above` is the origin of what holds it. */
  constructor(document: WrittenDocument, above: Origin | undefined, step: string | number, node: number) {
    this.kind = 'values'
    this.document = document
    this.above = above
    this.step = step
    this.node = node
  }

  get source(): Source {
    return this.document.source
  }

  get path(): Path {
    const path: (string | number)[] = []
    for (let it: Origin | undefined = this; it instanceof WrittenOrigin; it = it.above) path.push(it.step)
    return path.reverse()
  }

  get key(): Span | undefined {
    return typeof this.step === 'string' ? this.spanAt(this.node) : undefined
  }

  get value(): Span {
    return this.spanAt(typeof this.step === 'string' ? this.node + STRIDE : this.node)
  }

  private spanAt(node: number): Span {
    const { table, offset } = this.document
    return { start: table.nodes[node + START]! + offset, end: table.nodes[node + END]! + offset }
  }
}
