/** Evictions: which node, whom, and whether kube-scheduler would have to choose the same. */

import { describe, expect, it } from 'vitest'
import { createScheduler } from '../../src/schedule/engine/scheduler.ts'
import { cluster, node, pod, read } from './builders.ts'

function explain(objects: readonly unknown[], pending: unknown) {
  const of = cluster(...objects)
  return createScheduler(of).explain(read(of, pending))
}

/** A node with one pod that fills it. */
function full(name: string, options: { priority?: number; start?: string; cpu?: string } = {}): unknown[] {
  const { priority = 0, start = '2026-01-01T00:00:00Z', cpu = '4' } = options
  const running = pod(`on-${name}`, {
    on: name,
    requests: { cpu },
    spec: { priority, containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }] },
    status: { phase: 'Running', startTime: start },
  })
  return [node(name), running]
}

const urgent = (cpu: string, more: object = {}): unknown =>
  pod('p', {
    spec: {
      priority: 100,
      containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }],
      ...more,
    },
  })

describe('the node', () => {
  it.each<[string, readonly unknown[], string, boolean]>([
    ['with the least important pod', [...full('a', { priority: 5 }), ...full('b')], 'b', true],
    [
      'with the youngest pod among equals',
      [...full('a', { start: '2026-01-01T00:00:00Z' }), ...full('b', { start: '2026-03-01T00:00:00Z' })],
      'b',
      true,
    ],
    ['by name when nothing tells them apart', [...full('a'), ...full('b')], 'a', false],
  ])('is the one %s', (_, objects, name, certain) => {
    const { eviction } = explain(objects, urgent('3'))
    expect([eviction?.node, eviction?.certain]).toEqual([name, certain])
  })

  const build = (count: number): unknown[] =>
    Array.from({ length: count }, (_, i) => {
      const month = String(1 + (i % 12)).padStart(2, '0')
      const start = `20${10 + Math.floor(i / 12)}-${month}-01T00:00:00Z`
      return full(`n${String(i).padStart(3, '0')}`, { start })
    }).flat()

  it('is certain while kube-scheduler looks at every candidate', () => {
    const { eviction } = explain(build(100), urgent('3'))
    expect([eviction?.node, eviction?.certain]).toEqual(['n099', true])
  })

  it('is one of many when there are more candidates than it looks at', () => {
    const { eviction } = explain(build(130), urgent('3'))
    expect([eviction?.node, eviction?.certain]).toEqual(['n099', false])
  })

  it('is certain again when few of many nodes would do', () => {
    const others = Array.from({ length: 300 }, (_, i) => full(`z${i}`, { priority: 1000 })).flat()
    const { eviction } = explain([...build(20), ...others], urgent('3'))
    expect([eviction?.node, eviction?.certain]).toEqual(['n019', true])
  })
})

describe('victims', () => {
  const small = (name: string, start?: string): Record<string, unknown> => {
    const status = { phase: 'Running', ...(start === undefined ? {} : { startTime: start }) }
    return pod(name, { on: 'a', requests: { cpu: '2' }, status })
  }
  const START = '2026-01-01T00:00:00Z'

  it.each<[string, readonly unknown[], string[]]>([
    ['the later of two', [small('r', '2026-02-01T00:00:00Z'), small('s', START)], ['r']],
    ['the last listed of those who started together', [small('r', START), small('s', START)], ['s']],
    ['one that has not started before one that has', [small('r'), small('s', START)], ['r']],
    ['the first listed of those who have not started', [small('r'), small('s')], ['r']],
  ])('are %s', (_, running, names) => {
    const { eviction } = explain([node('a'), ...running], urgent('2'))
    expect(eviction?.victims.map(it => it.name)).toEqual(names)
  })
})

describe('ports', () => {
  const ports = [{ containerPort: 80, hostPort: 80 }]
  const holder = (name: string, priority: number, cpu: string): Record<string, unknown> =>
    pod(name, {
      on: 'a',
      spec: { priority, containers: [{ name: 'c', image: 'i', ports, resources: { requests: { cpu } } }] },
      status: { phase: 'Running' },
    })
  const containers = [{ name: 'c', image: 'i', ports, resources: { requests: { cpu: '2' } } }]

  it('that two pods hold go with the first that leaves', () => {
    const objects = [node('a'), holder('high', 1000, '1'), holder('low', 0, '1')]
    const { eviction } = explain(objects, urgent('2', { containers }))
    expect(eviction?.victims.map(it => it.name)).toEqual(['low'])
  })

  it('that a pod holds which stays are no use', () => {
    const objects = [node('a'), holder('high', 1000, '1')]
    const { message } = explain(objects, urgent('2', { containers }))
    expect(message).toMatch(/1 No preemption victims found for incoming pod\.$/)
  })
})

describe('a nominated node', () => {
  const nominated = (on: string): unknown => ({
    ...(urgent('3') as object),
    status: { nominatedNodeName: on },
  })

  it.each([
    ['is taken before better ones', 'b', 'b'],
    ['is passed over when it has no room', 'c', 'a'],
    ['is passed over when it is gone', 'gone', 'a'],
  ])('%s', (_, name, placed) => {
    const of = cluster(node('a'), ...full('b', { cpu: '500m' }), ...full('c', { priority: 500 }))
    expect(createScheduler(of).schedule(read(of, nominated(name)))?.nodeName).toBe(placed)
  })

  it('holds back further evictions while its pods leave', () => {
    const [nodeB, running] = full('b') as [unknown, { metadata: object; status: object }]
    const condition = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }
    const leaving = {
      ...running,
      metadata: { ...running.metadata, deletionTimestamp: '2026-02-01T00:00:00Z' },
      status: { ...running.status, conditions: [condition] },
    }
    const { eviction, message } = explain([nodeB, leaving], nominated('b'))
    expect(eviction).toBeUndefined()
    expect(message).toMatch(/not eligible due to a terminating pod on the nominated node\.$/)
  })
})
