import { describe, expect, test } from 'vitest'
import { applyBaseline, formatBaseline, parseBaseline } from '../../src/engine/baseline.ts'
import { findingAt } from './snapshots.ts'

const source = { id: 'a.yaml', text: 'a b c' }
const moved = { id: 'a.yaml', text: '\n\n\na b c' }
const finding = (text: string, at = source) => findingAt(at, text)

describe('a baseline', () => {
  test('takes out what it knows, wherever it has moved', () => {
    const baseline = parseBaseline(formatBaseline([finding('a'), finding('b')]))!
    const result = applyBaseline([finding('a', moved), finding('b', moved), finding('c', moved)], baseline)
    expect(result.findings.map(it => it.message)).toEqual(['about c'])
    expect(result).toMatchObject({ suppressed: 2, stale: 0 })
  })

  test('allows as many as there were, and counts what is no longer needed', () => {
    const baseline = parseBaseline(formatBaseline([finding('a'), finding('b')]))!
    expect(applyBaseline([finding('a'), finding('a')], baseline)).toMatchObject({ suppressed: 1, stale: 1 })
  })

  test('does not depend on the order of findings', () => {
    expect(formatBaseline([finding('b'), finding('a')])).toBe(formatBaseline([finding('a'), finding('b')]))
  })

  test('never keeps bugs of ours', () => {
    expect(parseBaseline(formatBaseline([{ ...finding('a'), rule: 'internal-error' }]))!.size).toBe(0)
  })

  test.each([
    '',
    '[]',
    'null',
    '{"version":2,"findings":[]}',
    '{"version":1}',
    '{"version":1,"findings":[1]}',
  ])('is not %j', text => {
    expect(parseBaseline(text)).toBe(undefined)
  })
})
