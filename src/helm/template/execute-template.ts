/**
 * Runs templates (text/template/exec.go of Go 1.25) and keeps track of where everything comes from.
 * The origin of the last result stands in `origin`; see origin.ts.
 */

import { quote } from '../../text/go-quote.ts'
import {
  type BranchNode,
  formatNode,
  listAssigned,
  type Node,
  type Template,
  type TemplateNode,
  textOf,
  variablesOf,
} from './ast.ts'
import { dependUnder } from './derivation.ts'
import { BrokenTemplate, GoError, LimitExceeded } from './errors.ts'
import { PipelineEvaluator } from './evaluate-pipeline.ts'
import type { Run, Runtime } from './evaluation-state.ts'
import { explainKind, meantName } from './explain.ts'
import { formatValue } from './format.ts'
import type { Frame, Origin } from './origin.ts'
import { findTemplate, listNames, type TemplateSet } from './template-set.ts'
import { PIECE_WEIGHT, weightOf } from './text.ts'
import { holdsInterfaces, int, isText, isTrue, sortedKeys, type Value } from './value.ts'

const BREAK = 1
const CONTINUE = 2
type Jump = typeof BREAK | typeof CONTINUE | undefined

/**
 * Templates within templates. Go allows 100,000 and Helm an `include` of the same name 1,000 times, which no JavaScript
 * stack is sure to hold; charts nest some 20.
 */
const MAX_DEPTH = 400

const tooDeep = (): LimitExceeded =>
  new LimitExceeded(
    `templates are nested too deeply here: plimsoll follows ${MAX_DEPTH} at most, and Helm 1,000 that include the same one`,
  )

const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.includes('call stack')

/** Runs a template with its data and appends to `out`; its actions may run others, one level deeper. Throws `TemplateError`, `BrokenTemplate` and `LimitExceeded`. */
export function executeTemplate(runtime: Runtime, set: TemplateSet, template: Template, run: Run): void {
  if (template.isBroken) throw new BrokenTemplate()
  if (run.depth > MAX_DEPTH) throw tooDeep()
  new Executor(runtime, set, template, run).run()
}

class Executor extends PipelineEvaluator {
  run(): void {
    try {
      this.walk(this.template.body)
    } catch (error) {
      // Where too little of the stack is left for this, too, an outer template does it.
      const limit = isStackOverflow(error) ? tooDeep() : error
      if (limit instanceof LimitExceeded)
        limit.place ??= { template: this.template.source, span: this.spanOf(this.node) }
      throw limit
    }
  }

  // Nodes.

  private walk(nodes: readonly Node[]): Jump {
    const { budget, onReach } = this.runtime
    onReach?.(nodes)
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!
      this.node = node
      this.unstable = false
      budget.step()
      switch (node.kind) {
        case 'text':
          budget.charge(node.end - node.start + PIECE_WEIGHT)
          this.out.add(textOf(node, this.text), this.piece(node, true), 0)
          break
        case 'action': {
          const value = this.evalPipe(node.pipe)
          if (variablesOf(node.pipe).length === 0) this.print(node, value)
          break
        }
        case 'if':
        case 'with': {
          const jump = this.walkCondition(node)
          if (jump) return jump
          break
        }
        case 'range':
          this.walkRange(node)
          break
        case 'template':
          this.walkTemplate(node)
          break
        case 'break':
          return BREAK
        case 'continue':
          return CONTINUE
      }
    }
    return undefined
  }

  private print(node: Node, value: Value): void {
    if (isText(value)) {
      this.runtime.budget.charge(weightOf(value))
      if (value.decided) this.out.decide(value.decided)
      this.out.appendText(dependUnder(value, this.guard))
      return
    }
    if (typeof value === 'string') {
      this.runtime.budget.charge(value.length + PIECE_WEIGHT)
      if (value !== '') this.out.append(value, this.piece(node, false, this.origin))
      else if (this.origin) this.out.decide(this.origin)
      return
    }
    const piece = this.piece(node, false, this.origin)
    if (value === undefined || value === null) {
      this.runtime.onNothing?.(piece)
      this.out.add('<no value>', piece)
    } else this.out.add(this.format(node, value), piece)
  }

  private format(node: Node, value: Value): string {
    try {
      const text = formatValue(value)
      this.runtime.budget.charge(text.length + PIECE_WEIGHT)
      return text
    } catch (error) {
      if (error instanceof GoError) return this.fail(node, error.message)
      throw error
    }
  }

  private walkCondition(node: BranchNode): Jump {
    const mark = this.variables.length
    const outer = this.guard
    const value = this.evalPipe(node.pipe)
    const origin = this.origin
    this.decide(value)
    let jump: Jump
    if (!isTrue(value)) jump = node.otherwise ? this.walk(node.otherwise) : undefined
    else if (node.kind === 'with') jump = this.withDot(value, origin, false, node.body)
    else jump = this.walk(node.body)
    this.forget(mark)
    this.leaveBranch(outer, listAssigned(node))
    return jump
  }

  private withDot(dot: Value, origin: Origin | undefined, boxed: boolean, body: readonly Node[]): Jump {
    const outer = this.dot
    const outerOrigin = this.dotOrigin
    const outerBoxed = this.dotBoxed
    this.dotBoxed = boxed
    this.dot = dot
    this.dotOrigin = origin
    const jump = this.walk(body)
    this.dot = outer
    this.dotOrigin = outerOrigin
    this.dotBoxed = outerBoxed
    return jump
  }

  private walkRange(node: BranchNode): void {
    const mark = this.variables.length
    const outer = this.guard
    const value = this.evalPipe(node.pipe)
    const origin = this.origin
    this.decide(value)
    const ran = this.iterate(node, value, origin)
    this.forget(mark)
    if (!ran && node.otherwise) this.walk(node.otherwise)
    this.forget(mark)
    this.leaveBranch(outer, listAssigned(node))
  }

  /** True when the body ran at least once. */
  private iterate(node: BranchNode, value: Value, origin: Origin | undefined): boolean {
    this.itemsBoxed = holdsInterfaces(value)
    if (value === undefined || value === null) return false
    if (typeof value === 'object') {
      if (value.tag === 'dict') this.runtime.budget.charge(value.entries.size * 10)
      switch (value.tag) {
        case 'list':
          for (let i = 0; i < value.items.length; i++)
            if (this.iteration(node, int(i), value.items[i], value.origins?.[i])) break
          return value.items.length > 0
        case 'dict':
          for (const key of sortedKeys(value))
            if (this.iteration(node, key, value.entries.get(key), value.origins.get(key))) break
          return value.entries.size > 0
        case 'bytes':
          for (let i = 0; i < value.bytes.length; i++) {
            const item = { tag: 'int', type: 'uint8', value: BigInt(value.bytes[i]!) } as const
            if (this.iteration(node, int(i), item, origin)) break
          }
          return value.bytes.length > 0
        case 'int':
          if (variablesOf(node.pipe).length > 1)
            this.fail(this.node, `can't use ${formatValue(value)} to iterate over more than one variable`)
          for (let i = 0n; i < value.value; i++)
            if (this.iteration(node, undefined, { ...value, value: i }, undefined)) break
          return value.value > 0n
      }
    }
    const help = explainKind(formatNode(node.pipe, this.text), value, origin)
    return this.fail(this.node, `range can't iterate over ${formatValue(value)}`, help && { help })
  }

  /** One turn of a range; true to leave it. */
  private iteration(node: BranchNode, key: Value, item: Value, origin: Origin | undefined): boolean {
    this.runtime.budget.step()
    const { pipe } = node
    const mark = this.variables.length
    if (pipe.kind === 'pipe' && pipe.variables.length > 0) {
      const { variables } = pipe
      const last = variables.length - 1
      if (pipe.assigns) {
        if (last > 0) this.assign(variables[0]!, key, typeof key === 'string' ? origin : undefined)
        this.assign(variables[last]!, item, origin)
      } else {
        if (last > 0) this.setTop(2, key, typeof key === 'string' ? origin : undefined, false)
        this.setTop(1, item, origin, this.itemsBoxed)
      }
    }
    const boxed = this.itemsBoxed
    const jump = this.withDot(item, origin, boxed, node.body)
    this.itemsBoxed = boxed
    this.forget(mark)
    return jump === BREAK
  }

  private walkTemplate(node: TemplateNode): void {
    const template = findTemplate(this.set, node.name)
    if (!template) {
      const hint = meantName(node.name, listNames(this.set))
      this.fail(
        node,
        `template ${quote(node.name)} not defined`,
        hint === undefined ? {} : { help: { hint, origin: undefined } },
      )
    }
    const data = node.pipe ? this.evalPipe(node.pipe) : undefined
    const origin = node.pipe ? this.origin : undefined
    this.node = node
    const frame: Frame = {
      parent: this.frame,
      name: node.name,
      call: { template: this.template.source, span: this.spanOf(node) },
    }
    executeTemplate(this.runtime, this.set, template, {
      data,
      origin,
      frame,
      out: this.out,
      depth: this.depth + 1,
      guard: this.guard,
    })
  }
}
