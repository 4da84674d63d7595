/** Whether a text is one mail address, with or without a name: `mail.ParseAddress` of Go, encoded words aside. */
import { isStrictIp } from './ip-formats.ts'

export function isMailAddress(text: string): boolean {
  const cursor = { text, at: 0 }
  return parseAddress(cursor, 'or a group') === 1 && skipComments(cursor) && cursor.at === text.length
}

interface Cursor {
  readonly text: string
  at: number
}

/** How many addresses there are; undefined when it is no address. */
function parseAddress(cursor: Cursor, mode: 'or a group' | 'alone'): number | undefined {
  skipSpace(cursor)
  const start = cursor.at
  if (parseSpec(cursor)) {
    skipSpace(cursor)
    return cursor.text[cursor.at] !== '(' || skipComment(cursor) ? 1 : undefined
  }
  cursor.at = start
  if (cursor.text[cursor.at] !== '<' && !parsePhrase(cursor)) return undefined
  skipSpace(cursor)
  if (mode === 'or a group' && take(cursor, ':')) return parseGroup(cursor)
  return take(cursor, '<') && parseSpec(cursor) && take(cursor, '>') ? 1 : undefined
}

function parseGroup(cursor: Cursor): number | undefined {
  skipSpace(cursor)
  let count = 0
  if (take(cursor, ';')) return skipComments(cursor) ? count : undefined
  for (;;) {
    const found = parseAddress(cursor, 'alone')
    if (found === undefined || !skipComments(cursor)) return undefined
    count += found
    if (take(cursor, ';')) return skipComments(cursor) ? count : undefined
    if (!take(cursor, ',')) return undefined
  }
}

/** `local@domain`. */
function parseSpec(cursor: Cursor): boolean {
  skipSpace(cursor)
  const isQuoted = cursor.text[cursor.at] === '"'
  if (isQuoted ? !((parseQuoted(cursor) ?? 0) > 0) : !parseAtom(cursor, 'strict')) return false
  if (!take(cursor, '@')) return false
  skipSpace(cursor)
  if (cursor.text[cursor.at] !== '[') return parseAtom(cursor, 'strict')
  const literal = match(cursor, /\[([!-Z^-~\u0080-\u{10ffff}]*)\]/uy)
  return literal !== undefined && isStrictIp(literal.slice(1, -1))
}

/** Words, with comments between them; what is no word ends it. */
function parsePhrase(cursor: Cursor): boolean {
  for (let words = 0; ; words++) {
    if (words > 0 && !skipComments(cursor)) return false
    skipSpace(cursor)
    if (cursor.at === cursor.text.length) return true
    const isWord =
      cursor.text[cursor.at] === '"' ? parseQuoted(cursor) !== undefined : parseAtom(cursor, 'permissive')
    if (!isWord) return words > 0
  }
}

/** How long the text between the quotes is. */
function parseQuoted(cursor: Cursor): number | undefined {
  const quoted = match(cursor, /"(?:[ \t!#-[\]-~\u0080-\u{10ffff}]|\\[ \t!-~\u0080-\u{10ffff}])*"/uy)
  return quoted === undefined ? undefined : quoted.length - 2
}

function parseAtom(cursor: Cursor, mode: 'strict' | 'permissive'): boolean {
  const atom = match(cursor, /[!#-'*+\--9=?A-Z^-~\u0080-\u{10ffff}]+/uy)
  if (atom === undefined) return false
  return mode === 'permissive' || !/^\.|\.\.|\.$/.test(atom)
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0]
  if (found !== undefined) cursor.at += found.length
  return found
}

function take(cursor: Cursor, char: string): boolean {
  if (cursor.text[cursor.at] !== char) return false
  cursor.at++
  return true
}

function skipSpace(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ' || cursor.text[cursor.at] === '\t') cursor.at++
}

function skipComments(cursor: Cursor): boolean {
  skipSpace(cursor)
  while (cursor.text[cursor.at] === '(') {
    if (!skipComment(cursor)) return false
    skipSpace(cursor)
  }
  return true
}

/** A comment may hold comments. */
function skipComment(cursor: Cursor): boolean {
  const { text } = cursor
  let depth = 0
  do {
    const char = text[cursor.at]
    if (char === undefined) return false
    if (char === '\\' && cursor.at + 1 < text.length) cursor.at++
    else if (char === '(') depth++
    else if (char === ')') depth--
    cursor.at++
  } while (depth > 0)
  return true
}
