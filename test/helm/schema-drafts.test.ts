/** What keywords mean in the drafts of JSON Schema, as helm's library reads them. */
import { describe, expect, test } from 'vitest'
import { renderFiles } from './render.ts'

const DRAFTS = [
  'http://json-schema.org/draft-04/schema#',
  'http://json-schema.org/draft-06/schema#',
  'http://json-schema.org/draft-07/schema#',
  'https://json-schema.org/draft/2019-09/schema',
  'https://json-schema.org/draft/2020-12/schema',
]
const [, DRAFT_06, DRAFT_07, DRAFT_2019, DRAFT_2020] = DRAFTS

/** Nothing here shall be taken for a promise. */
const THEN = 'then'

/** Drafts in which values do not suit a schema. */
const refusingDrafts = (schema: object, values: string): string[] =>
  DRAFTS.filter($schema => {
    const files = {
      'values.yaml': values,
      'values.schema.json': JSON.stringify({ $schema, type: 'object', ...schema }),
    }
    const codes = renderFiles(files).problems.map(it => it.code)
    expect(codes.filter(it => it !== 'values-schema')).toEqual([])
    return codes.length > 0
  })

describe('a keyword means something', () => {
  const a = (schema: object) => ({ properties: { a: schema } })
  const circle = (keyword: string) => ({
    properties: { a: { [keyword]: '#' }, b: { type: 'string' } },
  })
  test.each<[keyword: string, since: string | undefined, schema: object, values: string]>([
    ['enum', DRAFTS[0], a({ enum: [2] }), 'a: 1'],
    ['dependencies', DRAFTS[0], { dependencies: { a: ['b'] } }, 'a: 1'],
    ['const', DRAFT_06, a({ const: 2 }), 'a: 1'],
    ['contains', DRAFT_06, a({ contains: { type: 'string' } }), 'a: [1]'],
    ['propertyNames', DRAFT_06, { propertyNames: { minLength: 3 } }, 'a: 1'],
    ['if', DRAFT_07, { if: { required: ['a'] }, [THEN]: { required: ['b'] } }, 'a: 1'],
    ['dependentRequired', DRAFT_2019, { dependentRequired: { a: ['b'] } }, 'a: 1'],
    [
      'dependentRequired, of a name that is a keyword',
      DRAFT_2019,
      { dependentRequired: { id: ['b'] } },
      'id: 1',
    ],
    ['dependentSchemas', DRAFT_2019, { dependentSchemas: { a: false } }, 'a: 1'],
    ['minContains', DRAFT_2019, a({ contains: { type: 'integer' }, minContains: 3 }), 'a: [1, 2]'],
    ['unevaluatedProperties', DRAFT_2019, { unevaluatedProperties: false }, 'a: 1'],
    ['$recursiveRef', DRAFT_2019, circle('$recursiveRef'), 'a: {b: 1}'],
    ['$dynamicRef', DRAFT_2020, circle('$dynamicRef'), 'a: {b: 1}'],
    ['prefixItems', DRAFT_2020, a({ prefixItems: [{ type: 'string' }] }), 'a: [1, 2]'],
    ['formatMinimum', undefined, a({ format: 'date', formatMinimum: '2021-01-01' }), 'a: "2020-01-01"'],
    ['nullable', undefined, a({ type: 'integer', nullable: false }), 'a: 1'],
  ])('%s since %s', (_, since, schema, values) => {
    expect(refusingDrafts(schema, values)).toEqual(
      since === undefined ? [] : DRAFTS.slice(DRAFTS.indexOf(since)),
    )
  })

  test('nothing stands beside the items that newer drafts name', () => {
    const schema = { properties: { a: { prefixItems: [{}], additionalItems: false } } }
    expect(refusingDrafts(schema, 'a: [1, 2]')).toEqual([])
  })
})

describe('a name that is given twice', () => {
  const refused = ($schema: string, name: string): boolean => {
    const key = $schema === DRAFTS[0] ? 'id' : '$id'
    const properties = { a: { [key]: name, type: 'string' }, b: { [key]: name, type: 'integer' } }
    const schema = { $schema, type: 'object', properties }
    const files = { 'values.yaml': 'a: x\nb: 1', 'values.schema.json': JSON.stringify(schema) }
    return renderFiles(files).problems.length > 0
  }

  test.each<[name: string, expected: readonly (string | undefined)[]]>([
    ['#/properties/a', [DRAFT_2019, DRAFT_2020]],
    ['#', []],
    ['', []],
    ['#a', DRAFTS],
    ['a', DRAFTS],
  ])('%j', (name, expected) => {
    expect(DRAFTS.filter(it => refused(it, name))).toEqual(expected)
  })
})
