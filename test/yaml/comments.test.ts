import { expect, test } from 'vitest'
import { listComments } from '../../src/yaml/comments.ts'
import { parse } from './tables.ts'

const TEXT = `# head # still head
a: b # own
c: "# no" # 'quoted'
d: |  # header
  # no
  text # no
e: x#no
f: [a, # in flow
  "#no"]
g: no
  #yes

--- # separator
h: &x '# no'
i: *x # alias
j: >
  # no
# tail`

const list = (text: string, word: string): string[] =>
  listComments({ id: 'test.yaml', text }, parse(text), word).map(it => `${it.ownLine ? '' : '…'}${it.text}`)

test('every comment and nothing else', () => {
  expect(list(TEXT, '#')).toEqual([
    'head # still head',
    '…own',
    "…'quoted'",
    '…header',
    '…in flow',
    'yes',
    '…separator',
    '…alias',
    'tail',
  ])
})

test('only those with a word', () => {
  expect(list(TEXT, 'still')).toEqual(['head # still head'])
  expect(list(TEXT, 'no')).toEqual([])
  expect(list('a: 1 # x ignore\nb: ignore\n', 'ignore')).toEqual(['…x ignore'])
})

test('spans reach from the hash to the end of the line', () => {
  const text = 'a: 1 # x\r\nb: 2 #y'
  const comments = listComments({ id: 'x', text }, parse(text), '#')
  expect(comments.map(({ span }) => text.slice(span.start, span.end))).toEqual(['# x', '#y'])
})

test('a broken document has its comments too', () => {
  expect(list('a: [1\n# plimsoll-ignore x\nb: c: d # y\n', '#')).toContain('plimsoll-ignore x')
})
