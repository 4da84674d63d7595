/**
 * Nodes of a parsed template, and their text as Go's errors quote it. A chart has a hundred thousand of them, which live as
 * long as it is looked at: so they repeat nothing that the text of the template or another node says.
 */

import { quote } from '../../text/go-quote.ts'
import type { Span } from '../../text/source.ts'
import type { NumberConstant } from './number-constant.ts'
import type { LiteralOrigin, TemplateSource } from './origin.ts'

export interface TextNode extends Span {
  readonly kind: 'text'
}
export interface ActionNode extends Span {
  readonly kind: 'action'
  readonly pipe: Pipeline
}
export interface BranchNode extends Span {
  readonly kind: 'if' | 'with' | 'range'
  readonly pipe: Pipeline
  readonly body: readonly Node[]
  readonly otherwise: readonly Node[] | undefined
  /** Worked out by `listAssigned` when it first runs. */
  assigned: readonly string[] | undefined
}
export interface TemplateNode extends Span {
  readonly kind: 'template'
  readonly name: string
  /** Where the name begins, with its quotes. */
  readonly nameStart: number
  readonly pipe: Pipeline | undefined
}
export interface JumpNode extends Span {
  readonly kind: 'break' | 'continue'
}
export type Node = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode

/** Most pipelines are one command, which declares nothing; but for one in parentheses, it stands for them. */
export type Pipeline = PipeNode | Command

/** Also every pipeline in parentheses, which belong to it. */
export interface PipeNode extends Span {
  readonly kind: 'pipe'
  /** Variables that the pipeline declares or assigns. */
  readonly variables: readonly string[]
  readonly assigns: boolean
  readonly commands: readonly Command[]
}

/** A command of one operand is that operand. */
export type Command = CommandNode | Operand

/** Several operands, the first of which is called. */
export interface CommandNode extends Span {
  readonly kind: 'command'
  readonly args: readonly Operand[]
}
export interface FieldNode extends Span {
  readonly kind: 'field'
  readonly fields: readonly string[]
}
export interface VariableNode extends Span {
  readonly kind: 'variable'
  readonly name: string
  readonly fields: readonly string[]
}
export interface ChainNode extends Span {
  readonly kind: 'chain'
  readonly operand: Operand
  readonly fields: readonly string[]
}
export interface IdentifierNode extends Span {
  readonly kind: 'identifier'
  readonly name: string
}
export interface DotNode extends Span {
  readonly kind: 'dot'
}
export interface NilNode extends Span {
  readonly kind: 'nil'
}
export interface LiteralNode extends Span {
  readonly kind: 'string' | 'bool'
  readonly value: string | boolean
  /** What was made of it last: trees are shared by files of equal text, so that it cannot be part of the tree. */
  origin: LiteralOrigin | undefined
}
export interface NumberNode extends Span {
  readonly kind: 'number'
  readonly constant: NumberConstant
  origin: LiteralOrigin | undefined
}
export type Operand =
  | PipeNode
  | FieldNode
  | VariableNode
  | ChainNode
  | IdentifierNode
  | DotNode
  | NilNode
  | LiteralNode
  | NumberNode

/** A named template: a file, a `define`, a `block`. */
export interface Template {
  readonly name: string
  readonly source: TemplateSource
  readonly body: readonly Node[]
  /** The name in its `define`; undefined for files. */
  readonly nameSpan: Span | undefined
  /** Nothing in it but blanks and comments. */
  readonly isEmpty: boolean
  /** Its file has syntax errors, wherever they are: nobody knows what it was to make. */
  readonly isBroken: boolean
}

/** Variables that something in a branch assigns, its condition included. */
export function listAssigned(branch: BranchNode): readonly string[] {
  branch.assigned ??= addAssigned(addAssigned(assignedBy(branch.pipe), branch.body), branch.otherwise)
  return branch.assigned
}

/** Hardly any branch assigns anything, so nothing is made for the others. */
function addAssigned(before: readonly string[], nodes: readonly Node[] = []): readonly string[] {
  let names = before
  for (let i = 0; i < nodes.length; i++) {
    const it = nodes[i]!
    const more = it.kind === 'action' ? assignedBy(it.pipe) : 'assigned' in it ? listAssigned(it) : NOTHING
    if (more.length > 0) names = [...new Set([...names, ...more])]
  }
  return names
}

const assignedBy = (pipe: Pipeline): readonly string[] =>
  pipe.kind === 'pipe' && pipe.assigns ? pipe.variables : NOTHING

const NOTHING: readonly string[] = []

/** Variables that a pipeline gives its value to; an action that has some prints nothing. */
export const variablesOf = (pipe: Pipeline): readonly string[] =>
  pipe.kind === 'pipe' ? pipe.variables : NOTHING

/** The operand that a command begins with. */
export const firstOperand = (command: Command): Operand =>
  command.kind === 'command' ? command.args[0]! : command

/** Where Go says that a node is: of a chain of fields, the second one; of what is in parentheses, behind them. */
export function goOffset(node: Command | Node, text: string): number {
  switch (node.kind) {
    case 'action':
    case 'if':
    case 'with':
    case 'range':
      return node.pipe.start
    case 'template':
      return node.nameStart
    case 'field':
      return node.fields.length > 1 ? node.start + 1 + node.fields[0]!.length : node.start
    case 'variable':
      return node.start + (node.fields.length > 0 ? node.name.length : 0)
    case 'chain':
      return node.operand.end
    case 'pipe': {
      const [name] = node.variables
      return name === undefined ? node.commands[0]!.start : text.indexOf(name, node.start)
    }
    default:
      return node.start
  }
}

/** The node as Go prints it between `<` and `>` of an error; `text` is that of its template. */
export function formatNode(node: Command | Node, text: string): string {
  switch (node.kind) {
    case 'pipe':
      return formatPipe(node, text)
    case 'command':
      return node.args.map(it => formatOperand(it, text)).join(' ')
    case 'field':
      return formatFields(node.fields)
    case 'variable':
      return node.name + formatFields(node.fields)
    case 'chain':
      return formatOperand(node.operand, text) + formatFields(node.fields)
    case 'identifier':
      return node.name
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'string':
    case 'bool':
    case 'number':
    case 'text':
      return textOf(node, text)
    case 'action':
      return `{{${formatNode(node.pipe, text)}}}`
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe ? ` ${formatNode(node.pipe, text)}` : ''}}}`
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`
    default:
      return formatBranch(node, text)
  }
}

/** What is written at a node. */
export const textOf = ({ start, end }: Span, text: string): string => text.slice(start, end)

function formatPipe({ variables, assigns, commands }: PipeNode, text: string): string {
  const all = commands.map(it => formatOperand(it, text)).join(' | ')
  return variables.length === 0 ? all : `${variables.join(', ')} ${assigns ? '=' : ':='} ${all}`
}

const formatOperand = (node: Command, text: string): string =>
  node.kind === 'pipe' ? `(${formatPipe(node, text)})` : formatNode(node, text)

const formatFields = (fields: readonly string[]): string => fields.map(it => `.${it}`).join('')

function formatBranch({ kind, pipe, body, otherwise }: BranchNode, text: string): string {
  const inner = formatAll(body, text)
  const other = otherwise ? `{{else}}${formatAll(otherwise, text)}` : ''
  return `{{${kind} ${formatNode(pipe, text)}}}${inner}${other}{{end}}`
}

const formatAll = (nodes: readonly Node[], text: string): string =>
  nodes.map(it => formatNode(it, text)).join('')
