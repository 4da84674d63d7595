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
