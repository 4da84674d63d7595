/** Text to expression: a Pratt parser over the grammar of cel-spec (doc/langdef.md), with the messages of cel-go. */
import {
  type Call,
  CONDITIONAL,
  type Expr,
  INDEX,
  LOGICAL_AND,
  LOGICAL_OR,
  type MapLiteral,
  OPTIONAL_INDEX,
  type StructLiteral,
} from './ast.ts'
import type { Issue } from './issue.ts'
import { listTokens, type Token } from './lexer.ts'
import { expandMacro, type MacroName } from './macros.ts'
import { Double, toInt, type Value } from './values.ts'

export interface Parsed {
  /** Undefined when the text is no expression. */
  readonly expr: Expr | undefined
  readonly issues: readonly Issue[]
}

export interface Syntax {
  /** Macros by name and number of arguments: `all/2`. */
  readonly macros: ReadonlySet<MacroName>
  /** `a.?b`, `a[?b]`, `[?a]`, `{?k: v}`. */
  readonly hasOptionals: boolean
}

/** Nested deeper or chained longer, an expression is refused: it must not exhaust the stack. */
const MAX_DEPTH = 250
const MAX_CHAIN = 1000
/** In code points, as `ExpressionSizeCodePointLimit` of cel-go. */
const MAX_SIZE = 100_000

export function parseExpression(source: string, syntax: Syntax): Parsed {
  const issues: Issue[] = []
  if (source.length > MAX_SIZE && [...source].length > MAX_SIZE) {
    const message = `expression code point size exceeds limit: size: ${[...source].length}, limit ${MAX_SIZE}`
    return { expr: undefined, issues: [{ at: 0, message }] }
  }
  const tokens = listTokens(source, issues)
  const parser = new Parser(source, tokens, syntax, issues)
  const expr = parser.parse()
  issues.sort((left, right) => left.at - right.at)
  return { expr: issues.length > 0 ? undefined : expr, issues }
}

/** Thrown when the rest of a text cannot be read; the issue is recorded. */
const GIVE_UP = Symbol('give up')

/** How closely binary operators bind; `&&` and `||` are chained otherwise. */
const OPERATORS: ReadonlyMap<string, { readonly name: string; readonly power: number }> = new Map([
  ['in', { name: '@in', power: 1 }],
  ...['== != < <= > >=', '+ -', '* / %'].flatMap((symbols, i) =>
    symbols.split(' ').map(it => [it, { name: `_${it}_`, power: i + 1 }] as const),
  ),
])

const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

const LITERAL_STARTS = "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER"

/** What may stand where an expression is wanted, as ANTLR lists it: by the numbers of the tokens. */
const STARTS = {
  expression: `{'[', '{', '(', '.', '-', '!', ${LITERAL_STARTS}}`,
  argument: `{'[', '{', '(', ')', '.', '-', '!', ${LITERAL_STARTS}}`,
  key: `{'[', '{', '(', '.', '-', '!', '?', ${LITERAL_STARTS}}`,
  item: `{'[', ']', '{', '(', '.', ',', '-', '!', '?', ${LITERAL_STARTS}}`,
  entry: `{'[', '{', '}', '(', '.', ',', '-', '!', '?', ${LITERAL_STARTS}}`,
} as const
type Start = keyof typeof STARTS

class Parser {
  private readonly source: string
  private readonly tokens: readonly Token[]
  private readonly around: string[] = []
  private readonly syntax: Syntax
  private readonly issues: Issue[]
  private index = 0
  private depth = 0
  private lastId = 0

  constructor(source: string, tokens: readonly Token[], syntax: Syntax, issues: Issue[]) {
    this.source = source
    this.tokens = tokens
    this.syntax = syntax
    this.issues = issues
  }

  parse(): Expr | undefined {
    try {
      const expr = this.expression()
      if (this.token.kind !== 'end') this.unexpected('<EOF>', it => it.kind === 'end')
      return expr
    } catch (thrown) {
      if (thrown === GIVE_UP) return undefined
      throw thrown
    }
  }

  private get token(): Token {
    return this.tokens[this.index]!
  }

  /** The token before the current one. */
  private get last(): Token {
    return this.tokens[Math.max(0, this.index - 1)]!
  }

  private is(text: string): boolean {
    const { token } = this
    return token.text === text && (token.kind === 'symbol' || (token.kind === 'word' && text === 'in'))
  }

  private take(text: string): boolean {
    if (!this.is(text)) return false
    this.index++
    return true
  }

  /** What is missing is said and taken as if it were there, where what stands in its place may follow it. */
  private expect(text: string): void {
    if (this.take(text)) return
    const { kind, start } = this.token
    const next = this.tokens[this.index + 1]
    const isExtra = kind !== 'end' && next?.kind === 'symbol' && next.text === text
    const mayFollow = text === ':' ? startsExpression(this.token) : this.mayFollowBracket()
    if (isExtra || !mayFollow) this.unexpected(`'${text}'`, it => it.kind === 'symbol' && it.text === text)
    this.issues.push({ at: start, message: `Syntax error: missing '${text}' at '${this.found()}'` })
  }

  /** Whether the construct around may go on, or end, with the current token. */
  private mayFollowBracket(): boolean {
    const around = this.around.at(-1) ?? ''
    const { kind, text } = this.token
    return around === '' ? kind === 'end' : kind === 'symbol' && around.includes(text)
  }

  /** Runs inside of brackets, or of a choice, where one of these symbols comes next. */
  private within<T>(closers: string, parse: () => T): T {
    this.around.push(closers)
    const result = parse()
    this.around.pop()
    return result
  }

  /** A token too much is told from another one: behind it stands what was expected. */
  private unexpected(expected: string, isExpected: (token: Token) => boolean): never {
    const { kind, start } = this.token
    const next = this.tokens[this.index + 1]
    const problem = kind !== 'end' && next && isExpected(next) ? 'extraneous' : 'mismatched'
    return this.fail(start, `Syntax error: ${problem} input '${this.found()}' expecting ${expected}`)
  }

  /** The current token as it is written. */
  private found(): string {
    const { kind, start, end, text } = this.token
    return kind === 'end' ? text : this.source.slice(start, end)
  }

  /** No rule begins with the tokens from `start` to the current one. */
  private noAlternative(start: number): never {
    const { kind, start: at, end } = this.token
    const text = this.source.slice(start, kind === 'end' ? this.source.length : end)
    return this.fail(at, `Syntax error: no viable alternative at input '${text}'`)
  }

  private fail(at: number, message: string): never {
    this.issues.push({ at, message })
    throw GIVE_UP
  }

  private nextId(): number {
    return ++this.lastId
  }

  private call(name: string, at: number, span: { start: number; end: number }, args: readonly Expr[]): Call {
    return { kind: 'call', id: this.nextId(), name, target: undefined, args, at, ...span }
  }

  /** `place`: what may stand here instead of an expression, for the message. */
  private expression(place: Start = 'expression'): Expr {
    if (++this.depth > MAX_DEPTH)
      this.fail(this.token.start, `expression recursion limit exceeded: ${MAX_DEPTH}`)
    const condition = this.logical(LOGICAL_OR, place)
    const { start } = this.token
    let expr = condition
    if (this.take('?')) {
      const yes = this.within(':', () => this.logical(LOGICAL_OR, 'expression'))
      this.expect(':')
      const no = this.expression()
      const span = { start: condition.start, end: no.end }
      expr = this.call(CONDITIONAL, start, span, [condition, yes, no])
    }
    this.depth--
    return expr
  }

  /** Chains of `||` and `&&` become balanced trees, so that long ones are not deep. */
  private logical(name: typeof LOGICAL_OR | typeof LOGICAL_AND, place: Start): Expr {
    const symbol = name === LOGICAL_OR ? '||' : '&&'
    const operand = (at: Start): Expr =>
      name === LOGICAL_OR ? this.logical(LOGICAL_AND, at) : this.binary(1, at)
    const terms = [operand(place)]
    const places: number[] = []
    while (this.is(symbol)) {
      places.push(this.token.start)
      this.index++
      terms.push(operand('expression'))
    }
    const balance = (low: number, high: number): Expr => {
      const middle = (low + high + 1) >> 1
      const left = middle === low ? terms[middle]! : balance(low, middle - 1)
      const right = middle === high ? terms[middle + 1]! : balance(middle + 1, high)
      return this.call(name, places[middle]!, { start: left.start, end: right.end }, [left, right])
    }
    return places.length === 0 ? terms[0]! : balance(0, places.length - 1)
  }

  /** Operators that bind at least so closely; those of one power from the left. */
  private binary(least: number, place: Start): Expr {
    let left = this.unary(place)
    for (let length = 0; ; length++) {
      const { kind, text, start } = this.token
      const operator = kind === 'symbol' || kind === 'word' ? OPERATORS.get(text) : undefined
      if (!operator || operator.power < least) return left
      if (length > MAX_CHAIN) this.fail(start, `expression recursion limit exceeded: ${MAX_DEPTH}`)
      this.index++
      const right = this.binary(operator.power + 1, 'expression')
      left = this.call(operator.name, start, { start: left.start, end: right.end }, [left, right])
    }
  }

  private unary(place: Start): Expr {
    const { text, start } = this.token
    if (!this.is('!') && !this.is('-')) return this.member(place)
    let count = 0
    while (this.is(text)) {
      const next = this.tokens[this.index + 1]
      // A minus before a number belongs to the number.
      if (text === '-' && next?.kind === 'number' && isSigned(next.value!)) break
      this.index++
      count++
    }
    const minus = this.last.start
    if (text === '-' && !startsExpression(this.token)) this.noAlternative(minus)
    const operand = this.member('expression')
    if (count % 2 === 0) return operand
    return this.call(text === '!' ? '!_' : '-_', start, { start, end: operand.end }, [operand])
  }

  private member(place: Start): Expr {
    let expr = this.primary(place)
    for (let length = 0; ; length++) {
      const { start } = this.token
      if (length > MAX_CHAIN) this.fail(start, `expression recursion limit exceeded: ${MAX_DEPTH}`)
      if (this.take('.')) expr = this.selection(expr, start)
      else if (this.take('[')) expr = this.indexed(expr, start)
      else if (this.is('{')) {
        const name = nameOf(expr)
        if (name === undefined) return expr
        expr = this.struct(name, expr.start)
      } else return expr
    }
  }

  private selection(operand: Expr, at: number): Expr {
    const isOptional = this.optionalMark()
    const { kind, text } = this.token
    if (kind !== 'ident' && kind !== 'quoted') {
      if (!isOptional) this.noAlternative(at)
      this.unexpected('{IDENTIFIER, ESC_IDENTIFIER}', isName)
    }
    this.index++
    const open = this.token.start
    if (!isOptional && kind === 'ident' && this.take('(')) {
      const args = this.list(')')
      const span = { start: operand.start, end: this.last.end }
      const call: Call = {
        kind: 'call',
        id: this.nextId(),
        name: text,
        target: operand,
        args,
        at: open,
        ...span,
      }
      return this.macro(call)
    }
    const span = { start: operand.start, end: this.last.end }
    return { kind: 'select', id: this.nextId(), operand, field: text, isOptional, at, ...span }
  }

  private indexed(operand: Expr, at: number): Expr {
    const isOptional = this.optionalMark()
    const key = this.within(']', () => this.expression(isOptional ? 'expression' : 'key'))
    this.expect(']')
    const span = { start: operand.start, end: this.last.end }
    return this.call(isOptional ? OPTIONAL_INDEX : INDEX, at, span, [operand, key])
  }

  private optionalMark(): boolean {
    const { start } = this.token
    if (!this.take('?')) return false
    if (!this.syntax.hasOptionals) this.fail(start, "unsupported syntax '.?'")
    return true
  }

  private macro(call: Call): Expr {
    return expandMacro(call, this.syntax.macros, () => this.nextId(), this.issues)
  }

  private primary(place: Start): Expr {
    const { token } = this
    const { start, end, text, kind } = token
    const span = { start, end, at: start }
    if (kind === 'number' || kind === 'text' || (kind === 'word' && token.value !== undefined)) {
      this.index++
      return { kind: 'literal', id: this.nextId(), value: this.inRange(token.value!, start), ...span }
    }
    if (this.is('-')) {
      const next = this.tokens[this.index + 1]
      if (next?.kind === 'number' && next.value !== undefined && isSigned(next.value)) {
        this.index += 2
        const value = this.inRange(negate(next.value), start)
        return { kind: 'literal', id: this.nextId(), value, start, end: next.end, at: start }
      }
    }
    if (this.take('(')) {
      const expr = this.within(')', () => this.expression())
      this.expect(')')
      return { ...expr, start, end: this.last.end }
    }
    if (this.take('[')) return this.listLiteral(start)
    if (this.is('{')) return this.mapLiteral(start)
    const isAbsolute = kind === 'symbol' && text === '.' && this.tokens[this.index + 1]?.kind === 'ident'
    if (isAbsolute || kind === 'ident') return this.identifier(start, isAbsolute)
    if (this.take('.')) this.noAlternative(start)
    return this.unexpected(STARTS[place], it => startsExpression(it) || isCloser(it, place))
  }

  private identifier(start: number, isAbsolute: boolean): Expr {
    if (isAbsolute) this.index++
    const { text, end, start: at } = this.token
    this.index++
    if (RESERVED.has(text)) this.fail(at, `reserved identifier: ${text}`)
    const open = this.token.start
    if (this.take('(')) {
      const args = this.list(')')
      const name = isAbsolute ? `.${text}` : text
      return this.macro(this.call(name, open, { start, end: this.last.end }, args))
    }
    return { kind: 'ident', id: this.nextId(), name: text, isAbsolute, start, end, at: start }
  }

  /** Expressions up to the closing bracket, which is taken. */
  private list(close: string): Expr[] {
    const items: Expr[] = []
    if (this.take(close)) return items
    do items.push(this.within('),', () => this.expression(items.length === 0 ? 'argument' : 'expression')))
    while (this.take(','))
    this.expect(close)
    return items
  }

  private listLiteral(start: number): Expr {
    const items: Expr[] = []
    const optional = new Set<number>()
    while (!this.take(']')) {
      const isOptional = this.optionalMark()
      if (isOptional) optional.add(items.length)
      else if (items.length > 0 && !startsExpression(this.token)) {
        this.expect(']')
        break
      }
      items.push(this.within('],', () => this.expression(isOptional ? 'expression' : 'item')))
      this.separator(']')
    }
    return { kind: 'list', id: this.nextId(), items, optional, start, end: this.last.end, at: start }
  }

  private mapLiteral(start: number): MapLiteral {
    this.index++
    const entries: { key: Expr; value: Expr; isOptional: boolean }[] = []
    while (!this.take('}')) {
      const isOptional = this.optionalMark()
      if (!isOptional && entries.length > 0 && !startsExpression(this.token)) {
        this.expect('}')
        break
      }
      const key = this.within(':', () => this.expression(isOptional ? 'expression' : 'entry'))
      this.expect(':')
      entries.push({ key, value: this.within('},', () => this.expression()), isOptional })
      this.separator('}')
    }
    return { kind: 'map', id: this.nextId(), entries, start, end: this.last.end, at: start }
  }

  private struct(name: string, start: number): StructLiteral {
    const at = this.token.start
    this.index++
    const fields: { name: string; value: Expr; isOptional: boolean }[] = []
    while (!this.take('}')) {
      const isOptional = this.optionalMark()
      const { kind, text } = this.token
      if (kind !== 'ident' && kind !== 'quoted') {
        if (isOptional) this.unexpected('{IDENTIFIER, ESC_IDENTIFIER}', isName)
        if (fields.length === 0)
          this.unexpected(
            "{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}",
            it => isName(it) || '},?'.includes(it.text),
          )
        this.expect('}')
        break
      }
      this.index++
      this.expect(':')
      fields.push({ name: text, value: this.within('},', () => this.expression()), isOptional })
      this.separator('}')
    }
    return { kind: 'struct', id: this.nextId(), name, fields, start, end: this.last.end, at }
  }

  /** A comma, or the end of a literal, which is left. */
  private separator(close: string): void {
    if (this.is(close) || this.take(',')) return
    this.unexpected(`{'${close}', ','}`, it => it.kind === 'symbol' && (it.text === close || it.text === ','))
  }

  private inRange(value: Value, at: number): Value {
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) === value) return value
    this.issues.push({ at, message: 'invalid int literal' })
    return 0
  }
}

/** A minus may belong to ints and doubles. */
const isSigned = (value: Value): value is number | bigint | Double =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Double

function negate(value: number | bigint | Double): Value {
  if (value instanceof Double) return new Double(-value.value)
  return toInt(-BigInt(value)) ?? -BigInt(value)
}

const startsExpression = ({ kind, text }: Token): boolean =>
  (kind === 'word' ? text !== 'in' : kind !== 'symbol' && kind !== 'end') || '[{(.-!'.includes(text)

const isName = ({ kind }: Token): boolean => kind === 'ident' || kind === 'quoted'

/** What else than an expression may stand in a place. */
const isCloser = ({ kind, text }: Token, place: Start): boolean =>
  kind === 'symbol' && STARTS[place].includes(`'${text}'`)

/** `a.b.c` of a chain of plain names, else undefined. */
export function nameOf(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.isAbsolute ? `.${expr.name}` : expr.name
  if (expr.kind !== 'select' || expr.isOptional) return undefined
  const operand = nameOf(expr.operand)
  return operand === undefined ? undefined : `${operand}.${expr.field}`
}
