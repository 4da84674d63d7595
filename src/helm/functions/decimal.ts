/** Decimal arithmetic of shopspring/decimal, as far as sprig's addf, subf, mulf and divf need it. */
import { GoError } from '../template/errors.ts'

/** `digits` × 10^`exponent`. */
interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

export type DecimalOperation = 'add' | 'sub' | 'mul' | 'div'

/** Digits behind the point that a division keeps. */
const DIVISION_PRECISION = 16

/** Further apart numbers would be written out with all their zeros. */
const MAX_EXPONENT = 10_000

/** Applies an operation from left to right and rounds to a float at the end only. */
export function calculate(first: number, others: readonly number[], operation: DecimalOperation): number {
  let result = toDecimal(first)
  for (const it of others) result = apply(result, toDecimal(it), operation)
  return Number(`${result.digits}e${result.exponent}`)
}

/** The shortest decimal of the float. */
function toDecimal(value: number): Decimal {
  if (!Number.isFinite(value)) throw new GoError(`Cannot create a Decimal from ${value}`)
  const text = value.toExponential()
  const mark = text.indexOf('e')
  const mantissa = text.slice(0, mark)
  const dot = mantissa.indexOf('.')
  const decimals = dot < 0 ? 0 : mantissa.length - dot - 1
  return { digits: BigInt(mantissa.replace('.', '')), exponent: Number(text.slice(mark + 1)) - decimals }
}

function apply(a: Decimal, b: Decimal, operation: DecimalOperation): Decimal {
  if (operation === 'mul') return { digits: a.digits * b.digits, exponent: a.exponent + b.exponent }
  if (operation === 'div') return divide(a, b)
  if (Math.abs(a.exponent - b.exponent) > MAX_EXPONENT) throw new GoError('decimal exponent out of range')
  const exponent = Math.min(a.exponent, b.exponent)
  const left = a.digits * 10n ** BigInt(a.exponent - exponent)
  const right = b.digits * 10n ** BigInt(b.exponent - exponent)
  return { digits: operation === 'add' ? left + right : left - right, exponent }
}

/** Rounds half away from zero at 16 decimals. */
function divide(a: Decimal, b: Decimal): Decimal {
  if (b.digits === 0n) throw new GoError('decimal division by 0')
  if (Math.abs(a.exponent - b.exponent) > MAX_EXPONENT) throw new GoError('decimal exponent out of range')
  const shift = a.exponent - b.exponent + DIVISION_PRECISION
  const numerator = shift >= 0 ? a.digits * 10n ** BigInt(shift) : a.digits
  const denominator = shift >= 0 ? b.digits : b.digits * 10n ** BigInt(-shift)
  const quotient = numerator / denominator
  const remainder = numerator % denominator
  const half = abs(remainder) * 2n >= abs(denominator)
  const negative = numerator < 0n !== denominator < 0n
  return { digits: half ? quotient + (negative ? -1n : 1n) : quotient, exponent: -DIVISION_PRECISION }
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value)
