/** What one evaluation works on: values of variables, and what it has cost. */
import { CostExceeded } from './fault.ts'
import type { Value } from './values.ts'

export interface Frame {
  /** By number of the variable; undefined for those that have no value. */
  readonly slots: (Value | undefined)[]
  /** In units of cel-go's cost tracker. */
  cost: number
  readonly limit: number
}

/** A node of an expression, compiled. */
export type Evaluate = (frame: Frame) => Value

/** Adds to the cost of an evaluation and ends it when it is too high. */
export function charge(frame: Frame, units: number): void {
  frame.cost += units
  if (frame.cost > frame.limit) throw new CostExceeded()
}
