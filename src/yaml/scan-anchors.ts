/** The part of the fast producer that reads anchors, aliases and merge keys of blocks, which copy nodes of the table. */
import type { Span } from '../text/source.ts'
import { GAP } from './bytes.ts'
import type { Problem } from './document.ts'
import { keyText } from './keys.ts'
import { wordOverwritten } from './node-writer.ts'
import { FlowScanner } from './scan-flow.ts'
import { AUX, END, KIND_MASK, MAP, MERGED, NEXT, SHARED, START, STRIDE } from './table.ts'

interface Anchor {
  node: number
  /** Its node is being read, so that an alias would stand for what it is in. */
  isOpen: boolean
}

/** Nodes; where more are copied, or nearly all of a document is, the other producer decides whether that is a bomb. */
const MOST_COPIED = 100_000
const FEW_COPIED = 100
const LARGEST_SHARE = 0.9
/** Merged entries that a map overwrites: each takes moving the rest of the map. */
const MOST_OVERWRITTEN = 100

const NAME = new Uint8Array(256)
for (const char of '-_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
  NAME[char.charCodeAt(0)] = 1

/** A merge key whose value is an alias. */
const MERGE = /(?:!!merge[ \t]+)?<<:[ \t]+(?=\*)/y

const overwritten = (nodes: Int32Array, key: number): Problem => ({
  code: 'ambiguous',
  message: wordOverwritten(keyText(nodes[key + AUX]!)),
  span: { start: nodes[key + START]!, end: nodes[key + END]! },
})

export class AnchorScanner extends FlowScanner {
  private anchors = new Map<string, Anchor>()
  /** In text order. */
  private placed: Anchor[] = []
  private copied = 0
  /** As in the table. */
  protected aliases = new Map<number, Span>()

  protected forgetAnchors(): void {
    if (this.placed.length === 0) return
    this.anchors = new Map()
    this.placed = []
    this.aliases = new Map()
    this.copied = 0
  }

  /** Reads `&name`, for the node that is written next; the caller closes the anchor behind it. */
  protected openAnchor(): Anchor {
    const anchor = { node: this.top, isOpen: true }
    this.anchors.set(this.name(), anchor)
    this.placed.push(anchor)
    return anchor
  }

  /** Reads `*name` and writes a copy of what it stands for. */
  protected alias(): void {
    const start = this.at
    const target = this.target()
    const node = this.top
    this.copy(target)
    this.aliases.set(node, { start, end: this.at })
    this.tail = this.at
  }

  protected isMergeKey(): boolean {
    MERGE.lastIndex = this.at
    return MERGE.test(this.text)
  }

  /** Where the key itself begins, behind its tag. */
  protected startOfMergeKey(): number {
    return this.text.indexOf('<<', this.at)
  }

  /** Reads a merge key with its alias and writes the entries that it brings in; gives their number. */
  protected merge(): number {
    this.at = this.text.indexOf('*', this.at)
    const start = this.at
    const map = this.target()
    const { nodes, top } = this
    if ((nodes[map]! & KIND_MASK) !== MAP) this.decline()
    const size = nodes[map + AUX]!
    this.copy(map + STRIDE, nodes[map + NEXT]!)
    const alias = { start, end: this.at }
    for (let key = top; key < this.top; key = this.nodes[key + STRIDE + NEXT]!) {
      this.nodes[key] = this.nodes[key]! | MERGED
      this.aliases.set(key, alias)
      this.aliases.set(key + STRIDE, alias)
    }
    this.tail = alias.end
    return size
  }

  /** Takes merged entries out of a map that has their keys again further down; gives their number. */
  protected dropOverwritten(map: number): number {
    const { nodes } = this
    const keys: number[] = []
    for (let key = map + STRIDE; key < this.top; key = nodes[key + STRIDE + NEXT]!) keys.push(key)
    const later = new Map<number, number>()
    const dropped: number[] = []
    for (const key of keys.reverse()) {
      const winner = later.get(nodes[key + AUX]!)
      if (winner === undefined) later.set(nodes[key + AUX]!, key)
      else if ((nodes[key]! & MERGED) !== 0) dropped.push(key)
      else if ((nodes[winner]! & MERGED) !== 0) this.problems.push(overwritten(nodes, key))
    }
    if (dropped.length > MOST_OVERWRITTEN) this.decline()
    for (const key of dropped) this.remove(key, nodes[key + STRIDE + NEXT]!)
    return dropped.length
  }

  /** The name behind `&` or `*`; stops behind it. */
  private name(): string {
    const { bytes } = this
    const start = this.at + 1
    let at = start
    while (NAME[bytes[at]!] === 1) at++
    if (at === start || GAP[bytes[at]!] === 0) this.decline()
    this.at = at
    return this.text.slice(start, at)
  }

  private target(): number {
    const anchor = this.anchors.get(this.name())
    if (!anchor || anchor.isOpen) this.decline()
    return anchor.node
  }

  private copy(from: number, to: number = this.nodes[from + NEXT]!): void {
    const shift = this.top - from
    this.copied += (to - from) / STRIDE
    const isMost = this.copied > FEW_COPIED && this.copied > ((to + shift) / STRIDE) * LARGEST_SHARE
    if (this.copied > MOST_COPIED || isMost) this.decline()
    this.copyNodes(from, to, SHARED)
    this.moveAliases(from, to, shift)
  }

  private remove(from: number, to: number): void {
    for (let node = from; node < to; node += STRIDE) this.aliases.delete(node)
    const { top } = this
    this.removeNodes(from, to)
    this.moveAliases(to, top, from - to)
    for (let at = this.placed.length - 1; at >= 0 && this.placed[at]!.node >= to; at--)
      this.placed[at]!.node += from - to
  }

  /** Aliases of nodes that were copied, or moved towards the front. */
  private moveAliases(from: number, to: number, shift: number): void {
    if (this.aliases.size === 0) return
    for (let node = from; node < to; node += STRIDE) {
      const span = this.aliases.get(node)
      if (!span) continue
      if (shift < 0) this.aliases.delete(node)
      this.aliases.set(node + shift, span)
    }
  }
}
