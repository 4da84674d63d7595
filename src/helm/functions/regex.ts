/** sprig's regular expressions: RE2, whose time is linear in the text whatever the pattern. */
import { RE2JS } from 're2js'
import { type Call, costly, type FunctionTable, fn } from '../template/call.ts'
import { GoError } from '../template/errors.ts'
import { nilList, typedList, type Value } from '../template/value.ts'

export const regexFunctions: FunctionTable = {
  regexMatch: fn(['string', 'string'], (call, pattern, text) => {
    const compiled = tryCompile(pattern)
    return compiled instanceof GoError ? false : find(call, compiled, text).length > 0
  }),
  mustRegexMatch: fn(
    ['string', 'string'],
    (call, pattern, text) => find(call, compile(pattern), text).length > 0,
  ),
  ...both(
    'egexFind',
    fn(['string', 'string'], (call, pattern, text) => {
      const [match] = find(call, compile(pattern), text)
      return match ? text.slice(match.groups[0]!.start, match.groups[0]!.end) : ''
    }),
  ),
  ...both(
    'egexFindAll',
    fn(['string', 'string', 'int'], (call, pattern, text, count) => {
      const matches = find(call, compile(pattern), text, count < 0 ? Number.POSITIVE_INFINITY : count)
      return matches.length === 0
        ? nilList('[]string')
        : strings(matches.map(it => text.slice(it.groups[0]!.start, it.groups[0]!.end)))
    }),
  ),
  ...both(
    'egexReplaceAll',
    fn(['string', 'string', 'string'], (call, pattern, text, template) => {
      const compiled = compile(pattern)
      return replace(call, compiled, text, match => expand(template, text, match, compiled.names))
    }),
  ),
  ...both(
    'egexReplaceAllLiteral',
    fn(['string', 'string', 'string'], (call, pattern, text, literal) =>
      replace(call, compile(pattern), text, () => literal),
    ),
  ),
  ...both(
    'egexSplit',
    fn(['string', 'string', 'int'], (call, pattern, text, count) => split(call, pattern, text, count)),
  ),
  regexQuoteMeta: costly(
    30,
    fn(['string'], (_, text) => text.replace(/[\\.+*?()|[\]{}^$]/g, it => `\\${it}`)),
  ),
}

/** A function that panics and its `must…` twin, which returns the error and words it more shortly. */
function both(name: string, implementation: FunctionTable[string]): FunctionTable {
  const { run } = implementation!
  return {
    [`r${name}`]: { ...implementation!, run: (call, ...args) => explain(() => run(call, ...args)) },
    [`mustR${name}`]: implementation!,
  }
}

function explain(run: () => Value): Value {
  try {
    return run()
  } catch (error) {
    if (error instanceof PatternError)
      throw new GoError(`regexp: Compile(${error.pattern}): ${error.message}`)
    throw error
  }
}

class PatternError extends GoError {
  readonly pattern: string

  constructor(pattern: string, message: string) {
    super(message)
    this.pattern = pattern
  }
}

interface Compiled {
  readonly regex: RE2JS
  readonly names: ReadonlyMap<string, number>
}

interface Group {
  readonly start: number
  readonly end: number
}

interface Match {
  /** The whole match, then its groups; undefined for those that took no part. */
  readonly groups: readonly (Group | undefined)[]
}

/** Longer patterns are refused: compiling takes memory in proportion to what repetitions unfold to. */
const MAX_PATTERN = 10_000
const MAX_CACHED = 500
const cache = new Map<string, Compiled | GoError>()

function tryCompile(pattern: string): Compiled | GoError {
  let known = cache.get(pattern)
  if (!known) {
    known = compileNew(pattern)
    if (cache.size >= MAX_CACHED) cache.clear()
    cache.set(pattern, known)
  }
  return known
}

function compileNew(pattern: string): Compiled | GoError {
  const shown = pattern.includes('`') ? JSON.stringify(pattern) : `\`${pattern}\``
  if (pattern.length > MAX_PATTERN) return new PatternError('…', 'error parsing regexp: expression too large')
  try {
    const regex = RE2JS.compile(pattern)
    const named: Record<string, number> = regex.namedGroups() as Record<string, number>
    return { regex, names: new Map(Object.entries(named)) }
  } catch (error) {
    return new PatternError(shown, error instanceof Error ? error.message : String(error))
  }
}

function compile(pattern: string): Compiled {
  const compiled = tryCompile(pattern)
  if (compiled instanceof GoError) throw compiled
  return compiled
}

/** Matches as Go's regexp lists them: an empty match right behind another one does not count. */
function find(call: Call, { regex }: Compiled, text: string, count = 1): Match[] {
  // The pattern may be a new one, and compiling it costs more than short texts.
  call.charge(text.length * 4 + 1000)
  const matches: Match[] = []
  const matcher = regex.matcher(text)
  let previousEnd = -1
  for (let at = 0; matches.length < count && at <= text.length && matcher.find(at); ) {
    const start = matcher.start(0)
    const end = matcher.end(0)
    if (end > start) at = end
    else at = end + (text.codePointAt(end)! > 0xffff ? 2 : 1)
    if (end > start || start !== previousEnd) {
      const groups: (Group | undefined)[] = []
      for (let i = 0; i <= matcher.groupCount(); i++) {
        const from = matcher.start(i)
        groups.push(from < 0 ? undefined : { start: from, end: matcher.end(i) })
      }
      matches.push({ groups })
      call.charge(100)
    }
    previousEnd = end
  }
  return matches
}

function replace(
  call: Call,
  compiled: Compiled,
  text: string,
  replacement: (match: Match) => string,
): string {
  let result = ''
  let from = 0
  for (const match of find(call, compiled, text, Number.POSITIVE_INFINITY)) {
    const { start, end } = match.groups[0]!
    const put = replacement(match)
    call.charge(put.length)
    result += text.slice(from, start) + put
    from = end
  }
  return result + text.slice(from)
}

/** Regexp.Expand: `$1`, `${name}`, `$$`; a name is as long as letters, digits and `_` go. */
function expand(template: string, text: string, match: Match, names: ReadonlyMap<string, number>): string {
  return template.replace(
    /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (_all, dollar, braced, bare) => {
      if (dollar) return '$'
      const name: string = braced ?? bare
      const index = /^[0-9]+$/.test(name) ? Number(name) : names.get(name)
      const group = index === undefined ? undefined : match.groups[index]
      return group ? text.slice(group.start, group.end) : ''
    },
  )
}

function split(call: Call, pattern: string, text: string, count: number): Value {
  if (count === 0) return nilList('[]string')
  const compiled = compile(pattern)
  if (pattern.length > 0 && text.length === 0) return strings([''])
  const parts: string[] = []
  let from = 0
  let end = 0
  for (const match of find(call, compiled, text, count < 0 ? Number.POSITIVE_INFINITY : count)) {
    if (count > 0 && parts.length === count - 1) break
    end = match.groups[0]!.start
    if (match.groups[0]!.end !== 0) parts.push(text.slice(from, end))
    from = match.groups[0]!.end
  }
  if (end !== text.length) parts.push(text.slice(from))
  return strings(parts)
}

const strings = (items: readonly string[]): Value => typedList('[]string', [...items])
