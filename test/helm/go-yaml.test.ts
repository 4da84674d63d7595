import { describe, expect, test } from 'vitest'
import { findGoYamlProblem } from '../../src/helm/go-yaml/problem.ts'

/** Texts with what go-yaml says of them, recorded from go-yaml itself; nothing where it reads them. */
const RECORDED: readonly (readonly [text: string, problem: string])[] = [
  ['a: b: c', 'mapping values are not allowed in this context'],
  ['a: 1\nb: c: d', 'line 2: mapping values are not allowed in this context'],
  ['a: 1\n b: 2', 'line 2: mapping values are not allowed in this context'],
  ['a:\n- 1\n b: 2', 'line 3: mapping values are not allowed in this context'],
  ['a: [1\nb: 3', "line 1: did not find expected ',' or ']'"],
  ['a: {b: 1\nc: 2', "line 1: did not find expected ',' or '}'"],
  ['a: 1\nfoo\nb: 2', "line 3: could not find expected ':'"],
  ['a: @x', 'found character that cannot start any token'],
  ['a: `x`', 'found character that cannot start any token'],
  ['a: %x', 'found character that cannot start any token'],
  ['\ta: 1', 'found character that cannot start any token'],
  ['a:\n\tb: 1', 'line 2: found character that cannot start any token'],
  ['a: "x', 'found unexpected end of stream'],
  ["a: 'x\n---\nb", 'line 2: found unexpected document indicator'],
  ['a: "\\q"', 'found unknown escape character'],
  ['a: "\\xg1"', 'did not find expected hexdecimal number'],
  ['a: "\\ud800"', 'found invalid Unicode character escape code'],
  ['a: *x', "unknown anchor 'x' referenced"],
  ['a: &', 'did not find expected alphabetic or numeric character'],
  ['a: !x!y z', 'found undefined tag handle'],
  ['a: !<x y', "did not find the expected '>'"],
  ['a: |0\n x', 'found an indentation indicator equal to 0'],
  ['a: |x\n y', 'did not find expected comment or line break'],
  ['a: |\n\tx', 'line 2: found a tab character where an indentation space is expected'],
  ['- a\nb: 1', "line 1: did not find expected '-' indicator"],
  ['a: - b', 'block sequence entries are not allowed in this context'],
  ['a: ? b', 'mapping keys are not allowed in this context'],
  ['{{ .Values.x }}', 'invalid map key: map[interface {}]interface {}{".Values.x":interface {}(nil)}'],
  ['a: {{ .Values.x }}', 'invalid map key: map[interface {}]interface {}{".Values.x":interface {}(nil)}'],
  ['{{ .a.b }}: c', 'invalid map key: map[interface {}]interface {}{".a.b":interface {}(nil)}'],
  ['[a, b]: c', 'invalid map key: []interface {}{"a", "b"}'],
  [
    '? {a: 1, b: 1.5, c: true, d: x, e: "1"}\n: x',
    'invalid map key: map[interface {}]interface {}{"a":1, "b":1.5, "c":true, "d":"x", "e":"1"}',
  ],
  ['<<: 1', 'map merge requires map or sequence of maps as the value'],
  ['<<: [1]', 'map merge requires map or sequence of maps as the value'],
  ['a: 1\n}', 'line 1: did not find expected key'],
  [']', 'did not find expected node content'],
  ['a: ]', 'did not find expected node content'],
  ['%FOO\n---\na', 'found unknown directive name'],
  ['%YAML 1.2\n---\na', 'found incompatible YAML document'],
  ['%YAML 1.1\na: 1', 'line 1: did not find expected <document start>'],
  ['a: 1\n--- b: 1\n...', ''],
  ['\n\n  a: 1\n b: 2', ''],
  ['a:\n  b: 1\n c: 2', 'line 2: did not find expected key'],
  ['a: \u0001', 'control characters are not allowed'],
  ['\r\na: b: c', 'line 2: mapping values are not allowed in this context'],
  ["key: 'it's'", 'did not find expected key'],
  ['a: 1\nb', "line 3: could not find expected ':'"],
  ['a: >\n text\n b: 1', ''],
  ['- - a\n  b', "line 3: could not find expected ':'"],
  ['{a: 1, b', "line 1: did not find expected ',' or '}'"],
  ['[1, 2', "line 1: did not find expected ',' or ']'"],
  ['a: x\n  y\nz', "line 4: could not find expected ':'"],
  ['a: 1 # c\n  b: 2', 'line 1: did not find expected key'],
  ['!!str <<: 1', ''],
  ['a: {}b: 1', 'did not find expected key'],
  ['a: !!int x', 'cannot decode !!str `x` as a !!int'],
  ['a: !!int 1.0', 'cannot decode !!float `1.0` as a !!int'],
  ['a: !!int 99999999999999999999', 'cannot decode !!float `99999999999999999999` as a !!int'],
  ['a: !!int', 'cannot decode !!null `` as a !!int'],
  ['- !<tag:yaml.org,2002:bool> 1', 'cannot decode !!int `1` as a !!bool'],
  ['!!int x: 1', 'cannot decode !!str `x` as a !!int'],
  ['a: !!float 1\nb: !!str 1\nc: !int x\nd: !!timestamp 2001-01-01', ''],
  ['a: !!binary "?"', '!!binary value contains invalid base64 data'],
  ['%TAG !e! tag:yaml.org,2002:\n---\na: !e!int x', 'cannot decode !!str `x` as a !!int'],
  ['%TAG !e! tag:yaml.org,2002:in\n---\na: !e!t 1', ''],
  ['%TAG !! tag:x,\n---\na: !!int x', ''],
  ['%TAG !e! tag:x\n%TAG !e! tag:y\n---\na', 'line 1: found duplicate %TAG directive'],
  ['%TAG !e tag:x\n---\na', "did not find expected '!'"],
  ['%TAG !e!\n---\na', 'did not find expected whitespace'],
  ['%TAG !e! tag:%zz\n---\na', 'did not find URI escaped octet'],
  ['%TAG !e! tag:x y\n---\na', 'did not find expected comment or line break'],
  ['%YAML\n---\na', 'did not find expected version number'],
  ['%YAML 1\n---\na', "did not find expected digit or '.' character"],
  ['%YAML 1.111\n---\na', 'found extremely long version number'],
  ['%YAML 1.1 # c\n---\na', ''],
  ['\ufeffa: 1', ''],
  ['a: 1\n\ufeff', "line 3: could not find expected ':'"],
  ['a: 1\n\ufeff# c\n', "line 3: could not find expected ':'"],
  ['a: 1\n"b" c: 2', 'line 1: did not find expected key'],
]

describe('broken YAML has the words of go-yaml', () => {
  for (const [text, problem] of RECORDED)
    test(JSON.stringify(text), () => {
      expect(findGoYamlProblem(text)?.replace(/^yaml: /, '') ?? '').toBe(problem)
    })
})

test.each([
  ['a: .inf', '+Inf'],
  ['a: 1\nb: [-.INF]', '-Inf'],
  ['a: !!float .nan', 'NaN'],
])('%j has a number that JSON does not have', (text, number) => {
  expect(findGoYamlProblem(text)).toBe(`json: unsupported value: ${number}`)
})

test.each([
  ['~: b', '"b"'],
  ['? \n: b', '"b"'],
  ['a: [null: {b: 1.5, c: ~}]', 'map[interface {}]interface {}{"b":1.5, "c":interface {}(nil)}'],
  ['null:', '<nil>'],
])('%j has a key that JSON does not have', (text, value) => {
  expect(findGoYamlProblem(text)).toBe(`unsupported map key of type: %!s(<nil>), key: <nil>, value: ${value}`)
})

test('numbers that JSON does not have are keys and texts', () => {
  expect(findGoYamlProblem('.inf: "-.inf"')).toBeUndefined()
})

test.each(['~: *a7', '? [*a7]\n: b'])('%j: what aliases make much of is not written out', tail => {
  const lines = ['a0: &a0 [x, x]']
  for (let i = 1; i < 8; i++) lines.push(`a${i}: &a${i} [${Array(10).fill(`*a${i - 1}`)}]`)
  expect(findGoYamlProblem([...lines, tail].join('\n'))!.length).toBeLessThan(1_000_000)
})

test('deep texts end', () => {
  expect(findGoYamlProblem('['.repeat(20_000))).toContain('exceeded max depth of 10000')
  expect(findGoYamlProblem('- '.repeat(9000))).toBeUndefined()
})
