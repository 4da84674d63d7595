/** How much work schemas make, reckoned before they are compiled. */
import { describe, expect, test } from 'vitest'
import { isTooMuchWork } from '../../src/helm/schema-work.ts'
import type { Json } from '../../src/yaml/json.ts'

const nest = (depth: number, inner: Json): Json => (depth === 0 ? inner : { a: nest(depth - 1, inner) })

describe('too much', () => {
  const double = (part: object) => ({ allOf: [part, part] })
  test.each<[string, object, Json]>([
    ['itself', { $ref: '#' }, 1],
    [
      'itself, by an escaped pointer',
      { $defs: { 'a/b': { $ref: '#/$defs/a~1b' } }, $ref: '#/$defs/a~1b' },
      1,
    ],
    ['itself, by its name', { $id: 'https://example.com/a.json', not: { $ref: 'a.json' } }, 1],
    ['each level twice', { properties: { a: double({ $ref: '#' }) } }, nest(30, 'x')],
    ['each pattern', { patternProperties: { a: { $ref: '#' }, '^a': { $ref: '#' } } }, nest(30, 'x')],
    ['each item with each', { uniqueItems: true }, Array.from({ length: 5000 }, (_, i) => ({ i }))],
    [
      'each item of lists',
      { items: double(double({ $ref: '#' })) },
      JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`),
    ],
  ])('%s', (_, schema, values) => expect(isTooMuchWork(schema, values)).toBe(true))
})

test.each<[string, object, Json]>([
  [
    'each value by several',
    { properties: { a: { $ref: '#' } }, propertyNames: { minLength: 1 } },
    nest(9, 'x'),
  ],
  ['a schema elsewhere', { $ref: 'https://example.com/b.json' }, {}],
  ['a tree of itself', { properties: { a: { $ref: '#' } } }, nest(200, 'x')],
  [
    'many keys',
    { additionalProperties: { type: 'string' } },
    Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [i, 'x'])),
  ],
])('not too much: %s', (_, schema, values) => expect(isTooMuchWork(schema, values)).toBe(false))
