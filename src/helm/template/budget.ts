/** Limits on the work of one rendering: charts are hostile until proven otherwise, and the core has no clock. */
import { LimitExceeded } from './errors.ts'

export interface Limits {
  /** Nodes and calls. */
  readonly steps: number
  /** Characters that actions and functions produce, intermediate results included. */
  readonly characters: number
}

/** Of all files together; the first one has half of it. */
const DEFAULT_LIMITS: Limits = { steps: 8_000_000, characters: 240_000_000 }

export interface Budget {
  /** Begins a file: it may use half of what is left, so that the files behind one that is stopped are still rendered. */
  begin(): void
  step(): void
  charge(characters: number): void
}

export function createBudget(limits: Limits = DEFAULT_LIMITS): Budget {
  let { steps, characters } = limits
  let keptSteps = 0
  let keptCharacters = 0
  return {
    begin() {
      steps = Math.max(0, steps) + keptSteps
      characters = Math.max(0, characters) + keptCharacters
      keptSteps = steps >> 1
      keptCharacters = Math.floor(characters / 2)
      steps -= keptSteps
      characters -= keptCharacters
    },
    step() {
      if (--steps < 0) throw new LimitExceeded(`rendering takes more than ${limits.steps >> 1} steps`)
    },
    charge(amount) {
      characters -= amount
      if (characters < 0)
        throw new LimitExceeded(
          `rendering produces more than ${Math.floor(limits.characters / 2)} characters`,
        )
    },
  }
}
