import { describe, expect, test } from 'vitest'
import { explain } from '../../src/kube/schema/explain.ts'
import { buildSchemas } from '../../src/kube/schema/schemas.ts'
import { catalog } from './judge-yaml.ts'

const schemas = buildSchemas(catalog)

describe('what a schema says about a path', () => {
  const deployment = schemas.findType('1.36', 'apps/v1', 'Deployment')!
  const gateway = schemas.findType('1.36', 'gateway.networking.k8s.io/v1', 'Gateway')!

  test('fields of a built-in type', () => {
    const explained = explain(deployment, ['spec', 'template', 'spec', 'containers', 3])!
    expect(explained.definition).toBe('core.v1.Container')
    expect(explained.fields).toContainEqual({ name: 'env', type: 'list of maps', required: false })
    expect(explained.fields).toContainEqual({ name: 'name', type: 'string', required: true })
  })

  test('values of a closed set', () => {
    const path = ['spec', 'template', 'spec', 'containers', 0, 'imagePullPolicy']
    expect(explain(deployment, path)!.values).toEqual(['Always', 'IfNotPresent', 'Never'])
  })

  test.each([
    [['metadata', 'labels'], 'map of strings'],
    [['metadata', 'labels', 'any'], 'string'],
    [['spec', 'replicas'], 'integer (32 bits)'],
    [['spec', 'template', 'spec', 'containers', 0, 'resources', 'limits'], 'map of quantities'],
  ])('%j is a %s', (path, type) => {
    expect(explain(deployment, path)!.type).toBe(type)
  })

  test.each([[['spec', 'nope']], [['spec', 'replicas', 'x']], [['spec', 0]]])('%j is unknown', path => {
    expect(explain(deployment, path)).toBeUndefined()
  })

  test('custom resources', () => {
    const { fields } = explain(gateway, ['spec', 'listeners', 0])!
    expect(fields).toContainEqual({ name: 'port', type: 'integer', required: true })
    expect(explain(gateway, ['metadata'])!.fields.map(it => it.name)).toContain('labels')
    expect(explain(gateway, ['spec', 'listeners', 0, 'allowedRoutes', 'namespaces', 'from'])!.default).toBe(
      'Same',
    )
  })
})
