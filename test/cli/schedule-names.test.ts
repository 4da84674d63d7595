/** `plimsoll schedule` and objects that share a name: generated ones are told apart, of twins the last counts. */
import { describe, expect, test } from 'vitest'
import { node } from '../schedule/builders.ts'
import { run } from './run.ts'

const two = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [node('a'), node('b')] })

const spec = (cpu: string): string =>
  `{ restartPolicy: Never, containers: [{ name: app, image: "example/app:1.0.0", resources: { requests: { cpu: "${cpu}" } } }] }`

const pod = (metadata: string, cpu = '3'): string => `apiVersion: v1
kind: Pod
metadata: ${metadata}
spec: ${spec(cpu)}
---
`

const job = (metadata: string, cpu = '3'): string => `apiVersion: batch/v1
kind: Job
metadata: ${metadata}
spec: { template: { spec: ${spec(cpu)} } }
---
`

const schedule = (tree: Record<string, string>, flags = '') =>
  run({ ...tree, 'inventory/nodes.json': two }, `schedule . --nodes inventory/nodes.json ${flags}`)

describe('generated names', () => {
  const three = {
    'a.yaml': pod('{ generateName: web- }') + pod('{ generateName: web- }'),
    'b.yaml': pod('{ generateName: web- }'),
  }

  test('each object counts, under a number of its own', async () => {
    const { code, out } = await schedule(three)
    expect(code).toBe(1)
    expect(out).toMatch(/^ {2}Pod default\/web-<x> {5}1 of 1 {2}on a/m)
    expect(out).toMatch(/^ {2}Pod default\/web-<x> #2 {2}1 of 1 {2}on b/m)
    expect(out).toMatch(/^(undecided|impossible) Pod default\/web-<x> #3: 0 of 1 pod placed\n {2}b\.yaml:/m)
  })

  test('a single one has no number', async () => {
    const { code, out } = await schedule({ 'a.yaml': pod('{ generateName: web- }') })
    expect(code).toBe(0)
    expect(out).toContain('  Pod default/web-<x>  1 of 1  on a')
  })

  test.each(['json', 'svg', 'html'])('told apart in %s', async format => {
    const { out } = await schedule(three, `--format ${format}`)
    for (const name of ['web-<x>', 'web-<x> #2', 'web-<x> #3'])
      expect(out).toContain(
        `Pod default/${format === 'json' ? name : name.replace('<', '&lt;').replace('>', '&gt;')}`,
      )
  })

  test('numbers are of one kind and namespace', async () => {
    const objects = [
      pod('{ generateName: web- }', '1'),
      job('{ generateName: web- }', '1'),
      pod('{ generateName: web-, namespace: shop }', '1'),
    ]
    const { out } = await schedule({ 'a.yaml': objects.join('') })
    expect(out).toContain('schedules 3 workloads\n')
    expect(out).not.toContain('#2')
  })

  test('Jobs keep their pods apart', async () => {
    const { code, out } = await schedule(
      { 'a.yaml': job('{ generateName: j- }') + job('{ generateName: j- }') },
      '--format json',
    )
    expect(code).toBe(0)
    const { workloads, nodes } = JSON.parse(out)
    expect(workloads.map((it: { workload: string; nodes: object }) => [it.workload, it.nodes])).toEqual([
      ['Job default/j-<x>', { a: 1 }],
      ['Job default/j-<x> #2', { b: 1 }],
    ])
    expect(
      nodes.map((it: { shares: { workload: string }[] }) => it.shares.map(({ workload }) => workload)),
    ).toEqual([['Job default/j-<x>'], ['Job default/j-<x> #2']])
  })

  test('the API server knows no numbers', async () => {
    const quota =
      'apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: q }\nspec: { hard: { requests.cpu: "1" } }\n---\n'
    const { out } = await schedule({
      'a.yaml':
        quota +
        pod('{ generateName: web- }') +
        pod('{ generateName: web- }') +
        job('{ generateName: j- }') +
        job('{ generateName: j- }'),
    })
    expect(out.match(/pods "[^"]*" is forbidden/g)).toEqual([
      'pods "j-<x>-<x>" is forbidden',
      'pods "j-<x>-<x>" is forbidden',
      'pods "web-<x>" is forbidden',
      'pods "web-<x>" is forbidden',
    ])
  })

  test('pods of workloads of one name keep apart', async () => {
    const spread =
      'spec: { selector: { matchLabels: { app: db } }, template: { metadata: { labels: { app: db } }, '
    const set = `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\n${spread}spec: { containers: [{ name: a, image: "example/a:1.0.0", resources: { requests: { cpu: "3" } } }] } } }\n---\n`
    const { out } = await schedule({ 'a.yaml': job('{ name: db }') + set }, '--format json')
    const { nodes } = JSON.parse(out)
    expect(
      nodes.map((it: { shares: { workload: string }[] }) => it.shares.map(({ workload }) => workload)),
    ).toEqual([['Job default/db'], ['StatefulSet default/db']])
  })

  test('rules look at each', async () => {
    const tree = {
      'a.yaml': pod('{ generateName: web- }', '9') + pod('{ generateName: web- }', '8'),
      'nodes.json': two,
    }
    const { out } = await run(
      tree,
      'lint a.yaml --nodes nodes.json --only scheduling-impossible --format compact',
    )
    expect(out.match(/scheduling-impossible/g)).toHaveLength(2)
  })

  test('objects without any name count, too', async () => {
    const { out } = await schedule({ 'a.yaml': pod('{}') + pod('{}') })
    expect(out).toContain('Pod default/<unnamed> ')
    expect(out).toContain('Pod default/<unnamed> #2 ')
  })
})

describe('twins', () => {
  const note = /note: +(.*stands more than once.*)\n/

  test('of Pods the last counts, and that is said', async () => {
    const { code, out } = await schedule({
      'a.yaml': pod('{ name: web }', '9'),
      'b.yaml': pod('{ name: web, namespace: default }', '1'),
    })
    expect(code).toBe(0)
    expect(out).toContain('schedules 1 workload\n  Pod default/web  1 of 1  on a')
    expect(note.exec(out)?.[1]).toBe(
      'Pod default/web stands more than once: what counts is b.yaml:3, which replaces a.yaml:3',
    )
  })

  test('of Jobs and their quotas as well, with the place of the last', async () => {
    const quota =
      'apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: q }\nspec: { hard: { count/jobs.batch: 1 } }\n---\n'
    const { code, out } = await schedule({
      'a.yaml': quota + job('{ name: j }', '1'),
      'b.yaml': job('{ name: j }', '9'),
    })
    expect(code).toBe(1)
    expect(out).toContain('impossible Job default/j: 0 of 1 pod placed\n  b.yaml:4:')
  })

  test('of other kinds that matter, and not of those that do not', async () => {
    const quota = (cpu: string): string =>
      `apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: q }\nspec: { hard: { requests.cpu: "${cpu}" } }\n---\n`
    const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m }\n---\n'
    const { code, out } = await schedule({
      'a.yaml': quota('1') + map + map + pod('{ name: web }'),
      'b.yaml': quota('8'),
    })
    expect(code).toBe(0)
    expect(note.exec(out)?.[1]).toBe(
      'ResourceQuota default/q stands more than once: what counts is b.yaml:3, which replaces a.yaml:3',
    )
    expect(out).not.toContain('ConfigMap')
  })

  test('many are counted', async () => {
    const all = Array.from({ length: 9 }, (_, i) => pod(`{ name: p${i} }`, '100m')).join('')
    const { out } = await schedule({ 'a.yaml': all, 'b.yaml': all })
    expect(out.match(/stands more than once/g)).toHaveLength(5)
    expect(out).toContain('4 more objects stand more than once: of each the last counts')
    expect(out).toContain('schedules 9 workloads')
  })

  test('in json', async () => {
    const { out } = await schedule(
      { 'a.yaml': pod('{ name: web }', '1') + pod('{ name: web }', '1') },
      '--format json',
    )
    expect(JSON.parse(out).notes).toContain(
      'Pod default/web stands more than once: what counts is a.yaml:8, which replaces a.yaml:3',
    )
  })
})

test('hooks that stay are there for those that need them', async () => {
  const priority = (annotations: string): string => `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: high, annotations: { ${annotations} } }
value: 100
`
  const tree = (annotations: string) => ({
    'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'shop/templates/class.yaml': priority(annotations),
    'shop/templates/web.yaml': pod('{ name: web }').replace('spec: {', 'spec: { priorityClassName: high,'),
  })
  expect((await schedule(tree('helm.sh/hook: "pre-install,pre-upgrade"'))).code).toBe(0)
  expect((await schedule(tree('helm.sh/hook: test'))).code).toBe(1)
  const leaving =
    'helm.sh/hook: pre-install, helm.sh/hook-delete-policy: "before-hook-creation,hook-succeeded"'
  expect((await schedule(tree(leaving))).code).toBe(1)
})
