/**
 * Evaluates pipelines, commands and operands of templates (text/template/exec.go of Go 1.25) and keeps track of where
 * their values come from. The origin of the last result stands in `origin`; see origin.ts.
 */

import { quote } from '../../text/go-quote.ts'
import {
  type Command,
  firstOperand,
  formatNode,
  type LiteralNode,
  type Node,
  type NumberNode,
  type Operand,
  type Pipeline,
  textOf,
} from './ast.ts'
import { callFunction, checkArgument, fn, type GoFunction, goType, type Parameter } from './call.ts'
import { derive } from './derivation.ts'
import { GoError, LimitExceeded, TemplateError } from './errors.ts'
import { EvaluationState, zeroEntry } from './evaluation-state.ts'
import { explainField, type Help } from './explain.ts'
import { CallFailure, dependOnArguments, FunctionCall, originOfResult, readingCost } from './function-call.ts'
import { literalArgument } from './literal-argument.ts'
import type { Origin } from './origin.ts'
import { type Dict, holdsInterfaces, isText, isTrue, type Method, typeOf, type Value } from './value.ts'

/** No argument came through the pipeline; differs from an invalid one. */
const NONE = Symbol('none')
type Final = Value | typeof NONE

/** What is written between the braces; `execute-template.ts` adds what stands around them. */
export class PipelineEvaluator extends EvaluationState {
  protected evalPipe(pipe: Pipeline): Value {
    this.origin = undefined
    this.node = pipe
    // A pipeline looks through the interface: nil in it is no value at all.
    if (pipe.kind !== 'pipe') return this.evalCommand(pipe, NONE, undefined) ?? undefined
    let value: Final = NONE
    const { commands, variables } = pipe
    for (let i = 0; i < commands.length; i++)
      value = this.evalCommand(commands[i]!, value, this.origin) ?? undefined
    const result = value as Value
    for (let i = 0; i < variables.length; i++) {
      const name = variables[i]!
      if (pipe.assigns) this.assign(name, result, this.origin)
      else this.variables.push({ name, value: result, origin: this.origin, boxed: false })
    }
    return result
  }

  private evalCommand(command: Command, final: Final, finalOrigin: Origin | undefined): Value {
    const first = firstOperand(command)
    const before = this.node
    this.node = first
    const isBare = command.kind !== 'command' && final === NONE
    if (isBare && first.kind !== 'identifier') return this.evalOperand(first)
    const args: Arguments | undefined = isBare
      ? undefined
      : { operands: operandsOf(command), final, finalOrigin }
    switch (first.kind) {
      case 'field':
        return this.evalFields(first, this.dot, this.dotOrigin, first.fields, args)
      case 'chain':
        return this.evalChain(first, args)
      case 'variable': {
        const variable = this.find(first.name)
        if (first.fields.length === 0) this.refuseArguments(first)
        return this.evalFields(first, variable.value, variable.origin, first.fields, args)
      }
      case 'identifier':
        return this.evalFunction(first.name, command, args, first)
      default:
        return this.refuseArguments(first, first.kind === 'pipe' ? before : first)
    }
  }

  private refuseArguments(node: Operand, at: Command | Node = node): never {
    this.fail(at, `can't give argument to non-function ${formatNode(node, this.text)}`)
  }

  /** An operand where no type is asked for. */
  private evalOperand(node: Operand): Value {
    this.node = node
    switch (node.kind) {
      case 'dot':
        this.origin = this.dotOrigin
        return this.dot
      case 'field':
        return this.evalFields(node, this.dot, this.dotOrigin, node.fields, undefined)
      case 'variable': {
        const variable = this.find(node.name)
        if (node.fields.length > 0)
          return this.evalFields(node, variable.value, variable.origin, node.fields, undefined)
        this.origin = variable.origin
        return variable.value
      }
      case 'pipe':
        return this.evalPipe(node)
      case 'identifier':
        return this.evalFunction(node.name, node, undefined, node)
      case 'chain':
        return this.evalChain(node, undefined)
      case 'number':
        if (node.constant.ideal === undefined) this.fail(node, `${textOf(node, this.text)} overflows int`)
        this.origin = this.literalOrigin(node)
        return node.constant.ideal
      case 'string':
      case 'bool':
        this.origin = this.literalOrigin(node)
        return node.value
      case 'nil':
        return this.fail(node, 'nil is not a command')
    }
  }

  private evalChain(node: Extract<Operand, { kind: 'chain' }>, args: Arguments | undefined): Value {
    if (node.operand.kind === 'nil')
      this.fail(node, `indirection through explicit nil in ${formatNode(node, this.text)}`)
    const value = this.evalOperand(node.operand)
    return this.evalFields(node, value, this.origin, node.fields, args)
  }

  // Fields and methods.

  private evalFields(
    node: Operand,
    receiver: Value,
    origin: Origin | undefined,
    fields: readonly string[],
    args: Arguments | undefined,
  ): Value {
    let value = receiver
    let holder: Value
    this.origin = origin
    const last = fields.length - 1
    for (let i = 0; i <= last; i++) {
      const next = this.evalField(node, value, fields[i]!, i === last ? args : undefined, holder)
      holder = value
      value = next
    }
    return value
  }

  /** `holder` is what the receiver was read from, undefined where the operand begins with it. */
  private evalField(
    node: Operand,
    receiver: Value,
    name: string,
    args: Arguments | undefined,
    holder: Value,
  ): Value {
    if (receiver === undefined) {
      this.origin = undefined
      return undefined
    }
    if (receiver === null)
      return this.fail(
        node.kind === 'chain' ? this.node : node,
        `nil pointer evaluating interface {}.${name}`,
        this.explain(node, name, receiver, holder),
      )
    if (typeof receiver === 'object' && receiver.tag !== 'text') {
      const method = 'methods' in receiver ? receiver.methods?.get(name) : undefined
      if (method) return this.callMethod(node, name, method, args)
      if (receiver.tag === 'dict') {
        if (args) this.fail(node, `${name} is not a method but has arguments`)
        return this.readEntry(receiver, name)
      }
      if (receiver.tag === 'struct' && receiver.fields.has(name)) {
        if (args) this.fail(node, `${name} has arguments but cannot be invoked as function`)
        return receiver.fields.get(name)
      }
    }
    const isInterface = holder === undefined ? this.isBoxed(node) : holdsInterfaces(holder)
    return this.fail(
      node.kind === 'chain' ? this.node : node,
      `can't evaluate field ${name} in type ${isInterface ? 'interface {}' : typeOf(receiver)}`,
      this.explain(node, name, receiver, holder),
    )
  }

  private explain(node: Operand, name: string, receiver: Value, holder: Value): { help?: Help } {
    const help = explainField({ node, text: this.text, name, receiver, holder, origin: this.origin })
    return help ? { help } : {}
  }

  /** The operand was bound by a range, over a collection of interfaces. */
  private isBoxed(node: Operand): boolean {
    if (node.kind === 'field') return this.dotBoxed
    return node.kind === 'variable' && this.find(node.name).boxed
  }

  private readEntry(receiver: Dict, name: string): Value {
    const value = receiver.entries.get(name)
    if (value === undefined && !receiver.entries.has(name)) return this.readMissing(receiver)
    const slot = receiver.origins.get(name)
    // What knows nothing of its parts was made as a whole, as by `split`.
    if (receiver.origins.size > 0)
      this.origin = this.origin?.kind === 'derived' ? derive(slot, this.origin) : slot
    return value === undefined ? null : value
  }

  private readMissing(receiver: Dict): Value {
    this.origin = this.origin?.kind === 'derived' ? derive(undefined, this.origin) : undefined
    return zeroEntry(receiver)
  }

  private callMethod(node: Operand, name: string, method: Method, args: Arguments | undefined): Value {
    const params = method.params.map((it): Parameter => (it === 'version' ? 'any' : 'string'))
    const origin = this.origin
    return this.invoke(
      name,
      fn(params, (_, ...values) => method.run((values as Value[]).map(it => (isText(it) ? it.text : it)))),
      node,
      args ?? NO_ARGUMENTS,
      origin,
    )
  }

  // Calls.

  private evalFunction(name: string, node: Command, args: Arguments | undefined, at: Operand): Value {
    if (name === 'and' || name === 'or') return this.evalShortCircuit(name, args ?? NO_ARGUMENTS, at)
    const called = this.runtime.functions.get(name)
    if (!called) return this.fail(at, `${quote(name)} is not a defined function`)
    return this.invoke(name, called, node, args ?? NO_ARGUMENTS, undefined)
  }

  private evalShortCircuit(name: 'and' | 'or', args: Arguments, at: Operand): Value {
    const { operands } = args
    if (operands.length < 2 && args.final === NONE)
      this.fail(at, `wrong number of args for ${name}: want at least 1 got 0`)
    let value: Value
    let tested: Origin | undefined
    for (let i = 1; i < operands.length; i++) {
      value = this.evalArgument(operands[i]!, 'reflect')
      const isLast = i === operands.length - 1 && args.final === NONE
      if (isLast || isTrue(value) === (name === 'or')) return this.dependingOn(value, tested)
      tested = derive(tested, isText(value) ? value : this.origin)
    }
    this.origin = args.finalOrigin
    return args.final === NONE ? value : this.dependingOn(args.final, tested)
  }

  private invoke(
    name: string,
    called: GoFunction,
    node: Command,
    args: Arguments,
    receiver: Origin | undefined,
  ): Value {
    this.runtime.budget.step()
    const { operands } = args
    const written = operands.length - 1
    this.checkCount(name, called, written, args.final !== NONE, node)
    const count = args.final === NONE ? written : written + 1
    // A list that grows takes room for sixteen.
    const values: Value[] = new Array(count)
    const origins: (Origin | undefined)[] = new Array(count)
    for (let i = 0; i < written; i++) {
      values[i] = this.evalArgument(operands[i + 1]!, called.params[i] ?? called.rest!)
      origins[i] = this.origin
    }
    if (args.final !== NONE) {
      values[written] = this.check(args.final, called.params[written] ?? called.rest!)
      origins[written] = args.finalOrigin
    }
    const call = new FunctionCall(this, node, origins)
    let result: Value
    try {
      this.runtime.budget.charge(readingCost(values) * called.cost)
      result = callFunction(called, call, values)
    } catch (error) {
      result = this.rethrow(name, node, error)
    }
    if (call.unstable) this.unstable = true
    this.origin = call.origin === null ? undefined : (originOfResult(call, values, result) ?? receiver)
    return isText(result) ? dependOnArguments(call, values, result) : result
  }

  private checkCount(
    name: string,
    called: GoFunction,
    given: number,
    hasFinal: boolean,
    node: Command,
  ): void {
    const count = given + (hasFinal ? 1 : 0)
    const wanted = called.params.length
    if (called.rest !== undefined) {
      if (count < wanted)
        this.fail(
          firstOperand(node),
          `wrong number of args for ${name}: want at least ${wanted} got ${given}`,
        )
    } else if (count !== wanted)
      this.fail(firstOperand(node), `wrong number of args for ${name}: want ${wanted} got ${count}`)
  }

  private rethrow(name: string, node: Command, error: unknown): never {
    if (error instanceof LimitExceeded)
      error.place ??= { template: this.template.source, span: this.spanOf(node) }
    // Little of the stack may be left: whoever has more says what that means.
    if (error instanceof LimitExceeded || error instanceof RangeError) throw error
    if (error instanceof CallFailure)
      return this.fail(node, `error calling ${name}: ${error.prefix}`, { cause: error.inner })
    if (error instanceof TemplateError) return this.fail(node, `error calling ${name}: `, { cause: error })
    if (error instanceof GoError) return this.fail(node, `error calling ${name}: `, { cause: error })
    throw error
  }

  /** A refusal names what was evaluated last: of an argument in brackets, something within them. */
  private check(value: Value, parameter: Parameter): Value {
    try {
      return checkArgument(value, parameter)
    } catch (error) {
      if (error instanceof GoError) return this.fail(this.node, error.message)
      throw error
    }
  }

  /** An argument, checked against the type of its parameter. */
  private evalArgument(node: Operand, parameter: Parameter): Value {
    this.node = node
    switch (node.kind) {
      case 'string':
      case 'bool':
      case 'number':
        return this.evalLiteral(node, parameter)
      case 'nil': {
        this.origin = undefined
        if (parameter === 'any') return null
        if (parameter === 'reflect') return undefined
        if (parameter === 'map' || parameter === 'list') return checkArgument(undefined, parameter)
        return this.fail(node, `cannot assign nil to ${goType(parameter)}`)
      }
    }
    return this.check(this.evalOperand(node), parameter)
  }

  private evalLiteral(node: NumberNode | LiteralNode, parameter: Parameter): Value {
    this.origin = this.literalOrigin(node)
    if (parameter === 'any' || parameter === 'reflect') return this.evalOperand(node)
    try {
      return literalArgument(node, parameter, this.text)
    } catch (error) {
      if (error instanceof GoError) return this.fail(node, error.message)
      throw error
    }
  }
}

interface Arguments {
  /** The first one is what is called. */
  readonly operands: readonly Operand[]
  readonly final: Final
  readonly finalOrigin: Origin | undefined
}
/** A call that nothing is written behind: all that matters is that there is one operand. */
const NO_OPERANDS: readonly Operand[] = [{ kind: 'dot', start: 0, end: 0 }]
const NO_ARGUMENTS: Arguments = { operands: NO_OPERANDS, final: NONE, finalOrigin: undefined }

const operandsOf = (command: Command): readonly Operand[] =>
  command.kind === 'command' ? command.args : NO_OPERANDS
