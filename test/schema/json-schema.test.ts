import { describe, expect, test } from 'vitest'
import { compileJsonSchema, listReferences } from '../../src/kube/schema/json-schema.ts'
import { expandLocation, parseLocation } from '../../src/kube/schema/location.ts'
import { pathBetween } from '../../src/kube/schema/problem.ts'
import { formatPath, type Json } from '../../src/yaml/json.ts'
import { parse } from './judge-yaml.ts'

describe('schema locations', () => {
  const expand = (template: string, apiVersion: string, kind: string): string => {
    const location = parseLocation(template)
    if (typeof location === 'string') throw new Error(location)
    return expandLocation(location, { version: '1.36', apiVersion, kind, mode: 'strict' })
  }

  test.each([
    ['schemas', 'apps/v1', 'Deployment', 'schemas/v1.36.0-standalone-strict/deployment-apps-v1.json'],
    ['schemas/', 'v1', 'Pod', 'schemas/v1.36.0-standalone-strict/pod-v1.json'],
    [
      'schemas/{{ .Group }}/{{.ResourceKind}}_{{- .ResourceAPIVersion -}}.json',
      'monitoring.coreos.com/v1',
      'ServiceMonitor',
      'schemas/monitoring.coreos.com/servicemonitor_v1.json',
    ],
    ['{{ .Group }}/{{ .ResourceAPIVersion }}{{ .KindSuffix }}.json', 'v1', 'Pod', 'v1/v1-v1.json'],
    [
      '{{ .ResourceKind }}{{ .KindSuffix }}.json',
      'networking.k8s.io/v1',
      'Ingress',
      'ingress-networking-v1.json',
    ],
  ])('%s for %s %s', (template, apiVersion, kind, path) => {
    expect(expand(template, apiVersion, kind)).toBe(path)
  })

  test('a variable that does not exist is told', () => {
    expect(parseLocation('foo {{ .Foo }}')).toContain('".Foo"')
    expect(parseLocation('foo {{ .Group.json')).toContain('without "}}"')
  })
})

describe("users' JSON Schemas", () => {
  const judge = (schema: Json, text: string, others: ReadonlyMap<string, Json> = new Map()): string[] => {
    const compiled = compileJsonSchema('schemas/thing.json', schema, others)
    if (typeof compiled === 'string') return [compiled]
    const { table } = parse(text)
    return compiled
      .validate(table, 0)
      .map(
        it =>
          `${it.code} ${formatPath(pathBetween(table, 0, it.node))}${it.code === 'required' ? `>${it.field}` : ''}`,
      )
  }
  const schema = {
    type: 'object',
    required: ['kind'],
    additionalProperties: false,
    properties: {
      kind: { type: 'string', enum: ['Thing'] },
      size: { type: 'integer', minimum: 1, exclusiveMinimum: true },
      names: { type: 'array', uniqueItems: true, items: { type: 'string', pattern: '^[a-z]+$' } },
      every: { format: 'duration' },
    },
  }

  test('problems at nodes', () => {
    expect(judge(schema, 'kind: Thing\nsize: 2\nnames: [a, b]\nevery: 5m')).toEqual([])
    expect(judge(schema, 'size: 1\nnames: [A, 0x]\nextra: 1\nevery: soon')).toEqual([
      'required >kind',
      'unknown-field extra',
      'range size',
      'pattern names[0]',
      'pattern names[1]',
      'format every',
    ])
  })

  test('references are looked up among the given texts', () => {
    const root = { properties: { a: { $ref: '_definitions.json#/definitions/text' } } }
    expect(listReferences(root, 'schemas/v1/thing.json')).toEqual(['schemas/v1/_definitions.json'])
    const others = new Map<string, Json>([
      ['schemas/_definitions.json', { definitions: { text: { type: 'string' } } }],
    ])
    expect(judge(root, 'a: 1', others)).toEqual(['type a'])
    expect(judge(root, 'a: 1')[0]).toContain('does not compile')
  })

  test('the dialect is that of $schema', () => {
    const modern = { $schema: 'https://json-schema.org/draft/2020-12/schema', exclusiveMinimum: 1 }
    expect(judge(modern, '1')).toEqual(['range '])
    expect(judge({ $schema: 'http://json-schema.org/draft-07/schema#', const: 2 }, '1')).toEqual(['enum '])
  })

  test('a hostile pattern ends', () => {
    expect(judge({ pattern: '^(a+)+$' }, `${'a'.repeat(3000)}!`)).toEqual(['pattern '])
  })
})
