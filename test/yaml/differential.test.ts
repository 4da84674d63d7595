/** The two producers against each other, and both against the values and places that a document was written with. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toJson } from '../../src/yaml/decode.ts'
import { partSpan, walkPath } from '../../src/yaml/locate.ts'
import type { Table } from '../../src/yaml/table.ts'
import { compose, isDeclined, parse, plain, scan } from './tables.ts'
import { type Written, writtenYaml } from './write-yaml.ts'

/** PLIMSOLL_FUZZ=20 runs twenty times as many. */
const TIMES = Number(process.env.PLIMSOLL_FUZZ ?? 1)

function expectPlaces({ text, spans }: Written, table: Table): void {
  for (const { path, key, value } of spans) {
    const { place, steps } = walkPath(table, path)
    expect(steps, `${JSON.stringify(path)} in ${text}`).toBe(path.length)
    expect({ path, ...partSpan(table, place, 'value') }).toEqual({ path, ...value })
    if (key) expect({ path, ...partSpan(table, place, 'key') }).toEqual({ path, ...key })
  }
}

test('the scanner reads what was written, at the place where it was written', () => {
  let accepted = 0
  fc.assert(
    fc.property(writtenYaml(), written => {
      const documents = scan(written.text)!
      if (isDeclined(documents)) return
      accepted++
      expect(documents.map(it => it.problems)).toEqual([[]])
      expect(plain(documents[0]!.value)).toEqual(plain(written.value))
      expectPlaces(written, documents[0]!.table)
    }),
    { numRuns: 300 * TIMES },
  )
  // Keys with escapes and rare characters, which the generator likes, are not for the scanner.
  expect(accepted).toBeGreaterThan(60 * TIMES)
})

test('the full producer makes the same tables', () => {
  fc.assert(
    fc.property(writtenYaml(), written => {
      const parsed = compose(written.text)!
      expect(parsed.problems).toEqual([])
      expect(plain(toJson(parsed.table, 0))).toEqual(plain(written.value))
      expectPlaces(written, parsed.table)
      const documents = scan(written.text)!
      if (!isDeclined(documents)) expect([...parsed.table.nodes]).toEqual([...documents[0]!.table.nodes])
    }),
    { numRuns: 150 * TIMES },
  )
})

test('anchors and aliases stand for their values, each at its own place', () => {
  fc.assert(
    fc.property(writtenYaml({ anchors: true }), written => {
      const parsed = compose(written.text)!
      expect(parsed.problems).toEqual([])
      expect(plain(toJson(parsed.table, 0))).toEqual(plain(written.value))
      expectPlaces(written, parsed.table)
    }),
    { numRuns: 100 * TIMES },
  )
})

const SCRAPS = [
  '\n',
  '\n  ',
  ' ',
  ':',
  ': ',
  '- ',
  '#',
  ' #c',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '|',
  '>-\n',
  '&a ',
  '*a',
  '!!int ',
  '<<: ',
  '? ',
  '\t',
  '\r\n',
  '\r',
  '\\',
  '---\n',
  '\n--- x\n',
  '...\n',
  '~: ',
  '%YAML 1.1\n',
  '@',
  '\0',
  '\u2028',
  '\ufeff',
  '\ud800',
]

const mutated = fc
  .tuple(
    writtenYaml({ anchors: true }),
    fc.array(fc.tuple(fc.nat(), fc.nat(5), fc.constantFrom('', ...SCRAPS)), { minLength: 1, maxLength: 5 }),
  )
  .map(([{ text }, cuts]) =>
    cuts.reduce((it, [at, length, scrap]) => {
      const start = at % (it.length + 1)
      return it.slice(0, start) + scrap + it.slice(start + length)
    }, text),
  )

test('no text throws, and what the scanner accepts the full producer reads alike', () => {
  fc.assert(
    fc.property(mutated, text => {
      const documents = parse(text)
      for (const document of documents) {
        expect(document.span.end).toBeLessThanOrEqual(text.length)
        for (const { span } of document.problems) expect(span.start).toBeLessThanOrEqual(text.length)
        void document.value
      }
      const scanned = scan(text)!
      if (isDeclined(scanned) || scanned.length !== 1 || /^---|\n---|^\ufeff?\s*\{/.test(text)) return
      const parsed = compose(text)
      // The package refuses a few indentations that kubectl takes; then there is nothing to compare.
      if (!parsed || parsed.problems.some(it => it.code !== 'duplicate-key')) return
      expect([...parsed.table.nodes]).toEqual([...scanned[0]!.table.nodes])
      expect(parsed.problems).toEqual(scanned[0]!.problems)
    }),
    { numRuns: 400 * TIMES },
  )
})
