import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/engine/finding.ts'
import { applyFixes } from '../../src/engine/fix.ts'
import type { Snapshot } from '../../src/engine/snapshot.ts'
import type { Workspace } from '../../src/engine/workspace.ts'
import type { Source } from '../../src/text/source.ts'
import { findingAt, snapshotOf } from './snapshots.ts'

/** A workspace that keeps texts and builds nothing. */
function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  let texts = { ...files }
  let snapshot = snapshotOf(texts) as Snapshot
  return {
    get snapshot() {
      return snapshot
    },
    async update(changes) {
      texts = { ...texts, ...Object.fromEntries(changes.map(it => [it.id, it.text ?? ''])) }
      snapshot = snapshotOf(texts) as Snapshot
      return snapshot
    },
    configure: async () => snapshot,
  }
}

interface Replacement {
  readonly from: string
  readonly to: string
  readonly safe?: boolean
}

/** Findings whose fixes replace texts wherever they stand, in the order given. */
async function fixed(text: string, replacements: readonly Replacement[], allow: 'safe' | 'all' = 'safe') {
  const workspace = workspaceOf({ 'a.yaml': text, 'b.yaml': 'b: 1\n' })
  const toFinding = (source: Source, { from, to, safe = true }: Replacement): Finding => {
    const finding = findingAt(source, from)
    return { ...finding, fixes: [{ title: to, safe, edits: [{ ...finding.location, text: to }] }] }
  }
  const result = await applyFixes({
    workspace,
    allow,
    listFindings: ({ sources }) => {
      const source = sources.get('a.yaml')!
      return replacements.filter(it => source.text.includes(it.from)).map(it => toFinding(source, it))
    },
  })
  return { text: workspace.snapshot.sources.get('a.yaml')!.text, result }
}

describe('fixes', () => {
  test('that do not touch each other are applied together', async () => {
    const { text, result } = await fixed('a: x\nb: y\n', [
      { from: 'x', to: '1' },
      { from: 'y', to: '2' },
    ])
    expect(text).toBe('a: 1\nb: 2\n')
    expect(result).toMatchObject({ applied: 2, findings: [] })
    expect(result.changed.map(it => [it.before.id, it.before.text, it.after.text])).toEqual([
      ['a.yaml', 'a: x\nb: y\n', 'a: 1\nb: 2\n'],
    ])
  })

  test('that overlap wait for the next round', async () => {
    const { text, result } = await fixed('a: xy\n', [
      { from: 'xy', to: 'zy' },
      { from: 'y', to: 'w' },
    ])
    expect(text).toBe('a: zw\n')
    expect(result.applied).toBe(2)
  })

  test('that uncover others are followed by them', async () => {
    expect(
      (
        await fixed('a: 1', [
          { from: '1', to: '2' },
          { from: '2', to: '3' },
        ])
      ).text,
    ).toBe('a: 3')
  })

  test('that never settle are stopped', async () => {
    const { result } = await fixed('a: 1', [
      { from: '1', to: '2' },
      { from: '2', to: '1' },
    ])
    expect(result).toMatchObject({ applied: 10, changed: [] })
    expect(result.findings).toHaveLength(1)
  })

  test('that are not safe need to be wished', async () => {
    const replacements = [{ from: 'x', to: '1', safe: false }]
    expect((await fixed('a: x', replacements)).text).toBe('a: x')
    expect((await fixed('a: x', replacements, 'all')).text).toBe('a: 1')
  })
})
