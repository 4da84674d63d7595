/**
 * Tokens of a Go template (text/template/parse/lex.go of Go 1.25). Where Go's lexer gives up at the first error, this one
 * yields an error token and goes on behind the end of the action, so that the rest of the file is still read.
 */
import { ASTERISK, DASH, RIGHT_BRACE, SLASH } from '../../text/characters.ts'

export type TokenType =
  | 'bool'
  | 'char'
  | 'character'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'error'
  | 'field'
  | 'identifier'
  | 'left-delim'
  | 'left-paren'
  | 'number'
  | 'pipe'
  | 'raw-string'
  | 'right-delim'
  | 'right-paren'
  | 'string'
  | 'text'
  | 'variable'
  | 'dot'
  | 'keyword'
  | 'nil'

/**
 * The tokens of a template, ending with `eof`; comments yield none, and blanks are where one does not begin at the end of
 * the one before. Numbers in lists in place of objects, and texts only of what is asked for: a chart has a hundred
 * thousand tokens, and nothing of them stays.
 */
export class Tokens {
  text = ''
  /** The lists may be longer: of a longer text before. */
  count = 0
  readonly types: TokenType[] = []
  readonly starts: number[] = []
  readonly ends: number[] = []
  private readonly messages = new Map<number, string>()

  begin(text: string): void {
    this.text = text
    this.count = 0
    this.messages.clear()
  }

  add(type: TokenType, start: number, end: number): void {
    const at = this.count++
    this.types[at] = type
    this.starts[at] = start
    this.ends[at] = end
  }

  addError(message: string, start: number, end: number): void {
    this.messages.set(this.count, message)
    this.add('error', start, end)
  }

  /** Source text; for errors the message. */
  textOf(token: number): string {
    const isError = this.types[token] === 'error'
    return isError ? this.messages.get(token)! : this.text.slice(this.starts[token], this.ends[token])
  }
}

/** Puts the tokens of a text where those of another one were. */
export function readTokens(text: string, into: Tokens): void {
  into.begin(text)
  new Lexer(text, into).run()
}

class Lexer {
  private readonly text: string
  private readonly tokens: Tokens
  private at = 0
  private parens = 0

  constructor(text: string, tokens: Tokens) {
    this.text = text
    this.tokens = tokens
  }

  run(): void {
    const { text, tokens } = this
    for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', this.at)) {
      const trims = text.charCodeAt(open + 2) === DASH && isBlank(text.charCodeAt(open + 3))
      let end = open
      if (trims) while (end > this.at && isBlank(text.charCodeAt(end - 1))) end--
      if (end > this.at) tokens.add('text', this.at, end)
      this.at = trims ? open + 4 : open + 2
      if (text.charCodeAt(this.at) === SLASH && text.charCodeAt(this.at + 1) === ASTERISK) this.lexComment()
      else {
        tokens.add('left-delim', open, open + 2)
        this.lexAction()
      }
    }
    if (this.at < text.length) tokens.add('text', this.at, text.length)
    tokens.add('eof', text.length, text.length)
  }

  private lexComment(): void {
    const { text, at: start } = this
    const close = text.indexOf('*/', start + 2)
    if (close < 0) {
      this.tokens.addError('unclosed comment', start, text.length)
      this.at = text.length
      return
    }
    const end = close + 2
    if (text.startsWith('}}', end)) this.at = end + 2
    else if (isBlank(text.charCodeAt(end)) && text.startsWith('-}}', end + 1)) this.skipTrimmedEnd(end + 1)
    else {
      this.at = end
      this.fail('comment ends before closing delimiter', start, end)
    }
  }

  /** Skips `-}}` and the blanks behind it. */
  private skipTrimmedEnd(dash: number): void {
    const { text } = this
    let at = dash + 3
    while (isBlank(text.charCodeAt(at))) at++
    this.at = at
  }

  /** Tokens up to the end of the action. Few calls: most templates are read once, before anything is optimised. */
  private lexAction(): void {
    const { text, tokens } = this
    this.parens = 0
    for (;;) {
      let start = this.at
      let unit = text.charCodeAt(start)
      while (KINDS[unit] === BLANK) unit = text.charCodeAt(++start)
      if (unit === DASH && start > this.at && text.startsWith('}}', start + 1)) {
        this.lexTrimmedEnd(start)
        return
      }
      this.at = start
      const kind = KINDS[unit]
      if (
        kind === LETTER ||
        kind === DOLLAR ||
        (kind === DOT && start + 1 < text.length && KINDS[text.charCodeAt(start + 1)] !== DIGIT)
      ) {
        let end = start + 1
        while (KINDS[text.charCodeAt(end)]! <= DIGIT) end++
        if (!(KINDS[text.charCodeAt(end)]! >= DOT)) end = this.endOfWord(end)
        if (end < 0) return
        this.at = end
        if (kind === LETTER) tokens.add(wordType(text, start, end), start, end)
        else tokens.add(kind === DOLLAR ? 'variable' : end === start + 1 ? 'dot' : 'field', start, end)
      } else if (!this.lexOther(unit)) return
    }
  }

  /** A token that is no word; false when the action is over. */
  private lexOther(unit: number): boolean {
    const { text, at: start } = this
    switch (unit) {
      case 0x22: // "
        return this.lexQuote(0x22, 'string', 'unterminated quoted string')
      case 0x28: // (
        this.parens++
        return this.single('left-paren')
      case 0x29: // )
        if (--this.parens < 0) return this.failAction('unexpected right paren', start, start + 1)
        return this.single('right-paren')
      case RIGHT_BRACE:
        return this.lexClose()
      case 0x7c: // |
        return this.single('pipe')
      case 0x3d: // =
        return this.single('assign')
      case 0x3a: // :
        if (text.charCodeAt(start + 1) !== 0x3d) return this.failAction('expected :=', start, start + 1)
        this.at += 2
        this.tokens.add('declare', start, this.at)
        return true
      case 0x27: // '
        return this.lexQuote(0x27, 'character', 'unterminated character constant')
      case 0x60: // `
        return this.lexRawQuote()
    }
    if (start >= text.length) return this.failAction('unclosed action', start, start)
    if (unit === 0x2b || unit === 0x2e || unit === DASH || isDigit(unit)) return this.lexNumber()
    return this.lexRune(unit)
  }

  /** At the dash of ` -}}`. */
  private lexTrimmedEnd(dash: number): void {
    if (this.parens > 0) this.fail('unclosed left paren', dash - 1, dash - 1)
    else {
      this.tokens.add('right-delim', dash + 1, dash + 3)
      this.skipTrimmedEnd(dash)
    }
  }

  private lexClose(): boolean {
    const { text, at: start } = this
    if (text.charCodeAt(start + 1) !== RIGHT_BRACE) return this.single('char')
    if (this.parens > 0) return this.failAction('unclosed left paren', start, start)
    this.at += 2
    this.tokens.add('right-delim', start, this.at)
    return false
  }

  private lexRune(unit: number): boolean {
    const { text, at: start } = this
    const rune = String.fromCodePoint(text.codePointAt(start)!)
    if (isAlphaNumeric(rune)) {
      const end = this.endOfWord(start)
      if (end < 0) return false
      this.at = end
      this.tokens.add('identifier', start, end)
      return true
    }
    if (unit > 0x20 && unit < 0x7f) return this.single('char')
    const end = start + rune.length
    return this.failAction(`unrecognized character in action: ${formatRune(rune)}`, start, end)
  }

  private single(type: TokenType): boolean {
    this.tokens.add(type, this.at, ++this.at)
    return true
  }

  private failAction(message: string, start: number, end: number): false {
    this.fail(message, start, end)
    return false
  }

  /** Goes on behind the action that holds the error. */
  private fail(message: string, start: number, end: number): void {
    const { text } = this
    this.tokens.addError(message, start, end)
    const close = text.indexOf('}}', this.at)
    const open = text.indexOf('{{', this.at)
    if (close < 0 || (open >= 0 && open < close)) this.at = open < 0 ? text.length : open
    else if (text.startsWith(' -', close - 2)) this.skipTrimmedEnd(close - 1)
    else this.at = close + 2
    this.tokens.add('right-delim', this.at, this.at)
  }

  /** The end of a word that goes on with letters beyond ASCII, or before `}}`; -1 where something else follows it. */
  private endOfWord(from: number): number {
    const { text } = this
    let at = from
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      if (KINDS[unit]! <= DIGIT) continue
      if (KINDS[unit]! >= DOT || (unit === RIGHT_BRACE && text.charCodeAt(at + 1) === RIGHT_BRACE)) return at
      const rune = String.fromCodePoint(text.codePointAt(at)!)
      if (unit < 0x80 || !isAlphaNumeric(rune)) {
        this.at = at
        this.fail(`bad character ${formatRune(rune)}`, at, at + rune.length)
        return -1
      }
      at += rune.length - 1
    }
    return at
  }

  private lexQuote(quote: number, type: TokenType, message: string): boolean {
    const start = this.at++
    const { text } = this
    for (; this.at < text.length; this.at++) {
      const unit = text.charCodeAt(this.at)
      if (unit === quote) {
        this.tokens.add(type, start, ++this.at)
        return true
      }
      if (unit === 0x5c) this.at++
      if (text.charCodeAt(this.at) === 0x0a) break
    }
    return this.failAction(message, start, Math.min(this.at, text.length))
  }

  private lexRawQuote(): boolean {
    const start = this.at
    const close = this.text.indexOf('`', start + 1)
    if (close < 0) {
      this.at = start + 1
      return this.failAction('unterminated raw quoted string', start, this.text.length)
    }
    this.at = close + 1
    this.tokens.add('raw-string', start, this.at)
    return true
  }

  private lexNumber(): boolean {
    const { text, at: start } = this
    let end = start
    while (isDigit(text.charCodeAt(end))) end++
    // Few are more than some digits.
    if (end > start && text.charCodeAt(start) !== 0x30 && KINDS[text.charCodeAt(end)]! > DOT) this.at = end
    else if (!this.scanNumber()) return this.failNumber(start)
    const sign = text.charCodeAt(this.at)
    if (sign !== 0x2b && sign !== DASH) {
      this.tokens.add('number', start, this.at)
      return true
    }
    if (!this.scanNumber() || this.text[this.at - 1] !== 'i') return this.failNumber(start)
    this.tokens.add('complex', start, this.at)
    return true
  }

  private failNumber(start: number): false {
    return this.failAction(
      `bad number syntax: ${JSON.stringify(this.text.slice(start, this.at))}`,
      start,
      this.at,
    )
  }

  private scanNumber(): boolean {
    this.accept('+-')
    let digits = '0123456789_'
    if (this.accept('0')) {
      if (this.accept('xX')) digits = '0123456789abcdefABCDEF_'
      else if (this.accept('oO')) digits = '01234567_'
      else if (this.accept('bB')) digits = '01_'
    }
    while (this.accept(digits));
    if (this.accept('.')) while (this.accept(digits));
    if ((digits.length === 11 && this.accept('eE')) || (digits.length === 23 && this.accept('pP'))) {
      this.accept('+-')
      while (this.accept('0123456789_'));
    }
    this.accept('i')
    const rune = this.text.codePointAt(this.at)
    if (rune === undefined || !isAlphaNumeric(String.fromCodePoint(rune))) return true
    this.at += rune > 0xffff ? 2 : 1
    return false
  }

  private accept(valid: string): boolean {
    const found = this.at < this.text.length && valid.includes(this.text[this.at]!)
    if (found) this.at++
    return found
  }
}

/** What is no name though it is written as one. */
const WORDS: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ...'block break continue define else end if range template with'
    .split(' ')
    .map((word): [string, TokenType] => [word, 'keyword']),
  ['nil', 'nil'],
  ['true', 'bool'],
  ['false', 'bool'],
])
const LONGEST_WORD = 8

const wordType = (text: string, start: number, end: number): TokenType =>
  end - start > LONGEST_WORD ? 'identifier' : (WORDS.get(text.slice(start, end)) ?? 'identifier')

const isBlank = (unit: number): boolean => unit === 0x20 || unit === 0x0a || unit === 0x09 || unit === 0x0d
const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

const LETTER = 0
const DIGIT = 1
const OTHER = 2
const DOLLAR = 3
/** This and what comes behind it may follow a word; of all else Go says `bad character`. */
const DOT = 4
const BLANK = 5
const PUNCTUATION = 6

/** What ASCII characters are; in an order that makes one comparison of several. */
const KINDS: number[] = new Array<number>(128).fill(OTHER)
const setKinds = (chars: string, kind: number): void => {
  for (let i = 0; i < chars.length; i++) KINDS[chars.charCodeAt(i)] = kind
}
setKinds('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', LETTER)
setKinds('0123456789', DIGIT)
setKinds('$', DOLLAR)
setKinds('.', DOT)
setKinds(' \t\r\n', BLANK)
setKinds(',|:()', PUNCTUATION)

const isAlphaNumeric = (rune: string): boolean => /[\p{L}\p{Nd}_]/u.test(rune)

/** A character as Go's %#U prints it. */
const formatRune = (rune: string): string =>
  `U+${rune.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}${/[\p{C}\p{Z}]/u.test(rune) && rune !== ' ' ? '' : ` '${rune}'`}`
