/** Values that pass without a compiled schema pass with one, too. */
import { describe, expect, test } from 'vitest'
import { dialectOf } from '../../src/helm/schema-dialect.ts'
import { passesSchema } from '../../src/helm/schema-pass.ts'
import { listBrokenPatterns } from '../../src/helm/schema-refusal.ts'
import type { Json } from '../../src/yaml/json.ts'

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#'
const DRAFTS = [undefined, DRAFT_07, 'https://json-schema.org/draft/2019-09/schema']

/** Nothing here shall be taken for a promise. */
const THEN = 'then'

const passes = (schema: unknown, values: Json): boolean => {
  const source = { id: 'values.schema.json', text: JSON.stringify(schema) }
  return passesSchema({ name: source.id, id: source.id, content: source }, values)
}

function compiledPasses(schema: object, values: Json): boolean {
  const { ajv, judge, own } = dialectOf(schema)
  if (!judge.validateSchema(own) || listBrokenPatterns(own).length > 0) return false
  return ajv.compile(own)(values) === true
}

describe('plain schemas', () => {
  const circle = {
    $defs: { a: { anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/$defs/a' } }] } },
  }
  test.each<[schema: object, good: Json, bad: Json]>([
    [{ type: 'string' }, 'x', 1],
    [{ type: 'integer' }, 1, 1.5],
    [{ type: 'number' }, 1.5, '1.5'],
    [{ type: 'boolean' }, false, null],
    [{ type: 'null' }, null, {}],
    [{ type: 'array' }, [], {}],
    [{ type: ['object', 'null'] }, null, []],
    [{ enum: ['a', 1, null] }, null, 'b'],
    [{ const: 'a' }, 'a', 'b'],
    [{ const: null }, null, 0],
    [{ required: ['a', 'toString'] }, { a: 1, toString: 1 }, { a: 1 }],
    [{ properties: { a: { type: 'string' } } }, { b: 1 }, { a: 1 }],
    [{ properties: { constructor: false } }, {}, { constructor: 1 }],
    [{ properties: { a: true }, additionalProperties: false }, { a: 1 }, { b: 1 }],
    [
      { patternProperties: { '^a': { type: 'string' } }, additionalProperties: { type: 'number' } },
      { ab: 'x', b: 1 },
      { ab: 1 },
    ],
    [{ minProperties: 1, maxProperties: 2 }, { a: 1 }, {}],
    [{ items: { type: 'string' } }, ['a'], ['a', 1]],
    [{ items: false }, [], [1]],
    [{ minItems: 1, maxItems: 2 }, [1], [1, 2, 3]],
    [{ uniqueItems: true }, ['1', 1, true, 'true', null, 1.5], ['a', 1, 'a']],
    [{ uniqueItems: false, items: { type: 'number' } }, [1, 1], ['a']],
    [{ minLength: 2, maxLength: 2 }, '😀😀', '😀'],
    [{ pattern: '^a+$' }, 'aa', 'ab'],
    [{ minimum: 1, maximum: 2 }, 2, 2.5],
    [{ exclusiveMinimum: 1, exclusiveMaximum: 2 }, 1.5, 1],
    [{ minimum: 1, minLength: 1, required: ['a'] }, null, ''],
    [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, 1, 3],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, null, 1],
    [{ oneOf: [{ minimum: 1 }, { maximum: 2 }] }, 3, 1.5],
    [{ not: { type: 'string' } }, 1, 'a'],
    [{ if: { type: 'string' }, [THEN]: { minLength: 1 }, else: { minimum: 1 } }, 'a', 0],
    [{ if: { type: 'string' }, [THEN]: { minLength: 1 } }, 0, ''],
    [{ properties: { a: { $ref: '#/$defs/b' } }, $defs: { b: { type: 'string' } } }, { a: '' }, { a: 1 }],
    [{ properties: { a: { $ref: '#/$defs/a' } }, ...circle }, { a: [['x']] }, { a: [[1]] }],
    [
      {
        properties: { a: { $ref: '#/definitions/b/c' } },
        definitions: { b: { c: { ...circle, items: { $ref: '#/$defs/a' } } } },
        ...circle,
      },
      { a: [] },
      { a: [1] },
    ],
    [{ title: 'A', description: 'b', default: {}, examples: [1], form: { x: [1] }, type: 'string' }, '', 1],
    [{ $id: 'https://example.com/a.json', type: 'string', nullable: true }, 'x', null],
  ])('%j', (body, good, bad) => {
    for (const $schema of DRAFTS) {
      const schema = $schema === undefined ? body : { $schema, ...body }
      const verdicts = [good, bad].map(it => [passes(schema, it), compiledPasses(schema, it)])
      expect(verdicts, $schema).toEqual([
        [true, true],
        [false, false],
      ])
    }
  })
})

test('nothing counts beside references of draft 7', () => {
  const schema = { $ref: '#/$defs/a', type: 'string', $defs: { a: { minimum: 1 } } }
  for (const $schema of DRAFTS) expect(passes({ ...schema, $schema }, 1), $schema).toBe($schema === DRAFT_07)
  expect(passes({ ...schema, $schema: DRAFT_07 }, 0)).toBe(false)
})

test('whether lists and maps are unique is left to the compiler, where the schema denies it, too', () => {
  for (const schema of [{ uniqueItems: true }, { not: { uniqueItems: true } }])
    for (const list of [
      [[1], [2]],
      [{}, 1],
      [[], []],
    ])
      expect(passes(schema, list)).toBe(false)
  expect(passes({ uniqueItems: true }, [{}])).toBe(true)
})

describe('left to the compiler, whatever the values', () => {
  test.each<object>([
    { type: 'text' },
    { type: [] },
    { required: 'a' },
    { required: ['a', 'a'] },
    { minLength: -1 },
    { properties: { a: { type: 1 } } },
    { properties: [] },
    { $defs: { a: 1 } },
    { items: [{}] },
    { allOf: [] },
    { pattern: '(' },
    { pattern: 'a(?=b)' },
    { patternProperties: { '(': {} } },
    { title: 1 },
    { $ref: '#/$defs/none' },
    { $ref: 'https://example.com/a.json' },
    { properties: { a: { $id: 'https://example.com/' } } },
    { form: { a: { $anchor: 'b' } } },
    { multipleOf: 2 },
    { dependentRequired: { a: ['b'] } },
    { enum: [[]] },
    { $schema: DRAFT_07, format: 'ipv4' },
    { $ref: '#/$defs/a/id', $defs: { a: { id: {} } } },
    { $ref: '#/$defs/a/b', $defs: { a: { $ref: '#/$defs/c', b: {} }, c: {} } },
    { form: { a: { $ref: '#/$defs/none' } } },
    { $schema: 'http://json-schema.org/draft-04/schema#', type: 'string' },
    { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' },
    { anyOf: Array.from({ length: 5000 }, () => true) },
  ])('%.60j', schema => expect(passes(schema, {})).toBe(false))

  /** No keywords of the newest draft: taken out of schemas before Ajv gets them. */
  const NONE = new Set(
    'additionalItems formatExclusiveMaximum formatExclusiveMinimum formatMaximum formatMinimum id nullable'.split(
      ' ',
    ),
  )

  test('what is no keyword means nothing to the compiler either', () => {
    for (const it of NONE) expect(compiledPasses({ [it]: [[]] }, {}), it).toBe(true)
  })

  test('every keyword that it knows and that is not known here', () => {
    const keywords = DRAFTS.flatMap($schema => {
      const { ajv } = dialectOf($schema === undefined ? {} : { $schema })
      return Object.keys(ajv.RULES.keywords)
    })
    expect(keywords).toContain('uniqueItems')
    // These may have such a value.
    const fine = 'default minimum maximum exclusiveMinimum exclusiveMaximum'.split(' ')
    const passing = keywords.filter(it => !fine.includes(it) && !NONE.has(it) && passes({ [it]: -1.5 }, {}))
    expect(passing).toEqual([])
  })

  test('each keyword that Ajv knows, wrongly used', () => {
    const drafts = [dialectOf({}), dialectOf({ $schema: DRAFT_07 })]
    const names = drafts.flatMap(({ ajv }) => Object.keys(ajv.RULES.keywords))
    // Those hold anything.
    const free = new Set(['default', 'examples'])
    const passing = names.filter(it => !free.has(it) && !NONE.has(it) && passes({ [it]: [[]] }, {}))
    expect(names.length).toBeGreaterThan(60)
    expect(passing).toEqual([])
  })

  test('what is none', () => {
    expect(passes([], {})).toBe(false)
    expect(passes('x', {})).toBe(false)
  })
})
