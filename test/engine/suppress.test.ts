import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/engine/finding.ts'
import { suppress } from '../../src/engine/suppress.ts'
import { applyEdits } from '../../src/text/edits.ts'
import { positionAt } from '../../src/text/lines.ts'
import { findingAt, rules, snapshotOf } from './snapshots.ts'

const today = '2026-11-21'

/** What is left of a finding at `image`, as `line: rule message`. */
function left(text: string, some: Partial<Finding> = {}, place = 'image:'): string[] {
  const snapshot = snapshotOf({ 'a.yaml': text })
  const finding = findingAt(snapshot.sources.get('a.yaml')!, place, some)
  return format(suppress([finding], { snapshot, rules, today }).findings)
}

const format = (findings: readonly Finding[]): string[] =>
  findings.map(it => {
    const { line } = positionAt(it.location.source, it.location.span.start)
    return `${line + 1}: ${it.rule} ${it.message}${it.related.map(to => ` (${to.message})`).join('')}`
  })

const pod = (image: string): string => `apiVersion: v1\nkind: Pod\n${image}\n`
const found = (line: number): string => `${line}: image-tag-mutable about image:`

describe('what a comment takes out', () => {
  test.each<[string, string]>([
    ['on the line', 'image: a # plimsoll-ignore image-tag-mutable'],
    ['on the line above', '# plimsoll-ignore image-tag-mutable\nimage: a'],
    ['above, with other comments between', '# plimsoll-ignore image-tag-mutable\n# see the wiki\n\nimage: a'],
    [
      'two of them above each other',
      '# plimsoll-ignore image-tag-mutable\n# plimsoll-ignore image-tag-mutable\nimage: a',
    ],
    ['with a reason', 'image: a # plimsoll-ignore image-tag-mutable -- pinned by the registry, really'],
    ['with several names', 'image: a # plimsoll-ignore image-tag-mutable,suppression-unused'],
    ['with a date to come', 'image: a # plimsoll-ignore image-tag-mutable until 2027-03-01 -- soon'],
    ['to the end of its day', 'image: a # plimsoll-ignore image-tag-mutable until 2026-11-21'],
    ['next', 'kind2: a # plimsoll-ignore-next image-tag-mutable\nimage: a'],
    ['next line', '# plimsoll-ignore-next-line image-tag-mutable\nimage: a'],
    ['in the whole file', 'image: a\n# plimsoll-ignore-file image-tag-mutable -- vendored'],
    ['without a space behind the hash', 'image: a #plimsoll-ignore image-tag-mutable'],
    ['with a colon', 'image: a # plimsoll-ignore: image-tag-mutable'],
  ])('%s', (_, text) => {
    expect(left(pod(text)).filter(it => it.includes('about image:'))).toEqual([])
  })

  test.each<[string, string, number]>([
    ['a line further on', '# plimsoll-ignore image-tag-mutable\nx: 1\nimage: a', 5],
    ['behind a comment at the end of a line', 'x: 1 # plimsoll-ignore image-tag-mutable\nimage: a', 4],
    ['of another rule', 'image: a # plimsoll-ignore port-wrong', 3],
    ['in a quoted text', 'image: "a # plimsoll-ignore image-tag-mutable"', 3],
    ['in a block text', 'image: |\n  # plimsoll-ignore-file image-tag-mutable', 3],
    ['without white space before the hash', 'image: a# plimsoll-ignore image-tag-mutable', 3],
    ['a longer word', 'image: a # plimsoll-ignored image-tag-mutable', 3],
  ])('not %s', (_, text, line) => {
    expect(left(pod(text))).toContain(found(line))
  })

  test('an expired one lets the finding through and says so', () => {
    expect(left(pod('image: a # plimsoll-ignore image-tag-mutable until 2026-11-20'))).toEqual([
      '3: image-tag-mutable about image: (the suppression expired on 2026-11-20)',
    ])
  })

  test('in template comments, with origins in values', () => {
    const snapshot = snapshotOf({
      'c/templates/a.yaml':
        'image: {{ .Values.image }}\n{{- /* plimsoll-ignore image-tag-mutable -- old */}}\nimage2: x\n',
      'c/values.yaml': 'image: a # plimsoll-ignore image-tag-mutable\n',
    })
    const template = snapshot.sources.get('c/templates/a.yaml')!
    const values = snapshot.sources.get('c/values.yaml')!
    const origin = { kind: 'values', location: { source: values, span: { start: 7, end: 8 } } } as const
    const first = findingAt(template, 'image', { origins: [origin] })
    const second = findingAt(template, 'image2')
    const third = findingAt(template, 'image')
    expect(suppress([first, second, third], { snapshot, rules, today })).toEqual({
      findings: [third],
      suppressed: 2,
    })
  })

  test('annotations take out findings about their resource', () => {
    const text = (name: string): string =>
      pod(
        `metadata: { name: ${name}, annotations: { plimsoll/ignore: "image-tag-mutable -- old" } }\nimage: a`,
      )
    const resource = { apiVersion: 'v1', kind: 'Pod', namespace: undefined, name: 'a' }
    expect(left(text('a'), { resource })).toEqual([])
    expect(left(text('b'), { resource })).toHaveLength(2)
  })
})

test('a text full of suppressions takes no longer than it should', () => {
  const lines = '# plimsoll-ignore image-tag-mutable, wrong-name -- x\n'.repeat(5000)
  const names = Array.from({ length: 5000 }, (_, i) => `name-${i}`).join(',')
  const text = `${lines}image: a # plimsoll-ignore ${names}\n${'---\na: "b"\n'.repeat(5000)}`
  const start = performance.now()
  expect(left(pod(text)).length).toBeGreaterThan(5000)
  expect(performance.now() - start).toBeLessThan(5000)
})

describe('what is said about suppressions', () => {
  test.each<[string, string, string[]]>([
    [
      'unused',
      'image: b\nx: 1 # plimsoll-ignore port-wrong',
      [found(3), '4: suppression-unused nothing here needs the suppression of port-wrong'],
    ],
    [
      'unknown',
      'image: b # plimsoll-ignore image-tag-mutabel',
      [
        found(3),
        '3: suppression-unknown-rule no rule is called "image-tag-mutabel", did you mean "image-tag-mutable"?',
      ],
    ],
    [
      'a reason without its mark',
      'image: b # plimsoll-ignore image-tag-mutable because',
      [
        found(3),
        '3: suppression-unknown-rule "image-tag-mutable because" is no rule: write -- before the reason',
      ],
    ],
    [
      'no name',
      'image: b # plimsoll-ignore -- why',
      [found(3), '3: suppression-unknown-rule this suppression names no rule'],
    ],
    [
      'no date',
      'image: b # plimsoll-ignore image-tag-mutable until tomorrow',
      ['3: suppression-unknown-rule "tomorrow" is no date, which reads 2027-03-01'],
    ],
  ])('%s', (_, text, expected) => {
    expect(left(pod(text)).sort()).toEqual(expected.sort())
  })

  test('nothing about files that rules have not looked at, or could not read', () => {
    expect(left('image: a # plimsoll-ignore port-wrong')).toEqual([found(1)])
    expect(left(pod('image: a # plimsoll-ignore port-wrong\nb: "'))).toEqual([found(3)])
  })

  test.each<[string, string, string]>([
    ['the comment', 'image: a  # plimsoll-ignore port-wrong\nb: 1', 'image: a\nb: 1'],
    ['the whole line', 'image: a\n  # plimsoll-ignore port-wrong -- x\nb: 1', 'image: a\nb: 1'],
    [
      'one of several names',
      'image: a # plimsoll-ignore port-wrong, image-tag-mutable -- x',
      'image: a # plimsoll-ignore image-tag-mutable -- x',
    ],
  ])('the fix removes %s', (_, before, after) => {
    const snapshot = snapshotOf({ 'a.yaml': pod(before) })
    const source = snapshot.sources.get('a.yaml')!
    const { findings } = suppress([findingAt(source, 'image:')], { snapshot, rules, today })
    const fix = findings.find(it => it.rule === 'suppression-unused')!.fixes[0]!
    expect(applyEdits(source, fix.edits)).toBe(pod(after))
  })
})
