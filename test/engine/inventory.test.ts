/** Inventories as files: forms, chunks, places, and what is said of broken ones. */
import { describe, expect, test } from 'vitest'
import { toFile } from '../../src/engine/example-inventory.ts'
import {
  type Inventory,
  listSnapshotPieces,
  type PlacedProblem,
  readInventory,
} from '../../src/engine/inventory.ts'
import { type InventoryFile, readJsonInventory } from '../../src/engine/inventory-json.ts'
import { listInventoryObjects } from '../../src/schedule/cluster.ts'
import { reduceObject } from '../../src/schedule/inventory-snapshot.ts'
import { node, pod } from '../schedule/builders.ts'

const list = (...items: readonly unknown[]) => ({ apiVersion: 'v1', kind: 'List', items })

/** A file that a host hands over in pieces of so many bytes. */
function inChunks(text: string, size: number): InventoryFile {
  const file = toFile({ id: 'nodes.json', text })
  const bytes = file.slice(0, file.size)
  return {
    ...file,
    *chunks() {
      const buffer = new Uint8Array(size)
      for (let at = 0; at < bytes.length; at += size) {
        const some = bytes.subarray(at, at + size)
        buffer.set(some)
        yield buffer.subarray(0, some.length)
      }
    },
  }
}

const read = (text: string, size = 1 << 16) => readInventory([inChunks(text, size)], 36)

const toSnapshot = (inventory: Inventory): unknown => JSON.parse([...listSnapshotPieces(inventory)].join(''))

const place = ({ file, line, column, message }: PlacedProblem): string =>
  `${file}:${line + 1}:${column + 1} ${message}`

describe('forms', () => {
  const { kind: _kind, apiVersion: _version, ...bare } = node('c')
  const quoted = node('q"\\{[', { labels: { 'a"]}': '\\', é: '😀' } })

  test.each<[string, string, string[]]>([
    ['a List', JSON.stringify(list(node('b'), node('a'))), ['a', 'b']],
    ['indented', JSON.stringify(list(node('b'), node('a')), undefined, 4), ['a', 'b']],
    ['a single node', JSON.stringify(node('a'), undefined, 2), ['a']],
    ['a NodeList that says its kind last', `{"items": [${JSON.stringify(bare)}], "kind": "NodeList"}`, ['c']],
    [
      'a NodeList that says its kind first',
      `{"kind": "NodeList", "items": [${JSON.stringify(bare)}]}`,
      ['c'],
    ],
    [
      'metadata behind the items, as kubectl writes it',
      JSON.stringify({ ...list(node('a')), metadata: { resourceVersion: '' }, more: [{}] }),
      ['a'],
    ],
    ['an array', JSON.stringify([node('a'), node('b')]), ['a', 'b']],
    ['one object a line', `${JSON.stringify(node('a'))}\n${JSON.stringify(list(node('b')))}\n`, ['a', 'b']],
    ['lists in lists', JSON.stringify(list(list(node('a')), list(node('b')))), ['a', 'b']],
    ['a byte order mark', `\ufeff${JSON.stringify(list(node('a')))}`, ['a']],
    ['quotes and braces in texts', JSON.stringify(list(quoted)), ['q"\\{[']],
    ['an empty list', '{ "kind": "List", "items": [ ] }', []],
    ['nothing', '', []],
    ['a comma too many, which YAML allows', `{"items":[${JSON.stringify(node('a'))},]}`, ['a']],
    ['YAML in flow style', '{kind: Node, metadata: {name: a}, status: {allocatable: {pods: 1}}}', ['a']],
    [
      'a stream of YAML',
      'kind: Node\nmetadata: {name: a}\n---\nkind: Node\nmetadata: {name: b}\n',
      ['a', 'b'],
    ],
  ])('%s, in chunks of any size', async (_, text, names) => {
    for (const size of [1, 2, 3, 7, 64, 1 << 16]) {
      const inventory = await read(text, size)
      expect(inventory.broken.map(place), `chunks of ${size}`).toEqual([])
      expect(
        inventory.cluster.nodes.map(it => it.name),
        `chunks of ${size}`,
      ).toEqual(names)
    }
  })

  test('several files are one cluster', async () => {
    const files = [node('a'), list(node('b'), pod('p', { on: 'a' }))].map((it, i) =>
      toFile({ id: `${i}.json`, text: JSON.stringify(it) }),
    )
    const { cluster, files: ids } = await readInventory(files, 36)
    expect(cluster.nodes.map(it => it.name)).toEqual(['a', 'b'])
    expect(cluster.pods).toHaveLength(1)
    expect([...ids]).toEqual(['0.json', '1.json'])
  })

  test('what is read of a file is the same in JSON, indented JSON and YAML', async () => {
    const objects = list(node('a', { taints: [{ key: 'k', effect: 'NoSchedule' }] }), pod('p', { on: 'a' }))
    const [first, ...others] = await Promise.all(
      [JSON.stringify(objects), JSON.stringify(objects, undefined, 2), `---\n${JSON.stringify(objects)}`].map(
        async text => toSnapshot(await read(text)),
      ),
    )
    for (const it of others) expect(it).toEqual(first)
  })
})

test.each([1, 7, 1 << 16])('what is JSON is read as JSON, in chunks of %d', size => {
  const odd = node('q"\\{[', { labels: { 'a"]}': '\\' } })
  const values = [list(odd, pod('p')), [odd], { items: [], metadata: { list: [[]] } }, list('text', 7, null)]
  for (const value of values)
    for (const indent of [0, 2]) {
      const text = JSON.stringify(value, undefined, indent)
      const { documents, fault } = readJsonInventory(inChunks(`${text}\n`, size))
      expect(fault).toBeUndefined()
      expect(documents.map(it => listInventoryObjects([it.value]))).toEqual([
        listInventoryObjects([reduceObject(JSON.parse(text))]),
      ])
    }
})

describe('places', () => {
  const text = `{
  "items": [
    ${JSON.stringify(node('é😀'))},  ${JSON.stringify(pod('p', { on: 'gone' }))},
    { "kind": "Node",
      "metadata": { "name": "b" },
      "status": { "allocatable": { "cpu": "4", "memory": "-8Gi",
        "pods": "many" } } },
    { "kind": "Node", "metadata": { "name": "b" } },
    { "kind": "List", "items": [ 7 ] },
    { "metadata": { "name": "x" } }
  ],
  "kind": "List"
}`

  test.each([1, 5, 1 << 16])('are those of the file, in chunks of %d', async size => {
    const { problems } = await read(text, size)
    const column = 5 + JSON.stringify(node('é😀')).length + 3
    const within = JSON.stringify(pod('p', { on: 'gone' })).indexOf('"gone"')
    expect(problems.map(place).sort()).toEqual(
      [
        `nodes.json:3:${column + within} pod "default/p" is on node "gone", which the inventory does not have; it holds no room`,
        'nodes.json:6:58 node "b" has a negative allocatable memory; read as 0',
        'nodes.json:7:17 node "b" has an allocatable pods that is not a quantity: "many"',
        'nodes.json:6:34 node "b" has no allocatable pods, so every pod is one too many',
        'nodes.json:8:5 node "b" is listed already at items[2]; this copy is left out',
        'nodes.json:9:34 expected an object, found number',
        'nodes.json:10:5 object has no kind',
      ].sort(),
    )
  })

  test('of YAML too', async () => {
    const { problems } = await read('kind: Node\nmetadata: {name: a}\nstatus:\n  allocatable: {pods: x}\n')
    expect(problems.map(place)).toContain(
      'nodes.json:4:23 node "a" has an allocatable pods that is not a quantity: "x"',
    )
  })

  test('thousands of problems are counted', async () => {
    const pods = Array.from({ length: 500 }, (_, i) => pod(`p${i}`, { on: 'gone' }))
    const { problems, unlisted } = await read(JSON.stringify(list(node('a'), ...pods)))
    expect(problems).toHaveLength(100)
    expect(unlisted).toBe(400)
  })
})

describe('broken files are not used in part', () => {
  const whole = JSON.stringify(list(node('a'), node('b')), undefined, 1)
  const second = whole.indexOf('{', whole.indexOf('"name": "a"'))
  let deep = ''
  for (let i = 0; i < 1000; i++) deep += '{"a":['

  test.each<[string, string, RegExp]>([
    ['cut short in an item', whole.slice(0, -40), /^nodes\.json:2\d:3 the file ends in the middle/],
    [
      'cut short between items',
      whole.slice(0, second - 30),
      /^nodes\.json:\d+:\d+ the file ends (before|in the middle)/,
    ],
    ['a bracket that closes nothing', '{"kind":"List","items":[]]}', /^nodes\.json:1:26 `\]` closes nothing/],
    ['two items without a comma', '{"items":[{} {}]}', /^nodes\.json:1:14 expected `,` or `\]`/],
    ['a word that is none', '{"items":[{"kind":"Node"},\n  {"a": [tru: ]"b"}]}', /^nodes\.json:2:/],
    ['something behind', '{"items":[]} }', /^nodes\.json:1:14 expected an object/],
    ['nested without end', deep, /nested deeper than 400/],
    ['broken YAML', 'kind: Node\nmetadata: [\n', /^nodes\.json:\d/],
  ])('%s', async (_, text, expected) => {
    for (const size of [1, 1 << 16]) {
      const { broken } = await read(text, size)
      expect(broken.map(place)[0], `chunks of ${size}`).toMatch(expected)
    }
  })
})

test('a snapshot has an object a line, and may be empty', async () => {
  const pieces = [...listSnapshotPieces(await read(JSON.stringify(list(node('a'), pod('p', { on: 'a' })))))]
  expect(pieces.join('').split('\n')).toHaveLength(5)
  expect(toSnapshot(await read(''))).toEqual({ apiVersion: 'plimsoll/v1', kind: 'List', items: [] })
})

test('what the reader should know of the inventory as a whole', async () => {
  const asleep = node('a')
  Object.assign(asleep.status as object, { conditions: [{ type: 'Ready', status: 'False' }] })
  const { notes } = await read(JSON.stringify(list(asleep, node('b'))))
  expect(notes).toEqual([
    expect.stringContaining('the inventory has no pods'),
    expect.stringContaining('not ready and have no taint that says so, as real ones would: "a"'),
  ])
})
