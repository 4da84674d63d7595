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
  ['a: 1\n"b" c: 2', 'line 1: did not find expected key'],
]

describe('broken YAML has the words of go-yaml', () => {
  for (const [text, problem] of RECORDED)
    test(JSON.stringify(text), () => {
      expect(findGoYamlProblem(text) ?? '').toBe(problem)
    })
})

test('deep texts end', () => {
  expect(findGoYamlProblem('['.repeat(20_000))).toContain('exceeded max depth of 10000')
  expect(findGoYamlProblem('- '.repeat(9000))).toBeUndefined()
})
