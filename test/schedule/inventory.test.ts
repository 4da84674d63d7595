/** Inventories of every form, good and bad; what cannot be read is said with its place. */

import { describe, expect, it } from 'vitest'
import { buildCluster } from '../../src/schedule/cluster.ts'
import { createScheduler } from '../../src/schedule/engine/scheduler.ts'
import { buildInventorySnapshot } from '../../src/schedule/inventory-snapshot.ts'
import { cluster, node, pod, read } from './builders.ts'
import { buildRandomCase } from './random-cluster.ts'

const { kind: _kind, ...bare } = node('c')

describe('forms', () => {
  it.each<[string, unknown, string[]]>([
    ['a single node', node('a'), ['a']],
    ['a List', { kind: 'List', items: [node('b'), node('a')] }, ['a', 'b']],
    ['a NodeList whose items have no kind', { kind: 'NodeList', items: [bare] }, ['c']],
    ['a List inside a List', { kind: 'List', items: [{ kind: 'List', items: [node('a')] }] }, ['a']],
    ['an array', [node('a')], ['a']],
  ])('reads %s', (_, document, names) => {
    const read = buildCluster([document])
    expect(read.nodes.map(it => it.name)).toEqual(names)
    expect(read.problems).toEqual([])
  })
})

describe('problems', () => {
  const withAllocatable = (allocatable: unknown): unknown => ({
    ...node('a'),
    status: { allocatable, capacity: { cpu: '4' } },
  })
  let deep: unknown = node('a')
  for (let i = 0; i < 50; i++) deep = { kind: 'List', items: [deep] }

  it.each<[string, unknown, string, RegExp]>([
    [
      'no allocatable',
      withAllocatable(undefined),
      'status.allocatable',
      /no allocatable.*does not read capacity/,
    ],
    ['no pods', withAllocatable({ cpu: '4' }), 'status.allocatable', /no allocatable pods/],
    [
      'a word for a quantity',
      withAllocatable({ cpu: 'lots', pods: '1' }),
      'status.allocatable["cpu"]',
      /not a quantity: "lots"/,
    ],
    [
      'a negative quantity',
      withAllocatable({ cpu: '-4', pods: '1' }),
      'status.allocatable["cpu"]',
      /negative/,
    ],
    [
      'an absurd quantity',
      withAllocatable({ memory: '9e999', pods: '1' }),
      'status.allocatable["memory"]',
      /beyond any machine/,
    ],
    ['a duplicate', [node('a'), node('a')], '[1]', /listed already/],
    [
      'a pod twice',
      [node('a'), pod('p', { on: 'a' }), pod('p', { on: 'a' })],
      '[2]',
      /pod "default\/p" is listed already/,
    ],
    ['a pod elsewhere', [node('a'), pod('p', { on: 'gone' })], '[1].spec.nodeName', /does not have/],
    [
      'a bad request',
      [node('a'), pod('p', { on: 'a', requests: { cpu: '1 core' } })],
      '[1].spec.containers[0].resources.requests["cpu"]',
      /does not count/,
    ],
    ['a scalar', [node('a'), 7], '[1]', /expected an object, found number/],
    ['no kind', [node('a'), { metadata: { name: 'x' } }], '[1]', /no kind/],
    ['no name', { kind: 'Node', metadata: {} }, '', /Node has no metadata.name/],
    [
      'lists without end',
      deep,
      'items[0].items[0].items[0].items[0].items[0].items[0].items[0].items[0].items[0]',
      /nested deeper/,
    ],
  ])('names %s', (_, document, place, message) => {
    const found = buildCluster([document]).problems.filter(it => message.test(it.message))
    expect(found.map(it => it.place)).toContain(place)
  })

  it('reads hostile shapes without throwing', () => {
    const nasty = JSON.parse(
      '{"kind":"Pod","metadata":{"labels":{"__proto__":"x"}},"spec":{"containers":[null,7,{"resources":{"requests":{"__proto__":{}}}}],"affinity":[],"tolerations":{},"volumes":[null]}}',
    )
    const objects = [
      node('a'),
      nasty,
      { kind: 'Pod', spec: 7 },
      { kind: 'Service', metadata: { name: 's' }, spec: null },
    ]
    const inventory = buildCluster(objects)
    const scheduler = createScheduler(inventory)
    expect(inventory.pending).toHaveLength(2)
    for (const it of inventory.pending) expect(scheduler.schedule(read(inventory, it))?.nodeName).toBe('a')
  })

  it('survives nesting without end', () => {
    let nested: unknown = {}
    for (let i = 0; i < 100_000; i++) nested = { a: nested }
    const inventory = buildCluster([node('a'), pod('p', { spec: { affinity: nested } })])
    expect(createScheduler(inventory).schedule(read(inventory, inventory.pending[0]))?.nodeName).toBe('a')
    let lists: unknown = []
    for (let i = 0; i < 100_000; i++) lists = [lists]
    expect(buildCluster([lists]).problems).toHaveLength(1)
  })

  it('has the text for zero nodes', () => {
    const empty = cluster()
    expect(createScheduler(empty).explain(read(empty, pod('p'))).message).toBe(
      'no nodes available to schedule pods',
    )
  })
})

describe('snapshot', () => {
  it('schedules like the inventory it was made of', () => {
    for (let seed = 1; seed <= 15; seed++) {
      const { cluster: full, objects, pending } = buildRandomCase(seed, { nodes: 8, running: 12, pending: 8 })
      const snapshot = buildInventorySnapshot(objects)
      const reduced = buildCluster([JSON.parse(JSON.stringify(snapshot))], { minor: full.version.minor })
      const [left, right] = [createScheduler(full), createScheduler(reduced)]
      for (const it of pending) {
        expect(right.explain(read(reduced, it)).message).toBe(left.explain(read(full, it)).message)
        expect(right.schedule(read(reduced, it))?.nodeName).toBe(left.schedule(read(full, it))?.nodeName)
      }
    }
  })

  it('keeps no secrets, environments, arguments or foreign annotations', () => {
    const secret = { kind: 'Secret', metadata: { name: 's' }, data: { key: 'hunter2' } }
    const leaky = pod('p', {
      on: 'a',
      spec: {
        containers: [{ name: 'c', image: 'i', env: [{ name: 'K', value: 'hunter2' }], args: ['hunter2'] }],
      },
    })
    Object.assign(leaky.metadata as object, { annotations: { note: 'hunter2' } })
    expect(JSON.stringify(buildInventorySnapshot([node('a'), secret, leaky]))).not.toContain('hunter2')
  })
})
