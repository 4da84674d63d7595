/** Go's strconv.Quote and Unquote. */

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [7, '\\a'],
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
])

/** Printable for Go: letters, marks, numbers, punctuation, symbols and the ASCII space. */
const UNPRINTABLE = /[\p{C}\p{Z}]/u
const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0')

/** What may need an escape within double quotes. */
const SPECIAL = /[^ !#-[\]-~]/gu

/** What is replaced at once: engines keep a record of each match until the last. */
const CHUNK = 10_000

/** A quoted string; `ascii` escapes all but ASCII (`%+q`). A lone surrogate U+DC80..U+DCFF is a byte that is not UTF-8. */
export function quote(text: string, ascii: 'any' | 'ascii' = 'any'): string {
  if (text.search(SPECIAL) < 0) return `"${text}"`
  let result = '"'
  for (let at = 0; at < text.length; ) {
    let end = at + CHUNK
    if (text.codePointAt(end - 1)! > 0xffff) end++
    result += text.slice(at, end).replace(SPECIAL, rune => escapeRune(rune, 0x22, ascii))
    at = end
  }
  return `${result}"`
}

/** One character between single quotes (`%q` of an integer). */
export function quoteRune(code: number, ascii: 'any' | 'ascii' = 'any'): string {
  const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return `'${escapeRune(String.fromCodePoint(valid ? code : 0xfffd), 0x27, ascii)}'`
}

function escapeRune(rune: string, delimiter: number, ascii: 'any' | 'ascii'): string {
  const code = rune.codePointAt(0)!
  if (code === delimiter || code === 0x5c) return `\\${rune}`
  if (code >= 0x20 && code < 0x7f) return rune
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`
  if (code !== 0x22 && ESCAPES.has(code)) return ESCAPES.get(code)!
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`
  if (ascii === 'any' && !UNPRINTABLE.test(rune)) return rune
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd'
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`
}

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
])

/** The text of a quoted or raw string literal, undefined when Go refuses it. */
export function unquote(literal: string): string | undefined {
  if (literal.startsWith('`')) return literal.slice(1, -1).replaceAll('\r', '')
  return decodeEscapes(literal.slice(1, -1), '"')
}

/** The code of a character literal such as `'a'` or `'\n'`. */
export function unquoteCharacter(literal: string): number | undefined {
  const text = decodeEscapes(literal.slice(1, -1), "'")
  if (text === undefined || text === '') return undefined
  const code = text.codePointAt(0)!
  return text.length === (code > 0xffff ? 2 : 1) ? code : undefined
}

function decodeEscapes(body: string, delimiter: string): string | undefined {
  let slash = body.indexOf('\\')
  let text = ''
  let at = 0
  for (; slash >= 0; slash = body.indexOf('\\', at)) {
    text += body.slice(at, slash)
    at = slash + 1
    const letter = body[at++]
    if (letter === undefined) return undefined
    const simple = letter === delimiter ? delimiter : SIMPLE.get(letter)
    if (simple !== undefined) {
      text += simple
      continue
    }
    const numeric = toNumericEscape(letter, body, at)
    if (!numeric) return undefined
    text += numeric.text
    at = numeric.end
  }
  return text + body.slice(at)
}

function toNumericEscape(
  letter: string,
  body: string,
  at: number,
): { text: string; end: number } | undefined {
  const width = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0
  const digits = width > 0 ? body.slice(at, at + width) : body.slice(at - 1, at + 2)
  const valid =
    width > 0 ? digits.length === width && /^[0-9a-fA-F]+$/.test(digits) : /^[0-3][0-7]{2}$/.test(digits)
  if (!valid) return undefined
  const code = Number.parseInt(digits, width > 0 ? 16 : 8)
  const isByte = width === 0 || width === 2
  if (!isByte && (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))) return undefined
  const text = isByte && code >= 0x80 ? String.fromCharCode(0xdc00 + code) : String.fromCodePoint(code)
  return { text, end: width > 0 ? at + width : at + 2 }
}
