/** Measures of agreement: counts, the first disagreements of each, and the lines to print. */

export interface Measures {
  /** Counts one comparison; what both said is shown when they differ. */
  count(measure: string, agrees: boolean, show: () => string): void
  /** `verdict: 14950/15042 (99.4 %)` in the order of the names, then the disagreements. */
  format(names: readonly string[]): string
  /** The share of agreement in percent; 100 where nothing was compared. */
  share(measure: string): number
}

/** Keeps up to `shown` disagreements of each measure. Of a measure in `faults` the disagreements are counted. */
export function createMeasures(shown: number, faults: readonly string[]): Measures {
  const counts = new Map<string, { agreed: number; total: number; shown: string[] }>()
  const countOf = (measure: string) => counts.get(measure) ?? { agreed: 0, total: 0, shown: [] }
  const share = (measure: string): number => {
    const { agreed, total } = countOf(measure)
    return total === 0 ? 100 : (100 * agreed) / total
  }
  return {
    count(measure, agrees, show) {
      const count = countOf(measure)
      counts.set(measure, count)
      count.total++
      if (agrees) count.agreed++
      else if (count.shown.length < shown) count.shown.push(show())
    },
    format(names) {
      const lines = names.map(name => {
        const { agreed, total } = countOf(name)
        const [part, percent] = faults.includes(name)
          ? [total - agreed, 100 - share(name)]
          : [agreed, share(name)]
        return `${name}: ${part}/${total} (${round(percent)} %)`
      })
      const disagreements = names.flatMap(name => countOf(name).shown.map(it => `\n${name}: ${it}`))
      return [...lines, ...disagreements].join('\n')
    },
    share,
  }
}

const round = (percent: number): string => String(Number(percent.toFixed(2)))
