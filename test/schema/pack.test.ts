import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { packKinds } from '../../src/dev/gen/kinds.ts'
import { type MinorSource, type OpenApiSchema, readMinors } from '../../src/dev/gen/kubernetes-source.ts'
import { readDocuments } from '../../src/dev/gen/openapi-documents.ts'
import { packTypes } from '../../src/dev/gen/types.ts'
import { unpackMinors } from '../../src/dev/gen/unpack.ts'
import { parseField } from '../../src/kube/schema/link.ts'
import { formatRanges, isInRanges, toMinor } from '../../src/kube/schema/minors.ts'
import type {
  PackedCrdIndex,
  PackedCrds,
  PackedEnums,
  PackedKinds,
  PackedTypes,
} from '../../src/kube/schema/pack.ts'
import { buildSchemas } from '../../src/kube/schema/schemas.ts'
import { LAZY, OBJECT } from '../../src/kube/schema/type-graph.ts'
import { catalog } from './judge-yaml.ts'

const schemas = buildSchemas(catalog)
const types = catalog.readJson('schemas/kubernetes/types.json') as PackedTypes

describe('the packed minors', () => {
  test('fit into 150 KiB', () => {
    expect(statSync('schemas/kubernetes/types.json').size).toBeLessThanOrEqual(150 * 1024)
  })

  test('hold no prose', () => {
    for (const owned of Object.values(types.types))
      for (const text of Object.values(owned)) expect(text).not.toMatch(/[^\w:@.,|=![{$ -]/)
  })

  test.each(catalog.versions)('%s links wholly', version => {
    const linker = catalog.findLinker(version)!
    const minor = toMinor(version)!
    const kinds = catalog.listKinds().filter(it => it.isKnown(minor))
    expect(kinds.length).toBeGreaterThan(60)
    for (const it of kinds)
      expect(linker.findDefinition(it.definition), it.definition).toBeGreaterThanOrEqual(0)
    const { graph } = linker
    for (let type = 0; type < graph.count; type++) {
      if (graph.kinds[type] === LAZY) graph.link(type)
      for (const field of graph.fields[type] ?? [])
        expect(field.type, `${graph.names[type]}/${field.name}`).toBeGreaterThanOrEqual(0)
      if (graph.kinds[type] === OBJECT) expect(graph.names[type]).toBeDefined()
    }
  })

  test('closed sets are of fields that exist', () => {
    const enums = catalog.readJson('schemas/kubernetes/enums.json') as PackedEnums
    for (const key of Object.keys(enums)) {
      const [, name, type, field] = /^(.+)\.([^.]+)\/(.+)$/.exec(key)!
      const names = types.types[name!]?.[type!]?.split(' ').map(it => parseField(it)?.name)
      expect(names, key).toContain(field)
    }
  })

  test('every packed custom resource links', () => {
    const index = catalog.readJson('schemas/crds/index.json') as PackedCrdIndex
    for (const [group, kinds] of Object.entries(index)) {
      const packed = catalog.readJson(`schemas/crds/${group}.json`) as PackedCrds
      expect(packed.group).toBe(group)
      for (const [kind, text] of Object.entries(kinds)) {
        const [, , ...versions] = text.split(' ')
        for (const it of versions)
          expect(schemas.findType('1.36', `${group}/${it}`, kind), `${group}/${it} ${kind}`).toBeDefined()
      }
    }
    expect(readdirSync('schemas/crds').length).toBe(Object.keys(index).length + 2)
  })

  test('NOTICE names the origins', () => {
    expect(existsSync('NOTICE')).toBe(true)
    for (const group of Object.keys(catalog.readJson('schemas/crds/index.json') as PackedCrdIndex))
      expect(readFileSync('NOTICE', 'utf8')).toContain(group)
  })
})

describe('what is known about kinds', () => {
  test.each([
    [36, 'apps/v1', 'Deployment', true],
    [21, 'apps/v1', 'Deployment', false],
    [24, 'policy/v1beta1', 'PodSecurityPolicy', true],
    [25, 'policy/v1beta1', 'PodSecurityPolicy', false],
    [36, 'admissionregistration.k8s.io/v1alpha1', 'MutatingAdmissionPolicy', false],
  ])('1.%s serves %s %s: %s', (minor, apiVersion, kind, served) => {
    expect(catalog.findKind(apiVersion, kind)!.isServed(minor)).toBe(served)
  })

  test.each([
    ['v1', 'constructor'],
    ['__proto__', 'toString'],
  ])('%s %s is no kind', (apiVersion, kind) => expect(catalog.findKind(apiVersion, kind)).toBeUndefined())

  test('scope and plural, of removed kinds too', () => {
    expect(schemas.findScope('1.36', 'v1', 'Namespace')).toEqual({ namespaced: false, plural: 'namespaces' })
    expect(schemas.findScope('1.36', 'policy/v1beta1', 'PodSecurityPolicy')).toEqual({
      namespaced: false,
      plural: 'podsecuritypolicies',
    })
    expect(schemas.findScope('1.36', 'cert-manager.io/v1', 'ClusterIssuer')).toEqual({
      namespaced: false,
      plural: 'clusterissuers',
    })
    expect(schemas.findScope('1.36', 'example.com/v1', 'Thing')).toBeUndefined()
  })

  test('lifecycles', () => {
    expect(schemas.findLifecycle('extensions/v1beta1', 'Ingress')).toEqual({
      introduced: '1.1',
      deprecated: '1.14',
      removed: '1.22',
      replacement: 'networking.k8s.io/v1 Ingress',
    })
    expect(schemas.findComponentLifecycle('certmanager.k8s.io/v1alpha1', 'Certificate')?.component).toBe(
      'cert-manager',
    )
  })

  test.each([
    ['apps/v1', 'Deploymet', 'apps/v1 Deployment'],
    ['apps/v1', 'deployment', 'apps/v1 Deployment'],
    ['app/v1', 'Deployment', 'apps/v1 Deployment'],
    ['v1', 'Deployment', 'apps/v1 Deployment'],
    ['batch/v1beta1', 'CronJob', 'batch/v1 CronJob'],
    ['gateway.networking.k8s.io/v1', 'HttpRoute', 'gateway.networking.k8s.io/v1 HTTPRoute'],
    ['example.com/v1', 'Thing', undefined],
  ])('%s %s was meant to be %s', (apiVersion, kind, meant) => {
    const found = schemas.suggestApi('1.36', apiVersion, kind)
    expect(found && `${found.apiVersion} ${found.kind}`).toBe(meant)
  })
})

describe('ranges of minors', () => {
  const all = [23, 24, 25, 26]
  test.each([
    [[23, 24, 25, 26], ''],
    [[24, 25, 26], '24-'],
    [[23, 24], '-24'],
    [[23], '23'],
    [[24, 25], '24-25'],
    [[23, 26], '23,26-'],
  ])('%j', (some, text) => {
    expect(formatRanges(new Set(some), all, 26)).toBe(text)
    expect(all.filter(it => isInRanges(text, it))).toEqual(some)
  })
})

describe('packing', () => {
  const ref = (name: string): OpenApiSchema => ({ $ref: `#/components/schemas/${name}` })
  const source = (minor: number, properties: Record<string, OpenApiSchema>): MinorSource => ({
    minor,
    definitions: new Map<string, OpenApiSchema>([
      ['core.v1.Pod', { properties, required: ['a'] }],
      ['core.v1.Part', { properties: { key: { type: 'string', default: 'x' } } }],
      ['core.v1.Unused', { properties: {} }],
    ]),
    kinds: [{ apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, type: 'core.v1.Pod' }],
  })
  const sources = [
    source(30, { a: { type: 'string' }, b: { type: 'integer', format: 'int32' } }),
    source(31, {
      a: { type: 'string' },
      b: { type: 'integer', format: 'int64' },
      c: { allOf: [ref('io.k8s.apimachinery.pkg.apis.meta.v1.Time')] },
      d: {
        type: 'array',
        items: { allOf: [ref('io.k8s.api.core.v1.Part')], default: {} },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['key'],
      },
      e: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
    }),
  ]

  test('writes each field once, with the minors that have it', () => {
    expect(packTypes(sources)).toEqual({
      minors: ['1.30', '1.31'],
      types: { 'core.v1': { Part: 'key:s', Pod: 'a:s! b:i@30 b:l@31- c:t@31- d:[key=x|Part@31- e:{[s@31-' } },
    })
  })

  test('writes kinds with plural and scope', () => {
    const served = { minors: { '1.30': { served: [] }, '1.31': { served: ['v1'] } } }
    expect(packKinds(sources, served, undefined).apis).toEqual({
      v1: { package: 'core.v1', served: '31-', kinds: { Pod: 'pods N' } },
    })
  })

  test('reads documents as Kubernetes publishes them', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-gen-'))
    try {
      const below = path.join(folder, 'openapi-v3', '1.31', 'api')
      mkdirSync(below, { recursive: true })
      const gvk = { group: '', version: 'v1', kind: 'Pod' }
      const operation = { 'x-kubernetes-group-version-kind': gvk }
      writeFileSync(
        path.join(below, 'v1.json'),
        JSON.stringify({
          components: {
            schemas: {
              'io.k8s.api.core.v1.Pod': {
                description: 'Prose. It stays behind.',
                properties: { a: { type: 'string', description: 'More of it.' } },
                'x-kubernetes-group-version-kind': [gvk],
              },
            },
          },
          paths: {
            '/api/v1/namespaces/{namespace}/pods': { get: operation, post: operation },
            '/api/v1/namespaces/{namespace}/pods/{name}/exec': { post: operation },
            '/api/v1/pods': { get: operation },
          },
        }),
      )
      const read = readMinors(folder, readDocuments)
      expect(packTypes(read).types).toEqual({ 'core.v1': { Pod: 'a:s' } })
      expect(packKinds(read, undefined, undefined).apis).toEqual({
        v1: { package: 'core.v1', served: '', kinds: { Pod: 'pods N' } },
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('what is packed can be unpacked, so that a minor is added without the documents of the others', () => {
    const kinds = catalog.readJson('schemas/kubernetes/kinds.json') as PackedKinds
    const unpacked = unpackMinors(types, kinds)
    expect(packTypes(unpacked)).toEqual(types)
    expect(packKinds(unpacked, undefined, kinds)).toEqual(kinds)
  })
})
