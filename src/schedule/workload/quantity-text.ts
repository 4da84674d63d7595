/** Quantities the way the API server prints them: exact, canonical, in the notation they came in. */

import { type Amount, addAmounts, toAmount, ZERO_AMOUNT } from '../resource-amount.ts'

export interface Quantity {
  readonly amount: Amount
  readonly binary: boolean
}

export const ZERO_QUANTITY: Quantity = { amount: ZERO_AMOUNT, binary: false }

export function toQuantity(value: unknown): Quantity | undefined {
  const amount = toAmount(value)
  return amount === undefined
    ? undefined
    : { amount, binary: typeof value === 'string' && /[KMGTPE]i$/.test(value) }
}

/** The sum, in the notation of the left side unless that is zero (`Quantity.Add`). */
export function addQuantities(left: Quantity, right: Quantity): Quantity {
  const zero = left.amount.whole === 0 && left.amount.nano === 0
  return { amount: addAmounts(left.amount, right.amount), binary: zero ? right.binary : left.binary }
}

const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']

/** `Quantity.String`: the largest suffix that leaves a whole number. */
export function formatQuantity(quantity: Quantity): string {
  const { whole, nano } = quantity.amount
  if (whole === 0 && nano === 0) return '0'
  if (quantity.binary && Math.abs(whole) >= 1024) {
    let value = BigInt(nano > 0 ? whole + 1 : whole)
    let suffix = 0
    while (suffix < 6 && value % 1024n === 0n) {
      value /= 1024n
      suffix++
    }
    return `${value}${BINARY_SUFFIXES[suffix]}`
  }
  let value = BigInt(whole) * 1_000_000_000n + BigInt(nano)
  let suffix = 0
  while (suffix < DECIMAL_SUFFIXES.length - 1 && value % 1000n === 0n) {
    value /= 1000n
    suffix++
  }
  return `${value}${DECIMAL_SUFFIXES[suffix]}`
}
