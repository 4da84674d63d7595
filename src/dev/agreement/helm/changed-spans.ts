/** Which characters of two versions of a text differ: lines are aligned first, then the ends of what is left. */
import type { Span } from '../../../text/source.ts'

export interface Change {
  readonly before: Span
  readonly after: Span
}

/** Lines are compared first, and within lines that differ words. */
export function listChanges(before: string, after: string): Change[] {
  return compareParts(before, after, /(?<=\n)/).flatMap(({ before: a, after: b }) => {
    const words = compareParts(before.slice(a.start, a.end), after.slice(b.start, b.end), /(?<=\W)|(?=\W)/)
    return words.map(it =>
      narrow(before, after, { before: shift(it.before, a.start), after: shift(it.after, b.start) }),
    )
  })
}

/** Without what both sides begin and end with. */
function narrow(before: string, after: string, { before: a, after: b }: Change): Change {
  if (a.start === a.end || b.start === b.end) return { before: a, after: b }
  let same = 0
  const most = Math.min(a.end - a.start, b.end - b.start)
  while (same < most && before[a.start + same] === after[b.start + same]) same++
  let tail = 0
  while (tail < most - same && before[a.end - 1 - tail] === after[b.end - 1 - tail]) tail++
  return {
    before: { start: a.start + same, end: a.end - tail },
    after: { start: b.start + same, end: b.end - tail },
  }
}

const shift = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by })

function compareParts(before: string, after: string, boundary: RegExp): Change[] {
  const a = before.split(boundary)
  const b = after.split(boundary)
  const changes: Change[] = []
  let [partA, partB, atA, atB] = [0, 0, 0, 0]
  for (const [nextA, nextB] of [...align(a, b), [a.length, b.length] as const]) {
    const endA = atA + lengthOf(a, partA, nextA)
    const endB = atB + lengthOf(b, partB, nextB)
    if (endA > atA || endB > atB)
      changes.push({
        before: slideUp(before, { start: atA, end: endA }, endB === atB),
        after: slideUp(after, { start: atB, end: endB }, endA === atA),
      })
    partA = nextA + 1
    partB = nextB + 1
    atA = endA + (a[nextA]?.length ?? 0)
    atB = endB + (b[nextB]?.length ?? 0)
  }
  return changes
}

function lengthOf(parts: readonly string[], from: number, to: number): number {
  let length = 0
  for (let i = from; i < to; i++) length += parts[i]!.length
  return length
}

/** What was put in or taken out may be said to begin at several places: the one where a document begins is meant. */
function slideUp(text: string, span: Span, isAlone: boolean): Span {
  if (!isAlone || span.end <= span.start) return span
  let { start, end } = span
  while (start > 0 && text[start - 1] === text[end - 1]) {
    start--
    end--
    if (text.startsWith('---\n# Source: ', start)) return { start, end }
  }
  return span
}

/** Longer edit scripts are not looked for: what is between the common ends counts as changed. */
const MAX_EDITS = 1500

/** Pairs of equal parts in order, of the shortest edit script (Myers 1986). */
function align(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++
  const middle = alignMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  return [
    ...Array.from({ length: head }, (_, i) => [i, i] as const),
    ...middle.map(([x, y]) => [x + head, y + head] as const),
    ...Array.from({ length: tail }, (_, i) => [a.length - tail + i, b.length - tail + i] as const),
  ]
}

function alignMiddle(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const furthest = new Map<number, number>([[1, 0]])
  const trace: Map<number, number>[] = []
  for (let edits = 0; edits <= Math.min(a.length + b.length, MAX_EDITS); edits++) {
    trace.push(new Map(furthest))
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && furthest.get(k - 1)! < furthest.get(k + 1)!)
      let x = down ? furthest.get(k + 1)! : furthest.get(k - 1)! + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      furthest.set(k, x)
      if (x >= a.length && x - k >= b.length) return backtrack(a, b, trace)
    }
  }
  return []
}

function backtrack(a: readonly string[], b: readonly string[], trace: readonly Map<number, number>[]) {
  const pairs: (readonly [number, number])[] = []
  let [x, y] = [a.length, b.length]
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits]!
    const k = x - y
    const down = k === -edits || (k !== edits && furthest.get(k - 1)! < furthest.get(k + 1)!)
    const beforeK = down ? k + 1 : k - 1
    const beforeX = edits === 0 ? 0 : furthest.get(beforeK)!
    const beforeY = edits === 0 ? 0 : beforeX - beforeK
    while (x > beforeX && y > beforeY && x > 0 && y > 0 && a[x - 1] === b[y - 1]) {
      x--
      y--
      pairs.push([x, y])
    }
    x = beforeX
    y = beforeY
  }
  return pairs.reverse()
}
