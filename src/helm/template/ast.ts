/** Nodes of a parsed template, and their text as Go's errors quote it. */

import { quote } from '../../text/go-quote.ts'
import type { Span } from '../../text/source.ts'
import type { LiteralOrigin, TemplateSource } from './origin.ts'
import type { Value } from './value.ts'

interface Base extends Span {
  /** Where Go says that the node is: of a chain of fields, the second one. */
  readonly pos: number
}

export interface TextNode extends Base {
  readonly kind: 'text'
  readonly text: string
}
export interface ActionNode extends Base {
  readonly kind: 'action'
  readonly pipe: PipeNode
}
export interface BranchNode extends Base {
  readonly kind: 'if' | 'with' | 'range'
  readonly pipe: PipeNode
  readonly body: readonly Node[]
  readonly otherwise: readonly Node[] | undefined
  /** Worked out by `listAssigned` when it first runs. */
  assigned: readonly string[] | undefined
}
export interface TemplateNode extends Base {
  readonly kind: 'template'
  readonly name: string
  readonly pipe: PipeNode | undefined
}
export interface JumpNode extends Base {
  readonly kind: 'break' | 'continue'
}
export type Node = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode

export interface PipeNode extends Base {
  readonly kind: 'pipe'
  /** Variables that the pipeline declares or assigns. */
  readonly variables: readonly string[]
  readonly assigns: boolean
  readonly commands: readonly CommandNode[]
}
export interface CommandNode extends Base {
  readonly kind: 'command'
  readonly args: readonly Operand[]
}
export interface FieldNode extends Base {
  readonly kind: 'field'
  readonly fields: readonly string[]
}
export interface VariableNode extends Base {
  readonly kind: 'variable'
  readonly name: string
  readonly fields: readonly string[]
}
export interface ChainNode extends Base {
  readonly kind: 'chain'
  readonly operand: Operand
  readonly fields: readonly string[]
}
export interface IdentifierNode extends Base {
  readonly kind: 'identifier'
  readonly name: string
}
export interface DotNode extends Base {
  readonly kind: 'dot'
}
export interface NilNode extends Base {
  readonly kind: 'nil'
}
export interface LiteralNode extends Base {
  readonly kind: 'string' | 'bool'
  readonly text: string
  readonly value: string | boolean
  /** What was made of it last: trees are shared by files of equal text, so that it cannot be part of the tree. */
  origin: LiteralOrigin | undefined
}
export interface NumberNode extends Base {
  readonly kind: 'number'
  readonly text: string
  readonly isInt: boolean
  readonly isUint: boolean
  readonly isFloat: boolean
  readonly int: bigint
  readonly float: number
  /** What the literal means where no type is asked for. */
  readonly ideal: Value
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
}

/** Variables that something in a branch assigns, its condition included. */
export function listAssigned(branch: BranchNode): readonly string[] {
  if (!branch.assigned) {
    const names = new Set<string>()
    addAssigned(branch.pipe, names)
    for (const nodes of [branch.body, branch.otherwise ?? []])
      for (const it of nodes) {
        if (it.kind === 'action') addAssigned(it.pipe, names)
        else if ('assigned' in it) for (const name of listAssigned(it)) names.add(name)
      }
    branch.assigned = names.size === 0 ? NOTHING : [...names]
  }
  return branch.assigned
}

function addAssigned(pipe: PipeNode, into: Set<string>): void {
  if (pipe.assigns) for (const it of pipe.variables) into.add(it)
}

const NOTHING: readonly string[] = []

/** The node as Go prints it between `<` and `>` of an error. */
export function formatNode(node: Operand | CommandNode | Node): string {
  switch (node.kind) {
    case 'pipe':
      return formatPipe(node)
    case 'command':
      return node.args.map(formatArgument).join(' ')
    case 'field':
      return node.fields.map(it => `.${it}`).join('')
    case 'variable':
      return [node.name, ...node.fields].join('.')
    case 'chain':
      return formatArgument(node.operand) + node.fields.map(it => `.${it}`).join('')
    case 'identifier':
      return node.name
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'string':
    case 'bool':
    case 'number':
      return node.text
    case 'text':
      return node.text
    case 'action':
      return `{{${formatPipe(node.pipe)}}}`
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe ? ` ${formatPipe(node.pipe)}` : ''}}}`
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`
    default:
      return formatBranch(node)
  }
}

function formatPipe(pipe: PipeNode): string {
  const commands = pipe.commands.map(formatNode).join(' | ')
  if (pipe.variables.length === 0) return commands
  return `${pipe.variables.join(', ')} ${pipe.assigns ? '=' : ':='} ${commands}`
}

const formatArgument = (node: Operand): string =>
  node.kind === 'pipe' ? `(${formatPipe(node)})` : formatNode(node)

function formatBranch(node: BranchNode): string {
  const body = node.body.map(formatNode).join('')
  const otherwise = node.otherwise ? `{{else}}${node.otherwise.map(formatNode).join('')}` : ''
  return `{{${node.kind} ${formatPipe(node.pipe)}}}${body}${otherwise}{{end}}`
}
