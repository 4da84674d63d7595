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

/**
 * Insertions, deletions, replacements and swaps of neighbours between two texts; anything above `limit` is `limit + 1`.
 * Thousands of names are compared with thousands, so only the cells that can stay within the limit are computed.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (a.length > MAX_LENGTH || b.length > MAX_LENGTH || Math.abs(a.length - b.length) > limit)
    return limit + 1
  let [endA, endB] = [a.length, b.length]
  while (endA > 0 && endB > 0 && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--
    endB--
  }
  let start = 0
  while (start < endA && start < endB && a.charCodeAt(start) === b.charCodeAt(start)) start++
  if (start === endA || start === endB) return endA - start + endB - start
  return countEdits(a.slice(start, endA), b.slice(start, endB), limit)
}

/** Rows of the table of distances that are kept between calls, since most calls look at a few cells of three rows. */
let before = new Uint8Array(0)
let row = new Uint8Array(0)
let next = new Uint8Array(0)

function countEdits(a: string, b: string, limit: number): number {
  if (row.length === 0) {
    before = new Uint8Array(MAX_LENGTH + 2)
    row = new Uint8Array(MAX_LENGTH + 2)
    next = new Uint8Array(MAX_LENGTH + 2)
  }
  const far = limit + 1
  for (let j = 0; j <= b.length; j++) row[j] = Math.min(j, far)
  for (let i = 1; i <= a.length; i++) {
    const from = Math.max(1, i - limit)
    const to = Math.min(b.length, i + limit)
    let smallest = (next[from - 1] = from === 1 ? Math.min(i, far) : far)
    for (let j = from; j <= to; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1)
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1), far)
      if (
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      )
        cost = Math.min(cost, before[j - 2]! + 1)
      next[j] = cost
      if (cost < smallest) smallest = cost
    }
    if (smallest > limit) return far
    if (to < b.length) next[to + 1] = far
    ;[before, row, next] = [row, next, before]
  }
  return Math.min(row[b.length]!, far)
}

/** Longer names are nobody's slip of the finger. */
const MAX_LENGTH = 64
