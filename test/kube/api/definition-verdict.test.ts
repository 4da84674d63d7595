/** Most of a definition is passed over unseen: what comes out is the same as if all of it had been looked at. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkDefinitionRules } from '../../../src/kube/api/definition-rules.ts'
import { checkDefinitionAt } from '../../../src/kube/api/definition-verdict.ts'
import { checkObject, type Verdict } from '../../../src/kube/api/verdict.ts'
import type { Json } from '../../../src/yaml/json.ts'
import { parseSource } from '../../../src/yaml/parse.ts'

/** PLIMSOLL_FUZZ=20 runs twenty times as many. */
const TIMES = Number(process.env.PLIMSOLL_FUZZ ?? 1)

const definition = (versions: readonly object[]): Json => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.t.example.com' },
  spec: {
    group: 't.example.com',
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing' },
    versions: versions.map((it, at) => ({
      name: `v${at + 1}`,
      served: true,
      storage: at === 0,
      ...it,
    })) as Json,
  },
})

const options = { minor: 36, checkSchemaRules: checkDefinitionRules }

const judge = (of: Json): Verdict => checkObject(of, options)!
const expectSame = (actual: Verdict, expected: Verdict): void => expect(actual).toEqual(expected)

/** Keywords with values that are mostly right. */
const KEYWORDS: Readonly<Record<string, readonly Json[]>> = {
  type: ['string', 'string', 'object', 'array', 'integer', 'number', 'boolean', 'null', '', 'text'],
  format: ['date-time', 'int32', 'double', 'byte', 'odd'],
  pattern: ['^a$', '('],
  default: ['a', 1, null, { description: 'a default may be a map, and this is no description' }],
  enum: [['a'], ['b']],
  nullable: [true, false],
  description: ['', 'short', 'A description that is long enough to be passed over.'],
  maxItems: [3],
  uniqueItems: [true, false],
  properties: [{ a: { type: 'string' } }],
  additionalProperties: [{ type: 'string' }, true, false],
  anyOf: [
    [{ type: 'integer' }, { type: 'string' }],
    [{ pattern: 'a' }],
    [{ description: 'What is here counts.' }],
  ],
  'x-kubernetes-int-or-string': [true, false],
  'x-kubernetes-list-type': ['atomic', 'set', 'map', 'odd'],
  'x-kubernetes-list-map-keys': [['a'], ['b']],
  'x-kubernetes-map-type': ['atomic', 'granular', 'odd'],
  'x-kubernetes-preserve-unknown-fields': [true, false],
  'x-kubernetes-embedded-resource': [true, false],
  'x-kubernetes-validations': [[{ rule: 'true' }], [{ rule: 'self.a' }]],
}
const keyword = fc.constantFrom(...Object.keys(KEYWORDS))
const keywords = fc
  .uniqueArray(fc.tuple(keyword, fc.nat()), { selector: it => it[0], maxLength: 3 })
  .map(all => all.map(([name, at]) => [name, KEYWORDS[name]![at % KEYWORDS[name]!.length]!] as const))

/** A schema with `more` in it and in all schemas below. */
type Schema = (more: object) => Json

const schema: fc.Arbitrary<Schema> = fc.letrec<{ schema: Schema }>(tie => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(fc.constantFrom('string', 'integer', 'boolean'), keywords).map(
      ([type, own]): Schema =>
        more => ({ type, ...Object.fromEntries(own), ...more }),
    ),
    fc.tuple(tie('schema'), keywords).map(
      ([items, own]): Schema =>
        more => ({ type: 'array', items: items(more), ...Object.fromEntries(own), ...more }),
    ),
    fc.tuple(tie('schema'), keywords).map(
      ([further, own]): Schema =>
        more => ({
          type: 'object',
          additionalProperties: further(more),
          ...Object.fromEntries(own),
          ...more,
        }),
    ),
    fc.tuple(tie('schema'), tie('schema'), fc.constantFrom('b', 'metadata'), keywords).map(
      ([a, b, name, own]): Schema =>
        more => ({
          type: 'object',
          properties: { a: a(more), [name]: b(more) },
          ...Object.fromEntries(own),
          ...more,
        }),
    ),
  ),
})).schema

const rooted = (inner: Json): object => ({
  schema: { openAPIV3Schema: { type: 'object', properties: { spec: inner } } },
})

test('a null keyword, with which no schema is ordinary, changes nothing', () => {
  let sound = 0
  fc.assert(
    fc.property(schema, it => {
      const verdict = judge(definition([rooted(it({}))]))
      if (verdict.causes.length === 0) sound++
      expectSame(judge(definition([rooted(it({ externalDocs: null }))])), verdict)
    }),
    { numRuns: 600 * TIMES },
  )
  expect(sound).toBeGreaterThan(60 * TIMES)
})

/** The verdict on a document. */
function judgeText(text: string): Verdict {
  const [document] = parseSource({ id: 'definition.yaml', text })!
  return checkDefinitionAt(document!.table, 0, options)!
}

test('descriptions are read where they count', () => {
  fc.assert(
    fc.property(schema, it => {
      const of = definition([rooted(it({}))])
      expectSame(judgeText(JSON.stringify(of)), judge(of))
    }),
    { numRuns: 300 * TIMES },
  )
})

test('schemas of versions differ by their descriptions', () => {
  const described = (words: string): object => ({
    ...rooted({ type: 'string', description: `A description of ${words}, which is not short.` }),
    selectableFields: [{ jsonPath: '.spec' }],
  })
  const expectCauses = (versions: readonly object[], count: number): void => {
    const of = definition(versions)
    expectSame(judgeText(JSON.stringify(of)), judge(of))
    expect(judge(of).causes.length).toBe(count)
  }
  expectCauses([described('the first'), described('the first')], 0)
  expectCauses([described('the first'), described('the second')], 1)
})

test('messages name objects by the way to them from self', () => {
  const inner = { type: 'object', properties: { c: { type: 'string' } } }
  const spec = {
    type: 'object',
    'x-kubernetes-validations': [{ rule: 'self.a == 1' }, { rule: "self.list[0].map['x'] == self.a" }],
    properties: {
      a: inner,
      list: {
        type: 'array',
        maxItems: 3,
        items: {
          type: 'object',
          properties: { map: { type: 'object', maxProperties: 3, additionalProperties: inner } },
        },
      },
    },
  }
  const messages = judge(definition([rooted(spec)])).causes.map(it => it.message)
  expect(messages.map(it => /applied to '([^']*)'/.exec(it)?.[1])).toEqual([
    '(selfType.a, int)',
    '(selfType.list.@idx.map.@elem, selfType.a)',
  ])
})
