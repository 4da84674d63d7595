/** Go's filepath.Match: `*`, `?` and classes stop at `/`. As there, stars take bytes, and `?` and classes characters. */
import { decodeUtf8, encodeUtf8, isAscii } from './template/utf8.ts'

/** A name, or what matches several. */
export type ShellPattern = string | readonly Token[]

type Token =
  | { readonly kind: 'star' }
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'class'; readonly accepts: (character: number) => boolean }

/** Undefined when the pattern is malformed, and matches nothing. */
export function parsePattern(text: string): ShellPattern | undefined {
  const bytes = toBytes(text)
  if (!/[*?[\\]/.test(bytes)) return bytes
  const { tokens, isWhole } = tokenize(bytes)
  return isWhole ? tokens : undefined
}

/** Whether Go sees that a pattern is malformed when a name is held against it: what stands behind a star may not be read. */
export function isRefused(text: string, name: string): boolean {
  const { tokens, isWhole } = tokenize(toBytes(text))
  if (isWhole) return false
  const star = tokens.findLastIndex(it => it.kind === 'star')
  return star < 0 || matchTokens(tokens.slice(0, star + 1), name)
}

/** Both sides are texts of a UTF-16 unit for each byte; see `toBytes`. */
export function isMatch(pattern: ShellPattern, name: string): boolean {
  if (typeof pattern === 'string') return pattern === name
  // Most names end in another way.
  const last = pattern.at(-1)
  if (name !== '' && last && !mayEnd(last, name.charCodeAt(name.length - 1))) return false
  return matchTokens(pattern, name)
}

/** A text with a UTF-16 unit for each byte of its UTF-8. */
export function toBytes(text: string): string {
  if (isAscii(text)) return text
  let bytes = ''
  for (const it of encodeUtf8(text)) bytes += String.fromCharCode(it)
  return bytes
}

const SLASH = 47

/** As far as the pattern is well formed. */
function tokenize(pattern: string): { readonly tokens: readonly Token[]; readonly isWhole: boolean } {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '*') tokens.push({ kind: 'star' })
    else if (char === '?') tokens.push({ kind: 'class', accepts: it => it !== SLASH })
    else if (char === '[') {
      const set = parseClass(pattern, at + 1)
      if (!set) return { tokens, isWhole: false }
      tokens.push({ kind: 'class', accepts: set.accepts })
      at = set.end
    } else {
      if (char === '\\') at++
      if (at >= pattern.length) return { tokens, isWhole: false }
      tokens.push({ kind: 'byte', byte: pattern.charCodeAt(at) })
    }
  }
  return { tokens, isWhole: true }
}

interface Class {
  readonly accepts: (character: number) => boolean
  /** Where the bracket closes. */
  readonly end: number
}

function parseClass(pattern: string, start: number): Class | undefined {
  const negated = pattern[start] === '^'
  const ranges: (readonly [low: number, high: number])[] = []
  let at = negated ? start + 1 : start
  const one = (): number | undefined => {
    if (pattern[at] === '\\') at++
    else if (pattern[at] === '-' || pattern[at] === ']') return undefined
    if (at >= pattern.length) return undefined
    const { character, length } = characterAt(pattern, at)
    at += length
    return character === BROKEN && length === 1 ? undefined : character
  }
  while (pattern[at] !== ']' || ranges.length === 0) {
    const low = one()
    if (low === undefined) return undefined
    let high: number | undefined = low
    if (pattern[at] === '-') {
      at++
      high = one()
    }
    if (high === undefined) return undefined
    ranges.push([low, high])
  }
  return { accepts: it => ranges.some(([low, high]) => it >= low && it <= high) !== negated, end: at }
}

/** What Go takes for a byte that is no UTF-8. */
const BROKEN = 0xfffd

/** utf8.DecodeRuneInString. */
function characterAt(bytes: string, at: number): { readonly character: number; readonly length: number } {
  const first = bytes.charCodeAt(at)
  if (first < 0x80) return { character: first, length: 1 }
  const few = Uint8Array.from(bytes.slice(at, at + 4), it => it.charCodeAt(0))
  const character = decodeUtf8(few).codePointAt(0)!
  // A byte of its own is a lone surrogate.
  if (character >= 0xd800 && character <= 0xdfff) return { character: BROKEN, length: 1 }
  return { character, length: character < 0x800 ? 2 : character < 0x10000 ? 3 : 4 }
}

function mayEnd(token: Token, last: number): boolean {
  if (token.kind === 'byte') return token.byte === last
  // Above ASCII it is the end of a longer character.
  return token.kind === 'star' || last >= 0x80 || token.accepts(last)
}

/** Only the last star is ever reconsidered: an earlier one need not take more than it did. */
function matchTokens(tokens: readonly Token[], name: string): boolean {
  let token = 0
  let at = 0
  let star = -1
  let starAt = 0
  while (at < name.length || token < tokens.length) {
    const current = tokens[token]
    const taken = current === undefined ? 0 : takenBy(current, name, at)
    if (taken > 0) {
      token++
      at += taken
    } else if (current?.kind === 'star') {
      star = token++
      starAt = at
    } else if (star >= 0 && starAt < name.length && name.charCodeAt(starAt) !== SLASH) {
      token = star + 1
      at = ++starAt
    } else return false
  }
  return true
}

/** How many bytes; 0 where it does not match, and for stars. */
function takenBy(token: Token, name: string, at: number): number {
  if (token.kind === 'star' || at >= name.length) return 0
  const byte = name.charCodeAt(at)
  if (token.kind === 'byte') return token.byte === byte ? 1 : 0
  if (byte < 0x80) return token.accepts(byte) ? 1 : 0
  const { character, length } = characterAt(name, at)
  return token.accepts(character) ? length : 0
}
