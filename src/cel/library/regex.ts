/** RE2 patterns: `matches`, and Kubernetes' `find` and `findAll`. */
import { RE2JS } from 're2js'
import { Fault } from '../fault.ts'
import { method, type Overload } from '../functions.ts'
import { INT, listOf, STRING } from '../types.ts'

/** Patterns are few and come again for every object; hostile ones that are computed must not fill the memory. */
const MAX_KEPT = 500
const kept = new Map<string, RE2JS>()

/** Undefined when RE2 refuses the pattern. */
export function toRegex(pattern: string): RE2JS | undefined {
  const regex = compilePattern(pattern)
  return typeof regex === 'string' ? undefined : regex
}

/** What RE2 has against a pattern: "error parsing regexp: …". */
export function findRegexProblem(pattern: string): string | undefined {
  const regex = compilePattern(pattern)
  return typeof regex === 'string' ? regex : undefined
}

function compilePattern(pattern: string): RE2JS | string {
  const known = kept.get(pattern)
  if (known) return known
  try {
    const compiled = RE2JS.compile(pattern)
    if (kept.size >= MAX_KEPT) kept.clear()
    kept.set(pattern, compiled)
    return compiled
  } catch (error) {
    return (error as Error).message
  }
}

function regexOf(pattern: string): RE2JS {
  const regex = compilePattern(pattern)
  if (typeof regex === 'string') throw new Fault(regex)
  return regex
}

/** Anywhere in the text. */
export const matches = (text: string, pattern: string): boolean => regexOf(pattern).test(text)

function findAll(text: string, pattern: string, limit: number | bigint): string[] {
  const found: string[] = []
  const matcher = regexOf(pattern).matcher(text)
  while ((limit < 0 || found.length < limit) && matcher.find()) found.push(matcher.group() ?? '')
  return found
}

export const regex: readonly Overload[] = [
  method(
    'find',
    [STRING, STRING],
    STRING,
    (text: string, pattern: string) => findAll(text, pattern, 1)[0] ?? '',
  ),
  method('findAll', [STRING, STRING], listOf(STRING), (text: string, pattern: string) =>
    findAll(text, pattern, -1),
  ),
  method('findAll', [STRING, STRING, INT], listOf(STRING), findAll),
]
