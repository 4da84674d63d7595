import { describe, expect, test } from 'vitest'
import { judge, judgeProblems } from './judge-yaml.ts'

const pod = (spec: string, metadata = '{name: a}'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: ${metadata}\nspec: {containers: [{name: c, image: i, ${spec}}]}\n`
const configMap = (rest: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${rest}\n`
const deployment = (spec: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: ${spec}\n`

const C = 'spec.containers[0]'

describe('fields, types and formats of built-in kinds', () => {
  const cases: readonly [name: string, text: string, problems: readonly string[]][] = [
    ['a sound manifest', deployment('{replicas: 3, selector: {matchLabels: {a: b}}}'), []],
    ['an unknown field', deployment('{replica: 3}'), ['unknown-field spec.replica']],
    ['names of fields have a case', configMap('Data: {}'), ['unknown-field Data']],
    ['a string for an integer', deployment('{replicas: "3"}'), ['type spec.replicas']],
    ['a fraction for an integer', deployment('{replicas: 3.5}'), ['type spec.replicas']],
    ['a number that travels as an integer', deployment('{replicas: 3.0, minReadySeconds: 1e1}'), []],
    ['the largest int32', deployment('{replicas: 2147483647}'), []],
    ['one above it', deployment('{replicas: 2147483648}'), ['type spec.replicas']],
    ['the smallest int32', deployment('{replicas: -2147483648}'), []],
    ['a short text of a large number', deployment('{replicas: 9e9}'), ['type spec.replicas']],
    ['the largest int64', pod('').replace('}]}', '}], activeDeadlineSeconds: 9223372036854775807}'), []],
    [
      'one above it',
      pod('').replace('}]}', '}], activeDeadlineSeconds: 9223372036854775808}'),
      ['type spec.activeDeadlineSeconds'],
    ],
    ['numbers are no strings', configMap('data: {a: 1, b: yes, c: "1"}'), ['type data.a', 'type data.b']],
    ['null is absent, in maps too', configMap('data: {a: null, b: ~}\nbinaryData: null'), []],
    ['a map for a list', pod('env: {A: b}'), [`type ${C}.env`]],
    ['a list for a map', configMap('data: [a]'), ['type data']],
    ['a text for a map', configMap('data: a'), ['type data']],
    ['booleans of YAML 1.1', pod('tty: yes, stdin: "yes"'), [`type ${C}.stdin`]],
    [
      'int or string',
      pod('livenessProbe: {httpGet: {port: 80}}, readinessProbe: {httpGet: {port: http}}'),
      [],
    ],
    ['neither', pod('livenessProbe: {httpGet: {port: true}}'), [`type ${C}.livenessProbe.httpGet.port`]],
    ['quantities', pod('resources: {limits: {cpu: 1, memory: 1Gi, x: 1e3, y: .5, z: " 1"}}'), []],
    [
      'what is none',
      pod('resources: {limits: {a: 1gb, b: "", c: 1 Gi, d: true}}'),
      [
        `format ${C}.resources.limits.a`,
        `format ${C}.resources.limits.b`,
        `format ${C}.resources.limits.c`,
        `type ${C}.resources.limits.d`,
      ],
    ],
    ['base64 with line breaks', configMap('binaryData: {a: "YWJj\\nZGVm\\n", b: ""}'), []],
    [
      'what is no base64',
      configMap('binaryData: {a: "abc", b: "a-_=", c: "YQ"}'),
      ['format binaryData.a', 'format binaryData.b', 'format binaryData.c'],
    ],
    // The tag decodes, and what it gives is decoded once more.
    [
      'bytes by a tag',
      configMap('binaryData: {a: !!binary aGk=, b: !!binary YUdrPQ==}'),
      ['format binaryData.a'],
    ],
    ['bytes as numbers', configMap('binaryData: {a: [1, 255]}'), []],
    [
      'bytes as texts',
      configMap('binaryData: {a: [YQ==], b: [256]}'),
      ['type binaryData.a', 'type binaryData.b'],
    ],
    ['a time', pod('', '{name: a, creationTimestamp: "2026-02-28T01:02:03Z"}'), []],
    [
      'a day that does not exist',
      pod('', '{name: a, creationTimestamp: "2026-02-30T01:02:03Z"}'),
      ['format metadata.creationTimestamp'],
    ],
    ['a date', pod('', '{name: a, creationTimestamp: "2026-02-28"}'), ['format metadata.creationTimestamp']],
    ['null where the server writes', pod('', '{name: a, creationTimestamp: null}'), []],
    ['enums are exact', pod('imagePullPolicy: always'), [`enum ${C}.imagePullPolicy`]],
    ['an empty enum is absent', pod('imagePullPolicy: ""'), []],
    ['required fields are for the server to judge', pod('ports: [{name: web}]'), []],
  ]
  test.each(cases)('%s', (_, text, problems) => {
    expect(judge(text)).toEqual(problems)
  })
})

describe('as the server does', () => {
  test('the status is decoded, but its values are dropped before they are judged', () => {
    const status = (text: string): string => `${configMap('').replace('ConfigMap', 'Pod')}status: ${text}\n`
    expect(judge(status('{phase: Sleeping}'))).toEqual([])
    expect(judge(status('{phase: 1}'))).toEqual(['type status.phase'])
    expect(judge(status('{fase: Running}'))).toEqual(['unknown-field status.fase'])
  })

  test('repeated env and ports are tolerated, and told apart from refused ones', () => {
    const text = pod(
      'env: [{name: A}, {name: B}, {name: A}], ports: [{containerPort: 1}, {containerPort: 1, protocol: UDP}, {containerPort: 1, protocol: TCP}]',
    )
    expect(judge(text)).toEqual([`repeated-item ${C}.env[2]`, `repeated-item ${C}.ports[2]`])
  })

  test('types that decode themselves forget to be strict', () => {
    const crd = (schema: string): string =>
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\nspec: {versions: [{name: v1, schema: {openAPIV3Schema: ${schema}}}]}\n`
    const at = 'spec.versions[0].schema.openAPIV3Schema'
    expect(judge(crd('{bogus: 1}'))).toEqual([`unknown-field ${at}.bogus`])
    expect(judge(crd('{items: {bogus: 1}}'))).toEqual([])
    expect(judge(crd('{items: {type: 1}}'))).toEqual([`type ${at}.items.type`])
    expect(judge(crd('{additionalProperties: true, default: [1, {a: b}]}'))).toEqual([])
  })
})

describe('versions', () => {
  test('a field counts only in the minors that have it', () => {
    const text = deployment('{template: {spec: {hostnameOverride: a}}}')
    expect(judge(text, '1.33')).toEqual(['unknown-field spec.template.spec.hostnameOverride'])
    expect(judge(text, '1.34')).toEqual([])
  })

  test('a closed set holds only where its field is not dropped', () => {
    const text = pod('restartPolicy: bogus')
    expect(judge(text, '1.34')).toEqual([])
    expect(judge(text, '1.36')).toEqual([`enum ${C}.restartPolicy`])
  })
})

describe('what was meant', () => {
  const hint = (text: string) => {
    const { suggestion, legalAt } = judgeProblems(text)[0]!.problem
    return suggestion ?? legalAt?.join('.')
  }
  test.each([
    ['a slip of the finger', deployment('{repicas: 3}'), 'replicas'],
    ['another case', deployment('{Replicas: 3}'), 'replicas'],
    ['a swap', configMap('dtaa: {}'), 'data'],
    ['one level too deep', pod('restartPolicy: Always, volumes: []'), 'spec'],
    ['one level too high', deployment('{metadata: {}}'), ''],
    ['two objects too high', deployment('{containers: []}'), 'spec.template.spec'],
    ['what several objects below take', pod('path: a'), undefined],
    ['a value in another case', pod('imagePullPolicy: always'), 'Always'],
  ])('%s', (_, text, meant) => {
    expect(hint(text)).toBe(meant)
  })

  test('below: the object beside that takes the field', () => {
    const text = deployment('{template: {containers: []}}')
    expect(judgeProblems(text)[0]!.problem.legalAt).toEqual(['spec', 'template', 'spec'])
  })
})

test('hostile keys are unknown fields like any other', () => {
  expect(judge(configMap('__proto__: {a: b}\nconstructor: 1'))).toEqual([
    'unknown-field __proto__',
    'unknown-field constructor',
  ])
  expect(judge(configMap('data: {__proto__: a, constructor: b}'))).toEqual([])
})
