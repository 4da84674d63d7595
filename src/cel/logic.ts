/** `&&`, `||`, `!` and `?:`: what one side decides, an error of the other does not disturb. */
import { CostExceeded, Fault, noSuchOverload, Unknown } from './fault.ts'
import type { Evaluate, Frame } from './frame.ts'
import type { Value } from './values.ts'

/** Of what two sides were stopped by, what is told: unknowns come before errors, the left before the right. */
export function choose(first: unknown, second: unknown): unknown {
  if (first === undefined || (second instanceof Unknown && !(first instanceof Unknown))) return second
  return first
}

/** What an operand that is no bool stops with; other exceptions than those of CEL go on. */
export function isAbsorbable(thrown: unknown): boolean {
  return (thrown instanceof Fault || thrown instanceof Unknown) && !(thrown instanceof CostExceeded)
}

export const compileAnd = (left: Evaluate, right: Evaluate): Evaluate => compileBinary(left, right, false)
export const compileOr = (left: Evaluate, right: Evaluate): Evaluate => compileBinary(left, right, true)

/** `decisive`: the value of an operand that decides alone. */
function compileBinary(left: Evaluate, right: Evaluate, decisive: boolean): Evaluate {
  return frame => {
    let first: Value
    try {
      first = left(frame)
    } catch (thrown) {
      return decide(frame, right, decisive, thrown)
    }
    if (first === decisive) return decisive
    if (first !== !decisive) return decide(frame, right, decisive, noSuchOverload())
    const second = right(frame)
    if (typeof second === 'boolean') return second
    throw noSuchOverload()
  }
}

/** The right side, when the left has stopped: only a decisive value counts. */
function decide(frame: Frame, right: Evaluate, decisive: boolean, stopped: unknown): Value {
  if (!isAbsorbable(stopped)) throw stopped
  let other: unknown
  try {
    if (right(frame) === decisive) return decisive
  } catch (thrown) {
    if (!isAbsorbable(thrown)) throw thrown
    other = thrown
  }
  throw choose(stopped, other)
}

export const compileNot =
  (operand: Evaluate): Evaluate =>
  frame => {
    frame.cost++
    const value = operand(frame)
    if (typeof value !== 'boolean') throw noSuchOverload()
    return !value
  }

export const compileConditional =
  (condition: Evaluate, yes: Evaluate, no: Evaluate): Evaluate =>
  frame => {
    const value = condition(frame)
    if (typeof value !== 'boolean') throw noSuchOverload()
    return value ? yes(frame) : no(frame)
  }
