import { describe, expect, test } from 'vitest'
import { linkCrd } from '../../src/kube/schema/crd.ts'
import type { Json } from '../../src/yaml/json.ts'
import { judge, judgeProblems, judgeSpec, thing } from './judge-yaml.ts'

type Case = readonly [name: string, schema: Json, spec: string, problems: readonly string[]]

const object = (properties: Json, more: object = {}): Json => ({ type: 'object', properties, ...more })

const check = (cases: readonly Case[]): void => {
  test.each(cases)('%s', (_, schema, spec, problems) => {
    expect(judgeSpec(schema, spec)).toEqual(problems)
  })
}

const item = object({ port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } })

describe('unknown fields follow the structural skeleton', () => {
  check([
    ['a named field', object({ a: { type: 'string' } }), '{a: x}', []],
    ['another one', object({ a: { type: 'string' } }), '{b: x}', ['unknown-field spec.b']],
    [
      'further fields of one type',
      { type: 'object', additionalProperties: { type: 'integer' } },
      '{x: 1, z: a}',
      ['type spec.z'],
    ],
    [
      'fields that are kept',
      object({}, { 'x-kubernetes-preserve-unknown-fields': true }),
      '{x: {y: [1]}}',
      [],
    ],
    [
      'named fields below kept ones',
      object({ a: object({}) }, { 'x-kubernetes-preserve-unknown-fields': true }),
      '{a: {x: 1}}',
      ['unknown-field spec.a.x'],
    ],
    [
      'branches name no fields',
      object({ a: { type: 'string' } }, { oneOf: [{ properties: { b: { type: 'string' } } }] }),
      '{b: x}',
      ['unknown-field spec.b'],
    ],
    ['a map under a scalar', object({ a: { type: 'string' } }), '{a: {x: 1}}', ['type spec.a']],
    [
      'a property named properties',
      object({ properties: object({ a: { type: 'string' } }) }),
      '{properties: {a: x, b: y}}',
      ['unknown-field spec.properties.b'],
    ],
    [
      'hostile names',
      object({ a: { type: 'string' } }),
      '{__proto__: x, constructor: y, toString: z}',
      ['unknown-field spec.__proto__', 'unknown-field spec.constructor', 'unknown-field spec.toString'],
    ],
  ])
})

describe('types, nulls and defaults', () => {
  check([
    [
      'every wrong type',
      object({
        i: { type: 'integer' },
        f: { type: 'number' },
        b: { type: 'boolean' },
        s: { type: 'string' },
        l: { type: 'array', items: {} },
      }),
      '{i: 1.5, f: x, b: 1, s: 2, l: {}}',
      ['type spec.i', 'type spec.f', 'type spec.b', 'type spec.s', 'type spec.l'],
    ],
    ['int or string', object({ p: { 'x-kubernetes-int-or-string': true } }), '{p: http}', []],
    ['neither', object({ p: { 'x-kubernetes-int-or-string': true } }), '{p: [1]}', ['type spec.p']],
    ['null of a field is absent', object({ a: { type: 'string' } }), '{a: null}', []],
    [
      'null of a required field',
      object({ a: { type: 'string' } }, { required: ['a'] }),
      '{a: null}',
      ['required spec>a'],
    ],
    [
      'null that may be',
      object({ a: { type: 'string', nullable: true } }, { required: ['a'] }),
      '{a: null}',
      [],
    ],
    [
      'null in a list',
      object({ a: { type: 'array', items: { type: 'string' } } }),
      '{a: [null]}',
      ['null spec.a[0]'],
    ],
    ['a missing field', object({ a: {} }, { required: ['a'] }), '{}', ['required spec>a']],
    ['a default fills it', object({ a: { type: 'string', default: 'x' } }, { required: ['a'] }), '{}', []],
    [
      'a default stands for null',
      object({ a: { type: 'string', default: 'x' } }, { required: ['a'] }),
      '{a: null}',
      [],
    ],
    [
      'defaults count as properties',
      object({ a: { type: 'string', default: 'x' } }, { minProperties: 1 }),
      '{}',
      [],
    ],
    ['nulls do not', object({ a: { type: 'string' } }, { minProperties: 1 }), '{a: null}', ['count spec']],
  ])
})

describe('values', () => {
  check([
    [
      'range',
      object({ a: { type: 'integer', minimum: 1, maximum: 3 }, b: { type: 'integer', minimum: 1 } }),
      '{a: 4, b: 0}',
      ['range spec.a', 'range spec.b'],
    ],
    [
      'exclusive range',
      object({ a: { type: 'number', maximum: 1, exclusiveMaximum: true } }),
      '{a: 1}',
      ['range spec.a'],
    ],
    [
      'a divisor below one refuses integers',
      object({ a: { type: 'number', multipleOf: 0.5 } }),
      '{a: 1}',
      ['range spec.a'],
    ],
    ['length in characters', object({ a: { type: 'string', maxLength: 2 } }), '{a: "😀é"}', []],
    [
      'too short, and the pattern is not asked',
      object({ a: { type: 'string', minLength: 2, pattern: '^x' } }),
      '{a: z}',
      ['length spec.a'],
    ],
    ['pattern, unanchored', object({ a: { type: 'string', pattern: 'b+' } }), '{a: abc}', []],
    ['pattern with flags', object({ a: { type: 'string', pattern: '(?i)^abc$' } }), '{a: ABC}', []],
    [
      'POSIX classes',
      object({ a: { type: 'string', pattern: '^[[:alpha:]]+$' } }),
      '{a: a1}',
      ['pattern spec.a'],
    ],
    [
      'a pattern that takes forever elsewhere',
      object({ a: { type: 'string', pattern: '^(a+)+$' } }),
      `{a: ${'a'.repeat(5000)}b}`,
      ['pattern spec.a'],
    ],
    ['enum', object({ a: { type: 'string', enum: ['x', 'y'] } }), '{a: z}', ['enum spec.a']],
    ['enum of numbers', object({ a: { type: 'integer', enum: [1, 2] } }), '{a: 1.0}', []],
    [
      'items',
      object({ a: { type: 'array', maxItems: 1, items: { type: 'string' } } }),
      '{a: [x, 1]}',
      ['count spec.a', 'type spec.a[1]'],
    ],
  ])
})

describe('lists that are sets or maps', () => {
  const set = (items: Json): Json => object({ a: { type: 'array', 'x-kubernetes-list-type': 'set', items } })
  const map = object({
    a: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: item,
    },
  })
  check([
    ['a set', set({ type: 'string' }), '{a: [x, z, x, x]}', ['duplicate-item spec.a[2]']],
    ['numbers and texts differ', set({ 'x-kubernetes-int-or-string': true }), '{a: [1, "1"]}', []],
    [
      'objects without order',
      set({ type: 'object', additionalProperties: { type: 'integer' } }),
      '{a: [{x: 1, y: 2}, {y: 2, x: 1}]}',
      ['duplicate-item spec.a[1]'],
    ],
    ['keys', map, '{a: [{port: 1}, {port: 2}]}', []],
    [
      'keys with a default',
      map,
      '{a: [{port: 1}, {port: 1, protocol: TCP}, {port: 1, protocol: UDP}]}',
      ['duplicate-item spec.a[1]'],
    ],
  ])
})

describe('combined schemas', () => {
  const oneOf = object(
    { a: { type: 'string' }, b: { type: 'string', default: 'x' } },
    { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
  )
  check([
    ['one of two, a default being there', oneOf, '{}', []],
    ['both', oneOf, '{a: z}', ['combination spec']],
    [
      'allOf tells the branch',
      object({ a: { type: 'string', allOf: [{ pattern: '^x' }, { maxLength: 2 }] } }),
      '{a: yyy}',
      ['pattern spec.a', 'length spec.a'],
    ],
    [
      'anyOf',
      object({ a: { type: 'integer', anyOf: [{ minimum: 5 }, { enum: [1] }] } }),
      '{a: 2}',
      ['combination spec.a'],
    ],
    ['not', object({ a: { type: 'string' } }, { not: { required: ['a'] } }), '{a: x}', ['combination spec']],
  ])

  test('what the nearest alternative says', () => {
    const schema = object(
      { a: { type: 'string' }, b: { type: 'integer' } },
      { anyOf: [{ required: ['a'] }, { required: ['b'], properties: { b: { minimum: 5 } } }] },
    )
    const [judged] = judgeProblems('apiVersion: example.com/v1\nkind: Thing\nspec: {b: 1}\n', '1.36', [
      thing(schema),
    ])
    expect(judged!.problem.inner!.map(it => it.rule)).toEqual([{ keyword: 'minimum', value: 5 }])
  })
})

describe('metadata, status and embedded objects', () => {
  const text = (rest: string): string => `apiVersion: example.com/v1\nkind: Thing\n${rest}\n`

  test('metadata is decoded like that of any object', () => {
    expect(judge(text('metadata: {name: a, nmae: b, labels: {x: 1}}'), '1.36', [thing({})])).toEqual([
      'unknown-field metadata.nmae',
      'type metadata.labels.x',
    ])
  })

  test('metadata is always there', () => {
    const strict = linkCrd({
      spec: {
        group: 'example.com',
        names: { kind: 'Thing' },
        versions: [
          {
            name: 'v1',
            schema: {
              openAPIV3Schema: { type: 'object', required: ['metadata', 'spec'], properties: { spec: {} } },
            },
          },
        ],
      },
    })!
    expect(judge(text(''), '1.36', [strict])).toEqual(['required >spec'])
  })

  test('a schema may restrict names', () => {
    const crd = thing({}, { root: { metadata: object({ name: { type: 'string', maxLength: 3 } }) } })
    expect(judge(text('metadata: {name: abcd, labels: {a: b}}'), '1.36', [crd])).toEqual([
      'length metadata.name',
    ])
  })

  const status = { status: object({ phase: { type: 'string', enum: ['A'] } }, { required: ['phase'] }) }
  test('a status that is a subresource is only asked for unknown fields', () => {
    const crd = thing({}, { root: status, version: { subresources: { status: {} } } })
    expect(judge(text('status: {phase: 1}'), '1.36', [crd])).toEqual([])
    expect(judge(text('status: {fase: A}'), '1.36', [crd])).toEqual(['unknown-field status.fase'])
    expect(judge(text('status: {phase: B}'), '1.36', [thing({}, { root: status })])).toEqual([
      'enum status.phase',
    ])
  })

  test('metadata of an embedded object is decoded', () => {
    const crd = thing({ type: 'object', 'x-kubernetes-embedded-resource': true, properties: {} })
    expect(judge(text('spec: {apiVersion: v1, kind: Pod, metadata: {name: a}}'), '1.36', [crd])).toEqual([])
    expect(judge(text('spec: {kind: "", metadata: {bogus: a}, x: 1}'), '1.36', [crd])).toEqual([
      'unknown-field spec.metadata.bogus',
      'unknown-field spec.x',
    ])
  })
})

describe('definitions', () => {
  test('one of apiextensions.k8s.io/v1beta1 keeps unknown fields unless it says otherwise', () => {
    const beta = (more: object): Json => ({
      apiVersion: 'apiextensions.k8s.io/v1beta1',
      spec: {
        group: 'example.com',
        version: 'v1',
        names: { kind: 'Thing' },
        validation: { openAPIV3Schema: object({ spec: object({ a: { type: 'integer' } }) }) },
        ...more,
      },
    })
    const text = 'apiVersion: example.com/v1\nkind: Thing\nspec: {a: x, b: y}\n'
    expect(judge(text, '1.36', [linkCrd(beta({}))!])).toEqual(['type spec.a'])
    expect(judge(text, '1.36', [linkCrd(beta({ preserveUnknownFields: false }))!])).toEqual([
      'type spec.a',
      'unknown-field spec.b',
    ])
  })

  test('whatever is malformed in one counts as absent', () => {
    for (const hostile of [
      null,
      [],
      'x',
      { properties: [] },
      { items: 3, required: 'a', pattern: '(' },
      { enum: 'a', allOf: {} },
    ])
      expect(judgeSpec(hostile as Json, '{}')).toEqual([])
    expect(linkCrd(null)).toBeUndefined()
    expect(linkCrd({ spec: { group: 'a', names: { kind: 'B' }, versions: 'v1' } })).toBeUndefined()
  })

  test('packed ones are found by group', () => {
    const gateway = (port: string): string =>
      `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec: {gatewayClassName: c, listeners: [{name: http, port: ${port}, protocol: HTTP}]}\n`
    expect(judge(gateway('80'))).toEqual([])
    expect(judge(gateway('123456'))).toEqual(['range spec.listeners[0].port'])
  })
})
