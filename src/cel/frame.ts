/** What one evaluation works on: values of variables, and what it has cost. */
import { CostExceeded, type Unknown } from './fault.ts'
import type { Value } from './values.ts'

export interface Frame {
  /** By number of the variable; undefined for those that have no value. */
  readonly slots: (Value | undefined)[]
  /** By number of the variable: those of which nobody knows the value here. */
  readonly unknown: ReadonlyMap<number, Unknown> | undefined
  /** In units of cel-go's cost tracker. */
  cost: number
  readonly limit: number
  /** Values that were copied or compared beyond what the cost counts. */
  work: number
}

/** A node of an expression, compiled. */
export type Evaluate = (frame: Frame) => Value

/** Adds to the cost of an evaluation and ends it when it is too high. */
export function charge(frame: Frame, units: number): void {
  frame.cost += units
  if (frame.cost > frame.limit) throw new CostExceeded()
}

/** What servers do for next to nothing (joining lists, comparing deep values) has a limit of its own here. */
const MOST_WORK = 10_000_000

/** Adds to the work of an evaluation and ends it when it is too much. */
export function spend(frame: Frame, work: number): void {
  frame.work += work
  if (frame.work > MOST_WORK) throw new CostExceeded()
}

/** How many values are in a value, itself included. */
export function weigh(value: Value): number {
  if (typeof value !== 'object') return 1
  let weight = 1
  if (Array.isArray(value)) for (const it of value as readonly Value[]) weight += weigh(it)
  else if (value instanceof Map) for (const it of value.values()) weight += weigh(it as Value)
  return weight
}
