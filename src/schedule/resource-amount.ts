/** Resource quantities as exact sums, rounded once the way kube-scheduler rounds them. */
import { BINARY_EXPONENTS, DECIMAL_EXPONENTS } from '../kube/values/quantity.ts'

/** An exact amount: `whole` units and `nano` billionths, 0 ≤ nano < 10⁹. */
export interface Amount {
  readonly whole: number
  readonly nano: number
}

export const ZERO_AMOUNT: Amount = { whole: 0, nano: 0 }
const BILLION = 1_000_000_000
const BILLION_BIG = 1_000_000_000n

const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d{1,3}))?$/

/** Quantities repeat endlessly in an inventory, so their parses are remembered, up to a bound. */
const known = new Map<string, Amount | undefined>()
const KNOWN_LIMIT = 20_000

/**
 * A Kubernetes quantity, or undefined when it is not one.
 * Finer than a billionth rounds up, as apimachinery's `ParseQuantity` does; beyond 2⁵³ units the value is capped.
 */
export function toAmount(value: unknown): Amount | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { whole: value, nano: 0 }
  const text = String(value)
  if (known.has(text)) return known.get(text)
  const amount = parseAmount(text)
  if (known.size >= KNOWN_LIMIT) known.clear()
  known.set(text, amount)
  return amount
}

function parseAmount(text: string): Amount | undefined {
  if (text.length > 64) return undefined
  const match = QUANTITY.exec(text)
  if (match === null) return undefined
  const integer = match[2] ?? ''
  const fraction = match[3] ?? ''
  if (integer === '' && fraction === '') return undefined
  const mantissa = BigInt(integer + fraction)
  const scale = match[4] === undefined ? 1n : 1n << BigInt(BINARY_EXPONENTS[match[4]]!)
  const power = match[5] === undefined ? Number(match[6] ?? 0) : DECIMAL_EXPONENTS[match[5]]!
  return toExactAmount({
    mantissa: mantissa * scale,
    power: power - fraction.length + 9,
    negative: match[1] === '-',
  })
}

function toExactAmount(it: { mantissa: bigint; power: number; negative: boolean }): Amount {
  if (it.mantissa === 0n) return ZERO_AMOUNT
  let nanos: bigint
  if (it.power >= 0) nanos = it.mantissa * 10n ** BigInt(Math.min(it.power, 60))
  else {
    const divisor = 10n ** BigInt(Math.min(-it.power, 120))
    nanos = (it.mantissa + divisor - 1n) / divisor
  }
  const limit = BigInt(Number.MAX_SAFE_INTEGER) * BILLION_BIG
  if (nanos > limit) nanos = limit
  if (it.negative) nanos = -nanos
  let whole = nanos / BILLION_BIG
  let nano = nanos % BILLION_BIG
  if (nano < 0n) {
    nano += BILLION_BIG
    whole -= 1n
  }
  return { whole: Number(whole), nano: Number(nano) }
}

export function addAmounts(left: Amount, right: Amount): Amount {
  const nano = left.nano + right.nano
  const carry = nano >= BILLION ? 1 : 0
  return { whole: left.whole + right.whole + carry, nano: nano - carry * BILLION }
}

/** The difference, or nothing where it would be negative. */
export function subtractAmounts(from: Amount, less: Amount): Amount {
  if (!isGreaterAmount(from, less)) return ZERO_AMOUNT
  const nano = from.nano - less.nano
  const borrow = nano < 0 ? 1 : 0
  return { whole: from.whole - less.whole - borrow, nano: nano + borrow * BILLION }
}

export function isGreaterAmount(left: Amount, right: Amount): boolean {
  return left.whole !== right.whole ? left.whole > right.whole : left.nano > right.nano
}

export function isZeroAmount(it: Amount): boolean {
  return it.whole === 0 && it.nano === 0
}

/** Thousandths, rounded up: how the scheduler counts cpu (`Quantity.MilliValue`). */
export function toMilli(it: Amount): number {
  return it.whole * 1000 + Math.ceil(it.nano / 1_000_000)
}

/** Units, rounded up: how the scheduler counts everything else (`Quantity.Value`). */
export function toUnits(it: Amount): number {
  return it.nano > 0 ? it.whole + 1 : it.whole
}

/** The amount as the scheduler counts this resource: cpu in thousandths, the rest in units. */
export function toCounted(resource: string, it: Amount): number {
  return resource === 'cpu' ? toMilli(it) : toUnits(it)
}

const SUFFIXES: readonly (readonly [number, string])[] = [
  [2 ** 60, 'Ei'],
  [2 ** 50, 'Pi'],
  [2 ** 40, 'Ti'],
  [2 ** 30, 'Gi'],
  [2 ** 20, 'Mi'],
  [2 ** 10, 'Ki'],
]

/** A counted value as a person would write it: `350m`, `2`, `1.5Gi`; bytes are rounded up to three digits. */
export function formatCounted(resource: string, value: number): string {
  if (resource === 'cpu') return value % 1000 === 0 ? String(value / 1000) : `${value}m`
  const bytes = resource === 'memory' || resource === 'ephemeral-storage' || resource.startsWith('hugepages-')
  if (!bytes) return String(value)
  for (const [size, suffix] of SUFFIXES) {
    if (Math.abs(value) >= size) {
      const scaled = value / size
      return `${Number.isInteger(scaled) ? scaled : Math.ceil(scaled * 100) / 100}${suffix}`
    }
  }
  return String(value)
}
