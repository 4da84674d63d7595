/** What the API server says of definitions of custom resources, in its words. */
import { describe, expect, test } from 'vitest'
import { checkObject } from '../../../src/kube/api/verdict.ts'
import type { Json } from '../../../src/yaml/json.ts'

type Keyed = { readonly [key: string]: Json }

const version = (schema: Json, more: object = {}): Json => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  ...more,
})

const definition = (versions: readonly Json[], spec: object = {}, metadata: object = {}): Json => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.t.example.com', ...metadata },
  spec: {
    group: 't.example.com',
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing' },
    versions,
    ...spec,
  },
})

const judge = (object: Json, minor = 36, old?: Json) =>
  checkObject(object, { minor, ...(old !== undefined && { old: old as Keyed }) })!

const causes = (...of: Parameters<typeof judge>): string[] =>
  judge(...of).causes.map(it => `${it.field}: ${it.message}`)

/** Causes of a schema for `spec.a`, by their places below it. */
const ofField = (schema: Json): string[] =>
  causes(definition([version({ type: 'object', properties: { a: schema } })])).map(it =>
    it.replace('spec.validation.openAPIV3Schema.properties[a]', 'a'),
  )

const ANY: Json = { type: 'object' }
const LABEL =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"

describe('spec', () => {
  test.each<readonly [name: string, spec: object, causes: readonly string[]]>([
    ['as it should be', {}, []],
    ['no scope', { scope: '' }, ['spec.scope: Required value']],
    [
      'a scope',
      { scope: 'cluster' },
      ['spec.scope: Unsupported value: "cluster": supported values: "Cluster", "Namespaced"'],
    ],
    [
      'names are made of the kind',
      { names: { plural: 'things', kind: 'Th_' } },
      ['singular', 'kind', 'listKind'].map(it => {
        const value = { singular: 'th_', kind: 'Th_', listKind: 'Th_List' }[it]
        const mixed = it === 'singular' ? '' : 'may have mixed case, but should otherwise match: '
        return `spec.names.${it}: Invalid value: "${value}": ${mixed}${LABEL}`
      }),
    ],
    [
      'a webhook without address',
      {
        conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v2'], clientConfig: {} } },
      },
      [
        'spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required',
        'spec.conversion.conversionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1',
      ],
    ],
    [
      'a webhook that is not asked',
      { conversion: { strategy: 'None', webhook: { conversionReviewVersions: ['v1'] } } },
      [
        'spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook',
      ],
    ],
  ])('%s', (_, spec, expected) => {
    expect(causes(definition([version(ANY)], spec))).toEqual(expected)
  })

  test('groups of the community are approved', () => {
    const of = (approval: string): string[] =>
      causes(
        definition(
          [version(ANY)],
          { group: 't.k8s.io' },
          { name: 'things.t.k8s.io', annotations: { 'api-approved.kubernetes.io': approval } },
        ),
      ).map(it => it.replace(/: protected.*/, ''))
    expect(of('https://example.com/1')).toEqual([])
    expect(of('unapproved, for a test')).toEqual([])
    expect(of('')).toEqual(['metadata.annotations[api-approved.kubernetes.io]: Required value'])
    expect(of('yes')).toEqual(['metadata.annotations[api-approved.kubernetes.io]: Invalid value: "yes"'])
  })
})

describe('versions', () => {
  const scale = { scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.spec.n' } }
  const other = (more: object): Json => version(ANY, { name: 'v2', storage: false, ...more })

  test('what all share stands at the top, what one has at its place', () => {
    const cause =
      'subresources.scale.statusReplicasPath: Invalid value: ".spec.n": should be a json path under .status'
    expect(causes(definition([version(ANY, { subresources: scale })]))).toEqual([`spec.${cause}`])
    expect(
      causes(definition([version(ANY, { subresources: scale }), other({ subresources: scale })])),
    ).toEqual([`spec.${cause}`])
    expect(causes(definition([version(ANY), other({ subresources: scale })]))).toEqual([
      `spec.versions[1].${cause}`,
    ])
  })

  test('their causes lead to the first version', () => {
    const { causes } = judge(definition([version({ type: 'array' })]))
    expect(causes.map(it => it.path.join('.'))).toContain('spec.versions.0.schema.openAPIV3Schema.items')
  })

  test('two that are stored', () => {
    expect(
      causes(definition([version(ANY), other({ storage: true })])).map(it => it.replace(/\[\{.*\]:/, '…:')),
    ).toEqual([
      'spec.versions: Invalid value: …: must have exactly one version marked as storage version',
      'status.storedVersions: Invalid value: ["v1"]: must have the storage version v2',
    ])
  })

  test.each<readonly [name: string, more: object, causes: readonly string[]]>([
    [
      'a warning of a live version',
      { deprecationWarning: 'x' },
      ['spec.versions[0].deprecationWarning: Invalid value: "x": can only be set for deprecated versions'],
    ],
    [
      'a column',
      { additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: 'a' }] },
      [
        'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
        'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "a": must be a simple json path starting with .',
      ],
    ],
    [
      'a field that is none',
      { selectableFields: [{ jsonPath: '.spec' }] },
      [
        'spec.selectableFields[0].jsonPath: Invalid value: ".spec": is an invalid path: does not refer to a valid field',
      ],
    ],
  ])('%s', (_, more, expected) => {
    expect(causes(definition([version(ANY, more)]))).toEqual(expected)
  })

  test('little may stand around a status that is a subresource', () => {
    const status = { subresources: { status: {} } }
    expect(causes(definition([version({ ...(ANY as object), description: 'a' }, status)]))).toEqual([])
    const [cause] = causes(definition([version({ ...(ANY as object), maxProperties: 1 }, status)]))
    expect(cause).toMatch(
      /^spec\.validation\.openAPIV3Schema: Invalid value: \{"ID":"",.*"MaxProperties":1,.*are allowed/,
    )
  })
})

describe('schemas', () => {
  test.each<readonly [name: string, schema: Json, causes: readonly string[]]>([
    ['no type', {}, ['a.type: Required value: must not be empty for specified object fields']],
    [
      'another type',
      { type: 'float' },
      [
        'a.type: Unsupported value: "float": supported values: "array", "boolean", "integer", "number", "object", "string"',
      ],
    ],
    ['no items', { type: 'array' }, ['a.items: Required value: must be specified']],
    [
      'fields of both kinds',
      { type: 'object', properties: { b: ANY }, additionalProperties: ANY },
      ['a.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive'],
    ],
    [
      'types below alternatives',
      { type: 'string', anyOf: [{ type: 'string' }] },
      ['a.anyOf[0].type: Forbidden: must be empty to be structural'],
    ],
    [
      'but those of int-or-string',
      { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
      [],
    ],
    [
      'a pattern',
      { type: 'string', pattern: '(' },
      [
        'a.pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(`',
      ],
    ],
    ['a reference', { $ref: '#/b' }, ['a.$ref: Forbidden: $ref is not supported']],
    [
      'a set of objects that are merged',
      { type: 'array', 'x-kubernetes-list-type': 'set', items: ANY },
      [
        'a.items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
      ],
    ],
    [
      'a key that may be absent',
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['b'],
        items: { type: 'object', properties: { b: { type: 'string' } } },
      },
      [
        'a.items.properties[b].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      ],
    ],
    [
      'an embedded object without fields',
      { type: 'object', 'x-kubernetes-embedded-resource': true },
      [
        'a.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ],
    ],
    [
      'a rule without expression',
      { type: 'object', 'x-kubernetes-validations': [{ rule: ' ', fieldPath: '.b' }] },
      [
        'a.x-kubernetes-validations[0].rule: Required value: rule is not specified',
        'a.x-kubernetes-validations[0].fieldPath: Invalid value: ".b": must be a valid path',
      ],
    ],
    [
      'hostile names',
      {
        type: 'object',
        properties: JSON.parse('{"__proto__": {}, "constructor": {"type": "string"}}') as Json,
      },
      ['a.properties[__proto__].type: Required value: must not be empty for specified object fields'],
    ],
  ])('%s', (_, schema, expected) => {
    expect(ofField(schema)).toEqual(expected)
  })

  test('fields that only a branch names, which is looked at from the root alone', () => {
    const branch = { oneOf: [{ properties: { b: { minimum: 1 } } }] }
    expect(ofField({ type: 'object', ...branch })).toEqual([])
    expect(causes(definition([version({ type: 'object', ...branch })]))).toEqual([
      'spec.validation.openAPIV3Schema.properties[b]: Required value: because it is defined in spec.validation.openAPIV3Schema.oneOf[0].properties[b]',
    ])
  })

  test('only names of the metadata may be restricted', () => {
    const metadata = (properties: Json): string[] =>
      causes(
        definition([version({ type: 'object', properties: { metadata: { type: 'object', properties } } })]),
      )
    expect(metadata({ name: { type: 'string', maxLength: 5 } })).toEqual([])
    expect(metadata({ labels: { type: 'object' } })).toEqual([
      'spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ])
  })

  test('what cannot be converted is said when nothing better is', () => {
    expect(causes(definition([version({ type: 'object', $schema: 'x' })]))).toEqual([
      `spec.validation.openAPIV3Schema: Invalid value: "": OpenAPIV3Schema 'schema' is not supported`,
    ])
  })
})

describe('defaults fit their schemas', () => {
  const embedded = {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
  }
  test.each<readonly [name: string, schema: Json, causes: readonly string[]]>([
    ['an int-or-string takes any default', { 'x-kubernetes-int-or-string': true, default: true }, []],
    [
      'metadata that is none',
      { ...embedded, default: { apiVersion: 'v1', kind: 'K', metadata: 'x' } },
      [
        'a.default.metadata: Invalid value: "x": json: cannot unmarshal string into Go value of type v1.ObjectMeta',
      ],
    ],
    [
      'a value',
      { type: 'integer', minimum: 2, default: 1 },
      ['a.default: Invalid value: 1:  in body should be greater than or equal to 2'],
    ],
    [
      'below',
      { type: 'object', default: { b: 1 }, properties: { b: { type: 'string' } } },
      ['a.default.b: Invalid value: "integer": b in body must be of type string: "integer"'],
    ],
    [
      'a field that would be dropped',
      { type: 'object', default: { c: 1 }, properties: { b: { type: 'string' } } },
      ['a.default: Invalid value: {"c":1}: must not have unknown fields'],
    ],
    [
      'defaults inside do not count',
      { type: 'object', default: {}, required: ['b'], properties: { b: { type: 'string', default: 'x' } } },
      ['a.default.b: Required value'],
    ],
    ['an object', { ...embedded, default: { kind: 'K' } }, ['a.default.apiVersion: Required value']],
    [
      'a name',
      {
        ...embedded,
        properties: {
          metadata: { type: 'object', properties: { name: { type: 'string', default: 'b/c' } } },
        },
      },
      [
        'a.properties[metadata].properties[name].default: Invalid value: "b/c": must result in valid metadata: metadata.name: Invalid value: "b/c": may not contain \'/\'',
      ],
    ],
  ])('%s', (_, schema, expected) => {
    expect(ofField(schema)).toEqual(expected)
  })
})

describe('updates', () => {
  const old = definition([version(ANY)])
  test.each<readonly [name: string, now: Json, causes: readonly string[]]>([
    [
      'the scope stays',
      definition([version(ANY)], { scope: 'Cluster' }),
      ['spec.scope: Invalid value: "Cluster": field is immutable'],
    ],
    [
      'so does a version that was stored',
      definition([version(ANY, { name: 'v2' })]),
      [
        'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions',
      ],
    ],
  ])('%s', (_, now, expected) => {
    expect(causes(now, 36, old)).toEqual(expected)
  })
})

/** Most schemas have few keywords and are judged in fewer steps; a null one more is as good as none to the server. */
describe('a null keyword changes nothing', () => {
  const withNull = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(withNull)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([name, it]) => [name, withNull(it)] as const)
    return { ...Object.fromEntries(entries), ...('type' in value && { externalDocs: null }) }
  }
  const inner: readonly Json[] = [
    { type: 'string', pattern: '(' },
    { type: 'text', format: 'x' },
    { type: 'null' },
    { type: '' },
    { type: 'array' },
    { type: 'array', items: [{ type: 'string' }, { type: 'y' }] },
    { type: 'array', items: { type: '', pattern: '[z-a]' } },
    { type: 'object', properties: { b: { type: '' }, c: { type: 'integer', default: 'd' }, e: null } },
    { type: 'object', additionalProperties: { type: 'string', pattern: '**' } },
    { type: 'string', nullable: true, title: 't', enum: ['a'], default: 'b' },
    { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { kind: { type: 'object' } } },
    { type: 'object', properties: { f: { type: 'array', items: { type: 'integer', default: 'g' } } } },
  ]
  const roots = inner.flatMap((it): readonly Json[] => [
    { type: 'object', properties: { a: it } },
    { type: 'object', properties: { metadata: it, a: { type: 'object', properties: { a: it } } } },
    { type: 'object', properties: { a: { type: 'array', items: it }, b: { type: 'object', allOf: [it] } } },
  ])
  test.each(roots.map(it => [JSON.stringify(it), it] as const))('%s', (_, root) => {
    const plain = judge(definition([version(root)]))
    const more = judge(definition([version(withNull(root))]))
    expect(plain.causes.length + plain.warnings.length).toBeGreaterThan(0)
    expect(more).toEqual(plain)
  })
})

test('a pattern is at fault wherever it stands', () => {
  const bad: Json = { type: 'string', pattern: '(?=a)' }
  const good: Json = { type: 'string', pattern: '^a$' }
  const places = ofField({ type: 'object', properties: { b: bad, c: good, d: bad } }).map(
    it => it.split(':')[0],
  )
  expect(places).toEqual(['a.properties[b].pattern', 'a.properties[d].pattern'])
})

test('formats that are not known warn', () => {
  const of = (schema: Json, minor: number): readonly string[] =>
    judge(definition([version({ type: 'object', properties: { a: schema } })]), minor).warnings
  expect(of({ type: 'string', format: 'x' }, 34)).toEqual(['unrecognized format "x"'])
  expect(of({ type: 'integer', format: 'x' }, 34)).toEqual([])
  expect(of({ type: 'integer', format: 'x' }, 36)).toEqual(['unrecognized format "x"'])
  expect(of({ type: 'string', format: 'k8s-short-name' }, 34)).toEqual([])
})
