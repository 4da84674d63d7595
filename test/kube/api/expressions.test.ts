/** Expressions of CEL in built-in kinds: what does not compile, or comes to the wrong type, is refused. */
import { describe, expect, test } from 'vitest'
import { openScope } from '../../../src/kube/api/compile-expressions.ts'
import type { ExpressionUse, ScopeOptions } from '../../../src/kube/api/expressions.ts'
import type { Obj } from '../../../src/kube/api/object.ts'
import { checkObject } from '../../../src/kube/api/verdict.ts'

/** The first line of what is wrong. */
const faultOf = (source: string, use: ExpressionUse, more: Omit<ScopeOptions, 'minor'> = {}, minor = 36) =>
  openScope({ minor, ...more })
    .check(source, use)
    ?.split('\n')[0]

const undeclared = (name: string, column = 1): string =>
  `compilation failed: ERROR: <input>:1:${column}: undeclared reference to '${name}' (in container '')`

describe('what an expression may name', () => {
  test.each<readonly [use: ExpressionUse, source: string, fault: string | undefined]>([
    ['validation', 'object.spec.replicas > oldObject.spec.replicas', undefined],
    ['validation', "request.userInfo.groups.exists(it, it == 'system:masters')", undefined],
    ['validation', "namespaceObject.metadata.labels['env'] == 'prod'", undefined],
    ['validation', "authorizer.group('apps').resource('deployments').check('create').allowed()", undefined],
    ['validation', "authorizer.requestResource.check('create').errored()", undefined],
    ['validation', 'foo', undeclared('foo')],
    ['validation', 'params.x == 1', undeclared('params')],
    ['validation', 'variables.x', undeclared('variables')],
    ['validation', "request.bogus == ''", "compilation failed: ERROR: <input>:1:8: undefined field 'bogus'"],
    ['message', "authorizer.path('/x').check('get').reason()", undeclared('authorizer')],
    ['device', "device.driver == 'a' && device.allowMultipleAllocations", undefined],
    ['device', "cel.bind(a, device.attributes['x'], a.b == 1)", undefined],
    ['device', 'device.x', "compilation failed: ERROR: <input>:1:7: undefined field 'x'"],
    ['device', 'object', undeclared('object')],
  ])('%s: %s', (use, source, fault) => expect(faultOf(source, use)).toBe(fault))

  test('parameters where the policy has some', () =>
    expect(faultOf('params.x == 1', 'validation', { params: 'present' })).toBeUndefined())

  test('variables in their order, with their types', () => {
    const scope = openScope({ minor: 36, variables: 'present' })
    expect(scope.declare('a', 'object.x')).toBeUndefined()
    expect(scope.declare('b', "variables.a + ['x']")).toBeUndefined()
    expect(scope.declare('c', 'size(object.y)')).toBeUndefined()
    expect(scope.declare('d', "variables.c + 'x'")).toContain('found no matching overload')
    expect(scope.check('variables.c > 1', 'validation')).toBeUndefined()
    expect(scope.check('variables.e', 'validation')).toContain("undefined field 'e'")
    expect(scope.check('variables.c > 1', 'match')).toContain('undeclared reference')
  })
})

describe('what an expression must come to', () => {
  test.each<readonly [use: ExpressionUse, source: string, fault: string | undefined]>([
    ['validation', '1 + 1', 'must evaluate to bool but got int'],
    ['validation', 'object.x', 'must evaluate to bool but got dyn'],
    ['match', "'x'", 'must evaluate to bool but got string'],
    ['message', '1', 'must evaluate to string but got int'],
    ['audit', '1', 'must evaluate to one of [string null_type] but got int'],
    ['audit', 'null', undefined],
    ['variable', '[1]', undefined],
    ['apply', "'x'", 'must evaluate to Object but got string'],
    ['apply', "Object{metadata: Object.metadata{labels: {'a': 'b'}}}", undefined],
    ['apply', 'object{metadata: 1}', "compilation failed: ERROR: <input>:1:7: 'dyn' is not a type"],
    ['json-patch', "[JSONPatch{op: 'add', path: '/a/' + jsonpatch.escapeKey('b/c'), value: 1}]", undefined],
    ['json-patch', '[]', 'must evaluate to list(JSONPatch) but got list(dyn)'],
    ['device', '1', 'must evaluate to bool or the unknown type, not int'],
    ['device', "device.attributes['a'].b", undefined],
  ])('%s: %s', (use, source, fault) => expect(faultOf(source, use)).toBe(fault))

  test('literals of objects are for mutations alone', () =>
    expect(faultOf('Object{} == Object{}', 'validation')).toContain("undeclared reference to 'Object'"))
})

describe('where expressions stand', () => {
  const rule = { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE'], resources: ['*'] }
  const causes = (object: Obj): readonly string[] =>
    checkObject(object, { minor: 36, openScope })!.causes.map(
      it => `${it.field}: ${it.message.split('\n')[0]}`,
    )
  const broken = `Invalid value: "foo": ${undeclared('foo')}`

  test('policies', () => {
    const spec = {
      matchConstraints: { resourceRules: [rule] },
      matchConditions: [{ name: 'm', expression: 'foo' }],
      variables: [{ name: 'v', expression: 'foo' }],
      validations: [{ expression: 'foo', messageExpression: 'foo' }],
      auditAnnotations: [{ key: 'k', valueExpression: 'foo' }],
    }
    const policy = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy' }
    expect(causes({ ...policy, metadata: { name: 'p' }, spec })).toEqual([
      `spec.matchConditions[0].expression: ${broken}`,
      `spec.variables[0].expression: ${broken}`,
      `spec.validations[0].expression: ${broken}`,
      `spec.validations[0].messageExpression: ${broken}`,
      `spec.auditAnnotations[0].valueExpression: ${broken}`,
    ])
  })

  test('selectors of devices', () => {
    const spec = { selectors: [{ cel: { expression: 'foo' } }] }
    expect(
      causes({ apiVersion: 'resource.k8s.io/v1', kind: 'DeviceClass', metadata: { name: 'd' }, spec }),
    ).toEqual([`spec.selectors[0].cel.expression: ${broken}`])
  })

  test('without the engine they are not looked at', () => {
    const spec = { selectors: [{ cel: { expression: 'foo' } }] }
    const object = { apiVersion: 'resource.k8s.io/v1', kind: 'DeviceClass', metadata: { name: 'd' }, spec }
    expect(checkObject(object, { minor: 36 })!.causes).toEqual([])
  })
})
