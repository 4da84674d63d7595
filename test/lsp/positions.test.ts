/** Offsets to positions and back, in the three encodings of the protocol. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Position } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { applyChanges } from '../../src/lsp/apply-changes.ts'
import { chooseEncoding, type PositionEncoding, toOffset, toPosition } from '../../src/lsp/positions.ts'

/** `|` marks the place. */
function parseMark(marked: string) {
  const offset = marked.indexOf('|')
  return { source: { id: 'a.yaml', text: marked.replace('|', '') }, offset }
}

const places: readonly [marked: string, line: number, utf16: number, utf8: number, utf32: number][] = [
  ['|', 0, 0, 0, 0],
  ['a: b|', 0, 4, 4, 4],
  ['a: b\nc|: d', 1, 1, 1, 1],
  ['a: b\r\nc|: d', 1, 1, 1, 1],
  ['a: b\rc|: d', 1, 1, 1, 1],
  ['é|', 0, 1, 2, 1],
  ['日本|', 0, 2, 6, 2],
  ['x: 😀|!', 0, 5, 7, 4],
  ['😀\n😀😀|', 1, 4, 8, 2],
  ['\ufeffa|', 0, 1, 1, 1],
]

describe('positions', () => {
  for (const [marked, line, utf16, utf8, utf32] of places) {
    const characters: Record<PositionEncoding, number> = { 'utf-16': utf16, 'utf-8': utf8, 'utf-32': utf32 }
    test.each(Object.entries(characters))(`${JSON.stringify(marked)} in %s`, (encoding, character) => {
      const { source, offset } = parseMark(marked)
      expect(toPosition(source, offset, encoding as PositionEncoding)).toEqual({ line, character })
      expect(toOffset(source, { line, character }, encoding as PositionEncoding)).toBe(offset)
    })
  }

  test.each([
    ['beyond the line', 'ab\ncd', { line: 0, character: 9 }, 2],
    ['beyond a line with CRLF', 'ab\r\ncd', { line: 0, character: 9 }, 2],
    ['beyond the text', 'ab', { line: 7, character: 0 }, 2],
    ['beyond the last line', 'ab\ncd', { line: 1, character: 99 }, 5],
  ])('%s is clamped', (_, text, position, offset) => {
    for (const encoding of ['utf-16', 'utf-8', 'utf-32'] as const)
      expect(toOffset({ id: '', text }, position, encoding)).toBe(offset)
  })

  test.each([
    [undefined, 'utf-16'],
    [['utf-8', 'utf-16'], 'utf-16'],
    [['utf-8'], 'utf-8'],
    [['utf-32', 'utf-8'], 'utf-32'],
    [['utf-7'], 'utf-16'],
  ])('a client that offers %j gets %s', (offered, chosen) => {
    expect(chooseEncoding(offered)).toBe(chosen)
  })
})

const isBefore = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character <= b.character)

describe('changes', () => {
  const insert = (line: number, character: number, text: string) => ({
    range: { start: { line, character }, end: { line, character } },
    text,
  })

  test('each change counts from the text that the one before left', () => {
    expect(applyChanges('a: 1\n', [insert(0, 0, 'x: 0\n'), insert(1, 3, '2')], 'utf-16')).toBe(
      'x: 0\na: 21\n',
    )
  })

  test('in UTF-16 agree with the reference implementation, whatever the text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', '\r', '😀', 'é', ' ') })
    const position = fc.record({ line: fc.nat(6), character: fc.nat(6) })
    const change = fc.record({ range: fc.record({ start: position, end: position }), text })
    fc.assert(
      fc.property(text, fc.array(change, { maxLength: 4 }), (before, changes) => {
        const reference = TextDocument.create('', 'yaml', 1, before)
        // Beyond the last line the reference loses count.
        const meant = changes.filter(change => {
          const { start, end } = change.range
          if (!isBefore(start, end) || end.line >= reference.lineCount) return false
          TextDocument.update(reference, [change], 2)
          return true
        })
        expect(applyChanges(before, meant, 'utf-16')).toBe(reference.getText())
      }),
    )
  })

  test('a change without a range is the whole text', () => {
    expect(applyChanges('a', [insert(0, 1, 'b'), { text: 'c' }, insert(0, 1, 'd')], 'utf-16')).toBe('cd')
  })

  test('characters beyond the basic plane are counted as agreed', () => {
    const bang = (character: number) => insert(0, character, '!')
    expect(applyChanges('😀x', [bang(2)], 'utf-16')).toBe('😀!x')
    expect(applyChanges('😀x', [bang(4)], 'utf-8')).toBe('😀!x')
    expect(applyChanges('😀x', [bang(1)], 'utf-32')).toBe('😀!x')
  })

  test('a range that ends before it starts inserts', () => {
    const range = { start: { line: 0, character: 2 }, end: { line: 0, character: 0 } }
    expect(applyChanges('abc', [{ range, text: '-' }], 'utf-16')).toBe('ab-c')
  })
})
