/** Ranges of costs and sizes, as cel-go reckons with them: no sum or product goes beyond 64 bits. */

export interface Estimate {
  readonly min: number
  readonly max: number
}

export const MOST = 2 ** 64

export const fixed = (value: number): Estimate => ({ min: value, max: value })
export const NOTHING = fixed(0)
export const UNKNOWN: Estimate = { min: 0, max: MOST }

export const add = (a: Estimate, b: Estimate): Estimate => ({
  min: Math.min(MOST, a.min + b.min),
  max: Math.min(MOST, a.max + b.max),
})

export const multiply = (a: Estimate, b: Estimate): Estimate => ({
  min: Math.min(MOST, a.min * b.min),
  max: Math.min(MOST, a.max * b.max),
})

/** Both rounded up. */
export const scale = (a: Estimate, factor: number): Estimate => ({
  min: Math.min(MOST, Math.ceil(a.min * factor)),
  max: Math.min(MOST, Math.ceil(a.max * factor)),
})

export const union = (a: Estimate, b: Estimate): Estimate => ({
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
})
