/**
 * Parser of Go templates (text/template/parse of Go 1.25), by recursive descent: the grammar has one token of context
 * (`space` separates arguments) that a grammar library would only hide, and errors must carry Go's texts.
 * Every error is reported; parsing goes on behind the action that holds it, and what was read up to there is kept.
 */

import { quote, unquote, unquoteCharacter } from '../../text/go-quote.ts'
import type { Span } from '../../text/source.ts'
import type {
  BranchNode,
  CommandNode,
  FieldNode,
  Node,
  NumberNode,
  Operand,
  PipeNode,
  Template,
  TemplateNode,
  VariableNode,
} from './ast.ts'
import { listTokens, type Token } from './lexer.ts'
import { isInt64, MAX_UINT64, parseFloat64, parseInteger } from './number.ts'
import type { LiteralOrigin, TemplateSource } from './origin.ts'
import { int, type Value } from './value.ts'

export interface ParseProblem {
  /** Go's text without file and line. */
  readonly message: string
  readonly span: Span
  /** The line that Go names, counted from 1. */
  readonly line: number
}

export interface ParsedTemplate {
  readonly main: Template
  /** Templates that `define` and `block` made, in source order. */
  readonly defined: readonly Template[]
  readonly problems: readonly ParseProblem[]
}

/** Never throws. `isFunction` knows the names that may be called. */
export function parseTemplate(source: TemplateSource, isFunction: (name: string) => boolean): ParsedTemplate {
  return new Parser(source, isFunction).run()
}

/** Expressions nested deeper than this are refused; Go allows 10,000, more than a JavaScript stack is sure to hold. */
const MAX_PARENS = 500
const MAX_BLOCKS = 500
/** What follows is mostly noise that the first ones made. */
const MAX_PROBLEMS = 20

/** Leaves the action or block that holds an error; caught where parsing can go on. */
class Recovery extends Error {}

type Ending = { readonly kind: 'end' | 'else' | 'eof'; readonly token: Token }

class Parser {
  private readonly source: TemplateSource
  private readonly isFunction: (name: string) => boolean
  private readonly tokens: readonly Token[]
  private at = 0
  private variables: string[] = ['$']
  private ranges = 0
  private parens = 0
  private blocks = 0
  private readonly defined: Template[] = []
  private readonly problems: ParseProblem[] = []

  constructor(source: TemplateSource, isFunction: (name: string) => boolean) {
    this.source = source
    this.isFunction = isFunction
    this.tokens = listTokens(source.text)
  }

  run(): ParsedTemplate {
    const body: Node[] = []
    while (this.peek().type !== 'eof') {
      const ending = this.parseInto(body, 'top')
      if (ending.kind !== 'eof') this.report(`unexpected {{${ending.kind}}}`, ending.token)
    }
    const main = this.template(this.source.name, body, undefined)
    return { main, defined: this.defined, problems: this.problems }
  }

  private template(name: string, body: readonly Node[], nameSpan: Span | undefined): Template {
    return { name, source: this.source, body: exact(body), nameSpan, isEmpty: body.every(isBlankNode) }
  }

  // Tokens.

  private peek(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)]!
  }

  private next(): Token {
    const token = this.peek()
    this.at++
    return token
  }

  private peekNonSpace(): Token {
    while (this.peek().type === 'space') this.at++
    return this.peek()
  }

  private nextNonSpace(): Token {
    this.peekNonSpace()
    return this.next()
  }

  // Errors.

  private report(message: string, span: Span, lineAt = span.start): void {
    if (this.problems.length >= MAX_PROBLEMS) return
    this.problems.push({ message, span: { start: span.start, end: span.end }, line: this.lineOf(lineAt) })
  }

  private lineOf(offset: number): number {
    let line = 1
    const { text } = this.source
    for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
    return line
  }

  private fail(message: string, span: Span): never {
    this.report(message, span)
    if (this.problems.length >= MAX_PROBLEMS) this.at = this.tokens.length - 1
    throw new Recovery()
  }

  private unexpected(token: Token, context: string): never {
    if (token.type !== 'error') return this.fail(`unexpected ${formatToken(token)} in ${context}`, token)
    const started = this.lineOf(this.actionStart)
    const line = this.lineOf(token.start)
    let extra = ''
    if (this.actionStart >= 0 && started !== line) {
      extra = ` in action started at ${this.source.name}:${started}`
      if (token.text.endsWith(' action')) extra = extra.slice(' in action'.length)
    }
    return this.fail(token.text + extra, token)
  }

  private actionStart = -1

  private expect(type: Token['type'], context: string): Token {
    const token = this.nextNonSpace()
    if (token.type !== type) this.unexpected(token, context)
    return token
  }

  /** Skips to the end of the current action. */
  private recover(): void {
    this.parens = 0
    for (;;) {
      const { type } = this.peek()
      if (type === 'eof' || type === 'left-delim' || type === 'text') return
      this.at++
      if (type === 'right-delim') return
    }
  }

  // Lists of nodes.

  /** Reads nodes up to `end`, `else` or the end of the input. */
  private parseInto(body: Node[], level: 'top' | 'block'): Ending {
    for (;;) {
      const token = this.nextNonSpace()
      if (token.type === 'eof') return { kind: 'eof', token }
      if (token.type === 'text') {
        body.push({ kind: 'text', start: token.start, end: token.end, pos: token.start, text: token.text })
        continue
      }
      this.actionStart = token.start
      try {
        if (token.type !== 'left-delim') this.unexpected(token, 'input')
        const ending = this.parseAction(body, level, token)
        if (ending) return ending
      } catch (error) {
        if (!(error instanceof Recovery)) throw error
        this.recover()
      }
    }
  }

  private parseAction(body: Node[], level: 'top' | 'block', delim: Token): Ending | undefined {
    const token = this.peekNonSpace()
    if (token.type !== 'keyword') {
      const pipe = this.parsePipe('command', 'right-delim')
      body.push({ kind: 'action', start: delim.start, end: this.lastEnd(), pos: token.start, pipe })
      return undefined
    }
    this.at++
    switch (token.text) {
      case 'if':
      case 'range':
      case 'with':
        body.push(this.parseBranch(token.text, delim))
        return undefined
      case 'end':
        this.expect('right-delim', 'end')
        return { kind: 'end', token }
      case 'else':
        return this.parseElse(token)
      case 'define':
        if (level !== 'top') this.at--
        if (level !== 'top') this.unexpected(this.next(), 'command')
        this.parseDefine()
        return undefined
      case 'break':
      case 'continue':
        body.push(this.parseJump(token.text, delim))
        return undefined
      default:
        body.push(token.text === 'block' ? this.parseBlock(delim) : this.parseTemplateCall(delim))
        return undefined
    }
  }

  private lastEnd(): number {
    return this.tokens[this.at - 1]!.end
  }

  private parseElse(token: Token): Ending {
    const next = this.peekNonSpace()
    const chained = next.type === 'keyword' && (next.text === 'if' || next.text === 'with')
    if (!chained) this.expect('right-delim', 'else')
    return { kind: 'else', token }
  }

  private parseJump(kind: 'break' | 'continue', delim: Token): Node {
    const token = this.nextNonSpace()
    if (token.type !== 'right-delim') this.unexpected(token, `{{${kind}}}`)
    if (this.ranges === 0) this.fail(`{{${kind}}} outside {{range}}`, delim)
    return { kind, start: delim.start, end: token.end, pos: delim.start }
  }

  private parseBranch(kind: BranchNode['kind'], delim: Token): BranchNode {
    const marked = this.variables.length
    let pipe = EMPTY_PIPE
    try {
      pipe = this.parsePipe(kind, 'right-delim')
    } catch (error) {
      // The block is read all the same, so that its `end` finds its beginning.
      if (!(error instanceof Recovery)) throw error
      this.recover()
    }
    const head = this.lastEnd()
    if (++this.blocks > MAX_BLOCKS) {
      this.at = this.tokens.length - 1
      this.fail('blocks are nested too deeply', delim)
    }
    if (kind === 'range') this.ranges++
    const body: Node[] = []
    const ending = this.parseInto(body, 'block')
    if (kind === 'range') this.ranges--
    let otherwise: readonly Node[] | undefined
    if (ending.kind === 'else') otherwise = this.parseOtherwise(kind, delim)
    else if (ending.kind === 'eof') this.reportUnclosed(delim, head)
    this.blocks--
    this.variables.length = marked
    return { kind, start: delim.start, end: head, pos: pipe.pos, pipe, body: exact(body), otherwise }
  }

  private reportUnclosed(delim: Token, head: number): void {
    this.report('unexpected EOF', { start: delim.start, end: head }, this.source.text.length)
  }

  private parseOtherwise(kind: BranchNode['kind'], delim: Token): readonly Node[] {
    const next = this.peekNonSpace()
    if (next.type === 'keyword' && next.text === kind && kind !== 'range') {
      this.at++
      return [this.parseBranch(kind, next)]
    }
    if (next.type === 'keyword') this.unexpected(this.next(), 'input')
    const body: Node[] = []
    const ending = this.parseInto(body, 'block')
    if (ending.kind === 'else') {
      this.report('expected end; found {{else}}', ending.token)
      this.parseInto(body, 'block')
    } else if (ending.kind === 'eof') this.reportUnclosed(delim, delim.end)
    return exact(body)
  }

  private parseDefine(): void {
    const context = 'define clause'
    const token = this.nextNonSpace()
    const name = this.templateName(token, context)
    this.expect('right-delim', context)
    this.parseDefinition(name, token, context)
  }

  private templateName(token: Token, context: string): string {
    if (token.type !== 'string' && token.type !== 'raw-string') this.unexpected(token, context)
    const name = unquote(token.text)
    if (name === undefined) this.fail('invalid syntax', token)
    return name
  }

  private parseDefinition(name: string, token: Token, context: string): void {
    const saved = { variables: this.variables, ranges: this.ranges, blocks: this.blocks }
    this.variables = ['$']
    this.ranges = 0
    const body: Node[] = []
    const ending = this.parseInto(body, 'block')
    if (ending.kind === 'else') {
      this.report(`unexpected {{else}} in ${context}`, ending.token)
      this.parseInto(body, 'block')
    } else if (ending.kind === 'eof') this.reportUnclosed(token, token.end)
    Object.assign(this, saved)
    const template = this.template(name, body, { start: token.start, end: token.end })
    const known = this.defined.findIndex(it => it.name === name)
    if (known >= 0 && !template.isEmpty && !this.defined[known]!.isEmpty)
      this.report(`multiple definition of template ${quote(name)}`, token)
    else if (known >= 0 && template.isEmpty) return
    if (known >= 0) this.defined.splice(known, 1)
    this.defined.push(template)
  }

  private parseBlock(delim: Token): TemplateNode {
    const context = 'block clause'
    const token = this.nextNonSpace()
    const name = this.templateName(token, context)
    const pipe = this.parsePipe(context, 'right-delim')
    const end = this.lastEnd()
    this.parseDefinition(name, token, context)
    return { kind: 'template', start: delim.start, end, pos: token.start, name, pipe }
  }

  private parseTemplateCall(delim: Token): TemplateNode {
    const context = 'template clause'
    const token = this.nextNonSpace()
    const name = this.templateName(token, context)
    let pipe: PipeNode | undefined
    if (this.peekNonSpace().type === 'right-delim') this.at++
    else pipe = this.parsePipe(context, 'right-delim')
    return { kind: 'template', start: delim.start, end: this.lastEnd(), pos: token.start, name, pipe }
  }

  // Pipelines.

  private parsePipe(context: string, end: 'right-delim' | 'right-paren'): PipeNode {
    const first = this.peekNonSpace()
    const { variables, assigns } = this.parseDeclarations(context)
    const commands: CommandNode[] = []
    for (;;) {
      const token = this.nextNonSpace()
      if (token.type === end) break
      if (!OPERAND_STARTS.has(token.type)) this.unexpected(token, context)
      this.at--
      commands.push(this.parseCommand())
    }
    this.checkPipe(commands, context)
    return {
      kind: 'pipe',
      start: first.start,
      end: commands.at(-1)!.end,
      pos: first.start,
      variables: exact(variables),
      assigns,
      commands: exact(commands),
    }
  }

  private parseDeclarations(context: string): { variables: string[]; assigns: boolean } {
    const variables: string[] = []
    for (;;) {
      const start = this.at
      const token = this.peekNonSpace()
      if (token.type !== 'variable') return { variables, assigns: false }
      this.at++
      const next = this.peekNonSpace()
      const declares = next.type === 'declare' || next.type === 'assign'
      if (!declares && !(next.type === 'char' && next.text === ',')) {
        this.at = start
        return { variables, assigns: false }
      }
      this.at++
      variables.push(token.text)
      this.variables.push(token.text)
      if (declares) return { variables, assigns: next.type === 'assign' }
      if (context !== 'range' || variables.length > 1) this.fail(`too many declarations in ${context}`, next)
      const following = this.peekNonSpace().type
      if (following !== 'variable' && following !== 'right-delim' && following !== 'right-paren')
        this.fail('range can only initialize variables', this.peek())
    }
  }

  private checkPipe(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) {
      const token = this.tokens[this.at - 1]!
      this.fail(`missing value for ${context}`, token)
    }
    for (let i = 1; i < commands.length; i++) {
      const first = commands[i]!.args[0]!
      if (NOT_EXECUTABLE.has(first.kind))
        this.fail(`non executable command in pipeline stage ${i + 1}`, first)
    }
  }

  private parseCommand(): CommandNode {
    const first = this.peekNonSpace()
    const args: Operand[] = []
    for (;;) {
      this.peekNonSpace()
      const operand = this.parseOperand()
      if (operand) args.push(operand)
      const token = this.next()
      if (token.type === 'space') continue
      if (token.type === 'right-delim' || token.type === 'right-paren') this.at--
      else if (token.type !== 'pipe') this.unexpected(token, 'operand')
      break
    }
    if (args.length === 0) this.fail('empty command', first)
    return { kind: 'command', start: first.start, end: args.at(-1)!.end, pos: first.start, args: exact(args) }
  }

  private parseOperand(): Operand | undefined {
    const term = this.parseTerm()
    if (!term || this.peek().type !== 'field') return term
    const pos = this.peek().start
    const read: string[] = []
    while (this.peek().type === 'field') read.push(this.next().text.slice(1))
    const fields = exact(read)
    const end = this.lastEnd()
    switch (term.kind) {
      case 'field':
        return {
          kind: 'field',
          start: term.start,
          end,
          pos,
          fields: [...term.fields, ...fields],
        } satisfies FieldNode
      case 'variable':
        return { ...term, end, pos, fields } satisfies VariableNode
      case 'string':
      case 'bool':
      case 'number':
        return this.fail(`unexpected . after term ${quote(term.text)}`, { start: term.start, end })
      case 'nil':
      case 'dot':
        return this.fail(`unexpected . after term ${quote(term.kind === 'nil' ? 'nil' : '.')}`, {
          start: term.start,
          end,
        })
      default:
        return { kind: 'chain', start: term.start, end, pos, operand: term, fields }
    }
  }

  private parseTerm(): Operand | undefined {
    const token = this.nextNonSpace()
    const { start, end, text } = token
    const base = { start, end, pos: start }
    switch (token.type) {
      case 'identifier':
        if (!this.isFunction(text)) this.fail(`function ${quote(text)} not defined`, token)
        return { kind: 'identifier', ...base, name: text }
      case 'dot':
        return { kind: 'dot', ...base }
      case 'nil':
        return { kind: 'nil', ...base }
      case 'variable':
        if (!this.variables.includes(text)) this.fail(`undefined variable ${quote(text)}`, token)
        return { kind: 'variable', ...base, name: text, fields: [] }
      case 'field':
        return { kind: 'field', ...base, fields: [text.slice(1)] }
      case 'bool':
        return { kind: 'bool', ...base, text, value: text === 'true', origin: this.literal(token) }
      case 'number':
      case 'character':
      case 'complex':
        return this.parseNumber(token)
      case 'left-paren':
        return this.parseParens(token)
      case 'string':
      case 'raw-string': {
        const value = unquote(text)
        if (value === undefined) this.fail('invalid syntax', token)
        return { kind: 'string', ...base, text, value, origin: this.literal(token) }
      }
    }
    this.at--
    return undefined
  }

  private parseParens(open: Token): PipeNode {
    if (++this.parens > MAX_PARENS) this.fail('max expression depth exceeded', open)
    const pipe = this.parsePipe('parenthesized pipeline', 'right-paren')
    this.parens--
    return { ...pipe, start: open.start, end: this.lastEnd() }
  }

  private literal(token: Token): LiteralOrigin {
    return { kind: 'literal', template: this.source, span: { start: token.start, end: token.end } }
  }

  private parseNumber(token: Token): NumberNode {
    const number = toNumber(token)
    if (typeof number === 'string') return this.fail(number, token)
    const { start, end, text } = token
    return { kind: 'number', start, end, pos: start, text, ...number, origin: this.literal(token) }
  }
}

type Number_ = Pick<NumberNode, 'isInt' | 'isUint' | 'isFloat' | 'int' | 'float' | 'ideal'>

/** The constant, or the text of the error. Imaginary numbers have no use in a chart and are refused. */
function toNumber(token: Token): Number_ | string {
  const { text } = token
  if (token.type === 'character') {
    const code = unquoteCharacter(text)
    if (code === undefined) return text === "''" ? 'invalid syntax' : `malformed character constant: ${text}`
    return { isInt: true, isUint: true, isFloat: true, int: BigInt(code), float: code, ideal: int(code) }
  }
  if (token.type === 'complex' || text.endsWith('i'))
    return `imaginary numbers are not supported: ${quote(text)}`
  const integer = parseInteger(text)
  if (integer !== undefined && integer <= MAX_UINT64 && (isInt64(integer) || integer > 0n)) {
    const isInt = isInt64(integer)
    // Beyond int64 there is no type for it unless an unsigned one is asked for.
    const ideal: Value = isInt ? int(integer) : undefined
    return { isInt, isUint: integer >= 0n, isFloat: true, int: integer, float: Number(integer), ideal }
  }
  const float = parseFloat64(text.replace(/(?<=[0-9a-fA-F])_(?=[0-9a-fA-F])/g, ''))
  if (float === undefined) return `illegal number syntax: ${quote(text)}`
  if (!/[.eEpP]/.test(text)) return `integer overflow: ${quote(text)}`
  const isInt = Number.isInteger(float) && isInt64(BigInt(float))
  return {
    isInt,
    isUint: isInt && float >= 0,
    isFloat: true,
    int: isInt ? BigInt(float) : 0n,
    float,
    ideal: float,
  }
}

const NOTHING: readonly never[] = []

/** The list without the room to grow that `push` takes: trees of charts are kept, and most lists in them hold one item. */
const exact = <Item>(list: readonly Item[]): readonly Item[] => (list.length === 0 ? NOTHING : list.slice())

const EMPTY_PIPE: PipeNode = {
  kind: 'pipe',
  start: 0,
  end: 0,
  pos: 0,
  variables: [],
  assigns: false,
  commands: [],
}

const OPERAND_STARTS: ReadonlySet<Token['type']> = new Set<Token['type']>([
  'bool',
  'character',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw-string',
  'string',
  'variable',
  'left-paren',
])
const NOT_EXECUTABLE: ReadonlySet<string> = new Set(['bool', 'dot', 'nil', 'number', 'string'])

const isBlankNode = (node: Node): boolean => node.kind === 'text' && node.text.trim() === ''

/** A token as Go's errors show it. */
function formatToken({ type, text }: Token): string {
  if (type === 'eof') return 'EOF'
  if (type === 'keyword' || type === 'nil' || type === 'dot') return `<${text}>`
  return text.length > 10 ? `${quote(text.slice(0, 10))}...` : quote(text)
}
