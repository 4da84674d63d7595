/** The walker over the node table against ajv, on documents and schemas where both mean the same. */
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../src/yaml/json.ts'
import { judgeSpec } from './judge-yaml.ts'

type Schema = { readonly [keyword: string]: Json }

const NAMES = ['a', 'b', 'c', 'd'] as const
const TEXTS = ['', 'x', 'xx', 'xyz', 'zzzz', '1', 'a-b'] as const
const PATTERNS = ['^x', 'z$', '^[a-z]+$', '[0-9]', '^(x|xx)$'] as const

/** Nulls and defaults are left out: JSON Schema knows no absent nulls, and ajv no defaults in branches. */
const scalarSchema: fc.Arbitrary<Schema> = fc.oneof(
  fc.record(
    {
      type: fc.constant('string'),
      minLength: fc.integer({ min: 0, max: 2 }),
      maxLength: fc.integer({ min: 1, max: 4 }),
      pattern: fc.constantFrom(...PATTERNS),
    },
    { requiredKeys: ['type'] },
  ),
  fc.record({ type: fc.constant('string'), enum: fc.subarray([...TEXTS], { minLength: 1 }) }),
  fc.record(
    {
      type: fc.constantFrom('integer', 'number'),
      minimum: fc.integer({ min: -2, max: 2 }),
      maximum: fc.integer({ min: 0, max: 4 }),
    },
    { requiredKeys: ['type'] },
  ),
  fc.constant({ type: 'boolean' }),
)

const schema: fc.Arbitrary<Schema> = fc.letrec<{ node: Schema }>(tie => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalarSchema,
    fc.record(
      {
        type: fc.constant('array'),
        items: tie('node'),
        minItems: fc.integer({ min: 0, max: 1 }),
        maxItems: fc.integer({ min: 1, max: 2 }),
      },
      { requiredKeys: ['type', 'items'] },
    ),
    fc
      .record(
        {
          properties: fc.dictionary(fc.constantFrom(...NAMES), tie('node'), { maxKeys: 3 }),
          required: fc.subarray([...NAMES], { maxLength: 2 }),
          oneOf: fc.array(fc.record({ required: fc.subarray([...NAMES], { minLength: 1, maxLength: 2 }) }), {
            minLength: 1,
            maxLength: 2,
          }),
          not: fc.record({ required: fc.subarray([...NAMES], { minLength: 1, maxLength: 2 }) }),
          minProperties: fc.integer({ min: 0, max: 2 }),
        },
        { requiredKeys: ['properties'] },
      )
      .map(it => ({ type: 'object', ...it })),
    fc.record({ type: fc.constant('object'), additionalProperties: tie('node') }),
  ),
})).node

const value: fc.Arbitrary<Json> = fc.letrec<{ node: Json }>(tie => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(...TEXTS),
    fc.constantFrom<Json>(-3, 0, 1, 2, 5, 0.5, true, false),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('node'), { maxKeys: 3 }),
  ),
})).node

/** A value that mostly fits, so that the deep parts of schemas are reached too. */
function fitting(node: Schema): fc.Arbitrary<Json> {
  const other = { arbitrary: value, weight: 1 }
  const near = (arbitrary: fc.Arbitrary<Json>) => fc.oneof({ arbitrary, weight: 12 }, other)
  if (node.enum) return near(fc.constantFrom(...(node.enum as readonly Json[])))
  switch (node.type) {
    case 'string':
      return near(fc.constantFrom(...TEXTS))
    case 'boolean':
      return near(fc.boolean())
    case 'array':
      return near(fc.array(fitting(node.items as Schema), { maxLength: 2 }))
    case 'object': {
      const { properties, additionalProperties } = node
      if (additionalProperties)
        return near(
          fc.dictionary(fc.constantFrom(...NAMES), fitting(additionalProperties as Schema), { maxKeys: 2 }),
        )
      const fields = Object.entries(properties as { readonly [name: string]: Schema })
      const present = fields.map(([name, it]) => [name, fitting(it)] as const)
      return near(fc.record(Object.fromEntries(present), { requiredKeys: [] }) as fc.Arbitrary<Json>)
    }
    default:
      return near(fc.constantFrom(-1, 0, 1, 2, 3))
  }
}

/** Unknown fields are refused by strict decoding; JSON Schema has to be told. */
function close(node: Schema): Schema {
  const { properties, items, additionalProperties } = node
  return {
    ...node,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, it]) => [name, close(it as Schema)]),
      ),
      additionalProperties: false,
    }),
    ...(items && { items: close(items as Schema) }),
    ...(additionalProperties && { additionalProperties: close(additionalProperties as Schema) }),
  }
}

const wholeCase = schema.chain(node => fc.tuple(fc.constant(node), fc.array(fitting(node), { minLength: 6 })))

test('the same documents pass', () => {
  const verdicts = { valid: 0, invalid: 0 }
  fc.assert(
    fc.property(wholeCase, ([node, specs]) => {
      const validate = new Ajv({ strict: false, logger: false, meta: false, validateSchema: false }).compile(
        close(node),
      )
      for (const spec of specs) {
        const expected = validate(spec)
        verdicts[expected ? 'valid' : 'invalid']++
        const problems = judgeSpec(node, JSON.stringify(spec))
        expect(problems.length === 0, `${JSON.stringify(spec)}: ${problems.join(', ')}`).toBe(expected)
      }
    }),
    { numRuns: 60, seed: 20_261 },
  )
  // Neither side is a trifle.
  expect(verdicts.valid).toBeGreaterThan(100)
  expect(verdicts.invalid).toBeGreaterThan(100)
})
