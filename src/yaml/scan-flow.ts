/** The part of the fast producer that reads keys, quoted texts and flow collections (`[…]`, `{…}`). */
import {
  BACKSLASH,
  COLON,
  COMMA,
  CR,
  DASH,
  DOT,
  DOUBLE_QUOTE,
  HASH,
  isBlank,
  LEFT_BRACE,
  LEFT_BRACKET,
  LF,
  NUL,
  PLUS,
  QUESTION,
  RIGHT_BRACE,
  RIGHT_BRACKET,
  SINGLE_QUOTE,
} from '../text/characters.ts'
import { ESCAPE, FIRST, FLOW_END, GAP, hexDigit, NON_ASCII, TEXT, toBytes, VERBATIM } from './bytes.ts'
import { hashBytes, internBytes, internKey, plainMeaning } from './keys.ts'
import { NodeWriter } from './node-writer.ts'
import {
  DOUBLE_QUOTED,
  EMPTY,
  END,
  ESCAPED,
  FLOW,
  KIND_MASK,
  MAP,
  MULTILINE,
  PLAIN,
  SEQ,
  SINGLE_QUOTED,
  START,
} from './table.ts'

const MERGE_KEY = internKey('<<')

/** Deeper documents go to the other producer, which has a bound of its own. */
export const MAX_DEPTH = 200
/** go-yaml looks no further than 1024 characters for the colon of a key. */
const MAX_KEY = 1000

/** Thrown to leave a document; caught by `scan`. */
export const DECLINED = new Error('The scanner declines this document')

export class FlowScanner extends NodeWriter {
  protected text = ''
  protected bytes = new Uint8Array(1 << 16)
  protected length = 0
  protected at = 0
  protected lineStart = 0
  protected depth = 0

  /** Sets the text; `scan` then reads it document by document. */
  load(text: string): void {
    this.text = text
    this.length = text.length
    this.bytes = toBytes(text, this.bytes)
  }

  protected decline(): never {
    throw DECLINED
  }

  /** `---` at the start of a line ends a document for kubectl, whatever follows; `...` only as a word. */
  protected isMarker(at: number): boolean {
    const { bytes } = this
    const byte = bytes[at]
    if ((byte !== DASH && byte !== DOT) || bytes[at + 1] !== byte || bytes[at + 2] !== byte) return false
    return byte === DASH || GAP[bytes[at + 3]!] === 1
  }

  protected endOfComment(from: number): number {
    const { bytes } = this
    let at = from
    for (;;) {
      const byte = bytes[at]!
      const kind = VERBATIM[byte]
      if (kind === 0) at++
      else if (byte === LF || (byte === NUL && at >= this.length)) return at
      else if (kind === 2 || byte === NUL) this.decline()
      else if (byte === CR && bytes[at + 1] !== LF) this.decline()
      else at++
    }
  }

  protected addPlainKey(start: number, end: number, written: number): void {
    const meaning = plainMeaning(written)
    // Refused keys and merge keys are for the other producer.
    if (meaning === 0 || written === MERGE_KEY || end - start > MAX_KEY) this.decline()
    this.addNode(PLAIN, start, end, meaning)
  }

  protected keyOf(start: number, end: number, hash: number, units: number): number {
    if (units < NON_ASCII) return internBytes(this.bytes, start, end, hash)
    return internKey(this.text.slice(start, end))
  }

  /** Gives a quoted node the id of its text. */
  protected nameQuoted(key: number): void {
    const kind = this.nodes[key]!
    const start = this.nodes[key + START]! + 1
    const end = this.nodes[key + END]! - 1
    if ((kind & (MULTILINE | ESCAPED)) !== 0 || end - start > MAX_KEY) this.decline()
    const { bytes } = this
    let units = 0
    for (let at = start; at < end; at++) units |= bytes[at]!
    this.setAux(key, this.keyOf(start, end, hashBytes(bytes, start, end), units))
  }

  /** `.inf` and `.nan` have no JSON, so kubectl refuses them. */
  protected mayBeInfinite(start: number): boolean {
    const { bytes } = this
    const first = bytes[start]!
    const sign = first === PLUS || first === DASH ? 1 : 0
    if (bytes[start + sign] !== DOT) return false
    const letter = bytes[start + sign + 1]! | 32
    return letter === 105 || letter === 110
  }

  /** Writes a quoted text and stops behind its closing quote. */
  protected quoted(quote: number): number {
    const { bytes } = this
    const start = this.at
    let kind = quote === DOUBLE_QUOTE ? DOUBLE_QUOTED : SINGLE_QUOTED
    let at = start + 1
    for (;;) {
      let byte = bytes[at]!
      while (VERBATIM[byte] === 0) byte = bytes[++at]!
      if (byte === quote) {
        if (quote === DOUBLE_QUOTE || bytes[at + 1] !== SINGLE_QUOTE) break
        kind |= ESCAPED
        at += 2
      } else if (byte === BACKSLASH && quote === DOUBLE_QUOTE) {
        kind |= ESCAPED
        at = this.skipEscape(at)
      } else if (byte === LF) {
        kind |= MULTILINE
        at++
        if (this.isMarker(at)) this.decline()
        this.lineStart = at
      } else if (VERBATIM[byte] === 2 || byte === NUL || (byte === CR && bytes[at + 1] !== LF)) this.decline()
      else at++
    }
    this.at = at + 1
    return this.addNode(kind, start, at + 1, 0)
  }

  /** An escaped line break keeps its break for the loop that counts lines. */
  protected skipEscape(at: number): number {
    const { bytes } = this
    const letter = bytes[at + 1]!
    if (letter === LF || letter === CR) return at + 1
    const digits = ESCAPE[letter]! - 1
    if (digits < 0) this.decline()
    let code = 0
    for (let i = 0; i < digits; i++) {
      const digit = hexDigit(bytes[at + 2 + i]!)
      if (digit < 0) this.decline()
      code = code * 16 + digit
    }
    // go-yaml refuses surrogates, which JSON uses in pairs.
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) this.decline()
    return at + 2 + digits
  }

  /** Blanks, line breaks and comments inside a flow collection; gives the byte that follows. */
  protected flowGap(): number {
    const { bytes } = this
    let at = this.at
    for (;;) {
      const byte = bytes[at]!
      if (isBlank(byte)) at++
      else if (byte === LF) {
        at++
        if (this.isMarker(at)) this.decline()
        this.lineStart = at
      } else if (byte === CR && bytes[at + 1] === LF) at++
      else if (byte === HASH && GAP[bytes[at - 1]!] === 1) at = this.endOfComment(at)
      else {
        this.at = at
        return byte
      }
    }
  }

  /** Writes `[…]` or `{…}` and stops behind the closing bracket. Indentation does not count inside. */
  protected flowCollection(): void {
    if (++this.depth > MAX_DEPTH) this.decline()
    const isMap = this.bytes[this.at] === LEFT_BRACE
    const close = isMap ? RIGHT_BRACE : RIGHT_BRACKET
    const collection = this.addNode((isMap ? MAP : SEQ) | FLOW, this.at, 0, 0)
    let size = 0
    this.at++
    for (;;) {
      let byte = this.flowGap()
      if (byte === close) break
      size++
      if (isMap) byte = this.flowEntry(byte)
      else {
        this.flowNode(byte)
        byte = this.flowGap()
      }
      if (byte === close) break
      if (byte !== COMMA) this.decline()
      this.at++
    }
    this.at++
    this.depth--
    this.closeNode(collection, this.at, size)
    if (isMap && size > 1) this.checkKeys(collection)
  }

  /** A key and its value, if it has one; gives the byte that follows. */
  protected flowEntry(first: number): number {
    const { bytes } = this
    const key = this.top
    const line = this.lineStart
    this.flowNode(first)
    const kind = this.nodes[key]! & KIND_MASK
    const start = this.nodes[key + START]!
    const end = this.nodes[key + END]!
    if (kind === MAP || kind === SEQ || this.nodes[key]! & MULTILINE) this.decline()
    if (kind === PLAIN) {
      this.top = key
      let units = 0
      for (let at = start; at < end; at++) units |= bytes[at]!
      this.addPlainKey(start, end, this.keyOf(start, end, hashBytes(bytes, start, end), units))
    } else this.nameQuoted(key)
    let byte = this.flowGap()
    if (byte !== COLON) {
      this.addNode(EMPTY, end, end, 0)
      return byte
    }
    // A key of a pair stands on one line with its colon.
    if (this.lineStart !== line) this.decline()
    const colon = ++this.at
    byte = this.flowGap()
    if (byte === COMMA || byte === RIGHT_BRACE) this.addNode(EMPTY, colon, colon, 0)
    else {
      // `{a:1}` is one text; only a quoted key may do without the blank.
      if (this.at === colon && kind === PLAIN) this.decline()
      this.flowNode(byte)
      byte = this.flowGap()
    }
    return byte
  }

  protected flowNode(first: number): void {
    if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) this.quoted(first)
    else if (first === LEFT_BRACKET || first === LEFT_BRACE) this.flowCollection()
    else this.flowPlain(first)
  }

  /** An unquoted text inside a flow collection. */
  protected flowPlain(first: number): void {
    const { bytes } = this
    const start = this.at
    if (FIRST[first] !== 0 && (first !== DASH || GAP[bytes[start + 1]!] === 1)) this.decline()
    if (this.mayBeInfinite(start)) this.decline()
    let kind = PLAIN
    for (;;) {
      const stop = this.flowWords(this.at)
      let end = stop
      while (isBlank(bytes[end - 1]!)) end--
      this.at = stop
      const byte = bytes[stop]!
      if (byte === LEFT_BRACKET || byte === LEFT_BRACE) this.decline()
      const next = byte === LF || byte === CR || byte === HASH ? this.flowGap() : byte
      if (next === COMMA || next === RIGHT_BRACKET || next === RIGHT_BRACE || byte === COLON) {
        this.addNode(kind, start, end, 0)
        return
      }
      // The text goes on in the next line; not behind a comment, and not as a key.
      if (byte === HASH || next === COLON || next === HASH || next === NUL || next === CR) this.decline()
      kind |= MULTILINE
    }
  }

  /** The end of the unquoted words on a line. */
  private flowWords(from: number): number {
    const { bytes } = this
    for (let at = from; ; at++) {
      const byte = bytes[at]!
      if (TEXT[byte] === 0 && FLOW_END[byte] === 0 && byte !== QUESTION) continue
      switch (byte) {
        case COLON:
          if (GAP[bytes[at + 1]!] === 1) return at
          // Other readers of YAML end the key here, go-yaml goes on.
          if (FLOW_END[bytes[at + 1]!] === 1) this.decline()
          break
        case HASH:
          if (isBlank(bytes[at - 1]!)) return at
          break
        case QUESTION:
          // go-yaml ends the text here, other readers go on.
          this.decline()
          break
        case LF:
        case CR:
          return at
        default:
          if (FLOW_END[byte] === 0) this.decline()
          return at
      }
    }
  }
}
