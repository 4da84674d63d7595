/** Texts that the API server's Go types decode: times, quantities, base64. */
import { parseDuration } from '../values/duration.ts'
import { parseQuantity, trimQuantity } from '../values/quantity.ts'

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))$/
/** Six digits are in the layout, so they must be there. */
const RFC3339_MICRO = /T\d{1,2}:\d\d:\d\d\.\d{6}(?:Z|[+-])/

/** `time.Parse(time.RFC3339, text)`, as `metav1.Time` does. */
export function isTime(text: string): boolean {
  const match = RFC3339.exec(text)
  if (!match) return false
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    Number(match[7] ?? 0) <= 24 &&
    Number(match[8] ?? 0) < 60
  )
}

/** `metav1.MicroTime`. */
export const isMicroTime = (text: string): boolean => RFC3339_MICRO.test(text) && isTime(text)

export function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Whether `resource.Quantity` parses the text; blanks around it are trimmed as its JSON decoder does. */
export const isQuantity = (text: string): boolean =>
  COMMON_QUANTITY.test(text) || typeof parseQuantity(trimQuantity(text)) !== 'string'

/** What nearly all quantities are, without the arithmetic. */
const COMMON_QUANTITY = /^[0-9]{1,15}(?:m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/

/** `base64.StdEncoding`: padded, line breaks are skipped. */
export function isBase64(text: string): boolean {
  let count = 0
  let padding = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 10 || unit === 13) continue
    if (unit === 61) padding++
    else if (padding > 0 || unit >= 128 || BASE64[unit] === 0) return false
    count++
  }
  return padding <= 2 && count % 4 === 0
}

const BASE64 = new Uint8Array(128)
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  BASE64[char.charCodeAt(0)] = 1

/** `time.ParseDuration`. */
export const isGoDuration = (text: string): boolean => typeof parseDuration(text) === 'number'
