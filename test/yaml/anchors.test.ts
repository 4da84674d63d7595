/** Anchors, aliases and merge keys: where the scanner reads them, it makes the table that the full producer makes. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Problem } from '../../src/yaml/document.ts'
import { compose, isDeclined, scan } from './tables.ts'
import { writtenYaml } from './write-yaml.ts'

/** PLIMSOLL_FUZZ=20 runs twenty times as many. */
const TIMES = Number(process.env.PLIMSOLL_FUZZ ?? 1)

/** Whether the scanner takes the text; if so, as the other producer does. */
function isReadAlike(text: string): boolean {
  const documents = scan(text)!
  if (isDeclined(documents) || documents.length !== 1) return false
  const [{ table, problems }] = documents as [(typeof documents)[0]]
  const parsed = compose(text)!
  expect([...problems].sort(byPlace), text).toEqual(parsed.problems)
  expect([...table.nodes], text).toEqual([...parsed.table.nodes])
  expect(table.aliases, text).toEqual(parsed.table.aliases)
  return true
}

const byPlace = (a: Problem, b: Problem): number => a.span.start - b.span.start

type Lines = (indent: string) => string

const name = fc.constantFrom('n', 'm', 'o-1')
const key = fc.constantFrom('a', 'b', 'c', '"d"', 'on')
const inline = fc.constantFrom(
  ' x',
  ' "y"',
  " 'z'",
  ' 1 # c',
  ' {p: 1, b: 2}',
  ' [q]',
  ' |\n{}  t\n{}  u',
  ' >-\n{}  f',
  ' long\n{}  text',
)
/** `{}` stands for the indentation. */
const scalar: fc.Arbitrary<Lines> = inline.map(text => indent => text.replaceAll('{}', indent))

const { map } = fc.letrec<{ map: Lines; value: Lines; entry: Lines; list: Lines }>(tie => ({
  map: fc.array(tie('entry'), { minLength: 1, maxLength: 4 }).map(
    (all): Lines =>
      indent =>
        all.map(it => `\n${indent}${it(indent)}`).join(''),
  ),
  entry: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(key, tie('value')).map(
        ([of, it]): Lines =>
          indent =>
            `${of}:${it(indent)}`,
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('<<:', '!!merge <<:', '<<:  '), name, fc.constantFrom('', ' # c'))
        .map(
          ([of, it, end]): Lines =>
            () =>
              `${of} *${it}${end}`,
        ),
    },
  ),
  list: fc.array(tie('value'), { minLength: 1, maxLength: 3 }).map(
    (all): Lines =>
      indent =>
        all.map(it => `\n${indent}-${it(`${indent}  `)}`).join(''),
  ),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    name.map(
      (it): Lines =>
        () =>
          ` *${it}`,
    ),
    fc.tuple(name, scalar).map(
      ([of, it]): Lines =>
        indent =>
          ` &${of}${it(indent)}`,
    ),
    fc.constant<Lines>(() => ''),
    tie('map').map(
      (it): Lines =>
        indent =>
          it(`${indent}  `),
    ),
    tie('list').map(
      (it): Lines =>
        indent =>
          it(`${indent}  `),
    ),
    fc.tuple(name, fc.constantFrom('', '  # c'), tie('map')).map(
      ([of, end, it]): Lines =>
        indent =>
          ` &${of}${end}${it(`${indent}  `)}`,
    ),
    fc.tuple(name, tie('list')).map(
      ([of, it]): Lines =>
        indent =>
          ` &${of}${it(indent)}`,
    ),
    fc.tuple(name, tie('list')).map(
      ([of, it]): Lines =>
        indent =>
          ` &${of}${it(`${indent}  `)}`,
    ),
  ),
}))

/** Something to begin with, so that aliases mostly have a target. */
const HEAD = 'h: &n\n  a: 1\n  b: {c: 2}\n  e: &m\n    a: 3\n    c:\n    - 4\ni: &o-1 {b: 5}'

test('blocks of anchors, aliases and merge keys', () => {
  let accepted = 0
  fc.assert(
    fc.property(map, fc.boolean(), (lines, hasEnd) => {
      if (isReadAlike(`${HEAD}${lines('')}${hasEnd ? '\n' : ''}`)) accepted++
    }),
    { numRuns: 500 * TIMES },
  )
  expect(accepted).toBeGreaterThan(200 * TIMES)
})

test('values in random styles', () => {
  let accepted = 0
  fc.assert(
    fc.property(writtenYaml({ anchors: true }), ({ text }) => {
      if (isReadAlike(text)) accepted++
    }),
    { numRuns: 200 * TIMES },
  )
  expect(accepted).toBeGreaterThan(30 * TIMES)
})

test.each([
  [
    'a definition of controllers',
    'stop: &Bool\n  type: string\n  description: |\n    d\n  enum: [a]\nrun:\n  !!merge <<: *Bool\n  description: o\nx: &X\n  a: *Bool\n  b: &k v\ny:\n  <<: *X\n  b: w\n  c: *k\nz: *X\n',
  ],
  ['a key of its own that a merge overwrites', 'a: &x\n  b: 1\nc:\n  b: 2\n  <<: *x\n'],
  [
    'merges of merges',
    'a: &a\n  p: 1\nb: &b\n  <<: *a\n  q: 2\nc:\n  <<: *b\n  p: 3\n  r: &r\n    s: *a\nd: *r\n',
  ],
  ['items', 'a:\n- &x b\n- *x\n- &y\n  c: d\n- *y # c\n- &z\n  - e\nf: &g\n- *z\nh: *g\n'],
])('%s', (_, text) => expect(isReadAlike(text)).toBe(true))

test.each([
  ['an alias without anchor', 'a: *x\n'],
  ['an anchor inside of itself', 'a: &x\n  b: *x\n'],
  ['a merge of a text', 'a: &x b\nc:\n  <<: *x\n'],
  ['an anchor of nothing', 'a: &x\nb: *x\n'],
  ['an anchor of a key', 'a:\n  - &x b: c\n'],
  ['an alias as key', 'a: &x b\n*x : c\n'],
  ['two anchors', 'a: &x &y b\n'],
  ['copies of nearly everything', `a: &x [${'b, '.repeat(400)}]\nc:\n${'- *x\n'.repeat(30)}`],
])('%s is for the full parser', (_, text) => expect(isDeclined(scan(text)!)).toBe(true))
