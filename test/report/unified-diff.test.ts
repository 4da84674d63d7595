import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDiff } from '../../src/report/unified-diff.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-diff-'))

/** What `git apply` makes of a text and a difference. */
function apply(before: string, diff: string): string {
  writeFileSync(join(folder, 'a.yaml'), before)
  if (diff !== '')
    execFileSync('git', ['apply', '--unidiff-zero', '--whitespace=nowarn', '-'], { cwd: folder, input: diff })
  return readFileSync(join(folder, 'a.yaml'), 'utf8')
}

const numbers = (count: number): string => Array.from({ length: count }, (_, i) => `${i}\n`).join('')

describe('differences', () => {
  test('have three lines of context and headers', () => {
    expect(formatDiff('a.yaml', numbers(9), numbers(9).replace('4', 'four'))).toBe(
      '--- a/a.yaml\n+++ b/a.yaml\n@@ -2,7 +2,7 @@\n 1\n 2\n 3\n-4\n+four\n 5\n 6\n 7\n',
    )
  })

  test.each([
    ['nothing changed', 'a\n', 'a\n'],
    ['everything new', '', 'a\nb\n'],
    ['everything gone', 'a\nb\n', ''],
    ['no line end at the end', 'a\nb', 'a\nc'],
    ['a line end added', 'a', 'a\n'],
    ['two places far apart', numbers(40), numbers(40).replace('3\n', 'x\n').replace('30\n', '')],
    ['two places near each other', numbers(20), numbers(20).replace('5\n', '').replace('9\n', 'x\ny\n')],
    ['more edits than are worth counting', numbers(1500), numbers(1500).replaceAll('\n', ' x\n')],
    ['line ends of Windows', 'a\r\nb\r\n', 'a\r\nc\r\n'],
  ])('are understood by git: %s', (_, before, after) => {
    expect(apply(before, formatDiff('a.yaml', before, after))).toBe(after)
  })

  test('are right for any two texts', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n'), { maxLength: 25 })
      .map(it => it.join(''))
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(apply(before, formatDiff('a.yaml', before, after))).toBe(after)
      }),
      { numRuns: 60 },
    )
  })
})
