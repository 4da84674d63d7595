/** Three-valued lookups: contradiction, absence where the world is closed, and what is not known. */
import { describe, expect, test } from 'vitest'
import type { GraphInput } from '../../src/graph/build.ts'
import { matchesPattern } from '../../src/graph/existing.ts'
import { graphOf, lookUp, objects, resourcesOf } from './graph.ts'

interface Row {
  readonly why: string
  readonly have: readonly string[]
  readonly want: Readonly<Record<string, string>>
  readonly settings?: Partial<GraphInput>
}

const rows: readonly Row[] = [
  {
    why: 'siblings in the namespace make absence certain',
    have: ['shop/ConfigMap/web', 'billing/Secret/web'],
    want: {
      'shop/ConfigMap/web': 'found',
      'shop/ConfigMap/wbe': 'absent ?web',
      'shop/ConfigMap/other': 'absent',
      'shop/Secret/web': 'unknown',
      'billing/ConfigMap/web': 'unknown',
    },
  },
  {
    why: 'an unknown namespace equals another unknown one, and may be any known one',
    have: ['ConfigMap/free', 'shop/ConfigMap/placed'],
    want: {
      'ConfigMap/free': 'found',
      'ConfigMap/placed': 'unknown',
      'shop/ConfigMap/free': 'unknown',
      'ConfigMap/nobody': 'absent',
    },
  },
  {
    why: 'the namespace of the unit holds for what names none',
    have: ['ConfigMap/free', 'shop/ConfigMap/placed'],
    want: { 'shop/ConfigMap/free': 'found', 'shop/ConfigMap/nobody': 'absent' },
    settings: { namespace: 'shop' },
  },
  {
    why: 'a closed project has everything',
    have: [],
    want: {
      'shop/Secret/web': 'absent',
      'shop/Secret/ext-login': 'found',
      'billing/Secret/ext-login': 'absent',
      'StorageClass/fast': 'absent',
      'ClusterRole/system:node': 'found',
      'PriorityClass/system-node-critical': 'found',
    },
    settings: { closed: true, external: [{ kind: 'Secret', namespace: 'shop', name: 'ext-*' }] },
  },
  {
    why: 'a broken document may hold anything',
    have: ['shop/ConfigMap/web'],
    want: { 'shop/ConfigMap/web': 'found', 'shop/ConfigMap/other': 'unknown' },
    settings: { incomplete: ['a.yaml could not be read'], closed: true },
  },
  {
    why: 'what stands in another unit may be deployed beside',
    have: ['ConfigMap/web'],
    want: { 'ConfigMap/base': 'unknown', 'shop/ConfigMap/base': 'unknown', 'ConfigMap/nobody': 'absent' },
    settings: { backdrop: resourcesOf({ 'base/all.yaml': objects('ConfigMap/base') }) },
  },
  {
    why: 'clusters bring some kinds along, and their own namespaces',
    have: ['StorageClass/slow', 'ClusterRole/reader', 'kube-system/ConfigMap/web'],
    want: {
      'StorageClass/slow': 'found',
      'StorageClass/fast': 'unknown',
      'ClusterRole/writer': 'unknown',
      'kube-system/ConfigMap/other': 'unknown',
    },
  },
  {
    why: 'every namespace has these',
    have: ['shop/ConfigMap/web', 'shop/ServiceAccount/web'],
    want: {
      'shop/ConfigMap/kube-root-ca.crt': 'found',
      'shop/ServiceAccount/default': 'found',
      'shop/ServiceAccount/other': 'absent',
    },
  },
  {
    why: 'operators name what they make after their resource; descriptions make nothing',
    have: ['shop/Secret/web', 'shop/Cluster/orders', 'shop/ServiceMonitor/metrics'],
    want: {
      'shop/Secret/orders': 'unknown',
      'shop/Secret/orders-app': 'unknown',
      'shop/Secret/ordersapp': 'absent',
      'shop/Secret/metrics-login': 'absent',
    },
  },
]

test.each(rows)('$why', ({ have, want, settings }) => {
  const graph = graphOf(objects(...have), settings)
  const found = Object.fromEntries(Object.keys(want).map(it => [it, lookUp(graph, it)]))
  expect(found).toEqual(want)
})

test('a kind that moved to another group is the same object', () => {
  const graph = graphOf('apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: { name: web }\n')
  expect(lookUp(graph, 'Deployment/web')).toBe('found')
})

test('keys like those of objects are names like others', () => {
  const graph = graphOf(objects('shop/ConfigMap/__proto__', 'shop/ConfigMap/constructor'))
  expect(lookUp(graph, 'shop/ConfigMap/__proto__')).toBe('found')
  expect(lookUp(graph, 'shop/ConfigMap/toString')).toBe('absent')
  expect(graph.find({ group: '__proto__', kind: 'constructor', namespace: 'x', name: 'y' }).verdict).toBe(
    'unknown',
  )
})

test('of equal names the nearest folder is meant', () => {
  const resources = resourcesOf({
    'clusters/staging/a.yaml': objects('ConfigMap/web'),
    'clusters/production/a.yaml': objects('ConfigMap/web'),
    'clusters/production/b.yaml': objects('Deployment/web'),
  })
  const graph = graphOf(resources)
  const reference = { group: '', kind: 'ConfigMap', namespace: undefined, name: 'web' }
  const near = graph.find(reference, resources[2]).resources.map(it => it.document.source.id)
  expect(near).toEqual(['clusters/production/a.yaml'])
  expect(graph.find(reference).resources).toHaveLength(2)
  expect(graph.twinsOf(resources[0]!)).toHaveLength(2)
  expect(graph.twinsOf(resources[2]!)).toEqual([])
})

describe('patterns of external names', () => {
  test.each([
    ['web-tls', '*-tls', true],
    ['web-tls', 'web-*', true],
    ['web-tls', '*', true],
    ['web-tls', 'web-tls', true],
    ['a-b-c', 'a*b*c', true],
    ['ab', 'ab*b', false],
    ['web-tls', '*-tl', false],
    ['web.tls', 'web?tls', false],
    [`${'a'.repeat(5000)}c`, `${'a*'.repeat(200)}b`, false],
  ])('%s against %s: %s', (text, pattern, matches) => expect(matchesPattern(text, pattern)).toBe(matches))
})
