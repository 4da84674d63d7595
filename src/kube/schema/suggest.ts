/** The name that was probably meant. */

/** The nearest candidate within two edits (one for short names), or the one that differs only by case. */
export function findNearest(text: string, candidates: Iterable<string>): string | undefined {
  const lower = text.toLowerCase()
  let best: string | undefined
  let limit = text.length <= 4 ? 1 : 2
  for (const candidate of candidates) {
    if (candidate.toLowerCase() === lower) return candidate
    if (Math.abs(candidate.length - text.length) > limit) continue
    const distance = editDistance(text, candidate, limit)
    if (distance > limit || (distance === limit && best !== undefined)) continue
    best = candidate
    limit = distance
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours between two texts; anything above `limit` is `limit + 1`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (a.length > MAX_LENGTH || b.length > MAX_LENGTH || Math.abs(a.length - b.length) > limit)
    return limit + 1
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    let smallest = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1)
      next.push(cost)
      if (cost < smallest) smallest = cost
    }
    if (smallest > limit) return limit + 1
    before = row
    row = next
  }
  return Math.min(row[b.length]!, limit + 1)
}

/** Longer names are nobody's slip of the finger. */
const MAX_LENGTH = 64
