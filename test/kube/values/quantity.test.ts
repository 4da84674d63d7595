/** Quantities: what parses, what it is worth, how it is printed. */
import { expect, test } from 'vitest'
import {
  addQuantities,
  compareQuantities,
  formatCanonical,
  formatQuantity,
  parseQuantity,
  QUANTITY_SUFFIX_FAULT,
  QUANTITY_SYNTAX_FAULT,
  type Quantity,
  quantityMilliValue,
  quantityValue,
  roundToMilli,
  toQuantity,
} from '../../../src/kube/values/quantity.ts'

const quantity = (text: string): Quantity => {
  const parsed = parseQuantity(text)
  if (typeof parsed === 'string') throw new Error(`${text}: ${parsed}`)
  return parsed
}

/** Text, billionths, canonical form. */
const VALUES: readonly (readonly [string, bigint, string])[] = [
  ['0', 0n, '0'],
  ['000', 0n, '0'],
  ['-', 0n, '0'],
  ['1', 10n ** 9n, '1'],
  ['+1', 10n ** 9n, '1'],
  ['-1', -(10n ** 9n), '-1'],
  ['0.5', 5n * 10n ** 8n, '500m'],
  ['.5', 5n * 10n ** 8n, '500m'],
  ['1.', 10n ** 9n, '1'],
  ['100m', 10n ** 8n, '100m'],
  ['1000m', 10n ** 9n, '1'],
  ['1n', 1n, '1n'],
  ['0.1n', 1n, '1n'],
  ['-0.1n', -1n, '-1n'],
  ['1u', 1000n, '1u'],
  ['1k', 10n ** 12n, '1k'],
  ['1e3', 10n ** 12n, '1e3'],
  ['1E3', 10n ** 12n, '1e3'],
  ['1e-3', 10n ** 6n, '1e-3'],
  ['12e2', 12n * 10n ** 11n, '1200'],
  ['1E', 10n ** 27n, '1E'],
  ['1Ki', 1024n * 10n ** 9n, '1Ki'],
  ['1024Ki', 1048576n * 10n ** 9n, '1Mi'],
  ['1.5Gi', 1610612736n * 10n ** 9n, '1536Mi'],
  ['0.5Ki', 512n * 10n ** 9n, '512'],
  ['0.0001Ki', 102400000n, '102400u'],
  ['8Ei', (2n ** 63n - 1n) * 10n ** 9n, '9223372036854775807'],
  ['-9Ei', -(2n ** 63n - 1n) * 10n ** 9n, '-9223372036854775807'],
]

test.each(VALUES)('%s', (text, nano, canonical) => {
  expect(quantity(text).nano).toBe(nano)
  expect(formatCanonical(quantity(text))).toBe(canonical)
})

test('the server prints numbers as written when no larger unit could shorten them', () => {
  expect(formatQuantity(quantity('1.500'))).toBe('1.500')
  expect(formatQuantity(quantity('1500m'))).toBe('1500m')
  expect(formatQuantity(quantity('1000m'))).toBe('1')
  expect(formatQuantity(quantity('2048Mi'))).toBe('2Gi')
  expect(formatQuantity(quantity('+5'))).toBe('+5')
})

test.each(['', ' 1', '1 ', 'abc', '1Gi B', '512MB', '1gi', '1.2.3', '0x10', '1,5', '١', '1_000'])(
  'no quantity: %j',
  text => expect(parseQuantity(text)).toBe(QUANTITY_SYNTAX_FAULT),
)

test.each(['1K', '1mi', '1e', '1e+', '--1', '1EE3', '1ki5', '5mM'])('no suffix: %s', text =>
  expect(parseQuantity(text)).toBe(QUANTITY_SUFFIX_FAULT),
)

test('an exponent without end costs nothing', () => {
  expect(compareQuantities(quantity('1e999999999'), quantity('1e3'))).toBe(1)
  expect(quantity('1e-999999999').nano).toBe(1n)
})

test('values round away from zero', () => {
  expect(quantityValue(quantity('1.1'))).toBe(2n)
  expect(quantityValue(quantity('-1.1'))).toBe(-2n)
  expect(quantityMilliValue(quantity('1u'))).toBe(1n)
  expect(formatQuantity(roundToMilli(quantity('100n')))).toBe('1m')
  expect(roundToMilli(quantity('100m'))).toEqual(quantity('100m'))
})

test('arithmetic is exact', () => {
  expect(formatCanonical(addQuantities(quantity('0.1'), quantity('0.2')))).toBe('300m')
  expect(formatCanonical(addQuantities(quantity('1Gi'), quantity('1')))).toBe('1073741825')
  expect(compareQuantities(quantity('1Gi'), quantity('1G'))).toBe(1)
  expect(compareQuantities(quantity('1'), quantity('1000m'))).toBe(0)
})

test('decoded JSON: numbers count, blanks are trimmed', () => {
  expect(toQuantity(2)?.nano).toBe(2n * 10n ** 9n)
  expect(toQuantity(0.25)?.nano).toBe(25n * 10n ** 7n)
  expect(toQuantity(' 1')?.nano).toBe(10n ** 9n)
  expect(toQuantity(true)).toBeUndefined()
  expect(toQuantity('x')).toBeUndefined()
})
