/** What a parser of templates knows of where it is, and the problems that it found. */
import { quote } from '../../text/go-quote.ts'
import type { Span } from '../../text/source.ts'
import type { Tokens, TokenType } from './lexer.ts'
import type { TemplateSource } from './origin.ts'

export interface ParseProblem {
  /** Go's text without file and line. */
  readonly message: string
  readonly span: Span
  /** The line that Go names, counted from 1. */
  readonly line: number
  /** What may help, beside Go's words. */
  readonly hint?: string
  /** The function that there is not. */
  readonly called?: string
  /** Where the action begins, on a line above. */
  readonly begun?: number
}

type More = Partial<Pick<ParseProblem, 'line' | 'hint' | 'called' | 'begun'>>

/** What follows is mostly noise that the first ones made. */
const MAX_PROBLEMS = 20

/** Leaves the action or block that holds an error; caught where parsing can go on. */
export class Recovery extends Error {}

/** Tokens are told by their numbers. */
export class ParserState {
  protected readonly source: TemplateSource
  protected readonly types: readonly TokenType[]
  protected readonly starts: readonly number[]
  protected readonly ends: readonly number[]
  /** The number of `eof`, the last token. */
  protected readonly last: number
  protected at = 0
  /** Where the action begins that is read. */
  protected actionStart = -1
  /** The action that Go takes for unfinished: the last one, or that around it, until one of them ends; -1 for none. */
  protected unfinished = -1
  protected readonly problems: ParseProblem[] = []
  private readonly tokens: Tokens

  constructor(source: TemplateSource, tokens: Tokens) {
    this.source = source
    this.tokens = tokens
    this.types = tokens.types
    this.starts = tokens.starts
    this.ends = tokens.ends
    this.last = tokens.count - 1
  }

  // Tokens.

  /** The type of the next token. */
  protected peek(): TokenType {
    return this.types[this.at < this.last ? this.at : this.last]!
  }

  protected next(): number {
    const token = this.at++
    return token < this.last ? token : this.last
  }

  protected spanOf(token: number): Span {
    return { start: this.starts[token]!, end: this.ends[token]! }
  }

  protected textOf(token: number): string {
    return this.tokens.textOf(token)
  }

  // Errors.

  protected report(message: string, span: Span, lineAt = span.start, more: More = {}): void {
    if (this.problems.length >= MAX_PROBLEMS) return
    const { start, end } = span
    this.problems.push({ message, span: { start, end }, line: this.lineOf(lineAt), ...more })
  }

  protected lineOf(offset: number): number {
    let line = 1
    const { text } = this.source
    for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
    return line
  }

  protected fail(message: string, span: Span, more?: More): never {
    const begun = this.actionStart
    const isAbove = begun >= 0 && this.source.text.slice(begun, span.start).includes('\n')
    this.report(message, span, span.start, { ...more, ...(isAbove && { begun }) })
    if (this.problems.length >= MAX_PROBLEMS) this.at = this.last
    throw new Recovery()
  }

  protected failAt(token: number, message: string, more?: More): never {
    return this.fail(message, this.spanOf(token), more)
  }

  protected unexpected(token: number, context: string): never {
    if (this.types[token] !== 'error')
      return this.failAt(token, `unexpected ${this.formatToken(token)} in ${context}`)
    const text = this.textOf(token)
    const started = this.lineOf(this.unfinished)
    const line = this.lineOf(this.starts[token]!)
    let extra = ''
    if (this.unfinished >= 0 && started !== line) {
      extra = ` in action started at ${this.source.name}:${started}`
      if (text.endsWith(' action')) extra = extra.slice(' in action'.length)
    }
    return this.failAt(token, text + extra)
  }

  /** A token as Go's errors show it. */
  protected formatToken(token: number): string {
    const type = this.types[token]
    const text = this.textOf(token)
    if (type === 'eof') return 'EOF'
    if (type === 'keyword' || type === 'nil' || type === 'dot') return `<${text}>`
    return text.length > 10 ? `${quote(text.slice(0, 10))}...` : quote(text)
  }

  protected expect(type: TokenType, context: string): void {
    const token = this.next()
    if (this.types[token] !== type) this.unexpected(token, context)
  }
}
