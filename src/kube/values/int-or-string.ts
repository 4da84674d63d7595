/** `intstr.IntOrString`: counts written as integers, or as percentages of something. */
import { checkPercent } from './names.ts'

/** The number before `%`, or undefined when the text is no percentage. */
export function toPercent(value: unknown): number | undefined {
  if (typeof value !== 'string' || checkPercent(value).length > 0) return undefined
  return Number(value.slice(0, -1))
}

/** Which way a percentage of an odd total goes. */
export type Rounding = 'up' | 'down'

/** `intstr.GetScaledValueFromIntOrPercent`: the count that a number or percentage means; undefined when it is neither. */
export function toScaledCount(value: unknown, total: number, rounding: Rounding): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  const percent = toPercent(value)
  if (percent === undefined) return undefined
  const exact = (percent * total) / 100
  return rounding === 'up' ? Math.ceil(exact) : Math.floor(exact)
}
