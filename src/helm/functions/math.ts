/** sprig's arithmetic: 64-bit integers that wrap, floats by way of decimals. */
import { type FunctionTable, fn, fnRest } from '../template/call.ts'
import { GoError } from '../template/errors.ts'
import { formatValue } from '../template/format.ts'
import { isInt64 } from '../template/number.ts'
import { int, int64, type Value } from '../template/value.ts'
import { toFloat64, toInt64 } from './cast.ts'
import { calculate, type DecimalOperation } from './decimal.ts'

export const mathFunctions: FunctionTable = {
  int: fn(['any'], (_, value) => int(toInt64(value))),
  int64: fn(['any'], (_, value) => int64(toInt64(value))),
  float64: fn(['any'], (_, value) => toFloat64(value)),
  toDecimal: fn(['any'], (_, value) => int64(parseOctal(formatValue(value)))),
  add1: fn(['any'], (_, value) => int64(toInt64(value) + 1n)),
  add: fnRest([], 'any', (_, values) => int64(values.reduce((sum: bigint, it) => sum + toInt64(it), 0n))),
  sub: fn(['any', 'any'], (_, a, b) => int64(toInt64(a) - toInt64(b))),
  mul: fnRest(['any'], 'any', (_, values, first) =>
    int64(values.reduce((product: bigint, it) => BigInt.asIntN(64, product * toInt64(it)), toInt64(first))),
  ),
  div: fn(['any', 'any'], (_, a, b) => int64(toInt64(a) / divisor(b))),
  mod: fn(['any', 'any'], (_, a, b) => int64(toInt64(a) % divisor(b))),
  add1f: fn(['any'], (_, value) => calculate(toFloat64(value), [1], 'add')),
  addf: fnRest([], 'any', (_, values) => calculate(0, values.map(toFloat64), 'add')),
  subf: decimal('sub'),
  mulf: decimal('mul'),
  divf: decimal('div'),
  max: largest(),
  biggest: largest(),
  min: fnRest(['any'], 'any', (_, values, first) =>
    int64(values.map(toInt64).reduce((a, b) => (b < a ? b : a), toInt64(first))),
  ),
  maxf: fnRest(['any'], 'any', (_, values, first) => Math.max(toFloat64(first), ...values.map(toFloat64))),
  minf: fnRest(['any'], 'any', (_, values, first) => Math.min(toFloat64(first), ...values.map(toFloat64))),
  ceil: fn(['any'], (_, value) => Math.ceil(toFloat64(value))),
  floor: fn(['any'], (_, value) => Math.floor(toFloat64(value))),
  round: fnRest(['any', 'int'], 'float', (_, options, value, places) =>
    round(toFloat64(value), places, options[0] ?? 0.5),
  ),
}

function decimal(operation: DecimalOperation) {
  return fnRest(['any'], 'any', (_, values, first) =>
    calculate(toFloat64(first), values.map(toFloat64), operation),
  )
}

function largest() {
  return fnRest(['any'], 'any', (_, values, first) =>
    int64(values.map(toInt64).reduce((a, b) => (b > a ? b : a), toInt64(first))),
  )
}

function divisor(value: Value): bigint {
  const result = toInt64(value)
  if (result === 0n) throw new GoError('runtime error: integer divide by zero')
  return result
}

function parseOctal(text: string): bigint {
  const digits = /^([-+]?)([0-7]+)$/.exec(text)
  if (!digits) return 0n
  const value = BigInt(`0o${digits[2]}`)
  const signed = digits[1] === '-' ? -value : value
  return isInt64(signed) ? signed : 0n
}

function round(value: number, places: number, roundOn: number): number {
  const power = 10 ** places
  const digit = power * value
  const fraction = digit - Math.trunc(digit)
  return (fraction >= roundOn ? Math.ceil(digit) : Math.floor(digit)) / power
}
