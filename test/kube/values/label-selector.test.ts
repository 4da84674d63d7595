/** Label selectors: objects, and what they match. */
import { expect, test } from 'vitest'
import {
  matchesSelector,
  toLabelSelector,
  toLabels,
  toNodeRequirements,
} from '../../../src/kube/values/label-selector.ts'

const LABELS = toLabels({ app: 'web', tier: 'front', n: '5', ignored: 7 })

const expression = (key: string, operator: string, ...values: string[]) => ({ key, operator, values })

test.each([
  [{}, true],
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'api' } }, false],
  [{ matchLabels: { __proto__: null, missing: '' } }, false],
  [{ matchExpressions: [expression('app', 'In', 'api', 'web')] }, true],
  [{ matchExpressions: [expression('app', 'NotIn', 'web')] }, false],
  [{ matchExpressions: [expression('zone', 'NotIn', 'a')] }, true],
  [{ matchExpressions: [expression('app', 'Exists')] }, true],
  [{ matchExpressions: [expression('app', 'DoesNotExist')] }, false],
  [{ matchLabels: { app: 'web' }, matchExpressions: [expression('tier', 'In', 'back')] }, false],
])('%j', (selector, expected) => expect(matchesSelector(toLabelSelector(selector)!, LABELS)).toBe(expected))

test.each([
  null,
  'a',
  { matchExpressions: [expression('a', 'In')] },
  { matchExpressions: [expression('a', 'Exists', 'x')] },
  { matchExpressions: [expression('a', 'Gt', '1')] },
  { matchExpressions: ['x'] },
])('malformed: %j', value => expect(toLabelSelector(value)).toBeUndefined())

test('node selectors compare integers', () => {
  const matches = (operator: string, value: string) =>
    matchesSelector(toNodeRequirements([expression('n', operator, value)])!, LABELS)
  expect(matches('Gt', '4')).toBe(true)
  expect(matches('Gt', '5')).toBe(false)
  expect(matches('Lt', '6')).toBe(true)
  expect(toNodeRequirements([expression('n', 'Gt', 'x')])).toBeUndefined()
  expect(toNodeRequirements([expression('n', 'Lt', '99999999999999999999')])).toBeUndefined()
})
