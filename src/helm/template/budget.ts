/** Limits on the work of one rendering: charts are hostile until proven otherwise, and the core has no clock. */
import { LimitExceeded } from './errors.ts'

export interface Limits {
  /** Nodes and calls. */
  readonly steps: number
  /** Characters that actions and functions produce, intermediate results included. */
  readonly characters: number
}

const DEFAULT_LIMITS: Limits = { steps: 6_000_000, characters: 150_000_000 }

export interface Budget {
  step(): void
  charge(characters: number): void
}

export function createBudget(limits: Limits = DEFAULT_LIMITS): Budget {
  let { steps, characters } = limits
  return {
    step() {
      if (--steps < 0) throw new LimitExceeded(`rendering takes more than ${limits.steps} steps`)
    },
    charge(amount) {
      characters -= amount
      if (characters < 0 || amount > limits.characters)
        throw new LimitExceeded(`rendering produces more than ${limits.characters} characters`)
    },
  }
}
