/** Patterns of values.schema.json: those of ECMAScript, run in linear time whatever they are. */
import { RE2JS } from 're2js'

export interface Pattern {
  readonly test: (text: string) => boolean
}

const known = new Map<string, Pattern>()

/** As Ajv wants it. Throws for what RE2 does not take. */
export const regExp = Object.assign(
  (pattern: string): Pattern => {
    const found = known.get(pattern) ?? compile(pattern)
    if (known.size > 1000) known.clear()
    known.set(pattern, found)
    return found
  },
  { code: 'linearRegExp' },
)

function compile(pattern: string): Pattern {
  const expression = RE2JS.compile(RE2JS.translateRegExp(pattern))
  // Ajv takes patterns whose texts are equal for the same pattern.
  return Object.assign({ test: (text: string) => expression.test(text) }, { toString: () => pattern })
}
