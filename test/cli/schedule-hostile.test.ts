/** `plimsoll schedule` with inventories and manifests that are wrong: what is read, what is said, and where. */
import { describe, expect, test } from 'vitest'
import { deployment, node, pod } from '../schedule/builders.ts'
import { run } from './run.ts'

const toFile = (...items: readonly unknown[]): string =>
  `{"kind":"List","items":[\n${items.map(it => JSON.stringify(it)).join(',\n')}\n]}`

const schedule = (manifests: readonly unknown[], nodes: string, flags = '') =>
  run(
    { 'web.yaml': manifests.map(it => JSON.stringify(it)).join('\n---\n'), 'nodes.json': nodes },
    `schedule web.yaml --nodes nodes.json ${flags}`,
  )

const web = deployment('web', 2, { requests: { cpu: '1' } })

describe('inventories', () => {
  const odd = (fields: object): unknown => ({ ...node('odd'), ...fields })

  test.each<[string, unknown, string]>([
    [
      'a negative quantity',
      node('odd', { allocatable: { memory: '-8Gi' } }),
      'has a negative allocatable memory',
    ],
    [
      'an absurd quantity',
      node('odd', { allocatable: { cpu: '9e99' } }),
      'allocatable cpu beyond any machine: 9e99',
    ],
    [
      'a word',
      node('odd', { allocatable: { pods: 'some' } }),
      'allocatable pods that is not a quantity: "some"',
    ],
    ['no allocatable', odd({ status: { capacity: { cpu: '4' } } }), 'the scheduler does not read capacity'],
    ['a status that is a text', odd({ status: 'Ready' }), 'has no allocatable resources'],
    ['a name that is a number', odd({ metadata: { name: 7 } }), 'Node has no metadata.name'],
    [
      'a pod on a node that is not there',
      pod('p', { on: 'gone' }),
      'on node "gone", which the inventory does not have',
    ],
    ['a request that is none', pod('p', { on: 'a', requests: { cpu: 'much' } }), '"much" is not a quantity'],
    ['no kind', { metadata: { name: 'x' } }, 'object has no kind'],
    ['a text', 'nodes', 'expected an object, found string'],
    ['a node twice', node('a'), 'node "a" is listed already at items[0]; this copy is left out'],
  ])('%s is said at its line, and the rest counts', async (_, item, message) => {
    const { code, out, err } = await schedule([web], toFile(node('a'), node('b'), item))
    expect(err).toBe('')
    expect(out).toMatch(/^in the inventory:\n {2}nodes\.json:4:\d+: /m)
    expect(out).toContain(message)
    expect(out).not.toMatch(/nodes\.json:[23]:/)
    expect({ code, placed: out.includes('Deployment default/web  2 of 2') }).toEqual({
      code: 0,
      placed: true,
    })
  })

  test('fields of plugins that nobody knows change nothing', async () => {
    const strange = { ...node('a'), spec: { futureTaints: [{ key: 'x' }] } }
    const running = pod('p', {
      on: 'a',
      spec: { placementHints: [{ never: true }], affinity: { cosmic: {} } },
    })
    expect(await schedule([web], toFile(strange, running))).toMatchObject({ code: 0, err: '' })
  })

  test('lists in lists, and lists without end', async () => {
    const list = (...items: readonly unknown[]) => ({ kind: 'List', items })
    expect((await schedule([web], toFile(list(list(node('a')), node('b'))))).code).toBe(0)
    let deep: unknown = node('c')
    for (let i = 0; i < 30; i++) deep = list(deep)
    const { code, out } = await schedule([web], toFile(node('a'), deep))
    expect(code).toBe(0)
    expect(out).toContain('lists are nested deeper than 8')
  })

  test('names that a terminal would obey, and keys that JavaScript would', async () => {
    const nasty = JSON.stringify(node('\u001b[2Ja\u202e')).replace(
      '"labels":{',
      '"labels":{"__proto__":"x","constructor":"y",',
    )
    const { code, out } = await schedule([web], `[${nasty}]`)
    expect(code).toBe(0)
    expect(out).not.toMatch(/\u001b|\u202e/)
    expect(out).toContain('\\x1b[2Ja\\u202e')
  })

  test('a file of manifests that was taken for the cluster is named', async () => {
    const tree = { 'web.yaml': JSON.stringify(web), 'nodes.json': toFile(node('a')) }
    const { code, err } = await run(tree, 'schedule --nodes nodes.json web.yaml')
    expect(code).toBe(2)
    expect(err).toContain('paths of manifests stand before --nodes')
  })

  test('no inventory at all', async () => {
    const { code, err } = await run({ 'web.yaml': JSON.stringify(web) }, 'schedule')
    expect(code).toBe(2)
    expect(err).toContain('no cluster to place pods on: --nodes names one')
  })
})

describe('priorities', () => {
  const priority = (name: string, value: unknown, more: object = {}) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    ...more,
  })
  const full = (name: string, priorityClassName: string) =>
    deployment(name, 2, { requests: { cpu: '4' }, spec: { priorityClassName } })
  const two = toFile(node('a'), node('b'), pod('old', { on: 'a', requests: { cpu: '3' } }))

  test('the most important comes first wherever it stands, and evicts what runs', async () => {
    const names = ['low', 'middle', 'high']
    const manifests = [
      ...names.map((it, i) => priority(it, i + 1)),
      ...names.map(it => full(it, it)),
      full('again', 'low'),
    ]
    const { code, out } = await schedule(manifests, two)
    expect(code).toBe(1)
    expect(out).toContain('rollout hangs Deployment default/high: 2 of 2 pods placed\n')
    expect(out).toContain('at most 2 of 8 pods (with those of ')
    expect(out).toMatch(/impossible .*Deployment default\/low: 0 of 2/)
    expect(out).toMatch(/evicted: +1 pod of Pod default\/old\n/)
    expect(out).not.toMatch(/evicted: .*Deployment/)
  })

  test('two classes of one name in the inventory: the first counts', async () => {
    const two = toFile(node('a'), priority('high', 10), priority('high', -10))
    const { code, out } = await schedule([full('web', 'high')], two)
    expect(code).toBe(1)
    expect(out).toContain(
      'nodes.json:4:1: PriorityClass "high" is listed already at items[1]; this copy is left out',
    )
  })

  test('two classes of one name, two defaults, a value that is none', async () => {
    const manifests = [
      priority('high', 10),
      priority('high', -10),
      priority('x', 5, { globalDefault: true }),
      priority('y', 7, { globalDefault: true }),
      priority('odd', 'most'),
      full('web', 'high'),
      deployment('other', 1, { spec: { priorityClassName: 'odd' } }),
    ]
    expect((await schedule(manifests, two)).code).toBe(1)
  })
})

describe('manifests', () => {
  test.each<[string, Record<string, unknown>]>([
    ['replicas that are none', { ...web, spec: { ...(web.spec as object), replicas: 'many' } }],
    ['a spec that is a list', { ...web, spec: [] }],
    ['a template that is a text', { ...web, spec: { template: 'x' } }],
    ['containers that are a number', deployment('web', 1, { spec: { containers: 7 } })],
    ['affinity without end', deployment('web', 1, { spec: { affinity: nest(300) } })],
    ['a negative request', deployment('web', 1, { requests: { cpu: '-1' } })],
  ])('%s end in a report', async (_, manifest) => {
    const { code, out } = await schedule([manifest], toFile(node('a')))
    expect([0, 1]).toContain(code)
    expect(out).toContain('Deployment default/web')
  })

  test('what is left out is said', async () => {
    const tree = {
      'web.yaml': JSON.stringify(web),
      'broken.yaml': 'kind: Pod\nmetadata: [\n',
      'nodes.json': toFile(node('a'), pod('x', { on: 'a' })),
    }
    const { out } = await run(tree, 'schedule . --nodes nodes.json')
    expect(out).toMatch(/note: +broken\.yaml could not be read and is left out\n/)
  })
})

function nest(depth: number): unknown {
  let value: unknown = {}
  for (let i = 0; i < depth; i++) value = { a: value }
  return value
}
