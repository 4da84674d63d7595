/** Tokens of YAML as go-yaml v2 (libyaml; MIT and Apache-2.0) takes them from a text, with the errors that it finds on the way. */

import { isBlank } from '../../text/characters.ts'
import { readDirective } from './directive.ts'

export type TokenKind =
  | 'stream-end'
  | 'version-directive'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence'
  | 'block-mapping'
  | 'block-end'
  | 'flow-sequence'
  | 'flow-sequence-end'
  | 'flow-mapping'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'

export interface Token {
  readonly kind: TokenKind
  /** From 0. */
  readonly line: number
  /** Names of anchors, handles of tags, versions, scalars in one line; nothing for others. */
  readonly value: string
  /** What stands behind the handle of a tag, or what the handle stands for. */
  readonly suffix: string
  readonly isPlain: boolean
}

/** The first error of a text; `message` has the line where go-yaml says one. */
export class GoYamlError extends Error {}

/** Lines are from 0; go-yaml leaves out those that are 0, and takes the scanner's for one less than they are. */
export function fail(problem: string, line: number, context = 0): never {
  const told = line || context
  throw new GoYamlError(told === 0 ? problem : `line ${told}: ${problem}`)
}

interface SimpleKey {
  possible: boolean
  required: boolean
  token: number
  at: number
  line: number
  column: number
}

const BYTE_ORDER_MARK = 0xfeff
const MOST_LEVELS = 10_000
const NO_KEY: Readonly<SimpleKey> = {
  possible: false,
  required: false,
  token: 0,
  at: 0,
  line: 0,
  column: 0,
}

export class GoYamlScanner {
  private readonly text: string
  /** Where the reader meets a character that it refuses: it reads a block at a time. */
  private readonly refused: number
  private at = 0
  private line = 0
  private column = 0
  private flow = 0
  private indent = -1
  private readonly indents: number[] = []
  private readonly keys: SimpleKey[] = [{ ...NO_KEY }]
  private readonly keyOfToken = new Map<number, number>()
  private isKeyAllowed = true
  private tokens: Token[] = []
  private head = 0
  /** Tokens that were taken, the start of the stream among them. */
  private taken = 1

  constructor(text: string) {
    this.text = text
    this.at = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
    this.refused = findRefused(text)
  }

  peek(): Token {
    for (;;) {
      if (this.head < this.tokens.length) {
        const key = this.keyOfToken.get(this.taken)
        if (key === undefined || !this.keys[key] || !this.isValidKey(this.keys[key])) break
      }
      this.fetchToken()
    }
    return this.tokens[this.head]!
  }

  skip(): void {
    this.taken++
    this.head++
    if (this.head < 64) return
    this.tokens = this.tokens.slice(this.head)
    this.head = 0
  }

  private code(offset = 0): number {
    const at = this.at + offset
    return at < this.text.length ? this.text.charCodeAt(at) : 0
  }

  private char(): string {
    return this.text[this.at] ?? '\0'
  }

  private next(count = 1): void {
    this.at += count
    this.column += count
  }

  private nextLine(): void {
    this.at += this.code() === 13 && this.code(1) === 10 ? 2 : 1
    this.column = 0
    this.line++
  }

  private fail(problem: string, context: number): never {
    fail(problem, this.line && this.line + 1, context)
  }

  private add(kind: TokenKind, line: number, value = '', suffix = ''): void {
    this.tokens.push({ kind, line, value, suffix, isPlain: false })
  }

  /** `number` counts all tokens of the text; -1 stands for the end. */
  private insert(kind: TokenKind, line: number, number: number): void {
    const token = { kind, line, value: '', suffix: '', isPlain: false }
    if (number < 0) this.tokens.push(token)
    else this.tokens.splice(this.head + number - this.taken, 0, token)
  }

  private fetchToken(): void {
    this.skipBlanks()
    if (this.at >= this.refused) throw new GoYamlError('control characters are not allowed')
    this.unroll(this.column)
    const char = this.char()
    const isApart = this.flow > 0 || isBlankOrEnd(this.code(1))
    if (this.code() === 0) this.fetchEnd()
    else if (this.column === 0 && char === '%') this.fetchDirective()
    else if (this.isIndicator('---')) this.fetchDocumentIndicator('document-start')
    else if (this.isIndicator('...')) this.fetchDocumentIndicator('document-end')
    else if (char === '[') this.fetchFlowStart('flow-sequence')
    else if (char === '{') this.fetchFlowStart('flow-mapping')
    else if (char === ']') this.fetchFlowEnd('flow-sequence-end')
    else if (char === '}') this.fetchFlowEnd('flow-mapping-end')
    else if (char === ',') this.fetchFlowEntry()
    else if (char === '-' && isBlankOrEnd(this.code(1))) this.fetchBlockEntry()
    else if (char === '?' && isApart) this.fetchKey()
    else if (char === ':' && isApart) this.fetchValue()
    else if (char === '*') this.fetchAnchor('alias')
    else if (char === '&') this.fetchAnchor('anchor')
    else if (char === '!') this.fetchTag()
    else if ((char === '|' || char === '>') && this.flow === 0) this.fetchBlockScalar()
    else if (char === "'" || char === '"') this.fetchQuoted(char)
    else if (this.startsPlain(char)) this.fetchPlain()
    else this.fail('found character that cannot start any token', this.line)
  }

  private startsPlain(char: string): boolean {
    if (char === '-') return !isBlank(this.code(1))
    if (char === '?' || char === ':') return this.flow === 0
    return !',[]{}#&*!|>\'"%@`\t'.includes(char)
  }

  private isIndicator(mark: '---' | '...'): boolean {
    return this.column === 0 && this.text.startsWith(mark, this.at) && isBlankOrEnd(this.code(3))
  }

  private skipBlanks(): void {
    for (;;) {
      while (this.code() === 32 || ((this.flow > 0 || !this.isKeyAllowed) && this.code() === 9)) this.next()
      if (this.char() === '#') this.skipRest()
      if (!isBreak(this.code())) return
      this.nextLine()
      if (this.flow === 0) this.isKeyAllowed = true
    }
  }

  private skipRest(): void {
    while (!isBreakOrEnd(this.code())) this.next()
  }

  private isValidKey(key: SimpleKey): boolean {
    if (!key.possible) return false
    if (key.line >= this.line && key.at + 1024 >= this.at) return true
    if (key.required) this.fail("could not find expected ':'", key.line)
    key.possible = false
    return false
  }

  private saveKey(): void {
    if (!this.isKeyAllowed) return
    this.removeKey()
    const token = this.taken + this.tokens.length - this.head
    const required = this.flow === 0 && this.indent === this.column
    const { at, line, column } = this
    this.keys[this.keys.length - 1] = { possible: true, required, token, at, line, column }
    this.keyOfToken.set(token, this.keys.length - 1)
  }

  private removeKey(): void {
    const key = this.keys.at(-1)!
    if (!key.possible) return
    if (key.required) this.fail("could not find expected ':'", key.line)
    key.possible = false
    this.keyOfToken.delete(key.token)
  }

  private roll(column: number, number: number, kind: TokenKind, line: number): void {
    if (this.flow > 0 || this.indent >= column) return
    this.indents.push(this.indent)
    this.indent = column
    if (this.indents.length > MOST_LEVELS)
      this.fail(`exceeded max depth of ${MOST_LEVELS}`, this.keys.at(-1)!.line)
    this.insert(kind, line, number)
  }

  private unroll(column: number): void {
    if (this.flow > 0) return
    while (this.indent > column) {
      this.add('block-end', this.line)
      this.indent = this.indents.pop()!
    }
  }

  private fetchEnd(): void {
    if (this.column !== 0) {
      this.column = 0
      this.line++
    }
    this.unroll(-1)
    this.removeKey()
    this.isKeyAllowed = false
    this.add('stream-end', this.line)
  }

  private fetchDocumentIndicator(kind: TokenKind): void {
    this.unroll(-1)
    this.removeKey()
    this.isKeyAllowed = false
    this.add(kind, this.line)
    this.next(3)
  }

  private fetchFlowStart(kind: TokenKind): void {
    this.saveKey()
    // What stands in an empty collection's place is forgotten with it, as in go-yaml.
    this.keys.push({ ...NO_KEY, line: this.line, token: this.taken + this.tokens.length - this.head })
    if (++this.flow > MOST_LEVELS) this.fail(`exceeded max depth of ${MOST_LEVELS}`, this.line)
    this.isKeyAllowed = true
    this.add(kind, this.line)
    this.next()
  }

  private fetchFlowEnd(kind: TokenKind): void {
    this.removeKey()
    if (this.flow > 0) {
      this.flow--
      this.keyOfToken.delete(this.keys.pop()!.token)
    }
    this.isKeyAllowed = false
    this.add(kind, this.line)
    this.next()
  }

  private fetchFlowEntry(): void {
    this.removeKey()
    this.isKeyAllowed = true
    this.add('flow-entry', this.line)
    this.next()
  }

  private fetchBlockEntry(): void {
    if (this.flow === 0) {
      if (!this.isKeyAllowed) this.fail('block sequence entries are not allowed in this context', this.line)
      this.roll(this.column, -1, 'block-sequence', this.line)
    }
    this.removeKey()
    this.isKeyAllowed = true
    this.add('block-entry', this.line)
    this.next()
  }

  private fetchKey(): void {
    if (this.flow === 0) {
      if (!this.isKeyAllowed) this.fail('mapping keys are not allowed in this context', this.line)
      this.roll(this.column, -1, 'block-mapping', this.line)
    }
    this.removeKey()
    this.isKeyAllowed = this.flow === 0
    this.add('key', this.line)
    this.next()
  }

  private fetchValue(): void {
    const key = this.keys.at(-1)!
    if (this.isValidKey(key)) {
      this.insert('key', key.line, key.token)
      this.roll(key.column, key.token, 'block-mapping', key.line)
      key.possible = false
      this.keyOfToken.delete(key.token)
      this.isKeyAllowed = false
    } else {
      if (this.flow === 0) {
        if (!this.isKeyAllowed) this.fail('mapping values are not allowed in this context', this.line)
        this.roll(this.column, -1, 'block-mapping', this.line)
      }
      this.isKeyAllowed = this.flow === 0
    }
    this.add('value', this.line)
    this.next()
  }

  private fetchDirective(): void {
    this.unroll(-1)
    this.removeKey()
    this.isKeyAllowed = false
    const { at, line } = this
    this.skipRest()
    const directive = readDirective(this.text.slice(at, this.at))
    if (directive.kind === 'problem') this.fail(directive.problem, line)
    if (directive.kind === 'version-directive') this.add(directive.kind, line, directive.version)
    else this.add(directive.kind, line, directive.handle, directive.prefix)
    if (isBreak(this.code())) this.nextLine()
  }

  private fetchAnchor(kind: 'alias' | 'anchor'): void {
    this.saveKey()
    this.isKeyAllowed = false
    const { line } = this
    this.next()
    const name = this.read(isAlpha)
    if (name === '' || !(isBlankOrEnd(this.code()) || '?:,]}%@`'.includes(this.char())))
      this.fail('did not find expected alphabetic or numeric character', line)
    this.add(kind, line, name)
  }

  private read(isPart: (code: number) => boolean): string {
    const { at } = this
    while (isPart(this.code())) this.next()
    return this.text.slice(at, this.at)
  }

  private fetchTag(): void {
    this.saveKey()
    this.isKeyAllowed = false
    const { line } = this
    let handle = ''
    let suffix: string
    if (this.code(1) === 60) {
      this.next(2)
      suffix = this.readTag(line)
      if (suffix === '') this.fail('did not find expected tag URI', line)
      if (this.char() !== '>') this.fail("did not find the expected '>'", line)
      this.next()
    } else {
      this.next()
      const name = this.read(isAlpha)
      handle = '!'
      if (this.char() === '!') {
        this.next()
        handle = `!${name}!`
        suffix = this.readTag(line)
        if (suffix === '') this.fail('did not find expected tag URI', line)
      } else suffix = name + this.readTag(line)
    }
    if (!isBlankOrEnd(this.code())) this.fail('did not find expected whitespace or line break', line)
    this.add('tag', line, handle, suffix)
  }

  private readTag(line: number): string {
    const { at } = this
    for (
      ;
      isAlpha(this.code()) || (this.code() !== 0 && ";/?:@&=+$,.!~*'()[]%".includes(this.char()));
      this.next()
    )
      if (this.char() === '%' && !/^%[0-9a-fA-F]{2}/.test(this.text.slice(this.at, this.at + 3)))
        this.fail('did not find URI escaped octet', line)
    return this.text.slice(at, this.at)
  }

  private fetchBlockScalar(): void {
    this.removeKey()
    this.isKeyAllowed = true
    const { line } = this
    this.next()
    const [head = '', digit = ''] =
      /^(?:[+-]([0-9])?|([0-9])[+-]?)?/
        .exec(this.text.slice(this.at, this.at + 2))
        ?.filter(it => it !== undefined) ?? []
    if (digit === '0') this.fail('found an indentation indicator equal to 0', line)
    this.next(head.length)
    while (isBlank(this.code())) this.next()
    if (this.char() === '#') this.skipRest()
    if (!isBreakOrEnd(this.code())) this.fail('did not find expected comment or line break', line)
    if (isBreak(this.code())) this.nextLine()
    const given = digit === '' ? 0 : Math.max(0, this.indent) + Number(digit)
    const indent = this.skipBlockBreaks(given, line)
    while (this.column === indent && this.code() !== 0) {
      this.skipRest()
      if (isBreak(this.code())) this.nextLine()
      this.skipBlockBreaks(indent, line)
    }
    this.add('scalar', line)
  }

  /** Skips indentation and empty lines; finds the indentation when it is 0. */
  private skipBlockBreaks(indent: number, line: number): number {
    let most = 0
    for (;;) {
      while ((indent === 0 || this.column < indent) && this.code() === 32) this.next()
      most = Math.max(most, this.column)
      if ((indent === 0 || this.column < indent) && this.code() === 9)
        this.fail('found a tab character where an indentation space is expected', line)
      if (!isBreak(this.code())) break
      this.nextLine()
    }
    return indent === 0 ? Math.max(most, this.indent + 1, 1) : indent
  }

  private fetchQuoted(mark: string): void {
    this.saveKey()
    this.isKeyAllowed = false
    const { line, at } = this
    this.next()
    for (;;) {
      if (this.isIndicator('---') || this.isIndicator('...'))
        this.fail('found unexpected document indicator', line)
      if (this.code() === 0) this.fail('found unexpected end of stream', line)
      this.readQuoted(mark, line)
      if (this.char() === mark) break
      while (isBlank(this.code())) this.next()
      if (isBreak(this.code())) this.nextLine()
    }
    this.next()
    this.add('scalar', line, this.text.slice(at + 1, this.at - 1))
  }

  /** As far as a blank, a line break or the closing mark. */
  private readQuoted(mark: string, line: number): void {
    while (!isBlankOrEnd(this.code())) {
      const isEscape = mark === '"' && this.char() === '\\'
      if (isEscape && isBreak(this.code(1))) {
        this.next()
        this.nextLine()
        return
      }
      if (isEscape) this.readEscape(line)
      else if (mark === "'" && this.char() === mark && this.code(1) === 39) this.next(2)
      else if (this.char() === mark) return
      else this.next()
    }
  }

  private readEscape(line: number): void {
    const letter = this.text[this.at + 1] ?? '\0'
    const length = { x: 2, u: 4, U: 8 }[letter]
    if (length === undefined && !'0abt\tnvfre "\'\\N_LP'.includes(letter))
      this.fail('found unknown escape character', line)
    this.next(2)
    if (length === undefined) return
    const digits = this.text.slice(this.at, this.at + length)
    if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits))
      this.fail('did not find expected hexdecimal number', line)
    const value = Number.parseInt(digits, 16)
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff)
      this.fail('found invalid Unicode character escape code', line)
    this.next(length)
  }

  private fetchPlain(): void {
    this.saveKey()
    this.isKeyAllowed = false
    const { line, at } = this
    let end = at
    let hasBreaks = false
    while (!this.isIndicator('---') && !this.isIndicator('...') && this.char() !== '#') {
      const before = this.at
      while (!isBlankOrEnd(this.code()) && !this.endsPlain()) this.next()
      if (this.at > before) {
        hasBreaks = false
        end = this.at
      }
      if (!isBlank(this.code()) && !isBreak(this.code())) break
      hasBreaks = this.skipPlainBlanks(hasBreaks, line)
      if (this.flow === 0 && this.column < this.indent + 1) break
    }
    const value = this.text.slice(at, end)
    this.tokens.push({ kind: 'scalar', line, value, suffix: '', isPlain: true })
    if (hasBreaks) this.isKeyAllowed = true
  }

  private endsPlain(): boolean {
    const char = this.char()
    if (char === ':' && isBlankOrEnd(this.code(1))) return true
    return this.flow > 0 && ',?[]{}'.includes(char)
  }

  private skipPlainBlanks(hadBreaks: boolean, line: number): boolean {
    let hasBreaks = hadBreaks
    for (; isBlank(this.code()) || isBreak(this.code()); )
      if (isBreak(this.code())) {
        this.nextLine()
        hasBreaks = true
      } else {
        if (hasBreaks && this.column < this.indent + 1 && this.code() === 9)
          this.fail('found a tab character that violates indentation', line)
        this.next()
      }
    return hasBreaks
  }
}

const isBreak = (code: number): boolean =>
  code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029
const isBreakOrEnd = (code: number): boolean => code === 0 || isBreak(code)
const isBlankOrEnd = (code: number): boolean => isBlank(code) || isBreakOrEnd(code)
const isAlpha = (code: number): boolean =>
  (code >= 48 && code <= 57) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  code === 95 ||
  code === 45

/** Bytes that the reader takes at once. */
const BLOCK = 512

const REFUSED = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/

/** Where the block begins that holds a character which the reader refuses; infinity without one. */
function findRefused(text: string): number {
  const refused = REFUSED.exec(text)?.index
  if (refused === undefined) return Number.POSITIVE_INFINITY
  let bytes = 0
  let start = 0
  for (let at = 0; at < refused; at++) {
    const code = text.charCodeAt(at)
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3
    if (bytes >= BLOCK) {
      bytes -= BLOCK
      start = at + 1
    }
  }
  return start
}
