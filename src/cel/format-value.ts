/** Values as CEL prints them: by `string()`, `%s` and in messages. */
import { formatDuration, formatTimestamp } from './calendar.ts'
import { compareText, listKeys } from './equality.ts'
import { noSuchOverload } from './fault.ts'
import { decodeUtf8 } from './utf8.ts'
import {
  Double,
  Duration,
  Opaque,
  Optional,
  Timestamp,
  TypeValue,
  toKey,
  Uint,
  type Value,
} from './values.ts'

/** `%s` of `format`; values of library types have no form there and throw. */
export function formatValue(value: Value): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map(formatValue).join(', ')}]`
  if (value instanceof Map) {
    const entries = listKeys(value).map(
      it => [formatValue(it), formatValue(value.get(toKey(it)!) as Value)] as const,
    )
    entries.sort(([a], [b]) => compareText(a, b))
    return `{${entries.map(([key, it]) => `${key}: ${it}`).join(', ')}}`
  }
  if (value instanceof Double) return formatDouble(value.value)
  if (value instanceof Uint) return String(value.value)
  if (value instanceof Uint8Array) return decodeUtf8(value) ?? '\ufffd'
  if (value instanceof Timestamp) return formatTimestamp(value)
  if (value instanceof Duration) return formatDuration(value)
  if (value instanceof TypeValue) return value.name
  if (value instanceof Opaque || value instanceof Optional) throw noSuchOverload()
  return ''
}

/** Without an exponent: `strconv.FormatFloat(v, 'f', -1, 64)`. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  if (Object.is(value, -0)) return '-0'
  const text = String(value)
  const at = text.indexOf('e')
  if (at < 0) return text
  const exponent = Number(text.slice(at + 1))
  const sign = value < 0 ? '-' : ''
  const [whole = '', fraction = ''] = text.slice(sign.length, at).split('.')
  const digits = whole + fraction
  const point = whole.length + exponent
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.padEnd(point, '0')
}

/** The shortest form, with an exponent where it is large or small: `string(double)`, `strconv.FormatFloat(v, 'g', -1, 64)`. */
export function formatShortDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
  const power = Number(exponent)
  if (power >= -4 && power < 21) return formatDouble(value)
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
}
