import { gzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { loadPackagedChart } from '../../src/helm/load-chart.ts'
import { DEFAULT_OPTIONS, renderChart } from '../../src/helm/render-chart.ts'
import { buildTar, header } from '../cli/tar.ts'
import { lineColumn, renderFiles } from './render.ts'

/** Rendered text of one template of the chart `shop`. */
function textOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  options = {},
  name = 'shop/templates/a.txt',
): string {
  const rendering = renderFiles(files, options)
  expect(rendering.problems.filter(it => it.code !== 'manifest-invalid')).toEqual([])
  return rendering.files.get(name)?.text ?? ''
}

const values = (text: string) => [{ id: 'own.yaml', text }]
const child = (name: string, extra = '') => `apiVersion: v2\nname: ${name}\nversion: 1.2.0\n${extra}`
const parent = (dependencies: string) =>
  `apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n${dependencies}`

describe('values', () => {
  const json = { 'templates/a.txt': '{{ .Values | toJson }}' }

  test.each([
    [
      'maps are merged, lists replaced',
      'a: {b: 1, c: 2}\nl: [1, 2]\n',
      'a: {c: 3}\nl: [9]\n',
      '{"a":{"b":1,"c":3},"l":[9]}',
    ],
    ['null removes a default', 'a: {b: 1, c: 2}\nd: 1\n', 'a: {b: null}\nd: null\n', '{"a":{"c":2}}'],
    [
      'null stays where there is no default',
      'a: {}\n',
      'a: {x: null}\nz: null\n',
      '{"a":{"x":null},"z":null}',
    ],
    ['a default of null stays', 'a: null\n', '', '{"a":null}'],
    ['a scalar replaces a map', 'a: {b: 1}\n', 'a: 1\n', '{"a":1}'],
    ['documents of one file are merged', 'a: 1\n---\nb: 2\n', '', '{"a":1,"b":2}'],
    [
      'YAML 1.1 words and octals',
      'a: yes\nb: 0755\nc: 1:30\nd: 1e3\n',
      '',
      '{"a":true,"b":493,"c":"1:30","d":1000}',
    ],
    [
      '__proto__ is a key like any other',
      '__proto__: {a: 1}\nconstructor: 2\n',
      '',
      '{"__proto__":{"a":1},"constructor":2}',
    ],
  ])('%s', (_, defaults, own, expected) => {
    expect(textOf({ ...json, 'values.yaml': defaults }, { values: values(own) })).toBe(expected)
  })

  test.each([
    ['set', 'a.b=1,c=true,d=null,e=007,f=', '{"a":{"b":1},"c":true,"d":null,"e":"007","f":""}'],
    ['set', 'l={a,b},x[1].y=2,k\\.z=1', '{"k.z":1,"l":["a","b"],"x":[null,{"y":2}]}'],
    ['set', 'a=x\\,y', '{"a":"x,y"}'],
    ['set-string', 'a=1,b=true', '{"a":"1","b":"true"}'],
    ['set-json', 'a={"b":[1,2]},c="x"', '{"a":{"b":[1,2]},"c":"x"}'],
    ['set-literal', 'a.b=x,y{z}', '{"a":{"b":"x,y{z}"}}'],
  ] as const)('--%s %s', (kind, text, expected) => {
    expect(textOf(json, { sets: [{ kind, text }] })).toBe(expected)
  })

  test('values of the command line win over files', () => {
    const sets = [{ kind: 'set', text: 'a.b=2' }]
    expect(textOf({ ...json, 'values.yaml': 'a: {b: 0, c: 0}' }, { values: values('a: {b: 1}'), sets })).toBe(
      '{"a":{"b":2,"c":0}}',
    )
  })

  test.each([
    ['a: |\n  x', 'x\n'],
    ['a: |\n  x\n  ', 'x\n'],
    ['a: |+\n  x\n\n  ', 'x\n\n\n'],
    ['a: >\n  x\n  y', 'x y\n'],
    ['a: |-\n  x', 'x'],
    ['b: |\n  y\n---\na: |\n  x', 'x\n'],
    ['a: |\r\n  x', 'x\n'],
  ])('the last line ends, with or without a line break: %j', (text, a) => {
    const shown = { 'templates/a.txt': '{{ .Values.a | toJson }}' }
    expect(textOf({ ...shown, 'values.yaml': text })).toBe(JSON.stringify(a))
    expect(textOf(shown, { values: values(text) })).toBe(JSON.stringify(a))
  })

  test('errors at the end of values stand on the line behind the last', () => {
    const [problem] = renderFiles({ ...json, 'values.yaml': 'a: "x' }).problems
    expect(problem?.helmText).toMatch(/: yaml: line 2: found unexpected end of stream$/)
  })

  test('helm 4.2 removes nulls of defaults', () => {
    expect(textOf({ ...json, 'values.yaml': 'a: {b: null}\nc: null\n' }, { compat: 'helm-4.2' })).toBe(
      '{"a":{}}',
    )
  })
})

describe('sub-charts', () => {
  const sub = {
    'charts/db/Chart.yaml': child('db'),
    'charts/db/values.yaml': 'port: 1\nglobal: {x: 1}\nexports: {out: {fromDb: 5}}\n',
    'charts/db/templates/a.txt': 'db {{ .Values.port }} {{ .Values.global | toJson }} {{ .Chart.Name }}',
    'templates/a.txt': '{{ .Values | toJson }}',
  }
  const has = (files: Readonly<Record<string, string>>, name: string, options = {}) =>
    renderFiles(files, options).files.has(`shop/charts/${name}/templates/a.txt`)

  test('a parent sets values of its children and globals reach them', () => {
    const files = { ...sub, 'values.yaml': 'db: {port: 2}\nglobal: {z: 2}\n' }
    expect(textOf(files, {}, 'shop/charts/db/templates/a.txt')).toBe('db 2 {"x":1,"z":2} db')
  })

  test('conditions', () => {
    const files = { ...sub, 'Chart.yaml': parent('- {name: db, version: ^1.0.0, condition: db.enabled}\n') }
    expect(has(files, 'db')).toBe(true)
    expect(has({ ...files, 'values.yaml': 'db: {enabled: false}' }, 'db')).toBe(false)
  })

  test('tags, and a condition that overrules them', () => {
    const files = {
      ...sub,
      'Chart.yaml': parent('- {name: db, version: ^1.0.0, tags: [back], condition: db.wanted}\n'),
      'values.yaml': 'tags: {back: false}',
    }
    expect(has(files, 'db')).toBe(false)
    expect(has(files, 'db', { values: values('db: {wanted: true}') })).toBe(true)
  })

  test('one chart under two aliases', () => {
    const files = {
      ...sub,
      'Chart.yaml': parent(
        '- {name: db, version: 1.x, alias: one}\n- {name: db, version: 1.x, alias: two}\n',
      ),
      'values.yaml': 'two: {port: 7}',
    }
    expect(textOf(files, {}, 'shop/charts/one/templates/a.txt')).toBe('db 1 {"x":1} one')
    expect(textOf(files, {}, 'shop/charts/two/templates/a.txt')).toBe('db 7 {"x":1} two')
  })

  test('import-values by name and by path, below the own values', () => {
    const dependency = '- {name: db, version: 1.x, import-values: [out, {child: exports, parent: got}]}\n'
    const files = {
      ...sub,
      'templates/a.txt': '{{ .Values.fromDb }} {{ .Values.got.out.fromDb }}',
      'Chart.yaml': parent(dependency),
    }
    expect(textOf(files)).toBe('5 5')
    expect(textOf({ ...files, 'values.yaml': 'fromDb: 1' })).toBe('1 5')
  })

  test('a missing dependency is named where Chart.yaml names it', () => {
    const chart = parent('- {name: gone, version: 1.x}\n')
    const [problem] = renderFiles({ 'Chart.yaml': chart }).problems
    expect(problem?.code).toBe('dependency-missing')
    expect(problem?.message).toContain('gone')
    expect(lineColumn(chart, problem!.location!.span.start)).toBe('5:3')
  })

  test('a library chart lends its helpers and renders nothing', () => {
    const files = {
      'charts/lib/Chart.yaml': child('lib', 'type: library\n'),
      'charts/lib/templates/_h.tpl': '{{ define "lib.x" }}lent{{ end }}',
      'charts/lib/templates/a.txt': 'not rendered',
      'templates/a.txt': '{{ include "lib.x" . }}',
    }
    expect(textOf(files)).toBe('lent')
    expect(renderFiles(files).files.has('shop/charts/lib/templates/a.txt')).toBe(false)
    expect(renderFiles({ 'Chart.yaml': child('shop', 'type: library\n') }).problems[0]?.code).toBe(
      'library-chart',
    )
  })
})

describe('loading', () => {
  test.each([
    ['name is missing', 'apiVersion: v2\nversion: 1.0.0\n', 'chart.metadata.name is required'],
    [
      'version is no version',
      'apiVersion: v2\nname: a\nversion: one\n',
      'chart.metadata.version "one" is invalid',
    ],
    ['name leaves the folder', 'name: ../a\nversion: 1.0.0\n', 'chart.metadata.name "../a" is invalid'],
    [
      'unknown type',
      'name: a\nversion: 1.0.0\ntype: app\n',
      'chart.metadata.type must be application or library',
    ],
    [
      'a list for a text',
      'name: [a]\nversion: 1.0.0\n',
      'cannot unmarshal array into Go struct field Metadata.name',
    ],
    ['not a map', '- a\n', 'cannot unmarshal array'],
    ['broken', 'name: "a\n', 'cannot load Chart.yaml'],
  ])('Chart.yaml: %s', (_, text, message) => {
    const [problem] = renderFiles({ 'Chart.yaml': text }).problems
    expect(problem?.code).toBe('chart-invalid')
    expect(problem?.message).toContain(message)
    expect(problem?.location?.source.id).toBe('shop/Chart.yaml')
  })

  test.each([
    ['*.bak', true],
    ['a.txt/', false],
    ['docs/', true],
    ['/docs/b.bak', true],
    ['!*.txt', true],
    ['docs/*', true],
    ['*', true],
    ['b.[a-c]ak', true],
    ['b?bak', true],
    ['x*', false],
  ])('.helmignore %s leaves docs/b.bak out: %s', (rule, ignored) => {
    const files = {
      '.helmignore': `# rules\n${rule}\n`,
      'docs/b.bak': 'x',
      'Chart.yaml': child('shop'),
      'templates/a.txt': '',
    }
    const rendering = renderFiles({ ...files, 'templates/b.txt': '{{ .Files.Glob "docs/*" | len }}' })
    const text = rendering.files.get('shop/templates/b.txt')?.text
    if (rule === '*' || rule === '!*.txt') expect(text ?? '0').toBe('0')
    else expect(text).toBe(ignored ? '0' : '1')
  })

  test.each<[rules: string, ignored: readonly string[], kept: readonly string[]]>([
    ['docs/?', ['docs/a', 'docs/é', 'docs/😀', 'docs/\udcff'], ['docs/ab', 'docs/\udcf0\udc9f']],
    ['docs/??', ['docs/a😀', 'docs/\udcff\udcfe'], ['docs/é', 'docs/😀']],
    // Stars take bytes, so that what is left may be no character.
    ['docs/*??', ['docs/😀', 'docs/aé'], ['docs/a', 'docs/é']],
    ['docs/*[\ufffd]', ['docs/é', 'docs/\ufffd'], ['docs/a']],
    ['docs/[😀]', ['docs/😀'], ['docs/a']],
    ['docs/[a-😀]x', ['docs/éx', 'docs/😀x', 'docs/\udcffx'], ['docs/Ax']],
    ['docs/[\ufff0-𐀀]', ['docs/𐀀', 'docs/\ufffd'], ['docs/\uff00', 'docs/😀']],
    ['docs/[^a]y', ['docs/😀y', 'docs/by'], ['docs/ay']],
    ['docs/*[😀-😂]', ['docs/a😁'], ['docs/a😃']],
    ['docs/\\😀', ['docs/😀'], ['docs/a']],
    ['docs/a\u0085\u2028', ['docs/a'], []],
    ['x\n\ufeffdocs/a', [], ['docs/a']],
    // Helm sees what is wrong with a pattern only where "abc" leads it there.
    ['docs/a*[', [], ['docs/a']],
  ])('.helmignore %j leaves %j out, and not %j', (rules, ignored, kept) => {
    const files = Object.fromEntries([...ignored, ...kept].map(it => [it, 'x']))
    const text = '{{ range $name, $_ := .Files }}{{ $name }}\n{{ end }}'
    const rendered = textOf({ ...files, '.helmignore': rules, 'templates/a.txt': text })
    const names = rendered.split('\n').filter(it => it.startsWith('docs/'))
    expect(names.sort()).toEqual([...kept].sort())
  })

  test.each([
    ...['docs/[\udcff]', '[', 'a*[', '*b*[', 'a\\'].map(it => [it, 'syntax error in pattern']),
    // All that does not match what matches nothing.
    ['!docs/*[', '.helmignore: !docs/*[ leaves out all that it does not match, Chart.yaml too'],
    ['Chart.*', '.helmignore: Chart.* leaves out Chart.yaml'],
  ])('.helmignore %j: %s', (rules, message) => {
    const [problem] = renderFiles({ '.helmignore': rules! }).problems
    expect(problem?.message).toBe(message)
  })

  test('the line of .helmignore that leaves out Chart.yaml', () => {
    const [problem] = renderFiles({ '.helmignore': '*.md\n  !README.md\n' }).problems
    const { source, span } = problem!.location!
    expect(source.id).toBe('shop/.helmignore')
    expect([span.start, source.text.slice(span.start, span.end)]).toEqual([7, '!README.md'])
    expect(problem!.helmText).toBe('Chart.yaml file is missing')
  })

  test('Chart.yaml with directives', () => {
    const directives = '# c\n%YAML 1.1\n%TAG !e! tag:yaml.org,2002:\n---\n'
    const about = `${directives}${child('shop')}description: !e!str 1\n`
    expect(textOf({ 'Chart.yaml': about, 'templates/a.txt': '{{ .Chart.Description }}' })).toBe('1')
  })

  test('packaged charts', () => {
    const packed = tgz({
      'shop/Chart.yaml': child('shop'),
      'shop/templates/a.yaml': 'a: {{ .Chart.Version }}\n',
    })
    const { chart } = loadPackagedChart(packed, 'shop-1.2.0.tgz')
    expect(renderChart(chart!, DEFAULT_OPTIONS).output).toBe(
      '---\n# Source: shop/templates/a.yaml\na: 1.2.0\n',
    )
    expect(
      textOf(
        { 'charts/db-1.2.0.tgz': tgz({ 'db/Chart.yaml': child('db'), 'db/templates/a.txt': 'packed' }) },
        {},
        'shop/charts/db/templates/a.txt',
      ),
    ).toBe('packed')
  })

  test.each([
    ['../../etc/passwd', 'chart illegally references parent directory'],
    ['shop//etc/passwd', 'chart illegally contains absolute paths'],
    ['shop/../../x', 'chart illegally references parent directory'],
    ['shop/c:/x', 'chart contains illegally named files'],
    ['Chart.yaml', 'illegally'],
  ])('an archive with %s is refused', (name, message) => {
    const { problems } = loadPackagedChart(tgz({ [name]: 'x' }), 'bad.tgz')
    expect(problems[0]?.message).toContain(message)
  })

  const about = buildTar([['shop/Chart.yaml', child('shop')]]).subarray(0, 1024)
  const pack = (...entries: readonly Uint8Array[]) =>
    gzipSync(Buffer.concat([...entries, about, new Uint8Array(1024)]))

  test('links of archives are empty files', () => {
    const links = ['1', '2'].map(type => header(`shop/templates/${type}.yaml`, 0, type, '/etc/passwd'))
    const { chart } = loadPackagedChart(pack(...links), 'shop.tgz')
    expect(chart?.templates.map(it => [it.name, it.content])).toEqual([
      ['templates/1.yaml', new Uint8Array()],
      ['templates/2.yaml', new Uint8Array()],
    ])
    const archive = gzipSync(
      Buffer.concat([header('shop/Chart.yaml', 0, '1', '/etc/passwd'), Buffer.alloc(1024)]),
    )
    expect(loadPackagedChart(archive, 'shop.tgz').problems[0]?.message).toBe(
      'validation: chart.metadata.name is required',
    )
  })

  test('archives that lie about sizes', () => {
    const message = (entry: Uint8Array) => loadPackagedChart(pack(entry), 'shop.tgz').problems[0]?.message
    expect(message(header('shop/a', 0, 'S'))).toBe('archive/tar: "shop/a" is a sparse file')
    const sizes = Buffer.alloc(512)
    sizes.write('22 size=9999999999999\n')
    const pax = Buffer.concat([header('x', 22, 'x'), sizes, header('shop/a', 0, '0')])
    expect(message(pax)).toBe('archive/tar: unexpected end of archive')
  })
})

describe('manifests', () => {
  const kinds = (text: string, options = {}) =>
    [...(renderFiles({ 'templates/a.yaml': text }, options).output ?? '').matchAll(/kind: (\w+)/g)].map(
      it => it[1],
    )

  test('order of installation, unknown kinds last by name', () => {
    const text = ['Zebra', 'Deployment', 'Apple', 'Service', 'Namespace']
      .map(it => `kind: ${it}\n`)
      .join('---\n')
    expect(kinds(text)).toEqual(['Namespace', 'Service', 'Deployment', 'Apple', 'Zebra'])
  })

  test('helm 3 has no place for webhook configurations', () => {
    const text = 'kind: MutatingWebhookConfiguration\n---\nkind: Apple\n'
    expect(kinds(text)).toEqual(['MutatingWebhookConfiguration', 'Apple'])
    expect(kinds(text, { compat: 'helm-3' })).toEqual(['Apple', 'MutatingWebhookConfiguration'])
  })

  test('hooks come last, unknown hooks are dropped, comments are kept', () => {
    const hook = (event: string) =>
      `kind: Job\nmetadata: {name: ${event}, annotations: {helm.sh/hook: ${event}}}\n`
    const { output, hooks } = renderFiles({
      'templates/a.yaml': `${hook('test')}---\n${hook('nope')}---\n# only\n---\nkind: Pod\n`,
    })
    expect(output).toBe(
      '---\n# Source: shop/templates/a.yaml\nkind: Pod\n---\n# Source: shop/templates/a.yaml\n# only\n---\n# Source: shop/templates/a.yaml\nkind: Job\nmetadata: {name: test, annotations: {helm.sh/hook: test}}\n',
    )
    expect(hooks.map(it => it.hooks)).toEqual([['test']])
  })

  test('NOTES.txt is rendered and not printed', () => {
    expect(renderFiles({ 'templates/NOTES.txt': 'hi {{ .Release.Name }}' }).output).toBe('\n')
    expect(renderFiles({ 'templates/NOTES.txt': '{{ fail "no" }}' }).problems[0]?.code).toBe('template-fail')
  })

  test('custom resource definitions on demand', () => {
    const files = { 'crds/a.yaml': 'kind: CustomResourceDefinition\n' }
    expect(renderFiles(files).output).toBe('\n')
    expect(renderFiles(files, { includeCrds: true }).output).toBe(
      '---\n# Source: shop/crds/a.yaml\nkind: CustomResourceDefinition\n',
    )
  })

  test('a manifest that is no YAML is found in the template', () => {
    const template = 'kind: Pod\nmetadata:\n  name: a\n bad: {{ .Release.Name }}\n'
    const [problem] = renderFiles({ 'templates/a.yaml': template }).problems
    expect(problem?.code).toBe('manifest-invalid')
    expect(problem?.location?.source.id).toBe('shop/templates/a.yaml')
  })

  test('kubeVersion and capabilities', () => {
    const files = {
      'Chart.yaml': child('shop', 'kubeVersion: ">=1.30-0"\n'),
      'templates/a.txt':
        '{{ .Capabilities.KubeVersion.Minor }} {{ .Capabilities.APIVersions.Has "x/v1" }} {{ .Capabilities.KubeVersion }}',
    }
    expect(textOf(files, { kubeVersion: 'v1.33.4-gke.1', apiVersions: ['x/v1'] })).toBe('33 true v1.33.4')
    expect(renderFiles(files, { kubeVersion: '1.29' }).problems[0]?.code).toBe('kubernetes-incompatible')
  })

  test.each([
    ['1.30', 'v1.30 v1.30 30'],
    ['v1.30-rc', 'v1.30-rc v1.30 30'],
    ['v1.030.01+k3s1', 'v1.030.01+k3s1 v1.30.1 30'],
    ['1.30.2.3', 'v1.30.2.3 v1.30.2.3 30'],
  ])('version %s', (kubeVersion, text) => {
    const template = '{{ with .Capabilities.KubeVersion }}{{ .Version }} {{ . }} {{ .Minor }}{{ end }}'
    expect(textOf({ 'templates/a.txt': template }, { kubeVersion })).toBe(text)
    const [, normalized, minor] = text.split(' ')
    const older = { kubeVersion, compat: 'helm-3' }
    expect(textOf({ 'templates/a.txt': template }, older)).toBe(`${normalized} ${normalized} ${minor}`)
  })

  test.each(['1', 'x', 'V1.30', '01.30'])('%s is no version', kubeVersion => {
    expect(renderFiles({}, { kubeVersion }).problems[0]?.message).toBe(
      `invalid kube version '${kubeVersion}'`,
    )
  })

  test('API versions that Helm knows without a cluster', () => {
    const apis = [
      'v1',
      'autoscaling/v2beta1',
      'autoscaling/v2beta2',
      'scheduling.k8s.io/v1alpha2',
      'policy/v2',
    ]
    const asked = apis.map(it => `{{ .Capabilities.APIVersions.Has "${it}" }}`).join(' ')
    const files = { 'templates/a.txt': asked }
    expect(textOf(files, { compat: 'helm-3' })).toBe('true true true false false')
    expect(textOf(files, { compat: 'helm-4.1' })).toBe('true true true false false')
    expect(textOf(files, { compat: 'helm-4.2' })).toBe('true false false true false')
    expect(textOf(files, { served: ['v1'] })).toBe('true false false false false')
  })
})

describe('values.schema.json', () => {
  const schema = (body: object) => JSON.stringify({ type: 'object', ...body })

  test('a finding stands at the key of the file that sets it', () => {
    const own = 'image:\n  tag: 5\n'
    const files = {
      'values.yaml': 'image: {tag: a}\n',
      'values.schema.json': schema({ properties: { image: { properties: { tag: { type: 'string' } } } } }),
    }
    const [problem] = renderFiles(files, { values: values(own) }).problems
    expect(problem?.code).toBe('values-schema')
    expect(problem?.location?.source.id).toBe('own.yaml')
    expect(lineColumn(own, problem!.location!.span.start)).toBe('2:8')
  })

  test.each([
    ['http://json-schema.org/draft-04/schema#', { exclusiveMinimum: true, minimum: 1 }],
    ['http://json-schema.org/draft-07/schema#', { exclusiveMinimum: 1 }],
    ['https://json-schema.org/draft/2019-09/schema', { exclusiveMinimum: 1 }],
    ['https://json-schema.org/draft/2020-12/schema', { exclusiveMinimum: 1 }],
    ['https://json-schema.org/draft-07/schema#', { exclusiveMinimum: 1 }],
    ['http://json-schema.org/schema#', { exclusiveMinimum: 1 }],
  ])('%s', ($schema, body) => {
    const files = { 'values.schema.json': schema({ $schema, properties: { count: body } }) }
    expect(renderFiles(files, { values: values('count: 1') }).problems.map(it => it.code)).toEqual([
      'values-schema',
    ])
    expect(renderFiles(files, { values: values('count: 2') }).problems).toEqual([])
  })

  test.each(['http://schemas.invalid/a.json', 'file:///etc/passwd'])(
    'a reference to %s is never followed',
    $ref => {
      const [problem] = renderFiles({ 'values.schema.json': schema({ $ref }) }).problems
      expect(problem?.message).toContain('the schema cannot be used')
    },
  )

  const DRAFT_07 = 'http://json-schema.org/draft-07/schema#'
  test.each<[string, object]>([
    ['`nullable` is no keyword', { properties: { a: { nullable: true } } }],
    ['`id` is none of newer drafts', { $schema: DRAFT_07, properties: { a: { id: '#a' } } }],
    ['`$async` is none either', { $async: true }],
    [
      'nothing counts beside `$ref` in older drafts',
      {
        $schema: DRAFT_07,
        definitions: { any: {} },
        properties: { a: { $ref: '#/definitions/any', type: 'string' } },
      },
    ],
    ['decimal fractions divide without a rest', { properties: { f: { multipleOf: 0.01 } } }],
  ])('%s', (_, body) => {
    const files = { 'values.yaml': 'a: 1\nf: 0.07\n', 'values.schema.json': schema(body) }
    expect(renderFiles(files).problems).toEqual([])
  })

  test('draft 6 has no conditions', () => {
    const schemaText = '{"$schema": "http://json-schema.org/draft-06/schema#", "if": true, "then": false}'
    expect(renderFiles({ 'values.schema.json': schemaText }).problems).toEqual([])
  })

  test.each([
    [
      '{"properties": {"a": {"pattern": "^(?!x)"}}}',
      "- at '/properties/a/pattern': '^(?!x)' is not valid regex: error parsing regexp: invalid or unsupported Perl syntax: `(?!`",
    ],
    [
      '{"properties": {"a": {"$ref": "#/nope"}}}',
      'json-pointer in "file:///values.schema.json#/nope" not found',
    ],
    [
      '{"$schema": "http://json-schema.org/draft-04/schema#", "exclusiveMinimum": true}',
      "- at '': properties 'minimum' required, if 'exclusiveMinimum' exists",
    ],
    ['', 'EOF'],
    ['{"a": 1', 'unexpected EOF'],
  ])('%j cannot be used', (schemaText, words) => {
    const [problem] = renderFiles({ 'values.schema.json': schemaText }).problems
    expect(problem?.helmText?.split('\n').at(-1)).toBe(words)
  })

  test('a schema that is none is shown where it is wrong', () => {
    const text = '{\n"properties": {"a": {\n"$id": "#/properties/a"},\n"b": {"$id": "#b"}}}'
    const [problem, ...others] = renderFiles({ 'values.schema.json': text }).problems
    expect(others).toEqual([])
    expect(problem?.message).toContain('at /properties/a/$id: must match pattern "^[^#]*#?$", and 1 more')
    expect(lineColumn(text, problem!.location!.span.start)).toBe('3:8')
    expect(problem?.helmText).toContain("- at '/properties/b/$id': '#b' does not match pattern '^[^#]*#?$'")
  })
})

/** A gzipped tar archive. */
function tgz(files: Readonly<Record<string, string>>): Uint8Array {
  const blocks: Uint8Array[] = []
  for (const [name, text] of Object.entries(files)) {
    const data = new TextEncoder().encode(text)
    const header = new Uint8Array(512)
    header.set(new TextEncoder().encode(name))
    header.set(new TextEncoder().encode(data.length.toString(8).padStart(11, '0')), 124)
    header[156] = 0x30
    blocks.push(header, data, new Uint8Array((512 - (data.length % 512)) % 512))
  }
  blocks.push(new Uint8Array(1024))
  return gzipSync(Uint8Array.from(blocks.flatMap(it => [...it])))
}
