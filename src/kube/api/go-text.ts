/** Values as Go prints them in messages: `%q` for texts, `encoding/json` for what has structure. */
import { quote as goQuote } from '../../text/go-quote.ts'
import { formatStruct, isStruct } from './go-struct.ts'

/** `ErrorBody` of field errors: texts quoted, numbers and booleans plain, all else as JSON. */
export function formatBadValue(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return formatNumber(value)
  return formatJson(value)
}

const PLAIN = /^[ !#-[\]-~]*$/

/** `strconv.Quote` of a text that came as JSON, whose decoder puts U+FFFD where half a character stands. */
export const quote = (text: string): string =>
  PLAIN.test(text) ? `"${text}"` : goQuote(text.replaceAll(/\p{Cs}/gu, '\ufffd'))

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')

/** A float64 as `%v` prints it; integers are what fields hold nearly always. */
function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value)
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}

/** `json.Marshal`: keys sorted, nulls left out as `omitempty` does, `<`, `>`, `&` and line separators escaped. */
function formatJson(value: unknown): string {
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
