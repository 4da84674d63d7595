/**
 * JSON into the node table, as kubectl's JSON decoder reads it: `\/` and surrogate pairs, which YAML refuses, and
 * several values without `---` between them. What is no JSON is YAML to kubectl, so this scanner just declines.
 */
import {
  BACKSLASH,
  COLON,
  COMMA,
  CR,
  DASH,
  DOUBLE_QUOTE,
  LEFT_BRACE,
  LEFT_BRACKET,
  LF,
  RIGHT_BRACE,
  RIGHT_BRACKET,
  SPACE,
  TAB,
} from '../text/characters.ts'
import { hexDigit } from './bytes.ts'
import type { Scanned } from './scan.ts'
import { DECLINED, FlowScanner, MAX_DEPTH } from './scan-flow.ts'
import { DOUBLE_QUOTED, ESCAPED, FLOW, MAP, PLAIN, SEQ } from './table.ts'

export class JsonScanner extends FlowScanner {
  /** Reads the object that begins at an offset; undefined when it is no JSON. */
  scan(start: number): Scanned | undefined {
    this.at = start
    this.top = 0
    this.depth = 0
    this.problems = []
    try {
      this.value(this.skipSpace())
      return { nodes: this.takeNodes(), problems: this.problems, end: this.at }
    } catch (error) {
      if (error !== DECLINED) throw error
      return undefined
    }
  }

  private skipSpace(): number {
    const { bytes } = this
    for (;;) {
      const byte = bytes[this.at]!
      if (byte !== SPACE && byte !== LF && byte !== CR && byte !== TAB) return byte
      this.at++
    }
  }

  private value(first: number): void {
    if (first === DOUBLE_QUOTE) this.string()
    else if (first === LEFT_BRACE || first === LEFT_BRACKET) this.collection(first)
    else this.word(first)
  }

  private collection(open: number): void {
    if (++this.depth > MAX_DEPTH) this.decline()
    const isMap = open === LEFT_BRACE
    const close = isMap ? RIGHT_BRACE : RIGHT_BRACKET
    const node = this.addNode((isMap ? MAP : SEQ) | FLOW, this.at++, 0, 0)
    let size = 0
    let byte = this.skipSpace()
    while (byte !== close) {
      if (isMap) byte = this.key(byte)
      this.value(byte)
      size++
      byte = this.skipSpace()
      if (byte === close) break
      if (byte !== COMMA) this.decline()
      this.at++
      byte = this.skipSpace()
      if (byte === close) this.decline()
    }
    this.at++
    this.depth--
    this.closeNode(node, this.at, size)
    if (isMap && size > 1) this.checkKeys(node)
  }

  /** A key with its colon; gives the first byte of the value. */
  private key(first: number): number {
    if (first !== DOUBLE_QUOTE) this.decline()
    this.nameQuoted(this.string())
    if (this.skipSpace() !== COLON) this.decline()
    this.at++
    return this.skipSpace()
  }

  private string(): number {
    const { bytes } = this
    const start = this.at
    let kind = DOUBLE_QUOTED
    let at = start + 1
    for (;;) {
      const byte = bytes[at]!
      if (byte === DOUBLE_QUOTE) break
      if (byte < SPACE) this.decline()
      if (byte === BACKSLASH) {
        kind |= ESCAPED
        at = this.skipJsonEscape(at)
      } else at++
    }
    this.at = at + 1
    return this.addNode(kind, start, at + 1, 0)
  }

  private skipJsonEscape(at: number): number {
    const { bytes } = this
    const letter = bytes[at + 1]!
    if (JSON_ESCAPE[letter] === 0) this.decline()
    if (letter !== LETTER_U) return at + 2
    for (let i = 2; i < 6; i++) if (hexDigit(bytes[at + i]!) < 0) this.decline()
    return at + 6
  }

  /** Numbers, true, false and null. */
  private word(first: number): void {
    const { bytes } = this
    const start = this.at
    let at = start
    while (WORD[bytes[at]!] === 1) at++
    if (at - start > MAX_WORD) this.decline()
    const text = this.text.slice(start, at)
    const isNumber = first === DASH || (first >= 48 && first <= 57)
    if (!(isNumber ? JSON_NUMBER.test(text) : JSON_WORD.test(text))) this.decline()
    this.at = at
    this.addNode(PLAIN, start, at, 0)
  }
}

const LETTER_U = 117
const MAX_WORD = 400

const JSON_ESCAPE = new Uint8Array(256)
for (const char of '"\\/bfnrtu') JSON_ESCAPE[char.charCodeAt(0)] = 1

const WORD = new Uint8Array(256)
for (const char of '0123456789+-.eEtrufalsn') WORD[char.charCodeAt(0)] = 1

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/
const JSON_WORD = /^(?:true|false|null)$/
