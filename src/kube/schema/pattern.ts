/** Patterns of custom resources: RE2 syntax, unanchored, and never a catastrophic search. */
import { RE2JS } from 're2js'

export interface Pattern {
  readonly source: string
  test(text: string): boolean
}

/** A pattern that does not compile matches everything: the server refuses its definition, not the object. */
export function compilePattern(source: string): Pattern {
  let compiled: RE2JS | undefined
  let broken = false
  return {
    source,
    test(text) {
      if (broken) return true
      try {
        compiled ??= RE2JS.compile(source)
      } catch {
        broken = true
        return true
      }
      return compiled.test(text)
    },
  }
}

/** What Go says of a pattern that does not compile. */
export function findPatternFault(source: string): string | undefined {
  if (faults.has(source)) return faults.get(source)
  const fault = compileForFault(source)
  if (faults.size >= MOST_KEPT) faults.clear()
  if (source.length <= LONGEST_KEPT) faults.set(source, fault)
  return fault
}

/** Definitions repeat a few patterns thousands of times: one for quantities, one for durations. */
const faults = new Map<string, string | undefined>()
const MOST_KEPT = 1000
const LONGEST_KEPT = 1000

function compileForFault(source: string): string | undefined {
  try {
    RE2JS.compile(source)
    return undefined
  } catch (error) {
    const { message } = error as Error
    // Go always shows the part at fault, be it empty.
    return message.includes('`') ? message : `${message}: \`\``
  }
}
