import { expect, test } from 'vitest'
import { divide } from '../../src/cli/parts/divide.ts'
import type { ListedFile } from '../../src/host/host.ts'
import { memoryHost } from '../../src/host/memory.ts'

const dependency = (name: string) => `dependencies:\n  - name: ${name}\n    repository: file://../${name}\n`

/** Charts by name: how many templates they have, and the chart beside them that they name. */
function divideCharts(
  charts: Readonly<Record<string, readonly [templates: number, needs?: string]>>,
  plain: number,
  count: number,
) {
  const texts = new Map<string, string>()
  for (const [name, [templates, needs]] of Object.entries(charts)) {
    texts.set(`${name}/Chart.yaml`, needs ? dependency(needs) : '')
    texts.set(`${name}/crds/crd.yaml`, '')
    for (let i = 0; i < templates; i++) texts.set(`${name}/templates/${i}.yaml`, '')
  }
  for (let i = 0; i < plain; i++) texts.set(`plain/${i}.yaml`, '')
  const files = [...texts.keys()]
    .sort()
    .map((id): ListedFile => ({ id, role: id.startsWith('plain/') ? 'document' : 'chart', named: false }))
  return divide(files, { count, host: memoryHost(texts), shared: ['plain/0.yaml'] })!.parts
}

const ids = (files: readonly ListedFile[]): string[] => files.map(it => it.id)

test('each part owns about as much as the others, and every file has an owner', () => {
  const parts = divideCharts({ a: [50], b: [30], c: [20], d: [10] }, 40, 3)
  const sizes = parts.map(it => it.owns.size)
  expect(Math.max(...sizes)).toBeLessThan(1.5 * Math.min(...sizes))
  const owners = parts.flatMap(it => [...it.owns]).filter(it => it !== 'plain/0.yaml')
  expect(new Set(owners).size).toBe(owners.length)
  expect(owners).toHaveLength(50 + 30 + 20 + 10 + 4 * 2 + 39)
})

test('charts stay whole, with those that they name', () => {
  const parts = divideCharts({ a: [9, 'b'], b: [1, 'c'], c: [1], d: [9], e: [3] }, 0, 3)
  const chartsOf = (some: Iterable<string>) => [...new Set([...some].map(it => it.split('/')[0]!))]
  const owned = parts.map(it => chartsOf([...it.owns].filter(id => !id.startsWith('plain/'))))
  expect(owned).toEqual([['a', 'b', 'c'], ['d'], ['e']])
})

test('plain files and definitions are read by all, charts by their owner', () => {
  const [first, second] = divideCharts({ a: [3], b: [3] }, 2, 2)
  expect(ids(first!.reads)).toEqual([
    'a/Chart.yaml',
    'a/crds/crd.yaml',
    'a/templates/0.yaml',
    'a/templates/1.yaml',
    'a/templates/2.yaml',
    'b/crds/crd.yaml',
    'plain/0.yaml',
    'plain/1.yaml',
  ])
  expect(ids(second!.reads)).toContain('a/crds/crd.yaml')
  expect(ids(second!.reads)).not.toContain('a/templates/0.yaml')
})

test('a chart whose Chart.yaml cannot be read may be none, and that shows late', () => {
  const files: ListedFile[] = [{ id: 'a/Chart.yaml', role: 'chart', named: false }]
  expect(divide(files, { count: 2, host: memoryHost(new Map()), shared: [] })).toBeUndefined()
})
