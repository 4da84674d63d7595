import { describe, expect, test } from 'vitest'
import { renderFiles } from './render.ts'

const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n'
const DECODING = 'error unmarshaling JSON: while decoding JSON: '

/** What helm says of a file that it cannot load. */
function messageOf(files: Readonly<Record<string, string>>): string | undefined {
  const [problem] = renderFiles({ 'Chart.yaml': CHART, ...files }).problems
  return problem?.helmText ?? problem?.message
}

test.each([
  ['- a', 'json: cannot unmarshal array into Go value of type v2.Metadata'],
  ['apiVersion: [x]', 'json: cannot unmarshal array into Go struct field Metadata.apiVersion of type string'],
])('%j is refused in a sub-chart', (text, message) => {
  expect(messageOf({ 'charts/c/Chart.yaml': text })).toBe(
    `error unpacking subchart c in shop: cannot load Chart.yaml: ${DECODING}${message}`,
  )
})

test.each([
  ['1.10', '1.1'],
  ['2023.12345', '2023.1234'],
  ['20240101.5', '2.0240102e+07'],
  ['9223372036854775807', '9223372036854775807'],
  ['18446744073709551616', '1.8446744e+19'],
  ['1.5e300', '+Inf'],
  ['1e3', '1000'],
])('the number %s where a text is wanted is %s', (number, text) => {
  const { files } = renderFiles({
    'Chart.yaml': `${CHART}appVersion: ${number}`,
    'templates/a.yaml': '{{ .Chart.AppVersion }}',
  })
  expect(files.get('shop/templates/a.yaml')?.text).toBe(text)
})

test.each([
  ['maintainers: [null]\nversion: 1.0.0', 'chart.metadata.name is required'],
  ['name: shop\nversion: 1.0.0\nmaintainers: [null]', 'maintainers must not contain empty or null nodes'],
  ['name: shop\nversion: x\ndependencies: [{name: a}, {name: a}]', 'chart.metadata.version "x" is invalid'],
  [
    'name: shop\nversion: 1.0.0\ndependencies: [{name: a}, {name: a}]',
    'more than one dependency with name or alias "a"',
  ],
])('of %j the first fault is told that Helm looks for', (text, message) => {
  expect(messageOf({ 'Chart.yaml': `apiVersion: v2\n${text}` })).toBe(`validation: ${message}`)
})

describe('Chart.yaml is decoded as Go does', () => {
  test.each([
    ['- a', 'json: cannot unmarshal array into Go value of type loader.chartBase'],
    [
      'apiVersion: [x]',
      'json: cannot unmarshal array into Go struct field chartBase.apiVersion of type string',
    ],
    [
      `${CHART}maintainers: x`,
      'json: cannot unmarshal string into Go struct field Metadata.maintainers of type []*v2.Maintainer',
    ],
    [
      `${CHART}maintainers: [x]`,
      'json: cannot unmarshal string into Go struct field Metadata.maintainers of type v2.Maintainer',
    ],
    [
      `${CHART}maintainers: [{name: [x]}]`,
      'json: cannot unmarshal array into Go struct field Maintainer.maintainers.name of type string',
    ],
    [
      `${CHART}dependencies: x`,
      'json: cannot unmarshal string into Go struct field Metadata.dependencies of type []*v2.Dependency',
    ],
    [
      `${CHART}dependencies: [{name: x, import-values: y}]`,
      'json: cannot unmarshal bool into Go struct field Dependency.dependencies.import-values of type []interface {}',
    ],
  ])('%j', (text, message) => {
    expect(messageOf({ 'Chart.yaml': text })).toBe(`cannot load Chart.yaml: ${DECODING}${message}`)
  })
})

describe('a lock is read though nothing is taken from it', () => {
  test.each([
    ['x: [', 'error converting YAML to JSON: yaml: line 1: did not find expected node content'],
    ['- a', `${DECODING}json: cannot unmarshal array into Go value of type v2.Lock`],
    [
      'digest: [x]',
      `${DECODING}json: cannot unmarshal array into Go struct field Lock.digest of type string`,
    ],
    ['generated: 5', `${DECODING}Time.UnmarshalJSON: input is not a JSON string`],
    [
      'generated: 2020-01-01',
      `${DECODING}parsing time "2020-01-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"`,
    ],
    [
      'dependencies: [x]',
      `${DECODING}json: cannot unmarshal string into Go struct field Lock.dependencies of type v2.Dependency`,
    ],
  ])('%j', (text, message) => {
    expect(messageOf({ 'Chart.lock': text })).toBe(`cannot load Chart.lock: ${message}`)
    expect(messageOf({ 'requirements.lock': text })).toBe(`cannot load requirements.lock: ${message}`)
  })

  test.each([
    '',
    'digest: sha256:x\ngenerated: "2024-05-01T10:20:30.123456789+02:00"\ndependencies:\n- {name: a, version: 1.0.0}\n- null\n',
    'generated: null\nother: field\n',
  ])('%j', text => {
    expect(messageOf({ 'Chart.lock': text })).toBeUndefined()
  })
})

test.each([
  ['', 'EOF'],
  ['nope', 'unexpected EOF'],
  ['no archive at all', 'gzip: invalid header'],
])('a sub-chart packed as %j', (text, message) => {
  expect(messageOf({ 'charts/a.tgz': text })).toBe(`error unpacking subchart a.tgz in shop: ${message}`)
})
