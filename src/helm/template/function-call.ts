/** Calls of functions: what they know about where they stand, what they cost, how their errors travel. */
import type { Command } from './ast.ts'
import type { Call, EngineAccess } from './call.ts'
import { dependOn, derive, isLiteral } from './derivation.ts'
import type { EvaluationState } from './evaluation-state.ts'
import type { DerivedOrigin, Guard, Origin, Piece } from './origin.ts'
import type { Text } from './text.ts'
import { isDict, isList, isText, type Value } from './value.ts'

/** A call by the evaluator; a class because one is made for every function that runs. */
export class FunctionCall implements Call {
  readonly origins: readonly (Origin | undefined)[]
  origin: Origin | null | undefined = undefined
  unstable = false
  readonly evaluator: EvaluationState
  readonly node: Command

  constructor(evaluator: EvaluationState, node: Command, origins: readonly (Origin | undefined)[]) {
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

  get guard(): Guard | undefined {
    return this.evaluator.guard
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
  for (let i = 0; i < values.length; i++) {
    const it = values[i]
    if (typeof it === 'string') cost += it.length >> 2
    else if (typeof it !== 'object' || it === null) continue
    else if (it.tag === 'text') cost += it.text.length >> 2
    else if (it.tag === 'list') cost += it.items.length * 2
    else if (it.tag === 'dict') cost += it.entries.size * 10
  }
  return cost
}

/**
 * Where a result comes from: what the function says, else the first argument that says anything; all others have a part
 * in it. Containers that were looked into as a whole count with everything that is in them.
 */
export function originOfResult(
  { origin: told, origins }: FunctionCall,
  values: readonly Value[],
  result: Value,
): Origin | undefined {
  const first = told ?? firstOrigin(origins)
  let origin = first
  for (let i = 0; i < values.length; i++) {
    const other = origins[i]
    if (other !== undefined && other !== first) origin = derive(origin, other)
    const value = values[i]
    if (value === result) continue
    if (isText(value) ? !isText(result) : told === undefined && (isDict(value) || isList(value)))
      origin = derive(origin, value as Text)
  }
  return origin
}

/** A text knows its parts; what else chose or cut it has a part in all of them. */
export function dependOnArguments(call: FunctionCall, values: readonly Value[], result: Text): Text {
  let isChosen = false
  for (let i = 0; i < values.length; i++) if (values[i] === result) isChosen = true
  let text = result
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === result) continue
    if (isChosen) text = dependOn(text, isText(value) ? derive(undefined, value) : call.origins[i])
    else if (isText(value) && value.decided)
      text = { ...text, decided: derive(text.decided, value.decided) as DerivedOrigin }
  }
  return text
}

/** A value of the user says more than a literal of the template. */
function firstOrigin(origins: readonly (Origin | undefined)[]): Origin | undefined {
  let first: Origin | undefined
  for (let i = 0; i < origins.length; i++) {
    const it = origins[i]
    if (it !== undefined && !isLiteral(it)) return it
    first ??= it
  }
  return first
}
