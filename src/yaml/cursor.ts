/** A value with its place: rules step through documents by cursors and never build a path. */
import type { Location, Span } from '../text/source.ts'
import { scalarValue, toJson } from './decode.ts'
import type { Document, Part } from './document.ts'
import type { Json, Path } from './json.ts'
import { keyText } from './keys.ts'
import { partSpan, stepTo } from './locate.ts'
import { AUX, isMap, isSeq, KIND_MASK, MAP, NEXT, SEQ, STRIDE } from './table.ts'

export interface At {
  readonly document: Document
  /** Index in the document's table. */
  readonly node: number
  /** Index of the key node, or -1 for list items and roots. */
  readonly keyNode: number
  /** The key or the index under which the value stands; undefined at the root. */
  readonly key: string | number | undefined
  readonly path: Path
  readonly value: Json
  readonly isMap: boolean
  readonly isList: boolean
  /** Steps down; undefined when a step is absent. A present null is a cursor whose value is null. */
  get(...keys: Path): At | undefined
  /** The string at a path below, or undefined when it is absent or no string. */
  text(...keys: Path): string | undefined
  /** Items of a list or values of a map, in source order; nothing for scalars. Of a repeated key every value. */
  each(): readonly At[]
  /** Span of a part in the table's text. */
  span(part?: Part): Span
  /** Where a part is written. */
  locate(part?: Part): Location
}

export function atRoot(document: Document): At {
  return new Cursor(document, 0, -1, undefined, undefined)
}

/** The cursor of a node below another cursor, or undefined when it is not there. Keys give their values. */
export function atNode(from: At, node: number): At | undefined {
  let at: At | undefined = from
  while (at && at.node !== node) {
    const { nodes } = from.document.table
    const children = listChildren(from, at)
    // Values stand in the order of their nodes, and thousands of places may be sought in one list.
    let [low, high] = [0, children.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (node < nodes[children[middle]!.node + NEXT]!) high = middle
      else low = middle + 1
    }
    const next = children[low]
    if (next?.keyNode === node) return next
    at = next
  }
  return at
}

const MANY = 64

const longLists = new WeakMap<At, Map<number, readonly At[]>>()

/** What is directly below a place that is sought from `from`: long lists are listed once. */
function listChildren(from: At, at: At): readonly At[] {
  const lists = longLists.get(from)
  const known = lists?.get(at.node)
  if (known) return known
  const children = at.each()
  if (children.length <= MANY) return children
  if (lists) lists.set(at.node, children)
  else longLists.set(from, new Map([[at.node, children]]))
  return children
}

class Cursor implements At {
  readonly document: Document
  readonly node: number
  readonly keyNode: number
  private readonly parent: Cursor | undefined
  private readonly index: number | undefined

  constructor(
    document: Document,
    node: number,
    keyNode: number,
    parent: Cursor | undefined,
    index: number | undefined,
  ) {
    this.document = document
    this.node = node
    this.keyNode = keyNode
    this.parent = parent
    this.index = index
  }

  get key(): string | number | undefined {
    return this.keyNode < 0 ? this.index : keyText(this.document.table.nodes[this.keyNode + AUX]!)
  }

  get path(): Path {
    const steps: (string | number)[] = []
    for (let at: Cursor = this; at.parent; at = at.parent) steps.push(at.key!)
    return steps.reverse()
  }

  get value(): Json {
    const { table } = this.document
    const kind = table.nodes[this.node]! & KIND_MASK
    return kind === MAP || kind === SEQ ? toJson(table, this.node) : scalarValue(table, this.node)
  }

  get isMap(): boolean {
    return isMap(this.document.table, this.node)
  }

  get isList(): boolean {
    return isSeq(this.document.table, this.node)
  }

  get(...keys: Path): Cursor | undefined {
    let at: Cursor = this
    for (const key of keys) {
      const next = stepTo(this.document.table, at.node, key)
      if (!next) return undefined
      at = new Cursor(this.document, next.node, next.keyNode, at, typeof key === 'number' ? key : undefined)
    }
    return at
  }

  text(...keys: Path): string | undefined {
    const value = this.get(...keys)?.scalar()
    return typeof value === 'string' ? value : undefined
  }

  each(): readonly Cursor[] {
    const { nodes } = this.document.table
    const kind = nodes[this.node]! & KIND_MASK
    if (kind !== MAP && kind !== SEQ) return NO_CHILDREN
    const children: Cursor[] = []
    const end = nodes[this.node + NEXT]!
    for (let at = this.node + STRIDE; at < end; ) {
      const value = kind === MAP ? at + STRIDE : at
      const child =
        kind === MAP
          ? new Cursor(this.document, value, at, this, undefined)
          : new Cursor(this.document, value, -1, this, children.length)
      children.push(child)
      at = nodes[value + NEXT]!
    }
    return children
  }

  span(part: Part = 'value'): Span {
    return partSpan(this.document.table, this, part)
  }

  locate(part?: Part): Location {
    return this.document.place(this.span(part))
  }

  private scalar(): Json | undefined {
    const kind = this.document.table.nodes[this.node]! & KIND_MASK
    return kind === MAP || kind === SEQ ? undefined : scalarValue(this.document.table, this.node)
  }
}

const NO_CHILDREN: readonly Cursor[] = []
