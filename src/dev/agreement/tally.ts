/** Counts agreements by measure and keeps the first disagreements to show. */

import { formatCanonical } from '../../schedule/json-fields.ts'

export interface Tally {
  compare(measure: string, label: string, recorded: unknown, ours: unknown): void
  format(measures: readonly string[]): string
  readonly disagreements: number
}

/** A tally that shows up to `show` disagreements of each measure. */
export function createTally(show: number): Tally {
  const counts = new Map<string, { agreed: number; total: number }>()
  const shown = new Map<string, string[]>()
  let disagreements = 0
  return {
    compare(measure, label, recorded, ours) {
      const count = counts.get(measure) ?? { agreed: 0, total: 0 }
      counts.set(measure, count)
      count.total++
      const left = formatCanonical(recorded)
      const right = formatCanonical(ours)
      if (left === right) {
        count.agreed++
        return
      }
      disagreements++
      const lines = shown.get(measure) ?? []
      shown.set(measure, lines)
      if (lines.length < show) lines.push(`${measure}: ${label}\n  recorded ${left}\n  plimsoll ${right}`)
    },
    format(measures) {
      const lines = measures.map(it => {
        const { agreed, total } = counts.get(it) ?? { agreed: 0, total: 0 }
        const share = total === 0 ? 100 : (100 * agreed) / total
        return `${it}: ${agreed}/${total} (${share.toFixed(share === 100 ? 0 : 2)} %)`
      })
      return [...lines, ...[...shown.values()].flat()].join('\n')
    },
    get disagreements() {
      return disagreements
    },
  }
}
