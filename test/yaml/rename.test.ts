import { expect, test } from 'vitest'
import { applyEdits } from '../../src/text/edits.ts'
import { loadFullParser, parseSource } from '../../src/yaml/parse.ts'

const full = await loadFullParser()

/** The text after the entry at a path got another key; undefined when that is refused. */
function rename(text: string, path: readonly (string | number)[], key: string): string | undefined {
  const source = { id: 'a.yaml', text }
  const [document] = parseSource(source, full)!
  const edits = document!.lower({ op: 'rename', path, value: key })
  return edits && edits !== 'untried' ? applyEdits(source, edits) : undefined
}

test.each([
  ['a block key', 'a: 1 # one\nb: 2\n', ['a'], 'c', 'c: 1 # one\nb: 2\n'],
  ['a key with a map below', 'a:\n  b: [1]\n', ['a', 'b'], 'x.y/z', 'a:\n  x.y/z: [1]\n'],
  ['a quoted key', '"a": 1\n', ['a'], 'c', '"c": 1\n'],
  ['a key of JSON', '{"a": {"b": 1}}', ['a', 'b'], 'c', '{"a": {"c": 1}}'],
  ['a key in an item', '- a: 1\n  b: 2\n', [0, 'b'], 'c', '- a: 1\n  c: 2\n'],
])('%s gets its new name and nothing else changes', (_, text, path, key, expected) => {
  expect(rename(text, path, key)).toBe(expected)
})

test.each([
  ['the map has the key already', 'a: 1\nb: 2\n', ['a'], 'b'],
  ['there is no such entry', 'a: 1\n', ['b'], 'c'],
  ['items of lists have no key', '- 1\n', [0], 'c'],
  ['the new key would read as something else', 'a: 1\n', ['a'], 'b: c'],
  ['the key comes from an anchor', 'x: &x { a: 1 }\ny: *x\n', ['y', 'a'], 'b'],
])('refused where %s', (_, text, path, key) => {
  expect(rename(text, path, key)).toBeUndefined()
})
