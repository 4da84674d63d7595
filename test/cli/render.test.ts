import { readFileSync } from 'node:fs'
import { gzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { run } from './run.ts'
import { buildTar } from './tar.ts'

const chart = {
  'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'shop/values.yaml': 'image:\n  tag: "1.0"\nreplicas: 2\nextra: true\n',
  'shop/templates/_helpers.tpl': '{{ define "shop.tag" }}{{ .Values.image.tag }}{{ end }}',
  'shop/templates/web.yaml': `kind: Web
name: {{ .Release.Name }}
namespace: {{ .Release.Namespace }}
tag: {{ include "shop.tag" . | quote }}
{{- if .Values.extra }}
replicas: {{ .Values.replicas }}
{{- end }}
`,
  'shop/crds/thing.yaml': 'kind: Thing\n',
  'prod.yaml': 'image: { tag: prod }\n',
  'broken.yaml': 'image: [\n',
}

const rendered = `---
# Source: shop/templates/web.yaml
kind: Web
name: release-name
namespace: default
tag: "1.0"
replicas: 2
`

describe('writes what helm template writes', () => {
  test.each<[string, string, string]>([
    ['defaults', '', rendered],
    [
      'release and namespace',
      '--release rel -n prod',
      rendered.replace('release-name', 'rel').replace('default', 'prod'),
    ],
    ['a values file', '--values prod.yaml', rendered.replace('1.0', 'prod')],
    [
      'arguments over a file',
      '-f prod.yaml --set image.tag=set,replicas=3',
      rendered.replace('1.0', 'set').replace(': 2', ': 3'),
    ],
    [
      'text and JSON',
      '--set-string image.tag=2 --set-json replicas=[1]',
      rendered.replace('1.0', '2').replace(': 2\n', ': [1]\n'),
    ],
    ['a file as text', '--set-file image.tag=prod.yaml', rendered.replace('1.0', 'image: { tag: prod }\\n')],
    ['definitions', '--include-crds', `---\n# Source: shop/crds/thing.yaml\nkind: Thing\n\n${rendered}`],
  ])('%s', async (_, flags, expected) => {
    const { out, err, code } = await run(chart, `render shop ${flags}`)
    expect(err).toBe('')
    expect(out).toBe(expected)
    expect(code).toBe(0)
  })

  test('from a package', async () => {
    const files = Object.entries(chart).filter(([name]) => name.startsWith('shop/'))
    const { out, code } = await run({ 'shop.tgz': gzipSync(buildTar(files)) }, 'render shop.tgz')
    expect(out).toBe(rendered)
    expect(code).toBe(0)
  })
})

describe('--map', () => {
  const mapOf = async (flags = '') => {
    const { out, code } = await run(chart, `render shop --map ${flags}`)
    expect(code).toBe(0)
    return out
      .trimEnd()
      .split('\n')
      .map(it => JSON.parse(it))
  }

  test('has a line for every line of the output', async () => {
    const lines = await mapOf()
    expect(lines.map(it => it.text).join('\n')).toBe(rendered.trimEnd())
    expect(lines.map(it => it.line)).toEqual(lines.map((_, i) => i + 1))
    for (const { parts } of lines) expect(parts.length).toBeGreaterThan(0)
  })

  test('leads to templates, includes, values and conditions', async () => {
    const lines = await mapOf()
    const tag = lines.find(it => it.text.startsWith('tag:'))
    const printed = tag.parts.find((it: { values?: unknown }) => it.values)
    expect(tag.parts[0]).toEqual({
      columns: [1, 6],
      template: { file: 'shop/templates/web.yaml', line: 4, column: 1 },
      literal: true,
    })
    expect(tag.parts[2]).toEqual({
      columns: [7, 10],
      template: { file: 'shop/templates/_helpers.tpl', line: 1, column: 24 },
      includes: [{ file: 'shop/templates/web.yaml', line: 4, column: 9, message: 'included as "shop.tag"' }],
      values: [{ file: 'shop/values.yaml', line: 2, column: 8, path: 'image.tag' }],
    })
    expect(printed).toBeDefined()
    const replicas = lines.find(it => it.text.startsWith('replicas:'))
    expect(replicas.conditions.map((it: { path: string }) => it.path)).toEqual(['extra'])
    expect(replicas.document.map((it: { path: string }) => it.path)).toEqual(['extra'])
  })

  test('names the argument that a value is from', async () => {
    const lines = await mapOf('--set replicas=5')
    const replicas = lines.find(it => it.text === 'replicas: 5')
    expect(replicas.parts[1].values).toEqual([{ file: '--set', line: 1, column: 1, path: 'replicas' }])
  })
})

describe('what goes wrong', () => {
  const broken = (text: string) => ({ ...chart, 'shop/templates/web.yaml': text })

  test.each<[string, Record<string, string>, string, number, string]>([
    [
      'a template',
      broken('a: b\nc: {{ .Values.a.b }}\n'),
      'shop',
      1,
      'shop/templates/web.yaml:2:7: nil pointer evaluating interface {}.b',
    ],
    [
      'an include',
      broken('{{ include "nope" . }}'),
      'shop',
      1,
      'shop/templates/web.yaml:1:4: error calling include: template: no template "nope"',
    ],
    [
      'YAML',
      broken('a: b\n c: d\n'),
      'shop',
      1,
      'shop/templates/web.yaml:2:2: YAML parse error on shop/templates/web.yaml',
    ],
    ['values', chart, 'shop -f broken.yaml', 1, 'broken.yaml:'],
    ['an argument', chart, 'shop --set a[', 2, 'failed parsing --set data'],
    ['a folder that is no chart', chart, 'shop/templates', 1, 'shop/templates: Chart.yaml file is missing'],
    ['a path', chart, 'nope', 2, 'nope does not exist'],
    [
      'a values file that is not there',
      chart,
      'shop -f nope.yaml',
      2,
      'cannot read nope.yaml: does not exist',
    ],
    ['a version', chart, 'shop --kubernetes x', 2, "invalid kube version 'x'"],
    ['no chart', chart, '', 2, "missing required argument 'chart'"],
  ])('%s', async (_, files, line, code, message) => {
    const ended = await run(files, `render ${line}`)
    expect(ended.err).toContain(message)
    expect(ended.out).toBe('')
    expect(ended.code).toBe(code)
  })

  test('a terminal gets nothing that it would obey', async () => {
    const tree = broken('a: "\u202ered"\n')
    expect((await run(tree, 'render shop')).out).toContain('\u202ered')
    const shown = await run(tree, 'render shop', { isTerminal: { out: true } })
    expect(shown.out).toContain('a: "\\u202ered"\n')
  })
})

test('a line of the map is what the page of charts shows', async () => {
  const page = readFileSync('docs/charts.md', 'utf8')
  const shown = JSON.parse(/```json\n(.*?)```/s.exec(page)![1]!)
  const { out } = await run(process.cwd(), 'render examples/shop/charts/checkout --map')
  expect(JSON.parse(out.split('\n')[shown.line - 1]!)).toEqual(shown)
})
