/** Warnings travel as headers, which have limits. */
import { expect, test } from 'vitest'
import { limitWarnings } from '../../../src/kube/api/warning-limit.ts'

const long = (name: string, length: number): string => name.padEnd(length, name)

test.each<readonly [name: string, warnings: readonly string[], sent: readonly string[]]>([
  ['none', [], []],
  ['in their order', ['b', 'a'], ['b', 'a']],
  ['each once', ['a', 'b', 'a'], ['a', 'b']],
  ['none that is empty', ['', 'a'], ['a']],
  ['none with control characters', ['a\tb', 'a\u0085', 'b'], ['b']],
  ['all that fit', [long('a', 4000), long('b', 96)], [long('a', 4000), long('b', 96)]],
  ['all cut where one does not fit', [long('a', 4000), long('b', 97)], [long('a', 256), long('b', 97)]],
  ['one that is too long alone', [long('a', 5000)], [long('a', 256)]],
  ['runes count', ['😀'.repeat(4096)], ['😀'.repeat(4096)]],
])('%s', (_name, warnings, sent) => expect(limitWarnings(warnings)).toEqual(sent))

test('none once the cut ones fill the space', () => {
  const warnings = Array.from({ length: 40 }, (_, at) => long(`${at} `, 300))
  const sent = limitWarnings(warnings)
  expect(sent).toHaveLength(16)
  expect(sent.every(it => it.length === 256)).toBe(true)
})
