/** Differences between two versions of a text, as `git apply` and `patch` read them. */

/** Empty when the texts are equal. `file` is a path with `/`. */
export function formatDiff(file: string, before: string, after: string): string {
  const a = splitLines(before)
  const b = splitLines(after)
  const hunks = groupChanges(listChanges(a, b))
  if (hunks.length === 0) return ''
  return `--- a/${file}\n+++ b/${file}\n${hunks.map(it => formatHunk(it, a, b)).join('')}`
}

const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** Lines `[fromA, toA)` are replaced by `[fromB, toB)` of the other text. */
interface Change {
  readonly fromA: number
  readonly toA: number
  readonly fromB: number
  readonly toB: number
}

const context = 3

/** Myers' algorithm between the common beginning and end, which is all but a few lines of a fixed file. */
function listChanges(a: readonly string[], b: readonly string[]): Change[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let endA = a.length
  let endB = b.length
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const trace = searchForward(a.slice(start, endA), b.slice(start, endB))
  if (!trace) return [{ fromA: start, toA: endA, fromB: start, toB: endB }]
  const changes: Change[] = []
  for (const { x, y, down } of walkBack(trace, endA - start, endB - start)) {
    const next = changes[0]
    const at = { a: start + x, b: start + y }
    const change: Change = down
      ? { fromA: at.a, toA: at.a, fromB: at.b, toB: at.b + 1 }
      : { fromA: at.a, toA: at.a + 1, fromB: at.b, toB: at.b }
    if (next && next.fromA === change.toA && next.fromB === change.toB)
      changes[0] = { ...next, fromA: change.fromA, fromB: change.fromB }
    else changes.unshift(change)
  }
  return changes
}

interface Step {
  readonly x: number
  readonly y: number
  /** An insertion; otherwise a deletion. */
  readonly down: boolean
}

/** The edits of the shortest script, last one first. */
function walkBack(trace: Trace, lengthA: number, lengthB: number): Step[] {
  const steps: Step[] = []
  let x = lengthA
  let y = lengthB
  for (let d = trace.length - 1; d > 0; d--) {
    const furthest = trace[d - 1]!
    const k = x - y
    const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1))
    const before = down ? k + 1 : k - 1
    const fromX = furthest.get(before) ?? 0
    steps.push({ x: fromX, y: fromX - before, down })
    x = fromX
    y = fromX - before
  }
  return steps
}

/** For each number of edits the furthest `x` on each diagonal. */
type Trace = readonly Map<number, number>[]

/** Time and memory grow with the square of the edits; with more of them one large change is as good. */
const mostEdits = 2000

function searchForward(a: readonly string[], b: readonly string[]): Trace | undefined {
  const trace: Map<number, number>[] = []
  let last = new Map([[1, 0]])
  for (let d = 0; d <= Math.min(a.length + b.length, mostEdits); d++) {
    const row = new Map<number, number>()
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (last.get(k - 1) ?? -1) < (last.get(k + 1) ?? -1))
      let x = down ? (last.get(k + 1) ?? 0) : (last.get(k - 1) ?? 0) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      row.set(k, x)
      if (x >= a.length && x - k >= b.length) return [...trace, row]
    }
    trace.push(row)
    last = row
  }
  return undefined
}

/** Changes whose context would touch share a hunk. */
function groupChanges(changes: readonly Change[]): Change[][] {
  const hunks: Change[][] = []
  for (const change of changes) {
    const hunk = hunks.at(-1)
    if (hunk && change.fromA - hunk.at(-1)!.toA <= 2 * context) hunk.push(change)
    else hunks.push([change])
  }
  return hunks
}

function formatHunk(hunk: readonly Change[], a: readonly string[], b: readonly string[]): string {
  const first = hunk[0]!
  const last = hunk.at(-1)!
  const before = Math.min(context, first.fromA)
  const after = Math.min(context, a.length - last.toA)
  const lines: string[] = []
  let at = first.fromA - before
  for (const { fromA, toA, fromB, toB } of hunk) {
    lines.push(...a.slice(at, fromA).map(it => formatLine(' ', it)))
    lines.push(...a.slice(fromA, toA).map(it => formatLine('-', it)))
    lines.push(...b.slice(fromB, toB).map(it => formatLine('+', it)))
    at = toA
  }
  lines.push(...a.slice(at, at + after).map(it => formatLine(' ', it)))
  const rangeA = formatRange(first.fromA - before, last.toA + after)
  const rangeB = formatRange(first.fromB - before, last.toB + after)
  return `@@ -${rangeA} +${rangeB} @@\n${lines.join('')}`
}

const formatLine = (sign: string, line: string): string =>
  line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`

/** An empty range names the line before it. */
const formatRange = (from: number, to: number): string =>
  to === from ? `${from},0` : `${from + 1}${to - from === 1 ? '' : `,${to - from}`}`
