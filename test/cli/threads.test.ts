/** A run that several threads share says what one thread says. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defineRule, resources } from '../../src/rule.ts'
import { writeTree } from '../host/folder.ts'
import { broken, clean, run, type World } from './run.ts'

/** The report of each number of threads, without the time that it took. */
async function reports(folder: string, line: string, counts: readonly number[], world: World) {
  const ended = []
  for (const count of counts) {
    const { code, out, err } = await run(folder, `lint ${line} --format json --threads ${count}`, world)
    const { milliseconds: _, ...summary } = out === '' ? {} : JSON.parse(out).summary
    ended.push({ code, err, summary, findings: out === '' ? [] : JSON.parse(out).findings })
  }
  return ended
}

async function expectSame(folder: string, line = '', world: World = {}) {
  const [alone, ...shared] = await reports(folder, line, [1, 2, 3], world)
  for (const it of shared) expect(it).toEqual(alone)
  return alone!
}

const about = (name: string, more = '') => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`
const needs = (name: string) =>
  `dependencies: [{ name: ${name}, version: 1.0.0, repository: "file://../${name}" }]\n`.replace(
    /^dependencies: \[\{ (.*) \}\]/,
    (_, fields: string) => `dependencies:\n  - ${fields.replaceAll(', ', '\n    ')}`,
  )
const configMap = (name: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { a: b }\n`
const reads = (name: string, map: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  containers:
    - name: main
      image: example/web:1.2.3
      envFrom: [{ configMapRef: { name: ${map} } }]
`
const definition = (kind: string, type: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${kind.toLowerCase()}s.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: ${kind.toLowerCase()}s, kind: ${kind} }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { size: { type: ${type} } } } }
`
const custom = (kind: string, name: string) =>
  `apiVersion: example.com/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: { size: "1" }\n`

const project = {
  'plimsoll.yaml':
    'charts: { charts/web: { values: [env/web.yaml] }, charts/api: { values: [env/web.yaml] } }\n',
  'env/web.yaml': '# plimsoll-ignore-next-line no-such-rule\nreplicas: two\n',
  // What a chart makes is there for plain manifests.
  'plain/pod.yaml': `${reads('a', 'of-chart')}---\n${reads('b', 'of-plain')}---\n${reads('c', 'of-nobody')}`,
  'plain/map.yaml': configMap('of-plain'),
  'plain/service.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: { name: s }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n',
  // Definitions of charts hold for everything, the first one of a kind first.
  'plain/widget.yaml': custom('Widget', 'plain'),
  'plain/gadget.yaml': custom('Gadget', 'plain'),
  'plain/unknown.yaml': `${custom('Unknown', 'plain')}---\n${custom('Unknown', 'other')}`,
  'charts/crds/Chart.yaml': about('crds'),
  'charts/crds/templates/crd.yaml': definition('Widget', 'integer'),
  'charts/crds/crds/gadget.yaml': definition('Gadget', 'integer'),
  'charts/more-crds/Chart.yaml': about('more-crds'),
  'charts/more-crds/templates/crd.yaml': definition('Widget', 'boolean'),
  'charts/web/Chart.yaml': about('web', needs('common')),
  'charts/web/values.yaml': 'replicas: 1\nname: of-chart\n',
  'charts/web/templates/map.yaml': configMap('{{ .Values.name }}'),
  'charts/web/templates/web.yaml': broken.replace('two', '{{ .Values.replicas }}'),
  'charts/web/templates/widget.yaml': custom('Widget', 'in-chart'),
  'charts/web/templates/unknown.yaml': custom('Unknown', 'in-chart'),
  'charts/api/Chart.yaml': about('api', needs('common')),
  'charts/api/values.yaml': 'replicas: 1\n',
  'charts/api/templates/web.yaml': broken.replace(
    'two',
    '{{ .Values.replicas }} # plimsoll-ignore schema-wrong-type',
  ),
  'charts/api/templates/pod.yaml': reads('in-chart', 'of-plain'),
  'charts/common/Chart.yaml': about('common'),
  // Judged as it stands and in the charts that name it, and one suppression is in use.
  'charts/common/templates/static.yaml': `${broken}# plimsoll-ignore-file schema-wrong-type\n`,
  'charts/lost/Chart.yaml': about(
    'lost',
    'dependencies:\n  - name: far\n    version: 1.0.0\n    repository: https://example.com\n',
  ),
  'charts/lost/templates/a.yaml': '{{ include "far.name" . }}\n',
  'base/kustomization.yaml': 'resources: [a.yaml]\n',
  'base/a.yaml': reads('base', 'of-overlay'),
  'sealed.yaml': `${clean}sops: { mac: abc }\n`,
  'nul.yaml': 'a: \0',
  'broken.yaml': 'apiVersion: v1\nkind: [\n',
}

describe('the report is the same', () => {
  test('of charts and plain manifests that need each other', async () => {
    const { findings, summary, code } = await expectSame(writeTree(project))
    expect(code).toBe(1)
    expect(summary.charts).toBe(6)
    const told = (rule: string) =>
      findings.filter((it: { rule: string }) => it.rule === rule).map((it: { file: string }) => it.file)
    // The case is worth something only if these are found at all.
    expect(told('schema-wrong-type')).toEqual(
      expect.arrayContaining(['plain/widget.yaml', 'plain/gadget.yaml', 'charts/web/templates/web.yaml']),
    )
    expect(told('schema-not-found')).toHaveLength(1)
    expect(told('suppression-unknown-rule')).toEqual(['env/web.yaml'])
    expect(told('file-unreadable')).toEqual(['nul.yaml'])
    expect(summary.suppressed).toBeGreaterThan(0)
  })

  test.each([
    '--focus charts/web/templates/web.yaml',
    '--crds charts/crds',
    'plain charts/web',
    '--set replicas=3',
  ])('with %s', async line => {
    await expectSame(writeTree(project), line)
  })

  test.each(['shop', 'shop-clean'])('of the example %s', async name => {
    const folder = writeTree({})
    cpSync(join(import.meta.dirname, '../../examples', name), folder, { recursive: true })
    await expectSame(folder)
  })

  test('with a baseline that another number of threads has written', async () => {
    const folder = writeTree(project)
    await run(folder, 'lint --update-baseline --threads 3')
    for (const count of [1, 2]) {
      const { code, err } = await run(folder, `lint --baseline plimsoll-baseline.json --threads ${count}`)
      expect({ code, err }).toEqual({ code: 0, err: '' })
    }
  })
})

describe('a request that is wrong fails as it does in one thread', () => {
  const tree = { 'a.yaml': clean, 'b.yaml': 'replicas: 1\n', 'c.yaml': clean, 'd.yaml': clean }
  test.each([
    ['a named file without a manifest', 'a.yaml b.yaml c.yaml d.yaml'],
    ['a rule that does not exist', '--only nothing'],
    ['no manifest at all', 'e'],
    ['values, and nothing to do with them', 'e --set a=b'],
  ])('%s', async (_, line) => {
    const { code } = await expectSame(
      writeTree({ ...tree, 'e/values.yaml': 'a: 1\n', 'e/more.yaml': 'b: 1\n' }),
      line,
    )
    expect(code).toBe(2)
  })

  test.each(['0', '65', 'x'])('--threads %s', async count => {
    expect((await run(tree, `lint --threads ${count}`)).code).toBe(2)
  })
})

test('a bug of a rule in any part is told, and the run ends with 3', async () => {
  const failing = defineRule({
    id: 'fails',
    category: 'reliability',
    severity: 'error',
    presets: ['recommended'],
    title: 'Fails',
    why: '',
    see: [],
    on: resources,
    bad: '',
    good: '',
    check(at, ctx) {
      if (ctx.resource.name === 'c') throw new Error('on purpose')
      ctx.report(at, 'found')
    },
  })
  const tree = Object.fromEntries(['a', 'b', 'c', 'd'].map(it => [`${it}.yaml`, configMap(it)]))
  const { code, findings } = await expectSame(writeTree(tree), undefined, { rules: [failing] })
  expect(code).toBe(3)
  expect(findings).toHaveLength(4)
})

test('threads are started where there is enough to do for them', async () => {
  const tree = (count: number) =>
    writeTree(Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.yaml`, configMap(`m${i}`)])))
  const [few, many] = [tree(20), tree(2000)]
  const count = async (folder: string, cores: number, line = '') => {
    let started = 0
    const { code } = await run(folder, `lint --only yaml-* ${line}`, { cores, onThread: () => started++ })
    expect(code).toBe(0)
    return started
  }
  expect(await count(few, 4)).toBe(0)
  expect(await count(many, 1)).toBe(0)
  expect(await count(many, 4)).toBe(1)
  expect(await count(many, 4, '--threads 1')).toBe(0)
})
