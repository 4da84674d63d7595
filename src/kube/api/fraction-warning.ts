/** The warning about amounts of bytes that are no whole number. */
import { formatQuantity, type Quantity, quantityMilliValue } from '../values/quantity.ts'
import { type Check, type Field, key, warn } from './field.ts'

/** Bytes come whole. The server computes thousandths in 64 bits, so that huge values look fractional. */
export function warnAboutFraction(
  check: Check,
  list: ReadonlyMap<string, Quantity>,
  field: Field,
  name: string,
): void {
  const value = list.get(name)
  if (value && toMilli64(value) % 1000n !== 0n)
    warn(
      check,
      key(field, name),
      `fractional byte value "${formatQuantity(value)}" is invalid, must be an integer`,
    )
}

/** `MilliValue` in 64 bits: what was parsed as a small number overflows to 0, what was parsed as a big one wraps. */
function toMilli64(value: Quantity): bigint {
  const milli = quantityMilliValue(value)
  if (BigInt.asIntN(64, milli) === milli) return milli
  const digits = String(value.nano).replace(/0+$/, '').length
  return value.format !== 'BinarySI' && digits <= 18 ? 0n : BigInt.asIntN(64, milli)
}
