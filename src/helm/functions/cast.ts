/** Conversions of spf13/cast 1.7 that sprig's arithmetic goes through: what cannot be converted is 0. */
import { isInt64, MAX_INT64, MIN_INT64, parseFloat64, parseInteger } from '../template/number.ts'
import { plainText } from '../template/text.ts'
import { isInt, isString, type Value } from '../template/value.ts'

export function toInt64(value: Value): bigint {
  if (isInt(value)) return BigInt.asIntN(64, value.value)
  if (typeof value === 'number') return truncateToInt64(value)
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (!isString(value)) return 0n
  const parsed = parseInteger(trimZeroDecimal(plainText(value)))
  return parsed !== undefined && isInt64(parsed) ? parsed : 0n
}

/** Go's conversion on amd64: what does not fit becomes the smallest integer. */
function truncateToInt64(value: number): bigint {
  if (!Number.isFinite(value)) return MIN_INT64
  const truncated = BigInt(Math.trunc(value))
  return truncated > MAX_INT64 || truncated < MIN_INT64 ? MIN_INT64 : truncated
}

/** `1.00` is read as `1`. */
const trimZeroDecimal = (text: string): string => text.replace(/\.0+$/, '')

export function toFloat64(value: Value): number {
  if (isInt(value)) return Number(value.value)
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  return isString(value) ? (parseFloat64(plainText(value)) ?? 0) : 0
}
