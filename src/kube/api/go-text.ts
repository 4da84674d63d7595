/** Values as Go prints them in messages: `%q` for texts, `encoding/json` for what has structure. */
import { formatStruct, isStruct } from './go-struct.ts'

/** `ErrorBody` of field errors: texts quoted, numbers and booleans plain, all else as JSON. */
export function formatBadValue(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return formatNumber(value)
  return formatJson(value)
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [7, '\\a'],
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
  [34, '\\"'],
  [92, '\\\\'],
])
const PLAIN = /^[ !#-[\]-~]*$/
/** What `strconv.IsPrint` takes beyond ASCII: letters, marks, numbers, punctuation and symbols. */
const PRINTABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u

/** `strconv.Quote`. */
export function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  let quoted = '"'
  for (const char of text) {
    const code = char.codePointAt(0)!
    const escaped = ESCAPES.get(code)
    if (escaped !== undefined) quoted += escaped
    else if (code === 32 || PRINTABLE.test(char)) quoted += char
    else if (code < 0x80) quoted += `\\x${hex(code, 2)}`
    else if (code >= 0xd800 && code < 0xe000) quoted += '\ufffd'
    else quoted += code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
  }
  return `${quoted}"`
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')

/** A float64 as `%v` prints it; integers are what fields hold nearly always. */
function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value)
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}

/** `json.Marshal`: keys sorted, nulls left out as `omitempty` does, `<`, `>`, `&` and line separators escaped. */
export function formatJson(value: unknown): string {
  if (isStruct(value)) return formatStruct(value, formatJson)
  if (typeof value === 'string') return jsonText(value)
  if (Array.isArray(value)) return `[${value.map(formatJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const entries = Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, it]) => `${jsonText(key)}:${formatJson(it)}`)
  return `{${entries.join(',')}}`
}

const jsonText = (text: string): string =>
  JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, char => `\\u${hex(char.charCodeAt(0), 4)}`)
