/** Quantities and what pods ask for. */

import { describe, expect, it } from 'vitest'
import { buildCluster } from '../../src/schedule/cluster.ts'
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
})

describe('requests of running pods', () => {
  const spec = (cpu: string, more: object = {}): object => ({
    containers: [{ name: 'c', resources: { requests: { cpu } } }],
    ...more,
  })
  const status = (held: string | undefined, allocated: string | undefined, more: object = {}): object => ({
    containerStatuses: [
      {
        name: 'c',
        ...(held === undefined ? {} : { resources: { requests: { cpu: held } } }),
        ...(allocated === undefined ? {} : { allocatedResources: { cpu: allocated } }),
      },
    ],
    ...more,
  })
  const infeasible = { conditions: [{ type: 'PodResizePending', reason: 'Infeasible' }] }
  const init = (restartPolicy?: string): object => ({
    initContainers: [{ name: 'i', restartPolicy, resources: { requests: { cpu: '1' } } }],
  })
  const initStatus = { initContainerStatuses: [{ name: 'i', resources: { requests: { cpu: '5' } } }] }
  const podLevel = { resources: { requests: { cpu: '3' } } }

  it.each<[string, object, object, number, number, number]>([
    ['nothing reported', spec('1'), {}, 1000, 1000, 1000],
    ['more held than wanted', spec('1'), status('2', undefined), 2000, 2000, 2000],
    ['more wanted than held', spec('3'), status('2', '2'), 3000, 3000, 3000],
    ['more allocated than either', spec('1'), status('2', '4'), 4000, 4000, 4000],
    ['allocated alone', spec('1'), status(undefined, '4'), 1000, 1000, 4000],
    ['a resize that cannot be', spec('9'), status('2', '1', infeasible), 2000, 2000, 2000],
    ['a sidecar that grew', spec('1', init('Always')), initStatus, 6000, 6000, 6000],
    ['an init container that ended', spec('1', init()), initStatus, 1000, 1000, 5000],
    [
      'the pod as such, grown',
      spec('1', podLevel),
      { resources: { requests: { cpu: '4' } }, allocatedResources: { cpu: '3' } },
      3000,
      4000,
      4000,
    ],
    [
      'the pod as such with overhead',
      spec('1', { ...podLevel, overhead: { cpu: '500m' } }),
      { resources: { requests: { cpu: '4500m' } }, allocatedResources: { cpu: '3500m' } },
      3500,
      5000,
      4500,
    ],
    [
      'the pod as such, of which a resize that cannot be left nothing',
      spec('1', podLevel),
      { resources: { requests: { memory: '1Gi' } }, ...infeasible },
      3000,
      0,
      0,
    ],
  ])('%s', (_, podSpec, podStatus, ...counted) => {
    const value = { spec: podSpec, status: podStatus }
    const ways = ['each-container', 'each-container-and-pod', 'whole-pod'] as const
    expect(ways.map(it => countRequests(sumPodRequests(value, { status: it })).cpu)).toEqual(counted)
    expect(countRequests(sumPodRequests(value)).cpu).toBe(
      countRequests(sumPodRequests({ spec: podSpec })).cpu,
    )
  })

  it('what differs by ids and times alone shares a shape', () => {
    const { podReader } = buildCluster([])
    const read = (containerID: string, held: string): object =>
      podReader.read({
        spec: spec('1'),
        status: {
          containerStatuses: [{ name: 'c', containerID, resources: { requests: { cpu: held } } }],
          conditions: [{ type: 'Ready', lastTransitionTime: containerID }],
        },
      }).shape
    expect(read('x', '1')).toBe(read('y', '1'))
    expect(read('x', '1')).not.toBe(read('x', '2'))
  })

  it.each([
    [33, 2000],
    [34, 500],
  ])('in 1.%d a pod-level request counts or not', (minor, cpu) => {
    const value = { spec: spec('2', { resources: { requests: { cpu: '500m' } } }) }
    expect(buildCluster([], { minor }).podReader.read(value).shape.requests.cpu).toBe(cpu)
  })
})
