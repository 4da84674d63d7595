/** Calls of functions: what they know about where they stand, what they cost, how their errors travel. */
import type { CommandNode, Operand } from './ast.ts'
import type { Call, EngineAccess } from './call.ts'
import type { EvaluationState } from './evaluation-state.ts'
import type { Origin, Piece } from './origin.ts'
import type { Value } from './value.ts'

/** A call by the evaluator; a class because one is made for every function that runs. */
export class FunctionCall implements Call {
  readonly origins: readonly (Origin | undefined)[]
  origin: Origin | undefined = undefined
  unstable = false
  readonly evaluator: EvaluationState
  readonly node: Operand | CommandNode

  constructor(
    evaluator: EvaluationState,
    node: Operand | CommandNode,
    origins: readonly (Origin | undefined)[],
  ) {
    this.evaluator = evaluator
    this.node = node
    this.origins = origins
  }

  piece(origin?: Origin): Piece {
    return this.evaluator.callPiece(this.node, origin, this.unstable)
  }

  charge(amount: number): void {
    this.evaluator.access().budget.charge(amount)
  }

  get engine(): EngineAccess {
    return this.evaluator.access().engine
  }
}

/** An error inside a template that a function ran, with what that function puts before it. */
export class CallFailure extends Error {
  readonly prefix: string
  readonly inner: Error

  constructor(prefix: string, inner: Error) {
    super(prefix)
    this.prefix = prefix
    this.inner = inner
  }
}

/** Functions may read all of their arguments, and sort keys; reading a character costs a quarter of writing one. */
export function readingCost(values: readonly Value[]): number {
  let cost = 0
  for (const it of values) {
    if (typeof it === 'string') cost += it.length >> 2
    else if (typeof it !== 'object' || it === null) continue
    else if (it.tag === 'text') cost += it.text.length >> 2
    else if (it.tag === 'list') cost += it.items.length * 2
    else if (it.tag === 'dict') cost += it.entries.size * 10
  }
  return cost
}

/** A value of the user says more than a literal of the template. */
export function firstOrigin(origins: readonly (Origin | undefined)[]): Origin | undefined {
  let first: Origin | undefined
  for (const it of origins) {
    if (it?.kind === 'values') return it
    first ??= it
  }
  return first
}
