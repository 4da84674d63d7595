import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { rules as allRules } from '../../rules/index.ts'
import { checkSchema } from '../../src/config/check-schema.ts'
import { buildConfigSchema } from '../../src/config/schema.ts'
import { generateConfigSchema } from '../../src/dev/gen/config-schema.ts'
import { atRoot } from '../../src/yaml/cursor.ts'
import type { Json, JsonObject } from '../../src/yaml/json.ts'
import { loadFullParser, parseSource } from '../../src/yaml/parse.ts'
import { rules, versions } from './load.ts'

const schema = buildConfigSchema(rules, versions)
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)
const full = await loadFullParser()

describe('our checker and a full JSON Schema validator agree', () => {
  test.each([
    '{}',
    'rules: { "*": off, schema-*: error }',
    'rules: { schema-*: { severity: error } }',
    'rules: { image-tag-mutable: { severity: error } }',
    'rules: { image-tag-mutable: { minimum: 3 } }',
    'rules: { image-tag-mutable: 3 }',
    'rules: { image-tag-mutable: null }',
    'rules: { replicas-below-minimum: { minimum: 1.5 } }',
    'rules: { replicas-below-minimum: { minimum: 3, kinds: [Deployment] } }',
    'rules: { replicas-below-minimum: { kinds: [1] } }',
    'presets: [strict, nope]',
    'presets: strict',
    'extends: []',
    'extends: [a, b]',
    'extends: { a: 1 }',
    'overrides: [{ rules: {} }]',
    'overrides: [{ files: [a, 1] }]',
    'overrides: [{ files: "" }]',
    'external: [{ kind: Secret, name: a, namespce: b }]',
    'closed: yes please',
    'closed: true',
    'charts: { shop: { values: [a.yaml], namespace: x } }',
    'charts: { shop: { value: [a.yaml] } }',
    'nodes: nodes.json',
    'nodes: [[a]]',
    'kubernetes: 1.30',
  ])('%s', text => {
    const [document] = parseSource({ id: 'plimsoll.yaml', text }, full)!
    const faults = checkSchema(atRoot(document!), schema, () => 'key')
    expect(faults.length === 0).toBe(validate(document!.value))
  })
})

/** Keywords that `checkSchema` acts on, and those that say nothing about values. */
const keywords = new Set([
  ...[
    'type',
    'enum',
    'anyOf',
    'items',
    'properties',
    'patternProperties',
    'additionalProperties',
    'required',
  ],
  ...['minimum', 'maximum', 'minLength', 'minItems', 'pattern', 'title', 'description', 'examples'],
])

describe('rules', () => {
  const listKeywords = (schema: Json): string[] => {
    if (typeof schema !== 'object' || schema === null) return []
    if (Array.isArray(schema)) return schema.flatMap(listKeywords)
    return Object.entries(schema).flatMap(([key, value]) => [
      key,
      ...(key === 'properties' ? Object.values(value as JsonObject).flatMap(listKeywords) : []),
      ...(key === 'items' ? listKeywords(value as Json) : []),
    ])
  }

  test('describe their options in keywords that are checked', () => {
    const unknown = allRules.flatMap(it =>
      listKeywords(it.options?.schema ?? {})
        .filter(keyword => !keywords.has(keyword))
        .map(keyword => `${it.id}: ${keyword}`),
    )
    expect(unknown).toEqual([])
  })

  test('and the published schema are of one mind; "npm run gen" makes them so', () => {
    for (const { path, text } of generateConfigSchema())
      expect(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')).toBe(text)
  })
})
