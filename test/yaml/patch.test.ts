/** Patches on text: what changes, and that nothing else does. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyEdits } from '../../src/text/edits.ts'
import type { Patch } from '../../src/yaml/document.ts'
import type { Json, Path } from '../../src/yaml/json.ts'
import { parse, plain } from './tables.ts'
import { type Written, writtenYaml } from './write-yaml.ts'

/** PLIMSOLL_FUZZ=20 runs twenty times as many. */
const TIMES = Number(process.env.PLIMSOLL_FUZZ ?? 1)

function patched(text: string, patch: Patch, index = 0): string | undefined {
  const document = parse(text)[index]!
  const edits = document.lower(patch)
  return edits && edits !== 'untried' ? applyEdits(document.source, edits) : undefined
}

const set = (text: string, path: Path, value: Json): string | undefined =>
  patched(text, { op: 'set', path, value })
const remove = (text: string, path: Path): string | undefined => patched(text, { op: 'remove', path })

describe('set', () => {
  const cases: readonly (readonly [title: string, before: string, path: Path, value: Json, after: string])[] =
    [
      ['a scalar keeps its comment', 'a: 1 # c\n', ['a'], 2, 'a: 2 # c\n'],
      ['blanks before it', 'a:    1\n', ['a'], 2, 'a:    2\n'],
      ['quotes stay', `a: 'x'\nb: "y"\n`, ['a'], 'z', `a: 'z'\nb: "y"\n`],
      ['double quotes stay', 'a: "x"\n', ['a'], "it's", 'a: "it\'s"\n'],
      ['a number needs none', 'a: "x"\n', ['a'], 5, 'a: 5\n'],
      ['quotes where readers would differ', 'a: x\n', ['a'], 'yes', 'a: "yes"\n'],
      ['octal', 'a: x\n', ['a'], '0777', 'a: "0777"\n'],
      ['base 60', 'a: x\n', ['a'], '12:30', 'a: "12:30"\n'],
      ['a version is text', 'a: x\n', ['a'], '1.2.3', 'a: 1.2.3\n'],
      ['null', 'a: x\n', ['a'], null, 'a: null\n'],
      ['an empty value', 'a: # c\nb: 1\n', ['a'], 'x', 'a: x # c\nb: 1\n'],
      ['a block scalar', 'a: |  # h\n  x\n  y\nb: 1\n', ['a'], 'z', 'a: z  # h\nb: 1\n'],
      ['several lines', 'a: x # c\nb: 1\n', ['a'], 'p\nq\n', 'a: | # c\n  p\n  q\nb: 1\n'],
      ['a multi-line text', 'a: x\n  y\nb: 1\n', ['a'], 'z', 'a: z\nb: 1\n'],
      ['a new key', 'a:\n  b: 1 # c\n\nd: 2\n', ['a', 'x'], 'w', 'a:\n  b: 1 # c\n  x: w\n\nd: 2\n'],
      [
        'with parents',
        'a:\n    b: 1\n',
        ['a', 'x', 'w', 'z'],
        true,
        'a:\n    b: 1\n    x:\n        w:\n            z: true\n',
      ],
      ['at the root, no final break', 'a: 1', ['b'], 2, 'a: 1\nb: 2'],
      ['into a null', 'a:\n  b: ~ # c\n', ['a', 'b', 'x'], 1, 'a:\n  b: # c\n    x: 1\n'],
      ['into nothing', 'a:\n  b: # c\n', ['a', 'b', 'x'], 1, 'a:\n  b: # c\n    x: 1\n'],
      ['into {}', 'a:\n  b: {} # c\n', ['a', 'b', 'x'], 1, 'a:\n  b: # c\n    x: 1\n'],
      ['into an empty item', '- a: 1\n-\n', [1, 'x'], 1, '- a: 1\n- x: 1\n'],
      ['a key that needs quotes', 'a: 1\n', ['on'], 'x', 'a: 1\n"on": x\n'],
      ['into braces', 'a: {b: 1}\n', ['a', 'c'], 'x', 'a: {b: 1, c: x}\n'],
      ['into empty braces in braces', 'a: {b: {}}\n', ['a', 'b', 'c'], ['x,y'], 'a: {b: {c: ["x,y"]}}\n'],
      [
        'into braces over lines',
        'a: {\n  b: 1, # c\n  d: 2 # e\n}\n',
        ['a', 'f'],
        3,
        'a: {\n  b: 1, # c\n  d: 2,\n  f: 3 # e\n}\n',
      ],
      ['behind a last comma', 'a: [\n  b,\n]\n', ['a', 1], 'c', 'a: [\n  b,\n  c,\n]\n'],
      ['JSON stays JSON', '{\n  "a": 1\n}\n', ['b', 'c'], 'x', '{\n  "a": 1,\n  "b": {"c": "x"}\n}\n'],
      ['append', 'a:\n- x # c\nb: 1\n', ['a', 1], 'w', 'a:\n- x # c\n- w\nb: 1\n'],
      [
        'append, indented',
        'a:\n  - x\n',
        ['a', 1],
        { b: 1, c: [2] },
        'a:\n  - x\n  - b: 1\n    c:\n      - 2\n',
      ],
      ['append to []', 'a: [] # c\n', ['a', 0], 'w', 'a: # c\n  - w\n'],
      ['in the list style of the document', 'a:\n- x\nb: []\n', ['b', 0], 'w', 'a:\n- x\nb:\n- w\n'],
      ['an item of a map', '- a: 1\n  b: 2\n- c\n', [0, 'b'], { x: 1 }, '- a: 1\n  b:\n    x: 1\n- c\n'],
      ['a map by a scalar', 'a: # c\n  b: 1\n  c: 2 # d\ne: 3\n', ['a'], 5, 'a: 5 # c\ne: 3\n'],
      ['a scalar by a map', 'a: 5 # c\ne: 3\n', ['a'], { b: { c: 1 } }, 'a: # c\n  b:\n    c: 1\ne: 3\n'],
      ['an item by a map', '- a # c\n- b\n', [0], { x: 1, w: 2 }, '- x: 1 # c\n  w: 2\n- b\n'],
      ['a map by an empty one', 'a:\n  b: 1\n', ['a'], {}, 'a: {}\n'],
      ['CRLF', 'a:\r\n  b: 1\r\n', ['a', 'c'], { d: 1 }, 'a:\r\n  b: 1\r\n  c:\r\n    d: 1\r\n'],
      ['beyond ASCII', 'é: "😀" # ü\n', ['é'], 'ö', 'é: "ö" # ü\n'],
      ['an alias', 'a: &x 1\nb: *x # c\n', ['b'], 2, 'a: &x 1\nb: 2 # c\n'],
      ['an anchored value that nothing uses', 'a: &x 1\n', ['a'], 2, 'a: &x 2\n'],
      ['a tagged value loses its tag', 'a: !!str 1\n', ['a'], 2, 'a: 2\n'],
      ['control characters', 'a: x\n', ['a'], '\x07\u2028', 'a: "\\u0007\\u2028"\n'],
    ]
  for (const [title, before, path, value, after] of cases)
    test(title, () => expect(set(before, path, value)).toBe(after))

  const refused: readonly (readonly [title: string, text: string, path: Path])[] = [
    ['what an alias stands for', 'a: &x {b: 1}\nc: *x\n', ['c', 'b']],
    ['an anchored value that is used', 'a: &x 1\nb: *x\n', ['a']],
    ['a merged key', 'a: &x {b: 1}\nc: {<<: *x}\n', ['c', 'b']],
    ['below a scalar', 'a: 1\n', ['a', 'b']],
    ['an index too far', 'a: [1]\n', ['a', 3]],
    ['an index of a map', 'a: {}\n', ['a', 1]],
    ['a broken document', 'a: [1\nb: 2\n', ['b']],
  ]
  for (const [title, text, path] of refused)
    test(`refused: ${title}`, () => expect(set(text, path, 9)).toBeUndefined())
})

describe('remove', () => {
  const cases: readonly (readonly [title: string, before: string, path: Path, after: string | undefined])[] =
    [
      ['an entry with its comment', '# h\na: 1 # c\n# d\nb: 2\n', ['a'], '# h\n# d\nb: 2\n'],
      ['an entry with what is below', 'a:\n  b: 1\n  # c\n  d: 2\ne: 3\n', ['a'], 'e: 3\n'],
      ['the last entry', 'a:\n  b: 1\nc: 2\n', ['a', 'b'], 'a: {}\nc: 2\n'],
      ['the last item', 'a:\n- b # c\nd: 2\n', ['a', 0], 'a: []\nd: 2\n'],
      ['at the end without a break', 'a: 1\nb: 2', ['b'], 'a: 1'],
      ['a block scalar', 'a: |\n  x\n  y\nb: 2\n', ['a'], 'b: 2\n'],
      ['the first key behind a dash', '- a: 1 # c\n  b: 2\n', [0, 'a'], '- b: 2\n'],
      ['with a comment between', '- a: 1\n  # c\n  b: 2\n', [0, 'a'], '-\n  # c\n  b: 2\n'],
      ['the second key behind a dash', '- a: 1\n  b: 2\n', [0, 'b'], '- a: 1\n'],
      ['an item', '- a\n# c\n- b # d\n- e\n', [1], '- a\n# c\n- e\n'],
      ['an item of a list in a list', '- - a\n  - b\n', [0, 0], '- - b\n'],
      ['an empty item', '- a\n-\n- b\n', [1], '- a\n- b\n'],
      ['the first in brackets', '[a, b, c]\n', [0], '[b, c]\n'],
      ['the last in brackets', '{a: 1, b: 2}\n', ['b'], '{a: 1}\n'],
      ['the only one in brackets', 'x: {a: 1}\n', ['x', 'a'], 'x: {}\n'],
      ['a line in brackets', '[\n  a, # 1\n  b, # 2\n]\n', [0], '[\n  b, # 2\n]\n'],
      ['the last line in brackets', '{\n  "a": 1,\n  "b": 2\n}\n', ['b'], '{\n  "a": 1\n}\n'],
      ['CRLF', 'a: 1\r\nb: 2\r\n', ['a'], 'b: 2\r\n'],
      ['an alias', 'a: &x 1\nb: *x\n', ['b'], 'a: &x 1\n'],
      ['an anchor that is used', 'a: &x 1\nb: *x\n', ['a'], undefined],
      ['what is not there', 'a: 1\n', ['b'], undefined],
      ['the root', 'a: 1\n', [], undefined],
      ['one of repeated keys', 'a: 1\na: 2\n', ['a'], undefined],
    ]
  for (const [title, before, path, after] of cases)
    test(title, () => expect(remove(before, path)).toBe(after))
})

test('other documents of the file stay', () => {
  expect(patched('a: 1\n---\nb: 2\n---\nc: 3\n', { op: 'set', path: ['b'], value: 4 }, 1)).toBe(
    'a: 1\n---\nb: 4\n---\nc: 3\n',
  )
})

/** What the patch means, computed without the code under test. */
function intended(value: Json, { op, path, value: next }: Patch): Json {
  const [step, ...rest] = path
  if (step === undefined) return next!
  const gone = op === 'remove' && rest.length === 0
  if (Array.isArray(value)) {
    const items = [...(value as readonly Json[])]
    if (gone) items.splice(step as number, 1)
    else
      items[step as number] = intended(items[step as number] ?? null, {
        op,
        path: rest,
        ...(next !== undefined && { value: next }),
      })
    return items
  }
  const entries = new Map<string, Json>(Object.entries(value ?? {}))
  if (gone) entries.delete(String(step))
  else
    entries.set(
      String(step),
      intended(entries.get(String(step)) ?? null, {
        op,
        path: rest,
        ...(next !== undefined && { value: next }),
      }),
    )
  const map: Record<string, Json> = Object.create(null)
  for (const [key, it] of entries) map[key] = it
  return map
}

const values = fc.constantFrom<Json>(
  'x',
  'yes',
  '',
  'a: b',
  "it's",
  'm\nn',
  'm\nn\n\n',
  ' s',
  '12:30',
  'é😀',
  7,
  -1.5,
  true,
  null,
  {},
  [],
  { a: 1, 'b/c': ['x', { d: null }] },
  [[1], {}],
)

test('the edited text means what the patch says, and comments outside of it survive', () => {
  let done = 0
  let refused = 0
  const run = ({ text, value, spans }: Written, choice: number, next: Json, isRemoval: boolean): void => {
    const { path } = spans[choice % spans.length]!
    if (path.length === 0) return
    const patch: Patch = isRemoval
      ? { op: 'remove', path }
      : {
          op: 'set',
          path:
            choice % 3 === 0
              ? [...path.slice(0, -1), ...(typeof path.at(-1) === 'string' ? ['new key'] : [path.at(-1)!])]
              : path,
          value: next,
        }
    const after = patched(text, patch)
    if (after === undefined) {
      refused++
      return
    }
    done++
    const documents = parse(after)
    expect(documents.flatMap(it => it.problems)).toEqual([])
    expect(plain(documents[0]!.value)).toEqual(plain(intended(value, patch)))
    if (text.includes('# head')) expect(after).toContain('# head')
    if (text.includes('# tail')) expect(after).toContain('# tail')
  }
  fc.assert(fc.property(writtenYaml(), fc.nat(1000), values, fc.boolean(), run), { numRuns: 400 * TIMES })
  // Brackets with comments between entries, and the like.
  expect(refused).toBeLessThan(done / 8)
})
