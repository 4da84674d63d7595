/** What is known while a template runs: its data and variables, and what errors and origins need to know. */
import type { Span } from '../../text/source.ts'
import {
  type Command,
  formatNode,
  goOffset,
  type LiteralNode,
  type Node,
  type NumberNode,
  type Operand,
  type Template,
} from './ast.ts'
import type { Budget } from './budget.ts'
import type { EngineAccess, GoFunction } from './call.ts'
import { dependOn, derive, deriveFrom, isLiteral, mainOrigin } from './derivation.ts'
import { TemplateError } from './errors.ts'
import type { Help } from './explain.ts'
import type { Frame, Guard, LiteralOrigin, Origin, Piece } from './origin.ts'
import type { TemplateSet } from './template-set.ts'
import { type TextBuilder, weightOf } from './text.ts'
import { bytes, type Dict, isText, type Value } from './value.ts'

/** What all evaluators of one rendering share. */
export interface Runtime {
  readonly functions: ReadonlyMap<string, GoFunction>
  readonly engine: EngineAccess
  readonly budget: Budget
  /** Told about every action that printed `<no value>`, and every list of nodes that ran. */
  readonly onNothing?: ((piece: Piece) => void) | undefined
  readonly onReach?: ((nodes: readonly Node[]) => void) | undefined
}

interface Variable {
  readonly name: string
  value: Value
  origin: Origin | undefined
  /** Bound by a range: to Go it is an interface, whatever is in it. */
  readonly boxed: boolean
}

/** One execution of a template. */
export interface Run {
  readonly data: Value
  readonly origin: Origin | undefined
  readonly frame: Frame
  readonly out: TextBuilder
  readonly depth: number
  /** The conditions under which it runs. */
  readonly guard: Guard | undefined
}

/** What it costs in memory to know of one more value that something depends on, in characters. */
const DERIVATION_WEIGHT = 100

const NO_SPAN: Span = { start: -1, end: -1 }
const EMPTY_NODE: Operand = { kind: 'dot', start: 0, end: 0 }

export class EvaluationState {
  readonly set: TemplateSet
  readonly frame: Frame
  readonly depth: number
  protected readonly runtime: Runtime
  protected readonly template: Template
  /** Of the template: what nodes are places in. */
  protected readonly text: string
  protected readonly out: TextBuilder
  protected dot: Value
  protected dotOrigin: Origin | undefined
  protected readonly variables: Variable[]
  protected dotBoxed = false
  /** What the innermost range goes over holds interfaces, not values of one type. */
  protected itemsBoxed = false
  guard: Guard | undefined
  /** Where the last result comes from. */
  protected origin: Origin | undefined
  /** What was evaluated last: Go's errors name it. */
  protected node: Node | Command
  private span = NO_SPAN
  /** Set while a result depends on chance: it taints what is printed. */
  protected unstable = false

  constructor(runtime: Runtime, set: TemplateSet, template: Template, run: Run) {
    this.runtime = runtime
    this.set = set
    this.template = template
    this.text = template.source.text
    this.out = run.out
    this.guard = run.guard
    this.frame = run.frame
    this.depth = run.depth
    // Nil is no value at all where a template begins.
    const data = run.data === null ? undefined : run.data
    this.dot = data
    this.dotOrigin = run.origin
    this.node = EMPTY_NODE
    this.variables = [{ name: '$', value: data, origin: run.origin, boxed: false }]
  }

  /** What is said several times of one node shares the span. */
  protected spanOf(node: Node | Command): Span {
    const { start, end } = node
    if (this.span.start !== start || this.span.end !== end) this.span = { start, end }
    return this.span
  }

  protected piece(node: Node | Command, literal: boolean, origin?: Origin): Piece {
    return {
      template: this.template.source,
      span: this.spanOf(node),
      frame: this.frame,
      literal,
      value: mainOrigin(origin),
      derived: origin?.kind === 'derived' ? origin : undefined,
      guard: this.guard,
      unstable: this.unstable,
    }
  }

  protected literalOrigin(node: LiteralNode | NumberNode): LiteralOrigin {
    const template = this.template.source
    if (node.origin?.template === template) return node.origin
    node.origin = { kind: 'literal', template, span: { start: node.start, end: node.end } }
    return node.origin
  }

  protected fail(node: Command | Node, detail: string, more?: { cause?: Error; help?: Help }): never {
    throw new TemplateError(
      {
        source: this.template.source,
        executing: this.template.name,
        span: { start: node.start, end: node.end },
        pos: goOffset(node, this.text),
        context: formatNode(node, this.text),
        frame: this.frame,
      },
      detail,
      more,
    )
  }

  // Variables.

  /** The innermost one of that name; -1 when there is none. */
  private indexOf(name: string): number {
    let at = this.variables.length - 1
    while (at >= 0 && this.variables[at]!.name !== name) at--
    return at
  }

  protected find(name: string): Variable {
    const variable = this.variables[this.indexOf(name)]
    return variable ?? this.fail(this.node, `undefined variable: ${name}`)
  }

  protected assign(name: string, value: Value, origin: Origin | undefined): void {
    const at = this.indexOf(name)
    if (at < 0) this.fail(this.node, `undefined variable: ${name}`)
    this.variables[at] = { name, value, origin, boxed: false }
  }

  /** Leaves the scope of the variables from `mark` on. */
  protected forget(mark: number): void {
    while (this.variables.length > mark) this.variables.pop()
  }

  protected setTop(n: number, value: Value, origin: Origin | undefined, boxed: boolean): void {
    const variable = this.variables[this.variables.length - n]!
    this.variables[this.variables.length - n] = { name: variable.name, value, origin, boxed }
  }

  /** From here on everything depends on what was evaluated last. */
  protected decide(value: Value): void {
    const origin = deriveFrom(this.origin, isText(value) ? value : undefined)
    if (origin === undefined || isLiteral(origin)) return
    this.runtime.budget.charge(DERIVATION_WEIGHT)
    this.out.decide(origin)
    this.guard = { kind: 'guard', origin, parent: this.guard }
  }

  /** Leaves a branch: what was assigned in it, or would have been, depends on its condition. */
  protected leaveBranch(outer: Guard | undefined, assigned: readonly string[]): void {
    const inner = this.guard
    this.guard = outer
    if (inner === outer || inner === undefined) return
    for (let i = 0; i < assigned.length; i++) {
      const at = this.indexOf(assigned[i]!)
      const variable = this.variables[at]
      if (!variable || variable.origin === inner.origin) continue
      const { value } = variable
      this.runtime.budget.charge(isText(value) ? weightOf(value) + DERIVATION_WEIGHT : DERIVATION_WEIGHT)
      this.variables[at] = isText(value)
        ? { ...variable, value: dependOn(value, inner.origin) }
        : { ...variable, origin: derive(variable.origin, inner.origin) }
    }
  }

  /** The last result, which also depends on what was tested before. */
  protected dependingOn(value: Value, tested: Origin | undefined): Value {
    if (tested === undefined) return value
    if (isText(value)) return dependOn(value, tested)
    this.origin = derive(this.origin, tested)
    return value
  }

  // What calls reach.

  callPiece(node: Command, origin: Origin | undefined, unstable: boolean): Piece {
    const piece = this.piece(node, false, origin)
    return unstable && !piece.unstable ? { ...piece, unstable } : piece
  }

  callFrame(node: Command, name: string): Frame {
    return {
      parent: this.frame,
      name,
      call: { template: this.template.source, span: { start: node.start, end: node.end } },
    }
  }

  access(): Runtime {
    return this.runtime
  }
}

/** What a map yields for a key that it lacks: the zero of its element type. */
export function zeroEntry(receiver: Dict): Value {
  if (receiver.type === 'map[string]string') return ''
  return receiver.type === 'engine.files' ? bytes(new Uint8Array()) : null
}
