/**
 * Tokens of a Go template (text/template/parse/lex.go of Go 1.25). Where Go's lexer gives up at the first error, this one
 * yields an error token and goes on behind the end of the action, so that the rest of the file is still read.
 */

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
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | 'dot'
  | 'keyword'
  | 'nil'

/**
 * The tokens of a template, ending with `eof`; comments yield none. Numbers in lists in place of objects, and texts only
 * of what is asked for: a chart has a hundred thousand tokens, and nothing of them stays.
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
    while (this.lexText()) this.lexActionOrComment()
    this.push('eof', this.text.length, this.text.length)
  }

  private push(type: TokenType, start: number, end: number): void {
    this.tokens.add(type, start, end)
  }

  private fail(message: string, start: number, end: number): void {
    this.tokens.addError(message, start, Math.max(end, start))
  }

  /** Text up to the next action; false at the end of the input. */
  private lexText(): boolean {
    const { text } = this
    const start = this.at
    const open = text.indexOf('{{', start)
    if (open < 0) {
      if (start < text.length) this.push('text', start, text.length)
      this.at = text.length
      return false
    }
    let end = open
    if (this.hasLeftTrim(open + 2)) while (end > start && isBlank(text.charCodeAt(end - 1))) end--
    if (end > start) this.push('text', start, end)
    this.at = open
    return true
  }

  private hasLeftTrim(at: number): boolean {
    return this.text.charCodeAt(at) === DASH && isBlank(this.text.charCodeAt(at + 1))
  }

  private lexActionOrComment(): void {
    const open = this.at
    const inside = this.hasLeftTrim(open + 2) ? open + 4 : open + 2
    if (this.text.startsWith('/*', inside)) {
      this.lexComment(inside)
      return
    }
    this.push('left-delim', open, open + 2)
    this.at = inside
    this.parens = 0
    while (this.lexInsideAction());
  }

  private lexComment(start: number): void {
    const close = this.text.indexOf('*/', start + 2)
    if (close < 0) {
      this.fail('unclosed comment', start, this.text.length)
      this.at = this.text.length
      return
    }
    this.at = close + 2
    if (this.atRightDelim()) {
      this.skipRightDelim()
      return
    }
    this.fail('comment ends before closing delimiter', start, this.at)
    this.recover()
  }

  /** 0: not at the end of the action; 1: at `}}`; 2: at ` -}}`. */
  private atRightDelim(): 0 | 1 | 2 {
    const { text, at } = this
    const unit = text.charCodeAt(at)
    if (unit === CLOSE) return text.charCodeAt(at + 1) === CLOSE ? 1 : 0
    return isBlank(unit) && this.atTrimmedEnd(at + 1) ? 2 : 0
  }

  /** At `-}}`. */
  private atTrimmedEnd(at: number): boolean {
    const { text } = this
    return (
      text.charCodeAt(at) === DASH && text.charCodeAt(at + 1) === CLOSE && text.charCodeAt(at + 2) === CLOSE
    )
  }

  private skipRightDelim(): void {
    const trims = this.atRightDelim() === 2
    this.at += trims ? 4 : 2
    if (trims) while (this.at < this.text.length && isBlank(this.text.charCodeAt(this.at))) this.at++
  }

  /** Goes on behind the action that holds an error. */
  private recover(): void {
    const { text } = this
    const close = text.indexOf('}}', this.at)
    const open = text.indexOf('{{', this.at)
    if (close < 0 || (open >= 0 && open < close)) {
      this.at = open < 0 ? text.length : open
    } else {
      this.at = text.startsWith(' -', close - 2) ? close - 2 : close
      if (this.at === close - 2) this.skipRightDelim()
      else this.at = close + 2
    }
    this.push('right-delim', this.at, this.at)
  }

  /** One token; false when the action is over. */
  private lexInsideAction(): boolean {
    const { text } = this
    const start = this.at
    const delim = this.atRightDelim()
    if (delim) {
      if (this.parens > 0) return this.failAction('unclosed left paren', start, start)
      this.skipRightDelim()
      const end = start + (delim === 2 ? 4 : 2)
      this.push('right-delim', end - 2, end)
      return false
    }
    if (start >= text.length) return this.failAction('unclosed action', start, start)
    const unit = text.charCodeAt(start)
    if (isBlank(unit)) return this.lexSpace()
    if (isLetterUnit(unit)) return this.lexWord()
    switch (unit) {
      case 0x2e: // .
        return isDigit(text.charCodeAt(start + 1)) ? this.lexNumber() : this.lexFieldOrVariable('field')
      case 0x24: // $
        return this.lexFieldOrVariable('variable')
      case 0x22: // "
        return this.lexQuote(0x22, 'string', 'unterminated quoted string')
      case 0x27: // '
        return this.lexQuote(0x27, 'character', 'unterminated character constant')
      case 0x60: // `
        return this.lexRawQuote()
      case 0x7c: // |
        return this.single('pipe')
      case 0x3d: // =
        return this.single('assign')
      case 0x28: // (
        this.parens++
        return this.single('left-paren')
      case 0x29: // )
        if (--this.parens < 0) return this.failAction('unexpected right paren', start, start + 1)
        return this.single('right-paren')
      case 0x3a: // :
        if (text.charCodeAt(start + 1) !== 0x3d) return this.failAction('expected :=', start, start + 1)
        this.at += 2
        this.push('declare', start, this.at)
        return true
    }
    return this.lexOther(unit)
  }

  private lexOther(unit: number): boolean {
    const start = this.at
    if (unit === 0x2b || unit === DASH || isDigit(unit)) return this.lexNumber()
    const rune = String.fromCodePoint(this.text.codePointAt(start)!)
    if (isAlphaNumeric(rune)) return this.lexWord()
    if (unit > 0x20 && unit < 0x7f) return this.single('char')
    return this.failAction(
      `unrecognized character in action: ${formatRune(rune)}`,
      start,
      start + rune.length,
    )
  }

  private single(type: TokenType): boolean {
    this.push(type, this.at, ++this.at)
    return true
  }

  private failAction(message: string, start: number, end: number): false {
    this.fail(message, start, end)
    this.recover()
    return false
  }

  private lexSpace(): boolean {
    const start = this.at
    const { text } = this
    while (isBlank(text.charCodeAt(this.at))) this.at++
    // The last blank belongs to ` -}}`.
    if (this.atTrimmedEnd(this.at)) this.at--
    if (this.at > start) this.push('space', start, this.at)
    return true
  }

  private skipAlphaNumeric(): void {
    const { text } = this
    while (this.at < text.length) {
      const unit = text.charCodeAt(this.at)
      if (isLetterUnit(unit) || isDigit(unit)) this.at++
      else if (unit < 0x80) return
      else {
        const rune = String.fromCodePoint(text.codePointAt(this.at)!)
        if (!isAlphaNumeric(rune)) return
        this.at += rune.length
      }
    }
  }

  /** Behind an identifier only these may follow, else `bad character`. */
  private atTerminator(): boolean {
    const unit = this.text.charCodeAt(this.at)
    return (
      isBlank(unit) ||
      isTerminator(unit) ||
      Number.isNaN(unit) ||
      (unit === CLOSE && this.text.charCodeAt(this.at + 1) === CLOSE)
    )
  }

  private failCharacter(): false {
    const rune = String.fromCodePoint(this.text.codePointAt(this.at)!)
    return this.failAction(`bad character ${formatRune(rune)}`, this.at, this.at + rune.length)
  }

  private lexWord(): boolean {
    const start = this.at
    this.skipAlphaNumeric()
    if (!this.atTerminator()) return this.failCharacter()
    this.push(this.wordType(start), start, this.at)
    return true
  }

  /** The type of the word that ends here. */
  private wordType(start: number): TokenType {
    const words = WORDS[this.at - start]
    if (words) for (const it of words) if (this.text.startsWith(it.word, start)) return it.type
    return 'identifier'
  }

  private lexFieldOrVariable(type: 'field' | 'variable'): boolean {
    const start = this.at++
    if (this.atTerminator()) {
      this.push(type === 'variable' ? type : 'dot', start, this.at)
      return true
    }
    this.skipAlphaNumeric()
    if (!this.atTerminator()) return this.failCharacter()
    this.push(type, start, this.at)
    return true
  }

  private lexQuote(quote: number, type: TokenType, message: string): boolean {
    const start = this.at++
    const { text } = this
    for (; this.at < text.length; this.at++) {
      const unit = text.charCodeAt(this.at)
      if (unit === quote) {
        this.push(type, start, ++this.at)
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
    this.push('raw-string', start, this.at)
    return true
  }

  private lexNumber(): boolean {
    const start = this.at
    if (!this.scanNumber()) return this.failNumber(start)
    const sign = this.text.charCodeAt(this.at)
    if (sign !== 0x2b && sign !== DASH) {
      this.push('number', start, this.at)
      return true
    }
    if (!this.scanNumber() || this.text[this.at - 1] !== 'i') return this.failNumber(start)
    this.push('complex', start, this.at)
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

interface Word {
  readonly word: string
  readonly type: TokenType
}

/** Words that are no names, by length. */
const WORDS: readonly (readonly Word[] | undefined)[] = groupWords([
  ...'block break continue define else end if range template with'.split(' ').map(toKeyword),
  { word: 'nil', type: 'nil' },
  { word: 'true', type: 'bool' },
  { word: 'false', type: 'bool' },
])

function toKeyword(word: string): Word {
  return { word, type: 'keyword' }
}

function groupWords(words: readonly Word[]): Word[][] {
  const groups: Word[][] = []
  for (const it of words) (groups[it.word.length] ??= []).push(it)
  return groups
}

const DASH = 0x2d
const CLOSE = 0x7d

const isBlank = (unit: number): boolean => unit === 0x20 || unit === 0x0a || unit === 0x09 || unit === 0x0d
/** One of `.,|:)(`. */
const isTerminator = (unit: number): boolean =>
  unit === 0x2e || unit === 0x2c || unit === 0x7c || unit === 0x3a || unit === 0x28 || unit === 0x29
const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39
const isLetterUnit = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x5f
const isAlphaNumeric = (rune: string): boolean => /[\p{L}\p{Nd}_]/u.test(rune)

/** A character as Go's %#U prints it. */
const formatRune = (rune: string): string =>
  `U+${rune.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}${/[\p{C}\p{Z}]/u.test(rune) && rune !== ' ' ? '' : ` '${rune}'`}`
