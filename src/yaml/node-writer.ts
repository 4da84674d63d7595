/** Writes a node table in preorder: the part that all producers share. */
import type { Problem } from './document.ts'
import { keyText } from './keys.ts'
import { AUX, END, KIND, MERGED, NEXT, START, STRIDE } from './table.ts'

export class NodeWriter {
  /** Longer than what is written; `take` copies the written part. */
  protected nodes = new Int32Array(1 << 14)
  protected top = 0
  /** End of the last text written; a block collection ends there. */
  protected tail = 0
  protected problems: Problem[] = []
  /** By key id: the serial of the last map that was found to have the key, and its key node there. */
  private stamps = new Int32Array(1 << 12)
  private holders = new Int32Array(1 << 12)
  private serial = 0

  /** Appends a node without children and gives its index. */
  protected addNode(kind: number, start: number, end: number, aux: number): number {
    const node = this.top
    const next = node + STRIDE
    if (next > this.nodes.length) this.growNodes()
    const { nodes } = this
    nodes[node + KIND] = kind
    nodes[node + START] = start
    nodes[node + END] = end
    nodes[node + NEXT] = next
    nodes[node + AUX] = aux
    this.top = next
    this.tail = end
    return node
  }

  /** Ends a collection: everything written since is below it. */
  protected closeNode(node: number, end: number, size: number): void {
    const { nodes } = this
    nodes[node + END] = end
    nodes[node + NEXT] = this.top
    nodes[node + AUX] = size
    this.tail = end
  }

  protected setAux(node: number, aux: number): void {
    this.nodes[node + AUX] = aux
  }

  /** Writes the nodes `[from, to)` once more, with flags added to their kinds. */
  protected copyNodes(from: number, to: number, flags: number): void {
    const { top } = this
    const shift = top - from
    while (to + shift > this.nodes.length) this.growNodes()
    const { nodes } = this
    nodes.copyWithin(top, from, to)
    this.top = to + shift
    for (let node = top; node < this.top; node += STRIDE) {
      nodes[node + KIND] = nodes[node + KIND]! | flags
      nodes[node + NEXT] = nodes[node + NEXT]! + shift
    }
  }

  /** Takes out the nodes `[from, to)`, which are children of a collection that is not closed yet. */
  protected removeNodes(from: number, to: number): void {
    const { nodes } = this
    nodes.copyWithin(from, to, this.top)
    this.top -= to - from
    for (let node = from; node < this.top; node += STRIDE)
      nodes[node + NEXT] = nodes[node + NEXT]! - (to - from)
  }

  /** A copy of what was written since the last call. */
  protected takeNodes(): Int32Array {
    const taken = this.nodes.slice(0, this.top)
    this.top = 0
    return taken
  }

  /** Reports repeated keys of a closed map; one pass, whatever their number. */
  protected checkKeys(map: number): void {
    const { nodes } = this
    const end = nodes[map + NEXT]!
    const serial = ++this.serial
    for (let key = map + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!) {
      const id = nodes[key + AUX]!
      if (id >= this.stamps.length) this.growStamps(id)
      // What a merge key brings in may be overwritten: that is what merge keys are for.
      if ((nodes[key]! & MERGED) !== 0) continue
      if (this.stamps[id] === serial) this.problems.push(this.repeatedKey(key, this.holders[id]!))
      else {
        this.stamps[id] = serial
        this.holders[id] = key
      }
    }
  }

  private repeatedKey(key: number, first: number): Problem {
    const name = keyText(this.nodes[key + AUX]!)
    return {
      code: 'duplicate-key',
      message: `Key ${JSON.stringify(name)} is repeated; kubectl takes the last one`,
      span: { start: this.nodes[key + START]!, end: this.nodes[key + END]! },
      related: {
        message: 'first used here',
        span: { start: this.nodes[first + START]!, end: this.nodes[first + END]! },
      },
    }
  }

  private growNodes(): void {
    const larger = new Int32Array(this.nodes.length * 2)
    larger.set(this.nodes)
    this.nodes = larger
  }

  private growStamps(id: number): void {
    const larger = new Int32Array(Math.max(id + 1, this.stamps.length * 2))
    larger.set(this.stamps)
    this.stamps = larger
    const holders = new Int32Array(larger.length)
    holders.set(this.holders)
    this.holders = holders
  }
}

/** Of a key of a map's own in front of a merge key that brings it in again. */
export const wordOverwritten = (key: string): string =>
  `kubectl overwrites ${JSON.stringify(key)} by the merge key below, other readers do not; put the merge key first`
