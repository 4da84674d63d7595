/** encoding/json: how Go writes values as JSON, and how it reads JSON (with its errors). */
import { quote } from '../../text/go-quote.ts'
import { GoError } from '../template/errors.ts'
import { parseFloat64 } from '../template/number.ts'
import { encodeUtf8 } from '../template/utf8.ts'
import { type Dict, dict, isInt, list, MAX_DEPTH, sortedKeys, type Value } from '../template/value.ts'
import { encodeBase64 } from './encoding.ts'

export interface JsonStyle {
  /** Escape `<`, `>` and `&`. */
  readonly html: boolean
  /** Two-space indentation. */
  readonly pretty: boolean
}

/** json.Marshal and its relatives; throws what Go returns as an error. */
export function encodeJson(value: Value, style: JsonStyle): string {
  return encode(value, style, '', 0)
}

function encode(value: Value, style: JsonStyle, indent: string, depth: number): string {
  if (depth > MAX_DEPTH) throw new GoError('json: unsupported value: encountered a cycle')
  if (value === null || value === undefined) return 'null'
  switch (typeof value) {
    case 'string':
      return quoteJson(value, style.html)
    case 'boolean':
      return String(value)
    case 'number':
      return encodeNumber(value)
  }
  const inner = `${indent}  `
  switch (value.tag) {
    case 'text':
      return quoteJson(value.text, style.html)
    case 'int':
      return String(value.value)
    case 'bytes':
      return `"${encodeBase64(value.bytes)}"`
    case 'list':
      if (value.isNil) return 'null'
      return wrap(
        value.items.map(it => encode(it, style, inner, depth + 1)),
        '[',
        ']',
        style,
        indent,
      )
    case 'dict':
      if (value.isNil) return 'null'
      return wrap(encodeEntries(value, sortedKeys(value), style, inner, depth), '{', '}', style, indent)
    case 'struct': {
      if (value.json) return encode(value.json(), style, indent, depth + 1)
      const fields = dict(new Map(value.fields))
      return wrap(
        encodeEntries(fields, [...value.fields.keys()], style, inner, depth),
        '{',
        '}',
        style,
        indent,
      )
    }
  }
}

function encodeEntries(
  from: Dict,
  keys: readonly string[],
  style: JsonStyle,
  inner: string,
  depth: number,
): string[] {
  const colon = style.pretty ? ': ' : ':'
  return keys.map(
    key => quoteJson(key, style.html) + colon + encode(from.entries.get(key), style, inner, depth + 1),
  )
}

function wrap(
  parts: readonly string[],
  open: string,
  close: string,
  style: JsonStyle,
  indent: string,
): string {
  if (parts.length === 0) return open + close
  if (!style.pretty) return open + parts.join(',') + close
  return `${open}\n${indent}  ${parts.join(`,\n${indent}  `)}\n${indent}${close}`
}

function encodeNumber(value: number): string {
  if (!Number.isFinite(value))
    throw new GoError(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`)
  return Object.is(value, -0) ? '-0' : String(value)
}

const NEEDS_ESCAPE = /["\\\x00-\x1f<>&\u2028\u2029\ud800-\udfff]/

/** A JSON string; lone surrogates (bytes that are no UTF-8) become U+FFFD. */
function quoteJson(text: string, html: boolean): string {
  if (!NEEDS_ESCAPE.test(text)) return `"${text}"`
  let result = '"'
  for (const rune of text) result += escapeJson(rune, html)
  return `${result}"`
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\b', '\\b'],
  ['\f', '\\f'],
])

function escapeJson(rune: string, html: boolean): string {
  const code = rune.codePointAt(0)!
  const short = SHORT.get(rune)
  if (short) return short
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd'
  const escaped =
    code < 0x20 ||
    code === 0x2028 ||
    code === 0x2029 ||
    (html && (rune === '<' || rune === '>' || rune === '&'))
  return escaped ? `\\u${code.toString(16).padStart(4, '0')}` : rune
}

/** json.Unmarshal into an empty interface; throws Go's errors. */
export function decodeJson(text: string): Value {
  return new JsonReader(text).read()
}

/** The name Go gives a JSON value in errors. */
export function jsonKind(value: Value): string {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number' || isInt(value)) return 'number'
  if (typeof value === 'object' && value && value.tag === 'list') return 'array'
  if (typeof value === 'object' && value && value.tag === 'dict') return 'object'
  return 'string'
}

class JsonReader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  read(): Value {
    const value = this.value(0)
    this.skipBlanks()
    if (this.at < this.text.length) throw this.invalid('after top-level value')
    return value
  }

  private skipBlanks(): void {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at]!)) this.at++
  }

  private invalid(context: string): GoError {
    if (this.at >= this.text.length) return new GoError('unexpected end of JSON input')
    return this.unexpected(context)
  }

  /** Where a text may not end yet, its end is a space to Go; of other characters it shows the first byte. */
  private unexpected(context: string): GoError {
    const first = this.text[this.at] ?? ' '
    const byte = String.fromCharCode(
      encodeUtf8(String.fromCodePoint(this.text.codePointAt(this.at) ?? 32))[0]!,
    )
    const shown = first === "'" ? "\\'" : first === '"' ? '"' : quote(byte).slice(1, -1)
    return new GoError(`invalid character '${shown}' ${context}`)
  }

  private value(depth: number): Value {
    if (depth > MAX_DEPTH) throw new GoError('exceeded max depth')
    this.skipBlanks()
    const char = this.text[this.at]
    if (char === '{') return this.object(depth)
    if (char === '[') return this.array(depth)
    if (char === '"') return this.string()
    if (char === 't') return this.word('true', true)
    if (char === 'f') return this.word('false', false)
    if (char === 'n') return this.word('null', null)
    if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) return this.number()
    throw this.invalid('looking for beginning of value')
  }

  private word(word: string, value: boolean | null): Value {
    for (let i = 1; i < word.length; i++) {
      this.at++
      if (this.text[this.at] !== word[i]) throw this.unexpected(`in literal ${word} (expecting '${word[i]}')`)
    }
    this.at++
    return value
  }

  private number(): number {
    const match = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
    match.lastIndex = this.at
    const found = match.exec(this.text)
    if (!found) {
      this.at++
      throw this.unexpected('in numeric literal')
    }
    this.at += found[0].length
    const [broken] = /^(?:\.|[eE][+-]?)/.exec(this.text.slice(this.at, this.at + 2)) ?? []
    if (broken && !(broken === '.' && found[0].includes('.')) && !/[eE]/.test(found[0])) {
      this.at += broken.length
      throw this.unexpected(
        broken === '.' ? 'after decimal point in numeric literal' : 'in exponent of numeric literal',
      )
    }
    const value = parseFloat64(found[0])
    if (value === undefined)
      throw new GoError(`json: cannot unmarshal number ${found[0]} into Go value of type float64`)
    return value
  }

  private string(): string {
    let result = ''
    let from = ++this.at
    for (;;) {
      const char = this.text[this.at]
      if (char === undefined || char < ' ') throw this.invalid('in string literal')
      if (char === '"') {
        result += this.text.slice(from, this.at++)
        return result
      }
      if (char !== '\\') {
        this.at++
        continue
      }
      result += this.text.slice(from, this.at++) + this.escape()
      from = this.at
    }
  }

  private escape(): string {
    const char = this.text[this.at++]
    const simple = char === undefined ? undefined : UNESCAPE.get(char)
    if (simple !== undefined) return simple
    if (char !== 'u') {
      this.at--
      throw this.invalid('in string escape code')
    }
    const digits = this.text.slice(this.at, this.at + 4)
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
      this.at += /^[0-9a-fA-F]*/.exec(digits)![0].length
      throw this.invalid('in \\u hexadecimal character escape')
    }
    this.at += 4
    const code = Number.parseInt(digits, 16)
    const low = /^\\u(d[c-f][0-9a-f]{2})/i.exec(this.text.slice(this.at, this.at + 6))
    if (code >= 0xd800 && code <= 0xdbff && low) {
      this.at += 6
      return String.fromCharCode(code, Number.parseInt(low[1]!, 16))
    }
    return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCharCode(code)
  }

  private array(depth: number): Value {
    this.at++
    const items: Value[] = []
    this.skipBlanks()
    if (this.text[this.at] === ']') this.at++
    else
      for (;;) {
        items.push(this.value(depth + 1))
        this.skipBlanks()
        if (this.text[this.at] === ',') this.at++
        else if (this.text[this.at] === ']') {
          this.at++
          break
        } else throw this.invalid('after array element')
      }
    return list(items)
  }

  private object(depth: number): Value {
    this.at++
    const entries = new Map<string, Value>()
    this.skipBlanks()
    if (this.text[this.at] === '}') {
      this.at++
      return dict(entries)
    }
    for (;;) {
      this.skipBlanks()
      if (this.text[this.at] !== '"') throw this.invalid('looking for beginning of object key string')
      const key = this.string()
      this.skipBlanks()
      if (this.text[this.at] !== ':') throw this.invalid('after object key')
      this.at++
      entries.set(key, this.value(depth + 1))
      this.skipBlanks()
      const char = this.text[this.at]
      if (char === '}') {
        this.at++
        return dict(entries)
      }
      if (char !== ',') throw this.invalid('after object key:value pair')
      this.at++
    }
  }
}

const UNESCAPE: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])
