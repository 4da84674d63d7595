/**
 * toYaml: what sigs.k8s.io/yaml makes of a value (JSON, read as YAML 1.1, written by go-yaml v2), byte for byte.
 * Every key and scalar gets the origin of its slot.
 */
import { isDigit } from '../../text/characters.ts'
import { derive } from '../template/derivation.ts'
import { GoError } from '../template/errors.ts'
import { formatFloat, MAX_UINT64, MIN_INT64 } from '../template/number.ts'
import type { DerivedOrigin, Origin, Piece } from '../template/origin.ts'
import type { Segment, Text } from '../template/text.ts'
import { dict, isDict, isList, isText, MAX_DEPTH, type Value } from '../template/value.ts'
import { encodeBase64 } from './encoding.ts'
import { type Column, writeSimple, writeString } from './yaml-scalars.ts'

export interface YamlStyle {
  /** go-yaml v3 indents sequences below their key, v2 does not. */
  readonly indentsSequences: boolean
  /** Column behind which lines fold at the next blank. */
  readonly width: number
  /** Values go through JSON, which makes integers of floats, or are written as they are. */
  readonly isFromJson: boolean
}
export const V2: YamlStyle = { indentsSequences: false, width: 80, isFromJson: true }
export const V3: YamlStyle = { indentsSequences: true, width: Number.POSITIVE_INFINITY, isFromJson: false }

/** The document without its last line break. `pieceFor` makes the piece of a slot. */
export function emitYaml(
  value: Value,
  style: YamlStyle,
  pieceFor: (origin: Origin | undefined) => Piece,
): Text {
  const emitter = new Emitter(style, pieceFor)
  emitter.root(value)
  return emitter.build()
}

class Emitter implements Column {
  text = ''
  column = 0
  private readonly style: YamlStyle
  private readonly pieceFor: (origin: Origin | undefined) => Piece
  private readonly segments: Segment[] = []
  private readonly own: Piece
  /** Neighbours of one origin are one piece. */
  private lastOrigin: Origin | undefined
  private lastPiece: Piece

  constructor(style: YamlStyle, pieceFor: (origin: Origin | undefined) => Piece) {
    this.style = style
    this.pieceFor = pieceFor
    this.own = pieceFor(undefined)
    this.lastPiece = this.own
  }

  build(): Text {
    const text = this.text.endsWith('\n') ? this.text.slice(0, -1) : this.text
    return { tag: 'text', text, segments: text === '' ? [] : this.segments }
  }

  root(value: Value): void {
    this.mark(undefined, undefined)
    this.node(value, -2, 'root', 0)
  }

  /** From here on the text is made by a slot: of its own text when the value is one, else by its origin. */
  private mark(origin: Origin | undefined, value: Value): void {
    const at = this.text.length
    let piece = this.pieceOf(origin)
    if (isText(value) && value.segments.length > 0) {
      const { piece: first } = value.segments[0]!
      piece = {
        ...first,
        literal: false,
        derived: derive(derive(piece.derived, value), origin) as DerivedOrigin,
      }
    }
    const last = this.segments.at(-1)
    if (last?.piece === piece) return
    if (last?.at === at) this.segments.pop()
    this.segments.push({ at, pad: 0, offset: -1, piece })
  }

  private pieceOf(origin: Origin | undefined): Piece {
    if (origin === undefined) return this.own
    if (origin !== this.lastOrigin) {
      this.lastOrigin = origin
      this.lastPiece = this.pieceFor(origin)
    }
    return this.lastPiece
  }

  private put(text: string): void {
    this.text += text
    this.column += text.length
  }

  private newLine(indent: number): void {
    if (this.column > 0 || !this.text.endsWith('\n')) this.text += '\n'
    if (indent > 0) this.text += blanks(indent)
    this.column = indent
  }

  /** `indent` is that of the collection around. */
  private node(value: Value, indent: number, place: 'root' | 'entry' | 'item', depth: number): void {
    if (depth > MAX_DEPTH) throw new GoError('value is nested too deeply')
    const plain = normalize(value)
    if (isDict(plain) && plain.entries.size > 0) this.mapping(plain, indent, place, depth)
    else if (isList(plain) && plain.items.length > 0) this.sequence(plain, indent, place, depth)
    else {
      if (place === 'entry') this.put(' ')
      this.scalar(plain, Math.max(indent, 0))
    }
  }

  private scalar(value: Value, indent: number): void {
    if (value === null || value === undefined) this.put('null')
    else if (typeof value === 'boolean') this.put(String(value))
    else if (typeof value === 'number')
      this.put(this.style.isFromJson ? formatJsonNumber(value) : formatNumber(value))
    else if (typeof value === 'string') this.string(value, indent, 'value')
    else
      switch (value.tag) {
        case 'text':
          this.string(value.text, indent, 'value')
          break
        case 'int':
          this.put(String(value.value))
          break
        case 'dict':
          this.put(value.isNil ? 'null' : '{}')
          break
        case 'list':
          this.put(value.isNil ? 'null' : '[]')
          break
      }
  }

  private string(text: string, indent: number, role: 'key' | 'value'): void {
    if (writeSimple(this, text)) return
    if (UNREADABLE.test(text)) throw new GoError('yaml: control characters are not allowed')
    const read = text.includes('\u0085') ? text.replaceAll('\u0085', ' ') : text
    const valid = LONE_SURROGATE.test(read) ? read.replace(LONE_SURROGATES, '\ufffd') : read
    writeString(this, valid, { indent: indent + 2, isKey: role === 'key', width: this.style.width })
  }

  private mapping(
    value: Extract<Value, { tag: 'dict' }>,
    outer: number,
    place: 'root' | 'entry' | 'item',
    depth: number,
  ): void {
    const indent = outer + 2
    let first = place !== 'entry'
    const keys = [...value.entries.keys()]
    if (keys.length > 1) keys.sort(compareKeys)
    for (const key of keys) {
      if (!first) this.newLine(indent)
      first = false
      const item = value.entries.get(key)
      this.mark(value.origins.get(key), item)
      const long = key.length > 128 || /[\n\r\u2028\u2029]/.test(key)
      if (long) this.put('? ')
      this.string(key, indent, long ? 'value' : 'key')
      if (long) this.newLine(indent)
      this.put(long ? ': ' : ':')
      this.node(item, indent, long ? 'item' : 'entry', depth + 1)
    }
  }

  private sequence(
    value: Extract<Value, { tag: 'list' }>,
    outer: number,
    place: 'root' | 'entry' | 'item',
    depth: number,
  ): void {
    const indent = place === 'entry' && !this.style.indentsSequences ? outer : outer + 2
    let first = place !== 'entry'
    value.items.forEach((item, i) => {
      if (!first) this.newLine(indent)
      first = false
      this.mark(value.origins?.[i], item)
      this.put('- ')
      this.node(item, indent, 'item', depth + 1)
    })
  }
}

/** The document of a value whose origin nobody asks for. */
export const formatYaml = (value: Value): string => emitYaml(value, V2, () => NOWHERE).text

const NOWHERE: Piece = {
  template: { name: '', text: '', file: undefined, made: undefined },
  span: { start: 0, end: 0 },
  frame: { parent: undefined, name: '', call: undefined },
  literal: false,
  value: undefined,
  derived: undefined,
  guard: undefined,
  unstable: false,
}

/** JSON leaves these as they are, and the YAML reader refuses them. */
const UNREADABLE = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/
const LONE_SURROGATE = /\p{Cs}/u
const LONE_SURROGATES = /\p{Cs}/gu

/** What JSON makes of bytes and structs. */
function normalize(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  if (value.tag === 'bytes') return encodeBase64(value.bytes)
  if (value.tag !== 'struct') return value
  return value.json ? normalize(value.json()) : dict(new Map(value.fields))
}

/** A float, read back from JSON: an integer when it is one of 64 bits, else in its shortest form. */
function formatJsonNumber(value: number): string {
  if (!Number.isFinite(value)) throw new GoError('json: unsupported value')
  const text = Object.is(value, -0) ? '-0' : String(value)
  if (/^-?[0-9]+$/.test(text)) {
    const integer = BigInt(text)
    if (text !== '-0' && integer >= MIN_INT64 && integer <= MAX_UINT64) return text
    if (text === '-0') return '0'
  }
  return formatFloat(value)
}

function formatNumber(value: number): string {
  if (Number.isFinite(value)) return formatFloat(value)
  return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf'
}

const BLANKS = Array.from({ length: 64 }, (_, count) => ' '.repeat(count))
const blanks = (count: number): string => BLANKS[count] ?? ' '.repeat(count)

const isLetter = (rune: string): boolean => /\p{L}/u.test(rune)
const isAsciiLetter = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a)

/** go-yaml's order of keys (keyList.Less): letters after everything else, digits by the number they make. */
function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  let i = 0
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++
  if (i === length) return a.length - b.length
  const unitA = a.charCodeAt(i)
  const unitB = b.charCodeAt(i)
  // Most keys are words.
  if (isAsciiLetter(unitA) && isAsciiLetter(unitB)) return unitA - unitB
  const left = String.fromCodePoint(a.codePointAt(i)!)
  const right = String.fromCodePoint(b.codePointAt(i)!)
  const letterA = isLetter(left)
  const letterB = isLetter(right)
  if (letterA && letterB) return left.codePointAt(0)! - right.codePointAt(0)!
  if (letterA || letterB) return letterB ? -1 : 1
  return compareDigits(a, b, i) || left.codePointAt(0)! - right.codePointAt(0)!
}

function compareDigits(a: string, b: string, at: number): number {
  let start = 0
  if (a[at] === '0' || b[at] === '0')
    for (let j = at - 1; j >= 0 && isDigit(a.charCodeAt(j)); j--)
      if (a[j] !== '0') {
        start = 1
        break
      }
  const left = readNumber(a, at, start)
  const right = readNumber(b, at, start)
  if (left.value !== right.value) return left.value < right.value ? -1 : 1
  return left.end - right.end
}

function readNumber(text: string, start: number, first: number): { value: bigint; end: number } {
  let end = start
  while (isDigit(text.charCodeAt(end))) end++
  return { value: BigInt.asIntN(64, BigInt(`${first}${text.slice(start, end)}`)), end }
}
