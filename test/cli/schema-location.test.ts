import { expect, test } from 'vitest'
import { run } from './run.ts'

const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: a\nspec:\n  size: big\n'
const schema = {
  type: 'object',
  properties: { spec: { $ref: 'parts/spec.json' } },
}
const spec = { type: 'object', properties: { size: { type: 'integer' } }, additionalProperties: false }
const files = {
  'app/widget.yaml': widget,
  'app/web.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndatas: {}\n',
  'schemas/widget-example-v1.json': JSON.stringify(schema),
  'schemas/parts/spec.json': JSON.stringify(spec),
}
const location = 'schemas/{{.ResourceKind}}{{.KindSuffix}}.json'

test('schemas of users are asked where their location says so, references included', async () => {
  const { code, out } = await run(
    files,
    `lint app --format compact --schema-location default --schema-location ${location}`,
  )
  expect(out).toContain(
    'app/widget.yaml:6:9: error "size" is a string, expected an integer [schema-wrong-type]',
  )
  expect(out).toContain('app/web.yaml:5:1: error unknown field "datas"; did you mean "data"?')
  expect(code).toBe(1)
})

test('without "default" only the given locations count', async () => {
  const { out } = await run(files, `lint app --format compact --schema-location ${location}`)
  expect(out).not.toContain('datas')
})

test('a file that is no schema is said', async () => {
  const broken = { ...files, 'schemas/widget-example-v1.json': '{' }
  const { out } = await run(broken, `lint app --format compact --schema-location ${location}`)
  expect(out).toContain('schemas/widget-example-v1.json: no JSON')
})

test.each([
  ['https://example.com/{{.ResourceKind}}.json', 'plimsoll connects nowhere'],
  ['schemas/{{.Kind}}.json', 'names ".Kind", which is no variable'],
])('%s is refused with a reason', async (template, reason) => {
  const { code, err } = await run(files, `lint app --schema-location ${template}`)
  expect(err).toContain(reason)
  expect(code).toBe(2)
})
