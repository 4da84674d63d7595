/** Splitting, decoding and problems, as kubectl 1.36 answers on the same texts. */
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/yaml/json.ts'
import { loadFullParser, parseSource } from '../../src/yaml/parse.ts'
import { parse, plain } from './tables.ts'

const values = (text: string): unknown[] => parse(text).map(it => plain(it.value))
const expectValues = (text: string, ...expected: Json[]): void =>
  expect(values(text)).toEqual(expected.map(plain))

/** The first problem: its code, the text that it marks, its message. */
function problemOf(text: string): string | undefined {
  const problem = parse(text).flatMap(it => it.problems)[0]
  return problem && `${problem.code} <${text.slice(problem.span.start, problem.span.end)}> ${problem.message}`
}

describe('documents', () => {
  const cases: readonly (readonly [title: string, text: string, ...documents: Json[]])[] = [
    ['several', 'a: 1\n---\nb: 2\n', { a: 1 }, { b: 2 }],
    ['comments behind separators', '--- # c\na: 1\n---\t\nb: 2', { a: 1 }, { b: 2 }],
    ['empty ones are none', '---\n---\n# c\n---\na: 1\n---\n', { a: 1 }],
    ['nothing at all', ''],
    ['null is one', 'null\n', null],
    ['an empty block text is one', '>\n\n---\na: |\n', '', { a: '' }],
    ['an indented separator is text', 'a: b\n ---\n', { a: 'b ---' }],
    ['dots at the end', 'a: 1\n...\n---\nb: 2\n', { a: 1 }, { b: 2 }],
    ['CRLF', 'a: 1\r\nb:\r\n- c\r\n---\r\nd: |\r\n  e\r\n  f\r\n', { a: 1, b: ['c'] }, { d: 'e\nf\n' }],
    [
      'quoted text of any indentation',
      'a:\n  b: \'x\n y\'\n  c: "x\ny"\nd: 1\n',
      { a: { b: 'x y', c: 'x y' }, d: 1 },
    ],
    [
      'quoted text of any indentation, in the full parser',
      "a:\n  <<: { e: 1 }\n  b: !!str 'x\n y'\n  c: \"x\ny\"\nd: ['x\n\n y']\n",
      { a: { e: 1, b: 'x y', c: 'x y' }, d: ['x\ny'] },
    ],
    ['quoted text over a separator of lines', "a:\n  b: '\u2028  c'\n", { a: { b: '\u2028c' } }],
    ['lone CR', 'a: 1\rb: 2\r', { a: 1, b: 2 }],
    ['byte order mark', '\ufeffa: 1\n', { a: 1 }],
    ['JSON one after the other', '{"a": "\\/\\ud83d\\ude00"}{"b": 2}\n[1]\n', { a: '/😀' }, { b: 2 }, [1]],
    ['JSON, then YAML', '{"a": 1}\n---\nb: 2\n', { a: 1 }, { b: 2 }],
    ['braces that are no JSON', "{'a': 1, b: [x,],}\n", { a: 1, b: ['x'] }],
    ['tabs in JSON', '{\n\t"a":\t1\n}', { a: 1 }],
  ]
  for (const [title, text, ...documents] of cases) test(title, () => expectValues(text, ...documents))

  test('spans leave out the separators', () => {
    const text = '# h\na: 1\n---\nb: 2\n'
    expect(parse(text).map(({ span }) => text.slice(span.start, span.end))).toEqual(['# h\na: 1\n', 'b: 2\n'])
  })

  test('the full parser is asked for only when it is needed', async () => {
    expect(parseSource({ id: 'x', text: 'a: 1\n' })).toHaveLength(1)
    expect(parseSource({ id: 'x', text: 'a: !!str 1\n' })).toBeUndefined()
    expect(parseSource({ id: 'x', text: 'a: !!str 1\n' }, await loadFullParser())).toHaveLength(1)
  })
})

test('a source is read once', async () => {
  const plainSource = { id: 'x', text: 'a: 1\n' }
  expect(parseSource(plainSource)).toBe(parseSource(plainSource))
  const source = { id: 'x', text: 'a: 1\n---\nb: !!str 1\n' }
  expect(parseSource(source)).toBeUndefined()
  const documents = parseSource(source, await loadFullParser())
  expect(documents).toHaveLength(2)
  expect(parseSource(source)).toBe(documents)
})

describe('texts', () => {
  const cases: readonly (readonly [yaml: string, value: string])[] = [
    ['|\n  a\n   b\n\n  c\n', 'a\n b\n\nc\n'],
    ['|-\n  a\n\n', 'a'],
    ['|+\n  a\n\n', 'a\n\n'],
    ['|\n  a', 'a\n'],
    ['|2\n    a\n', '  a\n'],
    ['| # c\n  # no comment\n', '# no comment\n'],
    ['|\n  \n', ''],
    ['|\n  ', ''],
    ['|+\n\n\n', '\n\n'],
    // Separators of lines and paragraphs end lines, and stay what they are.
    ['|\n  x\u2028', 'x\u2028'],
    ['|-\n  x\u2029\n', 'x'],
    ['|+\n  x\n\u2028', 'x\n\u2028'],
    ['|\n  x\u2028  y\u2029   z\n', 'x\u2028y\u2029 z\n'],
    ['|2\n  x\u2028\u2028\u2028', 'x\u2028'],
    ['>\n  x\u2028\u2028\n  y\n', 'x\u2028\u2028\ny\n'],
    ['>+\n  x\n \u2028\n', 'x\n\u2028\n'],
    ['>-\n  x\n  y\u2028\n  z\n   w\n', 'x y\u2028\nz\n w'],
    ['>\n  x\n  \u2028  y\n', 'x\u2028y\n'],
    ['|\n  x\x85  y\x85', 'x\ny\n'],
    ['>\n  a\n  b\n\n  c\n   d\n  e\n', 'a b\n\nc\n d\ne\n'.replace('\n\n', '\n')],
    ['>-\n  a\n\n\n  b\n', 'a\n\nb'],
    ['a\n  b\n\n  c # d\n', 'a b\nc'],
    ['"a\n  b\\\n  c\\tx\n\n  d "\n', 'a bc\tx\nd '],
    ["'it''s\n  x'\n", "it's x"],
    ['"\\x41\\u00e9\\U0001F600\\e\\_"\n', 'Aé😀\x1b\xa0'],
    ['"a\\\'b"\n', "a'b"],
    ['a:b#c\n', 'a:b#c'],
    ['\tv\t# c\n', 'v'],
  ]
  for (const [yaml, value] of cases)
    test(JSON.stringify(yaml), () => expectValues(`k: ${yaml}`, { k: value }))
})

test('a colon ends an unquoted text in brackets only before a blank', () => {
  expectValues('a: [fe80::, x]\nb: {k: c:, l: ["m:", n:]}\n', {
    a: ['fe80::', 'x'],
    b: { k: 'c:', l: ['m:', 'n:'] },
  })
  expectValues('a: {b:, "c":, d: 1}\n', { a: { 'b:': null, c: null, d: 1 } })
  expect(problemOf('a: [fe80::]\n')).toMatch(/^ambiguous <:> kubectl takes this colon/)
  expect(problemOf('a: {x:{y: 1}}\n')).toMatch(/^ambiguous <:>/)
})

describe('anchors and merge keys', () => {
  test('an alias is a copy', () => expectValues('a: &x {b: [1]}\nc: *x\n', { a: { b: [1] }, c: { b: [1] } }))
  test('the nearest anchor above counts', () =>
    expectValues('a: &x 1\nb: *x\nc: &x 2\nd: *x\n', { a: 1, b: 1, c: 2, d: 2 }))
  test('an alias as key', () => expectValues('a: &x k\n*x : v\n', { a: 'k', k: 'v' }))
  test('merge', () =>
    expectValues('a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3\n', { a: { p: 1, q: 2 }, b: { p: 1, q: 3 } }))
  test('of a list the first map wins', () =>
    expectValues('b: {<<: [{p: 1}, {p: 2, q: 2}]}\n', { b: { p: 1, q: 2 } }))
  test('of two merge keys the last wins', () =>
    expectValues('b: {<<: {p: 1}, <<: {p: 2}}\n', { b: { p: 2 } }))
  test('quoted it is a key', () => expectValues('b: {"<<": {p: 1}}\n', { b: { '<<': { p: 1 } } }))
  test('a merge behind a key overwrites it, and that is said', () => {
    expectValues('b:\n  p: 3\n  <<: {p: 1}\n', { b: { p: 1 } })
    expect(problemOf('b:\n  p: 3\n  <<: {p: 1}\n')).toMatch(/^ambiguous <p> kubectl overwrites "p"/)
  })
  test('an override of a merged key is no repetition', () =>
    expect(problemOf('b:\n  <<: {p: 1}\n  p: 3\n')).toBeUndefined())
  test('the place of a copy is the alias', () => {
    const text = 'a: &x {b: 1}\nc: *x\n'
    const { span } = parse(text)[0]!.locate(['c'])
    expect(text.slice(span.start, span.end)).toBe('*x')
  })
})

describe('problems', () => {
  const cases: readonly (readonly [text: string, problem: RegExp])[] = [
    ['a: 1\na: 2\n', /^duplicate-key <a> Key "a" is repeated/],
    ['on: 1\ny: 2\n', /^duplicate-key <y> Key "true" is repeated/],
    ['{"a": 1, "a": 2}', /^duplicate-key <"a">/],
    ['a: !!str 1\nb: 1\nb: 2\n', /^duplicate-key <b>/],
    ['a: b: c\n', /^syntax <b> A second `key: value`/],
    ['a: - b\n', /^syntax <-> /],
    ['a: "b\n', /^syntax .* no closing `"`/s],
    ["a: 'b''\n", /^syntax .* no closing `'`/s],
    ['a: !!str "b\nc: "d"\n', /^syntax .* no closing `"`/s],
    ['a: [b\n', /^syntax .*\]/s],
    ['a: @b\n', /^syntax <@?.*> An unquoted value cannot begin with `@`/],
    ['a:\n\tb: 1\n', /^syntax /],
    ['a: 1\n\t\nb: 2\n', /^syntax <\t> kubectl refuses a tab here/],
    ['a: |\n  x\n \ty\n', /^syntax <\t> /],
    ['- a\n-\tb\n', /^syntax <\t> kubectl refuses a tab here/],
    ['a: "\\q"\n', /^syntax <\\q> .*no escape/],
    ['a: !x "\\/"\n', /^syntax <\\\/> kubectl refuses the escape/],
    ['a: b\0c\n', /^syntax <\0> Control character U\+0000/],
    ['a: b\x7f\n', /^syntax <\x7f> Control character U\+007F/],
    ['a: .inf\n', /^syntax <.inf> \.inf is a number that JSON does not have/],
    ['a: *x\n', /^syntax <\*x> No anchor `&x`/],
    ['a: &x [*x]\n', /^syntax <\*x> Anchor `&x` contains itself/],
    ['a: !!int x\n', /^syntax <x> "x" is no !!int/],
    ['<<: 1\n', /^syntax <1> A merge key/],
    [
      'a: {{ .Values.x }}\n',
      /^syntax <{ \.Values\.x }> A map or list cannot be a key; if this is a template/,
    ],
    ['a: [b?c]\n', /^syntax <b\?c> kubectl ends an unquoted text at `\?`/],
    ['--- a: b\n', /^syntax <--- a: b> Only a comment may follow `---`/],
    ['-----BEGIN X\na: b\n', /^syntax <-----BEGIN X> Only a comment/],
    ['%YAML 1.2\n---\na: b\n', /^syntax <%YAML 1.2> kubectl refuses directives/],
    ['...\na: b\n', /^syntax <\.\.\.> No document stands before/],
    ['a: 1\n...\nb: 2\n', /^ambiguous <\.\.\.> kubectl reads nothing behind/],
    ['a: 1\n b: 2\n', /^syntax <b> Not indented like the keys above/],
    ['m:\n  a: one\n   two\n   b c: 2\n  d: 3\n', /^syntax <b c> Not indented like the keys above/],
    ['a: {b: 1}\r\n---\r\na: x\r\n  b: 1\r\n', /^syntax <b> Not indented like the keys above/],
    ['a:\n  b: 1\n c: 2\n', /^syntax <c?.*> Not indented like the keys above/s],
    ['- a\nb: 1\n', /^syntax /],
    ['a\nb: 1\n', /^syntax /],
    ['a: 1\nb\nc: 2\n', /^syntax <b> No colon behind `b`/],
    ['{"a": 1}{"b": 2} x: 1\n', /^syntax <x: 1\n> kubectl takes this for JSON/],
  ]
  for (const [text, problem] of cases)
    test(JSON.stringify(text), () => expect(problemOf(text)).toMatch(problem))

  test('what can be read is read', () => {
    const [document] = parse('apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels: {a: b\nspec: {}\n')
    expect(document!.problems[0]!.code).toBe('syntax')
    expect(document!.value).toMatchObject({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } })
  })

  test('the first use of a repeated key is related', () => {
    const { related } = parse('a: 1\nb: 2\na: 3\n')[0]!.problems[0]!
    expect(related?.span).toEqual({ start: 0, end: 1 })
  })
})

describe('hostile texts', () => {
  const nested = (open: string, close = ''): string => open.repeat(3000) + close.repeat(3000)
  const texts: readonly string[] = [
    nested('['),
    nested('[', ']'),
    nested('{a: ', '}'),
    nested('- '),
    nested('? '),
    nested('&a ['),
    `{"a":${nested('[', ']')}}`,
    `a:\n${'\t\n'.repeat(20_000)}`,
    nested('"'),
    nested(': '),
    nested('*a '),
    nested('{{ x }}\n'),
    `a: "${' '.repeat(50_000)}\n"`,
    `k: ${'x\n  '.repeat(20_000)}`,
    `x: !!str 1\n${Array.from({ length: 3000 }, (_, i) => `k${i % 1500}: v\n`).join('')}`,
    Array.from({ length: 20_000 }, (_, i) => `k${i % 10_000}: v\n`).join(''),
    Array.from({ length: 12 }, (_, i) => `a${i}: &a${i} [${i ? `*a${i - 1},`.repeat(10) : 'x'}]\n`).join(''),
    Array.from(
      { length: 60 },
      (_, i) => `m${i}: &m${i} {<<: [${i ? `*m${i - 1}, *m${i - 1}` : '{a: 1}'}], k${i}: 1}\n`,
    ).join(''),
  ]
  test('are read in time and without overflow', () => {
    for (const text of texts) {
      const start = performance.now()
      for (const document of parse(text)) void document.value
      expect(performance.now() - start, text.slice(0, 40)).toBeLessThan(10_000)
    }
  })

  test('keys of the prototype are keys', () => {
    const value = parse('__proto__: {a: 1}\nconstructor: 2\n')[0]!.value as { readonly [key: string]: Json }
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect('toString' in value).toBe(false)
  })

  test('a bomb of aliases is cut and said', () =>
    expect(problemOf(texts[16]!)).toMatch(/Aliases repeat too much/))
})

describe('files of equal text', () => {
  const text = `a: [1, 2]\na: 3\n${'# long\n'.repeat(500)}---\nb: 4\n`
  const read = (id: string, of: string) => parseSource({ id, text: of })!

  test('share their tables, each document with its own places', () => {
    const [first, second] = [read('one.yaml', text), read('two.yaml', text)]
    expect(second.map(it => it.value)).toMatchObject([{ a: 3 }, { b: 4 }])
    expect(second.map(it => it.table)).toEqual(first.map(it => it.table))
    expect(second[0]!.table).toBe(first[0]!.table)
    expect(second[0]!.problems).toEqual(first[0]!.problems)
    expect([first, second].map(it => it[1]!.locate(['b']).source.id)).toEqual(['one.yaml', 'two.yaml'])
  })

  test('texts of equal length are not taken for each other', () => {
    read('one.yaml', text)
    expect(read('two.yaml', text.replace('b: 4', 'b: 5')).map(it => it.value)).toMatchObject([
      { a: 3 },
      { b: 5 },
    ])
  })
})
