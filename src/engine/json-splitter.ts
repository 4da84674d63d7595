/**
 * Cuts a stream of JSON into objects without holding more than one of them: the items of a list one by one, and what
 * stands around them. What an object holds is for `JSON.parse`; only the frame between objects is checked here.
 */
import {
  BACKSLASH,
  COLON,
  COMMA,
  DOUBLE_QUOTE,
  LEFT_BRACE,
  LEFT_BRACKET,
  RIGHT_BRACE,
  RIGHT_BRACKET,
} from '../text/characters.ts'

/** Where something begins and ends, in bytes of the file. */
export interface Range {
  readonly start: number
  readonly end: number
}

export interface JsonHandler {
  /** An item of a list, or of an array at the top. The bytes are only good until it returns. */
  item(bytes: Uint8Array, range: Range): void
  /** A value at the top, after its items; the bytes have `[]` in their place, and are undefined for an array. */
  value(bytes: Uint8Array | undefined, range: Range): void
}

export interface JsonFault {
  /** In bytes. */
  readonly offset: number
  /** No full stop. */
  readonly message: string
}

/** Deeper than anything that Kubernetes takes, and still no danger to what walks down recursively. */
const MAX_DEPTH = 400

/** An item may be a list itself. */
const LARGEST_ITEM = 64 * 1024 * 1024
/** The API server takes 3 MiB. */
const LARGEST_FRAME = 4 * 1024 * 1024

type State = 'top' | 'frame' | 'string' | 'items' | 'item' | 'item-string' | 'item-word' | 'failed'

const ITEMS = [...'items'].map(it => it.charCodeAt(0))

/** Feed it chunks, then call `end`. After a fault it takes no more. */
export class JsonSplitter {
  fault: JsonFault | undefined
  private readonly handler: JsonHandler
  private state: State = 'top'
  /** Offset of the first byte of the chunk at hand. */
  private base = 0
  /** Open collections of the value or the item at hand. */
  private depth = 0
  private open = new Uint8Array(MAX_DEPTH + 1)
  private escaped = false
  private valueStart = 0
  private isArray = false
  /** What stands around the items. */
  private frame: number[] = []
  /** Of a string at depth 1: how much of `items` it has spelt, -1 when it is another one. */
  private spelt = -1
  private isItemsKey = false
  private expectsItem = false
  private isAfterComma = false
  private itemStart = 0
  /** Pieces of an item that began in an earlier chunk. */
  private parts: Uint8Array[] = []

  constructor(handler: JsonHandler) {
    this.handler = handler
  }

  feed(chunk: Uint8Array): void {
    let at = this.base === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0
    while (at < chunk.length && this.state !== 'failed') at = this.step(chunk, at)
    const isInItem = this.state === 'item' || this.state === 'item-string' || this.state === 'item-word'
    if (isInItem) this.parts.push(chunk.slice(Math.max(0, this.itemStart - this.base)))
    this.base += chunk.length
    if (isInItem && this.base - this.itemStart > LARGEST_ITEM)
      this.fail(this.itemStart, 'an object of more than 64 MiB')
    if (this.frame.length > LARGEST_FRAME) this.fail(this.valueStart, 'an object of more than 4 MiB')
  }

  end(): void {
    if (this.state === 'top' || this.state === 'failed') return
    const isInItem = this.state !== 'frame' && this.state !== 'string' && this.state !== 'items'
    const message = isInItem
      ? 'the file ends in the middle of this object'
      : 'the file ends before this value is closed'
    this.fail(isInItem ? this.itemStart : this.valueStart, message)
  }

  private fail(offset: number, message: string): number {
    this.fault ??= { offset, message }
    this.state = 'failed'
    return Number.POSITIVE_INFINITY
  }

  private step(chunk: Uint8Array, at: number): number {
    switch (this.state) {
      case 'top':
        return this.top(chunk, at)
      case 'frame':
        return this.inFrame(chunk, at)
      case 'string':
        return this.inFrameString(chunk, at)
      case 'items':
        return this.inItems(chunk, at)
      case 'item':
        return this.inItem(chunk, at)
      case 'item-string':
        return this.inItemString(chunk, at)
      default:
        return this.inItemWord(chunk, at)
    }
  }

  private top(chunk: Uint8Array, at: number): number {
    const byte = chunk[at]!
    if (isSpace(byte)) return at + 1
    if (byte !== LEFT_BRACE && byte !== LEFT_BRACKET)
      return this.fail(this.base + at, 'expected an object or a list of objects')
    this.valueStart = this.base + at
    this.isArray = byte === LEFT_BRACKET
    this.frame = []
    this.isItemsKey = false
    if (this.isArray) this.startItems()
    else {
      this.state = 'frame'
      this.depth = 1
      this.open[0] = byte
      this.frame.push(byte)
    }
    return at + 1
  }

  private startItems(): void {
    this.state = 'items'
    this.expectsItem = true
    this.isAfterComma = false
  }

  private inFrame(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at]!
      this.frame.push(byte)
      if (byte === DOUBLE_QUOTE) {
        this.state = 'string'
        this.spelt = this.depth === 1 ? 0 : -1
        return at + 1
      }
      if (byte === LEFT_BRACKET && this.depth === 1 && this.isItemsKey) {
        this.startItems()
        return at + 1
      }
      if (byte === LEFT_BRACE || byte === LEFT_BRACKET) {
        if (!this.push(byte, at)) return Number.POSITIVE_INFINITY
      } else if (byte === RIGHT_BRACE || byte === RIGHT_BRACKET) {
        if (!this.pop(byte, at)) return Number.POSITIVE_INFINITY
        if (this.depth === 0) return this.closeValue(at + 1)
      }
      if (byte !== COLON && !isSpace(byte)) this.isItemsKey = false
    }
    return chunk.length
  }

  private inFrameString(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at]!
      this.frame.push(byte)
      if (this.escaped) this.escaped = false
      else if (byte === BACKSLASH) {
        this.escaped = true
        this.spelt = -1
      } else if (byte === DOUBLE_QUOTE) {
        this.isItemsKey = this.spelt === ITEMS.length
        this.state = 'frame'
        return at + 1
      } else if (this.spelt >= 0) this.spelt = byte === ITEMS[this.spelt] ? this.spelt + 1 : -1
    }
    return chunk.length
  }

  private inItems(chunk: Uint8Array, at: number): number {
    const byte = chunk[at]!
    if (isSpace(byte)) return at + 1
    if (byte === RIGHT_BRACKET) {
      if (this.isAfterComma) return this.fail(this.base + at, 'expected an item after `,`')
      if (this.isArray) return this.closeValue(at + 1)
      this.frame.push(byte)
      this.state = 'frame'
      this.isItemsKey = false
      // Items count their own depth; around them the object is open.
      this.depth = 1
      this.open[0] = LEFT_BRACE
      return at + 1
    }
    if (byte === COMMA && !this.expectsItem) {
      this.expectsItem = true
      this.isAfterComma = true
      return at + 1
    }
    if (!this.expectsItem) return this.fail(this.base + at, 'expected `,` or `]` after an item')
    this.itemStart = this.base + at
    this.parts = []
    this.depth = 0
    this.expectsItem = false
    this.isAfterComma = false
    if (byte === DOUBLE_QUOTE) this.state = 'item-string'
    else if (byte === LEFT_BRACE || byte === LEFT_BRACKET) {
      this.state = 'item'
      return at
    } else this.state = 'item-word'
    return at + 1
  }

  private inItem(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte === DOUBLE_QUOTE) {
        // Strings are most of an inventory: this loop is the one that counts.
        let end = at + 1
        while (end < chunk.length) {
          const next = chunk[end]!
          if (next === DOUBLE_QUOTE) break
          end += next === BACKSLASH ? 2 : 1
        }
        if (end >= chunk.length) {
          this.escaped = end > chunk.length
          this.state = 'item-string'
          return chunk.length
        }
        at = end
      } else if (byte === LEFT_BRACE || byte === LEFT_BRACKET) {
        if (!this.push(byte, at)) return Number.POSITIVE_INFINITY
      } else if (byte === RIGHT_BRACE || byte === RIGHT_BRACKET) {
        if (!this.pop(byte, at)) return Number.POSITIVE_INFINITY
        if (this.depth === 0) return this.closeItem(chunk, at + 1)
      }
    }
    return chunk.length
  }

  /** The rest of a string that the last chunk did not end, or a string that is an item itself. */
  private inItemString(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (this.escaped) this.escaped = false
      else if (byte === BACKSLASH) this.escaped = true
      else if (byte === DOUBLE_QUOTE) {
        this.state = 'item'
        return this.depth === 0 ? this.closeItem(chunk, at + 1) : at + 1
      }
    }
    return chunk.length
  }

  private inItemWord(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte === COMMA || byte === RIGHT_BRACKET || isSpace(byte)) return this.closeItem(chunk, at)
    }
    return chunk.length
  }

  private push(byte: number, at: number): boolean {
    if (this.depth >= MAX_DEPTH) {
      this.fail(this.base + at, `nested deeper than ${MAX_DEPTH}`)
      return false
    }
    this.open[this.depth++] = byte
    return true
  }

  /** `]` is two codes after `[`, and `}` after `{`. */
  private pop(byte: number, at: number): boolean {
    if (this.depth > 0 && this.open[this.depth - 1] === byte - 2) {
      this.depth--
      return true
    }
    this.fail(this.base + at, `\`${String.fromCharCode(byte)}\` closes nothing that is open`)
    return false
  }

  private closeItem(chunk: Uint8Array, end: number): number {
    const from = Math.max(0, this.itemStart - this.base)
    const last = chunk.subarray(from, end)
    const bytes = this.parts.length === 0 ? last : joinBytes([...this.parts, last])
    this.parts = []
    this.state = 'items'
    this.handler.item(bytes, { start: this.itemStart, end: this.base + end })
    return end
  }

  private closeValue(end: number): number {
    this.state = 'top'
    const bytes = this.isArray ? undefined : Uint8Array.from(this.frame)
    this.frame = []
    this.handler.value(bytes, { start: this.valueStart, end: this.base + end })
    return end
  }
}

const isSpace = (byte: number): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, it) => sum + it.length, 0))
  let at = 0
  for (const it of parts) {
    whole.set(it, at)
    at += it.length
  }
  return whole
}
