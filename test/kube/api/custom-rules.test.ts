import { describe, expect, test } from 'vitest'
import { checkCustomObject } from '../../../src/kube/api/custom.ts'
import { checkRules, listBrokenRules } from '../../../src/kube/api/custom-rules.ts'
import { checkDefinitionRules } from '../../../src/kube/api/definition-rules.ts'
import { checkObject } from '../../../src/kube/api/verdict.ts'
import { openCatalog } from '../../../src/kube/schema/catalog.ts'
import { linkCrd } from '../../../src/kube/schema/crd.ts'
import { fromJson } from '../../../src/kube/schema/go-value.ts'
import { buildSchemas, type CustomType } from '../../../src/kube/schema/schemas.ts'
import type { Json } from '../../../src/yaml/json.ts'
import { parseSource } from '../../../src/yaml/parse.ts'
import { readAsset } from '../../harness/check.ts'

const catalog = openCatalog(readAsset)

const definition = (spec: Json): Json => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Thing', plural: 'things', singular: 'thing', listKind: 'ThingList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
      },
    ],
  },
})

function typeOf(spec: Json, version = '1.36'): CustomType {
  const resource = linkCrd(definition(spec))!
  return buildSchemas(catalog, [resource]).findType(version, 'example.com/v1', 'Thing') as CustomType
}

const thing = (spec: Json): Json => ({
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name: 'a' },
  spec,
})

interface Judged {
  readonly old?: Json
  readonly version?: string
}

/** What the server says of a thing with this spec: `field: message @ path`. */
function judge(schema: Json, spec: Json, { old, version }: Judged = {}): readonly string[] {
  const { table } = parseSource({ id: 'thing', text: JSON.stringify(thing(spec)) })![0]!
  const { causes, warnings } = checkCustomObject({
    table,
    root: 0,
    type: typeOf(schema, version),
    runRules: checkRules,
    ...(old !== undefined && { old: fromJson(thing(old)) }),
  })
  return [...causes.map(it => `${it.field}: ${it.message} @ ${it.path.join('/')}`), ...warnings]
}

/** An object with fields and rules. */
const object = (properties: Json, ...rules: readonly Json[]): Json => ({
  type: 'object',
  properties,
  'x-kubernetes-validations': rules,
})
const rule = (text: string, more: object = {}): Json => ({ rule: text, ...more })
const INT = { type: 'integer' }
const STRING = { type: 'string' }

describe('messages, reasons and places', () => {
  const range = object({ min: INT, max: INT }, rule('self.min <= self.max'))
  test('a rule that holds says nothing', () => expect(judge(range, { min: 1, max: 2 })).toEqual([]))
  test('without a message the rule is shown', () =>
    expect(judge(range, { min: 2, max: 1 })).toEqual([
      'spec: Invalid value: failed rule: self.min <= self.max @ spec/min',
    ]))
  test('servers before 1.35 name the type in place of the value', () =>
    expect(judge(range, { min: 2, max: 1 }, { version: '1.34' })).toEqual([
      'spec: Invalid value: "object": failed rule: self.min <= self.max @ spec/min',
    ]))
  test('an error is told with the rule', () =>
    expect(judge(range, { min: 2 })).toEqual([
      'spec: Invalid value: "object": no such key: max evaluating rule: self.min <= self.max @ spec/max',
    ]))
  test('a path leads to the field, also to one that is missing', () => {
    const more = { message: 'max is needed', reason: 'FieldValueRequired', fieldPath: '.max' }
    expect(judge(object({ min: INT, max: INT }, rule('has(self.max)', more)), { min: 2 })).toEqual([
      'spec.max: Required value: max is needed @ spec/max',
    ])
  })
  test('a message may be computed, and falls back where it cannot be', () => {
    const schema = (messageExpression: string): Json =>
      object({ min: INT, max: INT }, rule('self.min < 5', { message: 'too high', messageExpression }))
    expect(judge(schema("'got ' + string(self.min)"), { min: 7 })).toEqual([
      'spec: Invalid value: got 7 @ spec/min',
    ])
    expect(judge(schema("'got ' + string(self.max)"), { min: 7 })).toEqual([
      'spec: Invalid value: too high @ spec/min',
    ])
  })
  test('rules of items and entries are told where they stand', () => {
    const even = { type: 'integer', 'x-kubernetes-validations': [rule('self % 2 == 0', { message: 'odd' })] }
    const schema = object({
      list: { type: 'array', items: even },
      map: { type: 'object', additionalProperties: even },
    })
    expect(judge(schema, { list: [2, 3], map: { a: 4, b: 5 } })).toEqual([
      'spec.list[1]: Invalid value: 3: odd @ spec/list/1',
      'spec.map[b]: Invalid value: 5: odd @ spec/map/b',
    ])
  })
  test('rules do not run where the schema is broken', () =>
    expect(judge(range, { min: 'x', max: 1 }).at(-1)).toMatch(
      /^<nil>: .*some validation rules were not checked/,
    ))
})

describe('values as rules see them', () => {
  const cases: readonly (readonly [title: string, schema: Json, rule: string, spec: Json])[] = [
    ['whole numbers of a number are doubles', { n: { type: 'number' } }, 'self.n / 2.0 == 1.5', { n: 3 }],
    ['null is absent', { a: { ...STRING, nullable: true } }, '!has(self.a)', { a: null }],
    ['defaults are filled in', { a: { ...STRING, default: 'x' } }, "self.a == 'x'", {}],
    [
      'times',
      { t: { ...STRING, format: 'date-time' } },
      'self.t.getFullYear() == 2026',
      { t: '2026-05-01T00:00:00Z' },
    ],
    ['durations', { d: { ...STRING, format: 'duration' } }, "self.d > duration('1m')", { d: '1h' }],
    ['bytes', { b: { ...STRING, format: 'byte' } }, "self.b == b'hi'", { b: 'aGk=' }],
    ['either', { p: { 'x-kubernetes-int-or-string': true } }, 'type(self.p) == int && self.p == 5', { p: 5 }],
    [
      'names',
      { 'a-b': INT, 'c.d': INT, for: INT, 'e/f__': INT },
      'self.a__dash__b + self.c__dot__d + self.__for__ + self.e__slash__f__underscores__ == 4',
      { 'a-b': 1, 'c.d': 1, for: 1, 'e/f__': 1 },
    ],
    [
      'sets have no order',
      { s: { type: 'array', items: STRING, 'x-kubernetes-list-type': 'set' } },
      "self.s == ['b', 'a'] && self.s + ['a'] == self.s",
      { s: ['a', 'b'] },
    ],
  ]
  test.each(cases)('%s', (_, properties, text, spec) =>
    expect(judge(object(properties as Json, rule(text)), spec)).toEqual([]),
  )
  test('embedded objects show their names', () => {
    const embedded = {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    }
    const inner = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }
    const schema = object({ o: embedded }, rule("self.o.kind == 'ConfigMap' && self.o.metadata.name == 'x'"))
    expect(judge(schema, { o: inner })).toEqual([])
  })
})

test('metadata that a schema declares in whole can be seen in whole', () => {
  const metadata = { type: 'object', properties: { name: STRING, generateName: STRING, namespace: STRING } }
  const schema = (more: object): Json => {
    const properties = { kind: STRING, apiVersion: STRING, ...more }
    const o = { type: 'object', 'x-kubernetes-embedded-resource': true, properties }
    return object({ o }, rule('!has(self.o.metadata.namespace)', { message: 'no namespace' }))
  }
  const spec = { o: { apiVersion: 'v1', kind: 'A', metadata: { name: 'a', namespace: 'b' } } }
  expect(judge(schema({ metadata }), spec)).toEqual([
    'spec: Invalid value: no namespace @ spec/o/metadata/namespace',
  ])
  expect(judge(schema({}), spec)).toEqual([])
})

describe('rules about changes', () => {
  const frozen = object({
    name: { ...STRING, 'x-kubernetes-validations': [rule('self == oldSelf', { message: 'is immutable' })] },
  })
  test('a create has no old value', () => expect(judge(frozen, { name: 'a' })).toEqual([]))
  test('an update has', () =>
    expect(judge(frozen, { name: 'b' }, { old: { name: 'a' } })).toEqual([
      'spec.name: Invalid value: "b": is immutable @ spec/name',
    ]))
  test('an optional old value is there on a create too', () => {
    const schema = object({
      n: {
        ...INT,
        'x-kubernetes-validations': [rule('oldSelf.hasValue() || self == 0', { optionalOldSelf: true })],
      },
    })
    expect(judge(schema, { n: 1 })).toHaveLength(1)
    expect(judge(schema, { n: 1 }, { old: { n: 0 } })).toEqual([])
  })
  test('items of keyed lists are found again', () => {
    const items = object({ k: STRING, v: INT }, rule('self.v >= oldSelf.v', { message: 'shrinks' }))
    const list = {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items,
    }
    const old = {
      list: [
        { k: 'a', v: 1 },
        { k: 'b', v: 5 },
      ],
    }
    expect(
      judge(
        object({ list }),
        {
          list: [
            { k: 'b', v: 4 },
            { k: 'a', v: 2 },
          ],
        },
        { old },
      ),
    ).toEqual(['spec.list[0]: Invalid value: shrinks @ spec/list/0/v'])
  })
  test('what was wrong before and has not changed is a warning', () => {
    const schema = object({ n: { ...INT, 'x-kubernetes-validations': [rule('self > 5')] }, other: INT })
    expect(judge(schema, { n: 1, other: 2 }, { old: { n: 1, other: 1 } })).toEqual([
      'spec.n: Invalid value: 1: failed rule: self > 5',
    ])
  })
})

describe('budgets', () => {
  test('a rule that costs too much ends all of them', () => {
    const schema = object(
      { l: { type: 'array', items: INT } },
      rule('self.l.all(a, self.l.all(b, self.l.all(c, a + b + c >= 0)))', { message: 'costly' }),
      rule('false', { message: 'never told' }),
    )
    expect(judge(schema, { l: Array.from({ length: 200 }, (_, i) => i) })).toEqual([
      'spec: Invalid value: "object": \'operation cancelled: actual cost limit exceeded\': no further validation rules will be run due to call cost exceeds limit for rule: costly @ spec',
    ])
  })
})

/** What the server says of the definition, below the schema of the spec. */
function judgeDefinition(spec: Json): readonly string[] {
  const options = { minor: 36, checkSchemaRules: checkDefinitionRules }
  const { causes } = checkObject(definition(spec), options)!
  return causes.map(
    it => `${it.field.replace(/^.*properties\[spec\]/, '')}: ${it.message.replace(/\{.*\}: /, '')}`,
  )
}

describe('rules of definitions', () => {
  test('must compile', () => {
    expect(judgeDefinition(object({ n: INT }, rule('self.m > 1')))).toEqual([
      ".x-kubernetes-validations[0].rule: Invalid value: compilation failed: ERROR: <input>:1:5: undefined field 'm'\n | self.m > 1\n | ....^",
    ])
    expect(judgeDefinition(object({ n: INT }, rule('self.n', { messageExpression: '1' })))).toEqual([
      '.x-kubernetes-validations[0].rule: Invalid value: cel expression must evaluate to a bool',
    ])
    expect(judgeDefinition(object({ s: STRING }, rule("self.s.matches('(')")))).toHaveLength(1)
  })
  test('must have a bounded cost', () => {
    const list = (maxItems?: number): Json => ({
      type: 'array',
      items: { ...STRING, maxLength: 10 },
      ...(maxItems && { maxItems }),
    })
    const unique = rule('self.l.all(x, self.l.all(y, x != y))')
    expect(judgeDefinition(object({ l: list(10) }, unique))).toEqual([])
    expect(judgeDefinition(object({ l: list() }, unique))[0]).toMatch(
      /^\.x-kubernetes-validations\[0\]\.rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x/,
    )
  })
  test('may speak of old values only where they are found', () => {
    const items = { ...STRING, maxLength: 5, 'x-kubernetes-validations': [rule('self == oldSelf')] }
    expect(judgeDefinition(object({ l: { type: 'array', maxItems: 5, items } }))).toEqual([
      '.properties[l].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within spec.validation.openAPIV3Schema.properties[spec].properties[l]',
    ])
    expect(judgeDefinition(object({ n: INT }, rule('self.n > 1', { optionalOldSelf: true })))).toEqual([
      '.x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule',
    ])
  })
  test('those that do not compile are listed when a value is met', () => {
    const type = typeOf(object({ n: INT }, rule('self.m > 1'), rule('self.n > 1')))
    expect(listBrokenRules(type.schema)).toEqual([])
    const { table } = parseSource({ id: 'thing', text: JSON.stringify(thing({ n: 2 })) })![0]!
    expect(checkCustomObject({ table, root: 0, type, runRules: checkRules }).causes).toEqual([])
    expect(listBrokenRules(type.schema)).toEqual([
      "self.m > 1: compilation failed: ERROR: <input>:1:5: undefined field 'm'\n | self.m > 1\n | ....^",
    ])
  })
})
