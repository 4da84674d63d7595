/** What the API server says of custom resources, in its words. */
import { describe, expect, test } from 'vitest'
import { checkCustomObject } from '../../../src/kube/api/custom.ts'
import { listResources } from '../../../src/kube/resource.ts'
import { fromJson } from '../../../src/kube/schema/go-value.ts'
import { buildSchemas } from '../../../src/kube/schema/schemas.ts'
import type { Json } from '../../../src/yaml/json.ts'
import { catalog, parse, thing } from '../../schema/judge-yaml.ts'

interface More {
  readonly minor?: string
  readonly metadata?: string
  readonly version?: Json
  readonly status?: string
  readonly old?: Json
}

const judge = (
  schema: Json,
  spec: string,
  { minor = '1.36', metadata = '{name: a}', ...more }: More = {},
) => {
  const text = `apiVersion: example.com/v1\nkind: Thing\nmetadata: ${metadata}\nspec: ${spec}\n${more.status ?? ''}`
  const [resource] = listResources(parse(text))
  const root = { status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  const crd = thing(schema, { root, ...(more.version !== undefined && { version: more.version }) })
  const type = buildSchemas(catalog, [crd]).findType(minor, 'example.com/v1', 'Thing')
  if (type?.source !== 'custom') throw new Error('not a custom type')
  const old = more.old === undefined ? {} : { old: fromJson(more.old) }
  const table = resource!.document.table
  return checkCustomObject({ table, root: resource!.root.node, type, ...old })
}

/** `spec.a: Invalid value: …`: one line a cause. */
const causes = (...of: Parameters<typeof judge>): string[] =>
  judge(...of).causes.map(it => `${it.field}: ${it.message}`)

const object = (properties: Json, more: object = {}): Json => ({ type: 'object', properties, ...more })
const only = (schema: Json): Json => object({ a: schema })

describe('keywords in the words of kube-openapi', () => {
  const a = (detail: string) => [`spec.a: ${detail}`]
  test.each<readonly [name: string, schema: Json, value: string, causes: readonly string[]]>([
    [
      'a type',
      { type: 'string' },
      '1',
      a('Invalid value: "integer": spec.a in body must be of type string: "integer"'),
    ],
    [
      'no integer',
      { type: 'integer' },
      '1.5',
      [
        'spec.a: Invalid value: "number": spec.a in body must be of type integer: "number"',
        '<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.a',
      ],
    ],
    [
      'too wide for its format',
      { type: 'integer', format: 'int32' },
      '2147483648',
      ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.a'],
    ],
    ['a whole float', { type: 'integer' }, '1.0', []],
    ['a text for int-or-string', { 'x-kubernetes-int-or-string': true }, 'x', []],
    [
      'neither',
      { 'x-kubernetes-int-or-string': true },
      'true',
      a('Invalid value: "boolean": spec.a in body must be of type integer,string: "boolean"'),
    ],
    [
      'an enum',
      { type: 'string', enum: ['x', 'y'] },
      'z',
      a('Unsupported value: "z": supported values: "x", "y"'),
    ],
    [
      'an enum of integers',
      { type: 'integer', enum: [1, 2] },
      '3',
      a('Unsupported value: 3: supported values: "1", "2"'),
    ],
    ['a float is cut for it', { type: 'number', enum: [1] }, '1.5', []],
    [
      'null is in no enum',
      { type: 'string', nullable: true, enum: ['x', null] },
      'null',
      a('Unsupported value: null: supported values: "x", "null"'),
    ],
    ['a long text', { type: 'string', maxLength: 1 }, 'xx', a('Too long: may not be more than 1 byte')],
    ['code points count', { type: 'string', maxLength: 1 }, '"\\U0001F600"', []],
    [
      'a short text',
      { type: 'string', minLength: 2 },
      'x',
      a('Invalid value: "x": spec.a in body should be at least 2 chars long'),
    ],
    [
      'a pattern',
      { type: 'string', pattern: '^x' },
      'q',
      a('Invalid value: "q": spec.a in body should match \'^x\''),
    ],
    [
      'a format',
      { type: 'string', format: 'ipv4' },
      'x',
      a('Invalid value: "x": spec.a in body must be of type ipv4: "x"'),
    ],
    [
      'many items',
      { type: 'array', items: {}, maxItems: 1 },
      '[1, 2]',
      a('Too many: 2: must have at most 1 item'),
    ],
    [
      'few items',
      { type: 'array', items: {}, minItems: 1 },
      '[]',
      a('Invalid value: 0: spec.a in body should have at least 1 items'),
    ],
    [
      'a float beyond a limit',
      { type: 'number', maximum: 2000000 },
      '3000000.5',
      a('Invalid value: 3.0000005e+06: spec.a in body should be less than or equal to 2e+06'),
    ],
    [
      'an integer beyond a limit',
      { type: 'integer', maximum: 2000000 },
      '3000000',
      a('Invalid value: 3000000: spec.a in body should be less than or equal to 2000000'),
    ],
    [
      'a divisor that no integer has',
      { type: 'integer', multipleOf: 0.5 },
      '3',
      ['<nil>: Invalid value: "": MultipleOf value must be of type integer (default format) in spec.a'],
    ],
    [
      'a limit that no integer has',
      { type: 'integer', maximum: 1e300 },
      '1',
      ['<nil>: Invalid value: "": Maximum boundary value must be of type integer (default format) in spec.a'],
    ],
    [
      'a limit that wraps around',
      { type: 'number', maximum: 1e300 },
      '1',
      a('Invalid value: 1: spec.a in body should be less than or equal to -9223372036854775808'),
    ],
    [
      'a cut divisor',
      { type: 'number', multipleOf: 0.5 },
      '3',
      a('Invalid value: 0: factor MultipleOf declared for spec.a must be positive: 0'),
    ],
    [
      'all of',
      { type: 'string', allOf: [{ minLength: 2 }, { pattern: '^x' }] },
      'q',
      [
        'spec.a: Invalid value: "q": spec.a in body should be at least 2 chars long',
        'spec.a: Invalid value: "q": spec.a in body should match \'^x\'',
        '<nil>: Invalid value: "": "spec.a" must validate all the schemas (allOf). None validated',
      ],
    ],
    [
      'one of two that both fit',
      { type: 'integer', oneOf: [{ minimum: 1 }, { maximum: 9 }] },
      '5',
      [
        '<nil>: Invalid value: "": "spec.a" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ],
    ],
    [
      'a field that is forbidden in a branch',
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, not: { additionalProperties: false } },
      '{}',
      ['<nil>: Invalid value: "": "spec.a" must not validate the schema (not)'],
    ],
  ])('%s', (_, schema, value, expected) => {
    expect(causes(only(schema), `{a: ${value}}`)).toEqual(expected)
  })

  test('servers before 1.36 ignore formats of numbers', () => {
    expect(causes(only({ type: 'integer', format: 'int32' }), '{a: 2147483648}', { minor: '1.34' })).toEqual(
      [],
    )
  })

  test('defaults of fields and of null items come first', () => {
    const list = { type: 'array', items: { type: 'string', default: 'x' } }
    const schema = object({ a: { type: 'string', default: 'y' }, b: list }, { required: ['a'] })
    expect(causes(schema, '{a: null, b: [null]}')).toEqual([])
  })
})

describe('lists that are sets or maps', () => {
  const set = (items: Json): Json => ({ type: 'array', 'x-kubernetes-list-type': 'set', items })
  const map = (keys: readonly string[], properties: Json): Json => ({
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': keys,
    items: object(properties),
  })
  test.each<readonly [name: string, schema: Json, value: string, causes: readonly string[]]>([
    ['the second of three', set({ type: 'string' }), '[x, x, x]', ['spec.a[1]: Duplicate value: "x"']],
    [
      'YAML writes whole floats as integers',
      set({ type: 'number' }),
      '[1, 1.0]',
      ['spec.a[1]: Duplicate value: 1'],
    ],
    ['a text is no number', set({}), '[1, "1"]', []],
    ['a text is not its JSON', set({}), '["{}", {}]', []],
    ['one key', map(['k'], { k: {} }), '[{k: 1}, {k: 1}]', ['spec.a[1]: Duplicate value: {"k":1}']],
    ['no key', map(['k'], { k: {} }), '[{}, {}]', ['spec.a[1]: Duplicate value: {}']],
    [
      'a default counts',
      map(['k', 'p'], { k: { type: 'integer' }, p: { type: 'string', default: 'TCP' } }),
      '[{k: 1}, {k: 1, p: TCP}]',
      ['spec.a[1]: Duplicate value: {"k":1,"p":"TCP"}'],
    ],
    [
      'further fields are named in brackets',
      { type: 'object', additionalProperties: set({ type: 'string' }) },
      '{b: [x, x]}',
      ['spec.a[b][1]: Duplicate value: "x"'],
    ],
  ])('%s', (_, schema, value, expected) => {
    expect(causes(only(schema), `{a: ${value}}`)).toEqual(expected)
  })
})

describe('metadata', () => {
  const free = { type: 'object' }
  test.each<readonly [name: string, metadata: string, causes: readonly string[]]>([
    ['no name', '{}', ['metadata.name: Required value: name or generateName is required']],
    ['a generated one', '{generateName: a-}', []],
    [
      'an owner without kind',
      '{name: a, ownerReferences: [{apiVersion: v1, name: b, uid: c}]}',
      ['metadata.ownerReferences.kind: Invalid value: "": must not be empty'],
    ],
  ])('%s', (_, metadata, expected) => {
    expect(causes(free, '{}', { metadata })).toEqual(expected)
  })

  test('finalizers without domain only warn', () => {
    const { causes, warnings } = judge(free, '{}', {
      metadata: '{name: a, finalizers: [b.example.com, c/d]}',
    })
    expect(causes).toEqual([])
    expect(warnings).toEqual([
      'metadata.finalizers: "b.example.com": prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers',
    ])
  })

  test('a deprecated version warns', () => {
    expect(judge(free, '{}', { version: { deprecated: true } }).warnings).toEqual([
      'example.com/v1 Thing is deprecated',
    ])
  })
})

test.each<readonly [name: string, spec: string, causes: readonly string[]]>([
  ['no kind', '{apiVersion: v1}', ['spec.kind: Required value']],
  [
    'two slashes',
    '{apiVersion: a/b/c, kind: K}',
    ['spec.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c'],
  ],
  ['no name is needed', '{apiVersion: v1, kind: K, metadata: {}}', []],
  [
    'a name for a URL',
    '{apiVersion: v1, kind: K, metadata: {name: a/b}}',
    ['spec.metadata.name: Invalid value: "a/b": may not contain \'/\''],
  ],
])('an embedded object: %s', (_, spec, expected) => {
  const schema = {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
  }
  expect(causes(schema, spec)).toEqual(expected)
})

describe('replicas of what can be scaled', () => {
  const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' }
  const version = { subresources: { scale } }
  const schema = object({ replicas: { 'x-kubernetes-preserve-unknown-fields': true } })
  test.each([
    ['0', []],
    ['-1', ['.spec.replicas: Invalid value: -1: should be a non-negative integer']],
    ['2147483648', ['.spec.replicas: Invalid value: 2147483648: should be less than or equal to 2147483647']],
    [
      'x',
      [
        '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: x is of the type string, expected int64',
      ],
    ],
    [
      '1.5',
      [
        '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: 1.5 is of the type float64, expected int64',
      ],
    ],
  ])('%s', (replicas, expected) => {
    expect(causes(schema, `{replicas: ${replicas}}`, { version })).toEqual(expected)
  })
})

describe('updates', () => {
  const metadata = { name: 'a', resourceVersion: '1' }
  const stored = (spec: Json): Json => ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata, spec })
  const schema = object({ a: { type: 'string', maxLength: 1 }, b: { type: 'string' } })

  test('what was there before may stay', () => {
    expect(causes(schema, '{a: long, b: z}', { old: stored({ a: 'long', b: 'x' }) })).toEqual([])
  })

  test('what is new must fit', () => {
    expect(causes(schema, '{a: longer}', { old: stored({ a: 'long' }) })).toEqual([
      'spec.a: Too long: may not be more than 1 byte',
    ])
  })
})
