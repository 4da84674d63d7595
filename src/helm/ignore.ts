/** .helmignore (pkg/ignore/rules.go): shell patterns without `**`; a negated pattern ignores what does not match. */
import { basePath } from './functions/paths.ts'

interface Rule {
  /** A name or a path, or what matches several. */
  readonly pattern: string | readonly Token[]
  readonly negated: boolean
  readonly onlyFolders: boolean
  readonly scope: 'path' | 'name'
}

export interface IgnoreRules {
  ignores(path: string, kind: 'file' | 'folder'): boolean
}

/** The rules of a file, and the first line that Helm refuses. */
export interface ParsedIgnore {
  readonly rules: IgnoreRules
  readonly problem: string | undefined
}

/** Most charts have the file that `helm create` makes: each text is read once. */
export function parseIgnore(text: string): ParsedIgnore {
  let parsed = known.get(text)
  if (!parsed) {
    if (known.size >= MOST_KNOWN) known.clear()
    parsed = readRules(text)
    known.set(text, parsed)
  }
  return parsed
}

const known = new Map<string, ParsedIgnore>()
const MOST_KNOWN = 100

function readRules(text: string): ParsedIgnore {
  const rules: Rule[] = []
  let problem: string | undefined
  for (const line of [...text.replace(/^\ufeff/, '').split(/\r?\n/), 'templates/.?*']) {
    const rule = line.trim()
    if (rule === '' || rule.startsWith('#')) continue
    if (rule.includes('**')) problem ??= 'double-star (**) syntax is not supported'
    else if (parsePattern(rule) === undefined) problem ??= 'syntax error in pattern'
    else {
      const parsed = parseRule(rule)
      if (parsed) rules.push(parsed)
    }
  }
  return { rules: { ignores: (path, kind) => isIgnored(rules, path, kind) }, problem }
}

/** Undefined when nothing matches it. */
function parseRule(text: string): Rule | undefined {
  const negated = text.startsWith('!')
  let pattern = negated ? text.slice(1) : text
  const onlyFolders = pattern.endsWith('/')
  if (onlyFolders) pattern = pattern.slice(0, -1)
  const rooted = pattern.startsWith('/')
  if (rooted) pattern = pattern.slice(1)
  const parsed = parsePattern(pattern)
  if (parsed === undefined) return undefined
  return {
    pattern: parsed,
    negated,
    onlyFolders,
    scope: rooted || pattern.includes('/') ? 'path' : 'name',
  }
}

const parsePattern = (text: string): Rule['pattern'] | undefined =>
  /[*?[\\]/.test(text) ? tokenize(text) : text

function isIgnored(rules: readonly Rule[], path: string, kind: 'file' | 'folder'): boolean {
  const name = basePath(path)
  for (let i = 0; i < rules.length; i++) {
    const { pattern, negated, onlyFolders, scope } = rules[i]!
    const matches = (!onlyFolders || kind === 'folder') && isMatch(pattern, scope === 'path' ? path : name)
    if (matches !== negated) return true
  }
  return false
}

type Token = { readonly star: true } | { readonly star: false; readonly accepts: (char: string) => boolean }

/** filepath.Match: `*` and `?` stop at `/`. Undefined when the pattern is malformed. */
function tokenize(pattern: string): Token[] | undefined {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '*') tokens.push({ star: true })
    else if (char === '?') tokens.push({ star: false, accepts: it => it !== '/' })
    else if (char === '[') {
      const set = parseClass(pattern, at + 1)
      if (!set) return undefined
      tokens.push({ star: false, accepts: set.accepts })
      at = set.end
    } else {
      const literal = char === '\\' ? pattern[++at] : char
      if (literal === undefined) return undefined
      tokens.push({ star: false, accepts: it => it === literal })
    }
  }
  return tokens
}

function parseClass(
  pattern: string,
  start: number,
): { accepts: (char: string) => boolean; end: number } | undefined {
  const negated = pattern[start] === '^'
  const ranges: (readonly [string, string])[] = []
  let at = negated ? start + 1 : start
  const one = (): string | undefined => {
    if (pattern[at] === '\\') at++
    else if (pattern[at] === '-' || pattern[at] === ']') return undefined
    return pattern[at++]
  }
  while (pattern[at] !== ']' || ranges.length === 0) {
    const low = one()
    if (low === undefined) return undefined
    let high: string | undefined = low
    if (pattern[at] === '-') {
      at++
      high = one()
    }
    if (high === undefined) return undefined
    ranges.push([low, high])
  }
  return { accepts: it => ranges.some(([low, high]) => it >= low && it <= high) !== negated, end: at }
}

function isMatch(pattern: Rule['pattern'], path: string): boolean {
  if (typeof pattern === 'string') return pattern === path
  // Most paths end in another way.
  const last = pattern.at(-1)
  if (path !== '' && last && !last.star && !last.accepts(path.at(-1)!)) return false
  return matchTokens(pattern, path)
}

/** Only the last star is ever reconsidered: an earlier one need not take more than it did. */
function matchTokens(tokens: readonly Token[], path: string): boolean {
  let token = 0
  let at = 0
  let star = -1
  let starAt = 0
  while (at < path.length) {
    const current = tokens[token]
    if (current && !current.star && current.accepts(path[at]!)) {
      token++
      at++
    } else if (current?.star) {
      star = token++
      starAt = at
    } else if (star >= 0 && path[starAt] !== '/') {
      token = star + 1
      at = ++starAt
    } else return false
  }
  while (tokens[token]?.star) token++
  return token === tokens.length
}
