/** Quantities and what pods ask for. */

import { describe, expect, it } from 'vitest'
import { countRequests, sumPodRequests } from '../../src/schedule/pod-requests.ts'
import { formatCounted, toAmount, toMilli, toUnits } from '../../src/schedule/resource-amount.ts'
import { addQuantities, formatQuantity, toQuantity } from '../../src/schedule/workload/quantity-text.ts'

describe('quantities', () => {
  it.each<[string | number, number, number]>([
    ['1', 1000, 1],
    ['0.5m', 1, 1],
    ['999.1m', 1000, 1],
    ['1e3', 1_000_000, 1000],
    ['1k', 1_000_000, 1000],
    ['15842444Ki', 15842444 * 1024 * 1000, 15842444 * 1024],
    ['.5', 500, 1],
    ['1n', 1, 1],
    ['0.0000000001', 1, 1],
    [2, 2000, 2],
    ['0', 0, 0],
  ])('reads %s', (text, milli, units) => {
    const amount = toAmount(text)!
    expect([toMilli(amount), toUnits(amount)]).toEqual([milli, units])
  })

  it.each(['', '1 core', 'abc', '1Kb', '--1', '1e', `${'9'.repeat(100)}`, '1e9999', null, {}])(
    'refuses %j',
    value => {
      expect(toAmount(value)).toBeUndefined()
    },
  )

  it.each([
    ['4096Mi', '4Gi'],
    ['1400Mi', '1400Mi'],
    ['0.5', '500m'],
    ['1000m', '1'],
    ['2000', '2k'],
    ['100Ki', '100Ki'],
    ['0', '0'],
  ])('prints %s as %s', (text, printed) => {
    expect(formatQuantity(toQuantity(text)!)).toBe(printed)
  })

  it('adds in the notation of the left side', () => {
    expect(formatQuantity(addQuantities(toQuantity('1Gi')!, toQuantity('1Gi')!))).toBe('2Gi')
    expect(formatQuantity(addQuantities(toQuantity('1500m')!, toQuantity('1')!))).toBe('2500m')
  })

  it.each([
    ['cpu', 350, '350m'],
    ['cpu', 2000, '2'],
    ['memory', 3 * 2 ** 29, '1.5Gi'],
    ['nvidia.com/gpu', 2, '2'],
  ])('shows %s %d as %s', (resource, value, text) => {
    expect(formatCounted(resource, value)).toBe(text)
  })
})

describe('pod requests', () => {
  const container = (cpu: string, restartPolicy?: string): object => ({
    resources: { requests: { cpu } },
    restartPolicy,
  })
  it.each<[string, object, number]>([
    ['containers add up', { containers: [container('1'), container('500m')] }, 1500],
    [
      'the largest init container counts when larger',
      { containers: [container('1')], initContainers: [container('3')] },
      3000,
    ],
    [
      'sidecars run beside later init containers',
      {
        containers: [container('1')],
        initContainers: [
          container('1'),
          container('500m', 'Always'),
          container('1500m'),
          container('100m', 'Always'),
        ],
      },
      2000,
    ],
    [
      'pod-level requests replace the sum',
      { containers: [container('2')], resources: { requests: { cpu: '1500m' } } },
      1500,
    ],
    ['overhead comes on top', { containers: [container('1')], overhead: { cpu: '250m' } }, 1250],
    ['fractions are rounded once', { containers: [container('0.4m'), container('0.4m')] }, 1],
  ])('%s', (_, spec, cpu) => {
    expect(countRequests(sumPodRequests({ spec })).cpu).toBe(cpu)
  })

  it('a resized running pod counts with the larger of what it has and wants', () => {
    const status = { containerStatuses: [{ name: 'c', resources: { requests: { cpu: '2' } } }] }
    const value = { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '1' } } }] }, status }
    for (const option of ['each-container', 'whole-pod'] as const) {
      expect(countRequests(sumPodRequests(value, { status: option })).cpu).toBe(2000)
    }
    expect(countRequests(sumPodRequests(value)).cpu).toBe(1000)
  })
})
