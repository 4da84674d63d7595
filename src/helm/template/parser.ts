/**
 * Parser of Go templates (text/template/parse of Go 1.25), by recursive descent: the grammar has one token of context
 * (`space` separates arguments) that a grammar library would only hide, and errors must carry Go's texts.
 * Every error is reported; parsing goes on behind the action that holds it, and what was read up to there is kept.
 */

import { quote, unquote } from '../../text/go-quote.ts'
import type { Span } from '../../text/source.ts'
import {
  type BranchNode,
  type Command,
  type FieldNode,
  firstOperand,
  type Node,
  type NumberNode,
  type Operand,
  type Pipeline,
  type PipeNode,
  type Template,
  type TemplateNode,
  textOf,
  type VariableNode,
} from './ast.ts'
import { meantName } from './explain.ts'
import { readTokens, Tokens, type TokenType } from './lexer.ts'
import { toFields, toName } from './names.ts'
import { toConstant } from './number-constant.ts'
import type { TemplateSource } from './origin.ts'
import { type ParseProblem, ParserState, Recovery } from './parser-state.ts'

export interface ParsedTemplate {
  readonly main: Template
  /** Templates that `define` and `block` made, in source order. */
  readonly defined: readonly Template[]
  readonly problems: readonly ParseProblem[]
}

const toHint = (hint: string | undefined) => (hint === undefined ? {} : { hint })

/** Never throws. `isFunction` knows the names that may be called. */
export function parseTemplate(source: TemplateSource, isFunction: (name: string) => boolean): ParsedTemplate {
  // Only what the parser gets hold of while it runs: no parser runs within another.
  if (tokens.types.length > MOST_TOKENS) tokens = new Tokens()
  readTokens(source.text, tokens)
  return new Parser(source, isFunction, tokens).run()
}

let tokens = new Tokens()
/** Room for the tokens of a text that had more is not kept. */
const MOST_TOKENS = 100_000

/** Expressions nested deeper than this are refused; Go allows 10,000, more than a JavaScript stack is sure to hold. */
const MAX_PARENS = 500
const MAX_BLOCKS = 500

type Ending = { readonly kind: 'end' | 'else' | 'eof'; readonly token: number }

class Parser extends ParserState {
  private readonly isFunction: (name: string) => boolean
  /** Parts of what is being read, innermost last: a list is cut off when it is complete, and takes no room to grow. */
  private readonly nodes: Node[] = []
  /** The last variable at the beginning of a pipeline that nothing is assigned to; what follows it was looked at. */
  private undeclared = -1
  private readonly commands: Command[] = []
  private readonly operands: Operand[] = []
  private readonly names: string[] = []
  private variables: string[] = ['$']
  private ranges = 0
  private parens = 0
  private blocks = 0
  private readonly defined: Template[] = []

  constructor(source: TemplateSource, isFunction: (name: string) => boolean, tokens: Tokens) {
    super(source, tokens)
    this.isFunction = isFunction
  }

  run(): ParsedTemplate {
    while (this.peek() !== 'eof') {
      const ending = this.parseNodes('top')
      if (ending.kind !== 'eof') this.report(`unexpected {{${ending.kind}}}`, this.spanOf(ending.token))
    }
    const main = this.template(this.source.name, cut(this.nodes, 0), undefined)
    const { defined, problems } = this
    if (problems.length === 0) return { main, defined, problems }
    const broken = (it: Template): Template => ({ ...it, isBroken: true })
    return { main: broken(main), defined: defined.map(broken), problems }
  }

  private template(name: string, body: readonly Node[], nameSpan: Span | undefined): Template {
    const { source } = this
    const isEmpty = body.every(it => it.kind === 'text' && textOf(it, source.text).trim() === '')
    return { name, source, body, nameSpan, isEmpty, isBroken: false }
  }

  /** Skips to the end of the current action. */
  private recover(): void {
    this.parens = 0
    cut(this.commands, 0)
    cut(this.operands, 0)
    cut(this.names, 0)
    for (;;) {
      const type = this.peek()
      if (type === 'eof' || type === 'left-delim' || type === 'text') return
      this.at++
      if (type === 'right-delim') return
    }
  }

  // Lists of nodes.

  /** Reads nodes up to `end`, `else` or the end of the input. */
  private parseNodes(level: 'top' | 'block'): Ending {
    for (;;) {
      const token = this.next()
      const type = this.types[token]
      if (type === 'eof') return { kind: 'eof', token }
      const start = this.starts[token]!
      if (type === 'text') {
        this.nodes.push({ kind: 'text', start, end: this.ends[token]! })
        continue
      }
      this.actionStart = start
      const mark = this.nodes.length
      try {
        if (type !== 'left-delim') this.unexpected(token, 'input')
        this.unfinished = start
        const ending = this.parseAction(level, token)
        this.unfinished = -1
        if (ending) return ending
      } catch (error) {
        if (!(error instanceof Recovery)) throw error
        cut(this.nodes, mark)
        this.recover()
      }
    }
  }

  private parseAction(level: 'top' | 'block', delim: number): Ending | undefined {
    if (this.peek() !== 'keyword') {
      const pipe = this.parsePipeline('command')
      this.nodes.push({ kind: 'action', start: this.starts[delim]!, end: this.lastEnd(), pipe })
      return undefined
    }
    const token = this.at++
    const keyword = this.textOf(token)
    switch (keyword) {
      case 'if':
      case 'range':
      case 'with':
        this.nodes.push(this.parseBranch(keyword, delim))
        return undefined
      case 'end':
        this.expect('right-delim', 'end')
        return { kind: 'end', token }
      case 'else':
        return this.parseElse(token)
      case 'define':
        if (level !== 'top') this.unexpected(token, 'command')
        this.unfinished = -1
        this.parseDefine()
        return undefined
      case 'break':
      case 'continue':
        this.nodes.push(this.parseJump(keyword, delim))
        return undefined
      default:
        this.nodes.push(keyword === 'block' ? this.parseBlock(delim) : this.parseTemplateCall(delim))
        return undefined
    }
  }

  /** Where the last token ends. */
  private lastEnd(): number {
    return this.ends[this.at - 1]!
  }

  private parseElse(token: number): Ending {
    if (this.chainedKeyword() === undefined) this.expect('right-delim', 'else')
    return { kind: 'else', token }
  }

  /** The keyword of `else if` and `else with`, which comes next. */
  private chainedKeyword(): 'if' | 'with' | undefined {
    if (this.peek() !== 'keyword') return undefined
    const keyword = this.textOf(this.at)
    return keyword === 'if' || keyword === 'with' ? keyword : undefined
  }

  private parseJump(kind: 'break' | 'continue', delim: number): Node {
    const token = this.next()
    if (this.types[token] !== 'right-delim') this.unexpected(token, `{{${kind}}}`)
    if (this.ranges === 0) this.failAt(delim, `{{${kind}}} outside {{range}}`)
    return { kind, start: this.starts[delim]!, end: this.ends[token]! }
  }

  private parseBranch(kind: BranchNode['kind'], delim: number): BranchNode {
    const marked = this.variables.length
    let pipe: Pipeline = EMPTY_PIPE
    try {
      pipe = this.parsePipeline(kind)
    } catch (error) {
      // The block is read all the same, so that its `end` finds its beginning.
      if (!(error instanceof Recovery)) throw error
      this.recover()
    }
    const head = this.lastEnd()
    if (++this.blocks > MAX_BLOCKS) {
      this.at = this.last
      this.failAt(delim, 'blocks are nested too deeply')
    }
    if (kind === 'range') this.ranges++
    const mark = this.nodes.length
    const ending = this.parseNodes('block')
    const body = cut(this.nodes, mark)
    if (kind === 'range') this.ranges--
    let otherwise: readonly Node[] | undefined
    const start = this.starts[delim]!
    if (ending.kind === 'else') otherwise = this.parseOtherwise(kind, delim)
    else if (ending.kind === 'eof') this.reportUnclosed({ start, end: head }, kind)
    this.blocks--
    this.variables.length = marked
    return { kind, start, end: head, pipe, body, otherwise, assigned: undefined }
  }

  private reportUnclosed(head: Span, kind: string): void {
    const hint = `this {{${kind}}} has no {{end}}`
    this.report('unexpected EOF', head, this.source.text.length, { hint })
  }

  private parseOtherwise(kind: BranchNode['kind'], delim: number): readonly Node[] {
    if (this.peek() === 'keyword') {
      const token = this.at++
      if (this.textOf(token) !== kind || kind === 'range') this.unexpected(token, 'input')
      return [this.parseBranch(kind, token)]
    }
    const mark = this.nodes.length
    const ending = this.parseNodes('block')
    if (ending.kind === 'else') {
      this.report('expected end; found {{else}}', this.spanOf(ending.token))
      this.parseNodes('block')
    } else if (ending.kind === 'eof') this.reportUnclosed(this.spanOf(delim), kind)
    return cut(this.nodes, mark)
  }

  private parseDefine(): void {
    const context = 'define clause'
    const token = this.next()
    const name = this.templateName(token, context)
    this.expect('right-delim', context)
    this.parseDefinition(name, token, context)
  }

  private templateName(token: number, context: string): string {
    const type = this.types[token]
    if (type !== 'string' && type !== 'raw-string') this.unexpected(token, context)
    const name = unquote(this.textOf(token))
    if (name === undefined) this.failAt(token, 'invalid syntax')
    return name
  }

  private parseDefinition(name: string, token: number, context: string): void {
    const span = this.spanOf(token)
    const saved = { variables: this.variables, ranges: this.ranges, blocks: this.blocks }
    this.unfinished = -1
    this.variables = ['$']
    this.ranges = 0
    const mark = this.nodes.length
    const ending = this.parseNodes('block')
    if (ending.kind === 'else') {
      this.report(`unexpected {{else}} in ${context}`, this.spanOf(ending.token))
      this.parseNodes('block')
    } else if (ending.kind === 'eof') this.reportUnclosed(span, context.split(' ', 1)[0]!)
    Object.assign(this, saved)
    const template = this.template(name, cut(this.nodes, mark), span)
    const known = this.defined.findIndex(it => it.name === name)
    if (known >= 0 && !template.isEmpty && !this.defined[known]!.isEmpty)
      this.report(`multiple definition of template ${quote(name)}`, span)
    else if (known >= 0 && template.isEmpty) return
    if (known >= 0) this.defined.splice(known, 1)
    this.defined.push(template)
  }

  private parseBlock(delim: number): TemplateNode {
    const context = 'block clause'
    const token = this.next()
    const name = this.templateName(token, context)
    const pipe = this.parsePipeline(context)
    const end = this.lastEnd()
    this.parseDefinition(name, token, context)
    return { kind: 'template', start: this.starts[delim]!, end, name, nameStart: this.starts[token]!, pipe }
  }

  private parseTemplateCall(delim: number): TemplateNode {
    const context = 'template clause'
    const token = this.next()
    const name = this.templateName(token, context)
    let pipe: Pipeline | undefined
    if (this.peek() === 'right-delim') this.at++
    else pipe = this.parsePipeline(context)
    const start = this.starts[delim]!
    return { kind: 'template', start, end: this.lastEnd(), name, nameStart: this.starts[token]!, pipe }
  }

  // Pipelines.

  /** All that is left of an action. */
  private parsePipeline(context: string): Pipeline {
    const start = this.starts[this.at]!
    const nameMark = this.names.length
    const mark = this.commands.length
    const assigns = this.parsePipe(context, 'right-delim')
    const variables = cut(this.names, nameMark)
    const only =
      variables.length === 0 && this.commands.length === mark + 1 ? this.commands[mark]! : undefined
    if (only && only.kind !== 'pipe') return this.commands.pop()!
    const commands = cut(this.commands, mark)
    return { kind: 'pipe', start, end: commands[commands.length - 1]!.end, variables, assigns, commands }
  }

  private parseParens(open: number): PipeNode {
    if (++this.parens > MAX_PARENS) this.failAt(open, 'max expression depth exceeded')
    const nameMark = this.names.length
    const mark = this.commands.length
    const assigns = this.parsePipe('parenthesized pipeline', 'right-paren')
    this.parens--
    const variables = cut(this.names, nameMark)
    const commands = cut(this.commands, mark)
    return { kind: 'pipe', start: this.starts[open]!, end: this.lastEnd(), variables, assigns, commands }
  }

  /** Puts variables into `names` and commands into `commands`; true where the variables are assigned to. */
  private parsePipe(context: string, closing: 'right-delim' | 'right-paren'): boolean {
    const assigns = this.peek() === 'variable' && this.parseDeclarations(context) === 'assign'
    const mark = this.commands.length
    while (this.types[this.at] !== closing) this.commands.push(this.parseCommand(context))
    this.at++
    this.checkPipe(mark, context)
    return assigns
  }

  /** Reads `$a :=`, `$a =`, `$a, $b :=` into `names`; the word between them and their value. */
  private parseDeclarations(context: string): TokenType | undefined {
    const mark = this.names.length
    for (;;) {
      const token = this.at
      if (this.peek() !== 'variable') return undefined
      const name = this.textOf(this.at++)
      const type = this.peek()
      const declares = type === 'declare' || type === 'assign'
      if (!declares && !(type === 'char' && this.textOf(this.at) === ',')) {
        this.at = token
        this.undeclared = token
        return undefined
      }
      const next = this.at++
      this.names.push(name)
      this.variables.push(name)
      if (declares) return type
      if (context !== 'range' || this.names.length > mark + 1)
        this.failAt(next, `too many declarations in ${context}`)
      const following = this.peek()
      if (following !== 'variable' && following !== 'right-delim' && following !== 'right-paren')
        this.failAt(this.at, 'range can only initialize variables')
    }
  }

  private failUndefined(token: number, name: string): never {
    // Go names the line of what it read last.
    const last = token === this.undeclared ? token + 1 : token
    return this.failAt(token, `undefined variable ${quote(name)}`, {
      ...toHint(meantName(name, this.variables)),
      line: this.lineOf(this.starts[last]!),
    })
  }

  /** `mark`: where its commands begin. */
  private checkPipe(mark: number, context: string): void {
    const { commands } = this
    if (commands.length === mark) this.failAt(this.at - 1, `missing value for ${context}`)
    for (let i = mark + 1; i < commands.length; i++) {
      const first = firstOperand(commands[i]!)
      if (NOT_EXECUTABLE.has(first.kind))
        this.fail(`non executable command in pipeline stage ${i - mark + 1}`, first)
    }
  }

  private parseCommand(context: string): Command {
    const { types, starts } = this
    const first = this.at
    const mark = this.operands.length
    for (;;) {
      const operand = this.parseOperand()
      if (!operand) {
        const place = this.at === first ? context : 'operand'
        return this.unexpected(this.next(), place)
      }
      this.operands.push(operand)
      const type = types[this.at]
      if (type === 'right-delim' || type === 'right-paren') break
      if (type === 'pipe') {
        this.at++
        break
      }
      // Blanks separate operands.
      if (starts[this.at] === operand.end) this.unexpected(this.next(), 'operand')
    }
    if (this.operands.length === mark + 1) return this.operands.pop()!
    const args = cut(this.operands, mark)
    return { kind: 'command', start: starts[first]!, end: args[args.length - 1]!.end, args }
  }

  private parseOperand(): Operand | undefined {
    const type = this.types[this.at]
    if (type === 'field') return this.parseField()
    const term = this.parseTerm(type!)
    if (!term || this.types[this.at] !== 'field' || this.starts[this.at] !== term.end) return term
    const fields = this.parseFields()
    const { start } = term
    const end = this.lastEnd()
    switch (term.kind) {
      case 'variable':
        return { kind: 'variable', start, end, name: term.name, fields } satisfies VariableNode
      case 'string':
      case 'bool':
      case 'number':
      case 'nil':
      case 'dot':
        return this.fail(`unexpected . after term ${quote(textOf(term, this.source.text))}`, { start, end })
      default:
        return { kind: 'chain', start, end, operand: term, fields }
    }
  }

  private parseField(): FieldNode {
    const start = this.starts[this.at]!
    const fields = this.parseFields()
    return { kind: 'field', start, end: this.lastEnd(), fields }
  }

  /** Fields, each of which begins where the one before ends. */
  private parseFields(): readonly string[] {
    const { types, starts, ends } = this
    const start = starts[this.at]!
    do this.at++
    while (types[this.at] === 'field' && starts[this.at] === ends[this.at - 1])
    return toFields(this.source.text, start, this.lastEnd())
  }

  /** Undefined where no operand begins. */
  private parseTerm(type: TokenType): Operand | undefined {
    const token = this.at
    const start = this.starts[token]!
    const end = this.ends[token]!
    switch (type) {
      case 'identifier': {
        this.at++
        const name = toName(this.source.text, start, end)
        if (!this.isFunction(name))
          this.failAt(token, `function ${quote(name)} not defined`, { called: name })
        return { kind: 'identifier', start, end, name }
      }
      case 'variable': {
        this.at++
        const name = toName(this.source.text, start, end)
        if (!this.variables.includes(name)) this.failUndefined(token, name)
        return { kind: 'variable', start, end, name, fields: NOTHING }
      }
      case 'string':
      case 'raw-string': {
        this.at++
        const value = unquote(this.source.text.slice(start, end))
        if (value === undefined) this.failAt(token, 'invalid syntax')
        return { kind: 'string', start, end, value, origin: undefined }
      }
      case 'left-paren':
        this.at++
        return this.parseParens(token)
      case 'dot':
      case 'nil':
        this.at++
        return { kind: type, start, end }
      case 'bool': {
        this.at++
        return { kind: 'bool', start, end, value: end - start === 'true'.length, origin: undefined }
      }
      case 'number':
      case 'character':
      case 'complex':
        this.at++
        return this.parseNumber(token)
      default:
        return undefined
    }
  }

  private parseNumber(token: number): NumberNode {
    const constant = toConstant(this.textOf(token), this.types[token]!)
    if (typeof constant === 'string') return this.failAt(token, constant)
    return {
      kind: 'number',
      start: this.starts[token]!,
      end: this.ends[token]!,
      constant,
      origin: undefined,
    }
  }
}

const NOTHING: readonly never[] = []

/** Takes what a stack holds from `mark` on. */
function cut<Item>(stack: Item[], mark: number): readonly Item[] {
  if (stack.length === mark) return NOTHING
  if (stack.length === mark + 1) return [stack.pop()!]
  const list = stack.slice(mark)
  while (stack.length > mark) stack.pop()
  return list
}

const EMPTY_PIPE: PipeNode = {
  kind: 'pipe',
  start: 0,
  end: 0,
  variables: [],
  assigns: false,
  commands: [],
}

const NOT_EXECUTABLE: ReadonlySet<string> = new Set(['bool', 'dot', 'nil', 'number', 'string'])
