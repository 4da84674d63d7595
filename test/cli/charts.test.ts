import { join } from 'node:path'
import { gzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { run } from './run.ts'
import { buildTar, header } from './tar.ts'

const chart = {
  'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'shop/values.yaml': 'replicas: 2\n',
  'shop/templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: web, image: "example/web:1.2.3" }]
`,
}
interface Placed {
  readonly file: string
  readonly origins: readonly { readonly kind: string; readonly file: string }[]
}

const lint = (files: Record<string, string | Uint8Array>, line: string) =>
  run(files, `lint ${line} --preset schema --format compact`)

describe('values of the command line', () => {
  test.each([
    ['none', '', []],
    ['a file', '--values bad.yaml', ['bad.yaml']],
    ['an argument', '--set replicas=two', ['--set']],
    ['files and arguments, the later winning', '-f bad.yaml --set replicas=3', []],
    ['a file over a file', '-f bad.yaml -f good.yaml', []],
  ])('%s', async (_, flags, sets) => {
    const tree = { ...chart, 'bad.yaml': 'replicas: two\n', 'good.yaml': 'replicas: 3\n' }
    const { out, code } = await run(tree, `lint shop ${flags} --preset schema --format json`)
    expect(code).toBe(sets.length > 0 ? 1 : 0)
    const places = JSON.parse(out).findings.map((it: Placed) => [
      it.file,
      it.origins.filter(origin => origin.kind === 'values').map(origin => origin.file),
    ])
    expect(places).toEqual(sets.length > 0 ? [['shop/templates/web.yaml', sets]] : [])
  })

  test('that no chart takes are spoken of', async () => {
    const { err } = await lint(
      { 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' },
      'a.yaml --set a=b',
    )
    expect(err).toContain('no chart to render')
  })
})

describe('keys that no template reads', () => {
  const files = { ...chart, 'prod.yaml': 'replcas: 3\nregion: north\n', 'shop/prod.yaml': 'region: north\n' }
  const like = 'no template reads replcas, did you mean "replicas"?'
  test.each([
    [
      'of a file from outside that are like one that is read',
      '-f prod.yaml',
      `prod.yaml:1:1: warning ${like}`,
    ],
    ['of an argument', '--set replcas=3,region=north', `--set:1:1: warning ${like}`],
    ['of a file of the chart', '-f shop/prod.yaml', 'shop/prod.yaml:1:1: warning no template reads region'],
    ['seen from the chart', '-C shop -f ../prod.yaml', `../prod.yaml:1:1: warning ${like}`],
  ])('%s', async (_, flags, expected) => {
    const inside = flags.startsWith('-C')
    const line = `lint ${inside ? '.' : 'shop'} ${flags.replace('-C shop ', '')} --only helm-value-unused --format compact`
    const tree = inside ? join((await run(files, 'rules')).folder, 'shop') : files
    const { out } = await run(tree, line)
    expect(out.split('\n').slice(0, -2)).toEqual([`${expected} [helm-value-unused]`])
  })
})

test.each([
  ['--set a[=3', 'failed parsing --set data: error parsing index: "=3"'],
  ['--set a', 'failed parsing --set data: key "a" has no value'],
  ['--set-json a={', 'failed parsing --set-json data: unexpected end of JSON input'],
])('%s is a wrong request', async (flags, message) => {
  expect(await lint(chart, `shop ${flags}`)).toMatchObject({
    code: 2,
    out: '',
    err: `plimsoll: ${message}\n`,
  })
})

describe('where no chart prints anything', () => {
  const demanding = (name: string) => ({
    [`${name}/Chart.yaml`]: chart['shop/Chart.yaml'],
    [`${name}/templates/a.yaml`]: '{{ required "set the host" .Values.host }}',
  })
  test('what they demand is said, and how to give it', async () => {
    expect(await run({ ...demanding('a'), ...demanding('b') }, 'lint')).toMatchObject({
      code: 2,
      err: 'plimsoll: nothing to check: 4 files, and no manifest is printed by 2 charts (skipped: a: a chart that demands values: set the host, b: a chart that demands values: set the host; --values FILE, or ci/NAME-values.yaml in the chart, gives them)\n',
    })
  })

  test('many charts are counted', async () => {
    const trees = Array.from('abcdefgh', demanding)
    expect((await run(Object.assign({}, ...trees), 'lint')).err).toContain(
      'set the host and 3 more; --values',
    )
  })
})

test('templates may print any file of a chart, as it is', async () => {
  const shown = `apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data:
{{- range $name, $content := .Files }}
  {{ $name | replace "/" "-" }}: {{ printf "%s" $content | quote }}
{{- end }}
`
  const tree = {
    ...chart,
    'shop/README.md': '\ufeff# é {{ .Values.a }}\n',
    'shop/docs/a.md': 'a\n',
    'shop/docs/latin.md': Uint8Array.of(0x61, 0xe9),
    'shop/templates/README.md': 'replicas: {{ .Values.replicas }}\n',
    'shop/templates/shown.yaml': shown,
  }
  const { out } = await run(tree, 'render shop')
  expect(out).toContain('README.md: "# é {{ .Values.a }}\\n"')
  expect(out).toContain('docs-a.md: "a\\n"')
  expect(out).toContain('docs-latin.md: "a\\xe9"')
  expect(out).toContain('replicas: 2')
  const { summary } = JSON.parse((await run(tree, 'lint shop --format json')).out)
  expect(summary.files).toBe(Object.keys(tree).length)
})

describe('packaged charts', () => {
  const pack = (files: Record<string, string>) => gzipSync(buildTar(Object.entries(files)))

  test('are checked like folders, and findings lie within them', async () => {
    const { out, code } = await lint({ 'shop.tgz': pack(chart) }, 'shop.tgz --set replicas=two')
    expect(out).toContain('shop.tgz/templates/web.yaml:5:13')
    expect(code).toBe(1)
  })

  test('have no fixes, as nobody can edit them in place', async () => {
    const template = chart['shop/templates/web.yaml'].replace('1.2.3"', '1.2.3", imagePullPolicy: always')
    const tree = { ...chart, 'shop/templates/web.yaml': template }
    const fixable = async (path: string) => {
      const { out } = await run({ ...tree, 'shop.tgz': pack(tree) }, `lint ${path} --format json`)
      const { findings, summary } = JSON.parse(out)
      const faulty = findings.filter((it: { rule: string }) => it.rule === 'schema-value-not-supported')
      return [faulty.length, summary.fixable]
    }
    expect(await fixable('shop')).toEqual([1, 1])
    expect(await fixable('shop.tgz')).toEqual([1, 0])
  })

  test.each<[string, Uint8Array, string]>([
    ['no archive', new Uint8Array(12), 'gzip: invalid header'],
    ['a few bytes', new Uint8Array([0, 1, 2]), 'unexpected EOF'],
    ['an absolute path', pack({ 'shop//etc/passwd': 'x' }), 'absolute path'],
    ['a way out', pack({ 'shop/../../x': 'x' }), 'references parent directory'],
    ['an archive cut short', pack(chart).subarray(0, 100), 'unexpected EOF'],
    ['no chart', pack({ 'shop/a.txt': 'x' }), ''],
  ])('%s', async (_, data, message) => {
    const { out, err, code } = await lint({ 'shop.tgz': data }, 'shop.tgz')
    expect(out + err).toContain(message)
    expect(code).toBeGreaterThan(0)
    expect(code).toBeLessThan(3)
  })

  test('links within are not followed', async () => {
    const files = Object.entries(chart).slice(0, 2)
    const tar = Buffer.concat([
      header('shop/templates/secret.yaml', 0, '2', '/etc/passwd'),
      buildTar([...files, ['shop/templates/a.yaml', '{{ .Files.Get "x" }}']]),
    ])
    const { out } = await lint({ 'shop.tgz': gzipSync(tar) }, 'shop.tgz')
    expect(out).not.toContain('root:')
  })

  test('are not fixed in place', async () => {
    const { err, code } = await run({ 'shop.tgz': pack(chart) }, 'fix shop.tgz')
    expect(err).toContain('packaged chart')
    expect(code).toBe(2)
  })
})

describe('a broken template', () => {
  const two = (first: string) => ({
    ...chart,
    'shop/templates/a.yaml': first,
    'shop/templates/web.yaml': chart['shop/templates/web.yaml'].replace('{{ .Values.replicas }}', 'two'),
  })

  test.each([
    ['a syntax error', 'a: b\n{{ if }}\n', 'shop/templates/a.yaml:2:7'],
    ['an execution error', 'a: {{ .Values.x.y }}\n', 'shop/templates/a.yaml:1:7'],
    ['broken YAML', 'a: [b\n', 'shop/templates/a.yaml:2:1'],
    ['a limit', 'a:\n {{ until 100000000 }}\n', 'shop/templates/a.yaml:2:5'],
    [
      'recursion',
      '{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}',
      'shop/templates/a.yaml:1:20',
    ],
  ])('%s is placed, and the other templates are checked', async (_, text, place) => {
    const { out, code } = await lint(two(text), 'shop')
    expect(out).toContain(place)
    expect(out).toContain('shop/templates/web.yaml:5:13')
    expect(code).toBe(1)
  })
})
