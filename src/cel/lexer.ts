/** Splits the text of an expression into tokens. */
import { DOT, isDigit } from '../text/characters.ts'
import type { Issue } from './issue.ts'
import { encodeUtf8 } from './utf8.ts'
import { Double, toInt, toUint, type Value } from './values.ts'

export type TokenKind = 'ident' | 'quoted' | 'number' | 'text' | 'word' | 'symbol' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** As written; of a quoted identifier without its quotes. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** Of numbers and texts. */
  readonly value?: Value
}

const WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'in'])
const SYMBOLS = ['&&', '||', '==', '!=', '<=', '>=']
const SINGLE = '!<>?:.,+-*/%[]{}()'

/** All tokens, the last of them the end; characters that begin none are issues. */
export function listTokens(source: string, issues: Issue[]): Token[] {
  return new Lexer(source, issues).read()
}

class Lexer {
  private readonly source: string
  private readonly issues: Issue[]
  private readonly tokens: Token[] = []
  private at = 0

  constructor(source: string, issues: Issue[]) {
    this.source = source
    this.issues = issues
  }

  read(): Token[] {
    const { source } = this
    for (;;) {
      this.skipBlanks()
      if (this.at >= source.length) break
      const start = this.at
      const code = source.charCodeAt(start)
      if (isLetter(code)) this.readWord(start)
      else if (isDigit(code) || (code === DOT && isDigit(source.charCodeAt(start + 1))))
        this.readNumber(start)
      else if (code === 34 || code === 39) this.readText(start, start, '')
      else if (code === 96) this.readQuoted(start)
      else this.readSymbol(start)
    }
    this.push('end', source.length)
    return this.tokens
  }

  private push(kind: TokenKind, start: number, value?: Value): void {
    const text = kind === 'end' ? '<EOF>' : this.source.slice(start, this.at)
    this.tokens.push({ kind, text, start, end: this.at, ...(value !== undefined && { value }) })
  }

  private skipBlanks(): void {
    const { source } = this
    for (;;) {
      const code = source.charCodeAt(this.at)
      if (code === 32 || code === 9 || code === 10 || code === 13 || code === 12) this.at++
      else if (code === 47 && source.charCodeAt(this.at + 1) === 47) {
        const newline = source.indexOf('\n', this.at)
        this.at = newline < 0 ? source.length : newline
      } else return
    }
  }

  private readWord(start: number): void {
    const { source } = this
    while (isLetter(source.charCodeAt(this.at)) || isDigit(source.charCodeAt(this.at))) this.at++
    const word = source.slice(start, this.at)
    const next = source[this.at]
    if ((next === '"' || next === "'") && /^(?:[rR]|[bB]|[rR][bB]|[bB][rR])$/.test(word)) {
      this.readText(start, this.at, word.toLowerCase())
      return
    }
    const isLiteral = word === 'null' || word === 'true' || word === 'false'
    if (isLiteral) this.push('word', start, word === 'null' ? null : word === 'true')
    else this.push(WORDS.has(word) ? 'word' : 'ident', start)
  }

  private readQuoted(start: number): void {
    const close = this.source.indexOf('`', start + 1)
    const text = close < 0 ? '' : this.source.slice(start + 1, close)
    if (!/^[\w./ -]+$/.test(text)) {
      this.unknown(start, 1)
      return
    }
    this.at = close + 1
    this.tokens.push({ kind: 'quoted', text, start, end: this.at })
  }

  private readNumber(start: number): void {
    const pattern = /0x[0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+[uU]?/y
    pattern.lastIndex = start
    const text = pattern.exec(this.source)![0]
    this.at = start + text.length
    const isHex = text.startsWith('0x')
    if (!isHex && /[.eE]/.test(text)) {
      this.push('number', start, this.toDouble(text, start))
      return
    }
    const isUnsigned = /[uU]$/.test(text)
    const digits = BigInt(isUnsigned ? text.slice(0, -1) : text)
    // The parser judges the range of ints, since a minus may stand in front.
    const value = isUnsigned ? toUint(digits) : (toInt(digits) ?? digits)
    if (value === undefined) this.issues.push({ at: start, message: 'invalid uint literal' })
    this.push('number', start, value ?? 0)
  }

  private toDouble(text: string, start: number): Double {
    const value = Number(text)
    if (!Number.isFinite(value)) this.issues.push({ at: start, message: 'invalid double literal' })
    return new Double(value)
  }

  private readSymbol(start: number): void {
    const two = this.source.slice(start, start + 2)
    if (SYMBOLS.includes(two)) this.at = start + 2
    else if (SINGLE.includes(this.source[start]!)) this.at = start + 1
    else {
      const code = this.source.codePointAt(start)!
      // Of an operator that misses its other half the lexer has read on.
      const isHalf = '=&|'.includes(this.source[start]!) && start + 1 < this.source.length
      this.unknown(start, code > 0xffff || isHalf ? 2 : 1)
      return
    }
    this.push('symbol', start)
  }

  private unknown(start: number, length: number): void {
    this.at = start + length
    const text = this.source
      .slice(start, this.at)
      .replaceAll('\n', '\\n')
      .replaceAll('\t', '\\t')
      .replaceAll('\r', '\\r')
    this.issues.push({ at: start, message: `Syntax error: token recognition error at: '${text}'` })
  }

  private readText(start: number, open: number, prefix: string): void {
    const { source } = this
    const quote = source[open]!
    const fence = source.startsWith(quote.repeat(3), open) ? quote.repeat(3) : quote
    const isRaw = prefix.includes('r')
    let at = open + fence.length
    for (; ; at++) {
      const isOpen =
        at >= source.length || (fence.length === 1 && (source[at] === '\n' || source[at] === '\r'))
      if (isOpen && open > start) {
        // What was to be a prefix is a name of its own.
        this.at = open
        this.push('ident', start)
        return
      }
      if (isOpen && fence.length === 3) {
        this.at = start + 2
        this.push('text', start, '')
        return
      }
      if (isOpen) {
        this.at = at
        const text = source.slice(start, at).replaceAll('\n', '\\n')
        this.issues.push({ at: start, message: `Syntax error: token recognition error at: '${text}'` })
        return
      }
      if (source.startsWith(fence, at)) break
      if (source[at] === '\\' && !isRaw) at++
    }
    this.at = at + fence.length
    const raw = source.slice(open + fence.length, at).replaceAll(/\r\n?/g, '\n')
    const isBytes = prefix.includes('b')
    const value = isRaw ? (isBytes ? encodeUtf8(raw) : raw) : decodeEscapes(raw, isBytes)
    if (value === undefined)
      this.issues.push({
        at: start,
        message: `Syntax error: token recognition error at: '${source.slice(start, this.at)}'`,
      })
    this.push('text', start, value ?? '')
  }
}

const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95

const SIMPLE: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 92],
  ['?', 63],
  ['"', 34],
  ["'", 39],
  ['`', 96],
])

const ESCAPE =
  /\\(?:([abfnrtv\\?"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/y

/** Undefined when an escape is malformed. */
function decodeEscapes(raw: string, isBytes: boolean): string | Uint8Array | undefined {
  const parts: (string | number)[] = []
  for (let at = 0; at < raw.length; ) {
    if (raw[at] !== '\\') {
      const next = raw.indexOf('\\', at)
      const end = next < 0 ? raw.length : next
      parts.push(raw.slice(at, end))
      at = end
      continue
    }
    ESCAPE.lastIndex = at
    const match = ESCAPE.exec(raw)
    if (!match) return undefined
    const [whole, letter, hex, short, long, octal] = match
    at += whole.length
    const isByte = hex !== undefined || octal !== undefined
    const code =
      letter !== undefined
        ? SIMPLE.get(letter)!
        : Number.parseInt((hex ?? short ?? long ?? octal)!, octal === undefined ? 16 : 8)
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined
    if (isBytes && !isByte && letter === undefined) return undefined
    if (isBytes && isByte) parts.push(code)
    else parts.push(String.fromCodePoint(code))
  }
  if (!isBytes) return parts.join('')
  return Uint8Array.from(parts.flatMap(it => (typeof it === 'number' ? [it] : [...encodeUtf8(it)])))
}
