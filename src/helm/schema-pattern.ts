/** Patterns of values.schema.json: those of RE2, as helm's library leaves them to Go. */
import { RE2JS } from 're2js'

export interface Pattern {
  readonly test: (text: string) => boolean
}

/** In a schema: each takes longer to compile than to try. */
export const MAX_PATTERNS = 2000

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
  const expression = compileAsGo(pattern)
  // Ajv takes patterns whose texts are equal for the same pattern.
  return Object.assign({ test: (text: string) => expression.test(text) }, { toString: () => pattern })
}

function compileAsGo(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    // Go shows the rest of the pattern behind the error, though it be empty.
    if (error instanceof Error && error.message.endsWith('at end of expression')) error.message += ': ``'
    throw error
  }
}
