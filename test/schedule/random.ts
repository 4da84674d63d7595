/** Random choices that are the same for the same seed. */

export interface Random {
  below(limit: number): number
  chance(percent: number): boolean
  pick<T>(items: readonly T[]): T
  /** The value in so many cases of a hundred, else nothing: for spreading into objects. */
  maybe<T extends object>(percent: number, build: () => T): T | Record<string, never>
  list<T>(length: number, build: (index: number) => T): T[]
}

export function createRandom(seed: number): Random {
  let state = (Math.imul(seed, 2654435761) + 12345) >>> 0
  const below = (limit: number): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  const chance = (percent: number): boolean => below(100) < percent
  return {
    below,
    chance,
    pick: items => items[below(items.length)]!,
    maybe: (percent, build) => (chance(percent) ? build() : {}),
    list: (length, build) => Array.from({ length }, (_, index) => build(index)),
  }
}
