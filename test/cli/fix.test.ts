import { describe, expect, test } from 'vitest'
import { defineRule, kind, set } from '../../src/rule.ts'
import { broken, clean, fixable, run } from './run.ts'

const oneReplica = defineRule({
  id: 'replicas-above-one',
  category: 'style',
  severity: 'error',
  presets: ['recommended'],
  title: 'More than one replica',
  why: '',
  see: [],
  bad: '',
  good: '',
  on: kind('Deployment'),
  check(deployment, ctx) {
    const replicas = deployment.get('spec', 'replicas')
    if (!replicas || replicas.value === 1) return
    const fix = { title: 'Set replicas to 1', safe: false, patch: set(replicas, 1) }
    ctx.report(replicas, 'there is more than one', { fixes: [fix] })
  },
})

const fixed = fixable.replace('yes', '"yes"')

describe('fix', () => {
  test('changes files in place and keeps comments', async () => {
    const ended = await run({ 'a.yaml': fixable, 'b.yaml': clean.replace('settings', 'b') }, 'fix')
    expect(ended).toMatchObject({ code: 0, out: '1 fix applied in 1 file\n' })
    expect(ended.read('a.yaml')).toBe(fixed)
  })

  test('--diff tells when there is nothing to change', async () => {
    const ended = await run({ 'a.yaml': clean }, 'fix --diff')
    expect(ended).toMatchObject({ code: 0, out: '', err: 'plimsoll: nothing to fix\n' })
  })

  test('--diff shows the change and makes none', async () => {
    const ended = await run({ 'a.yaml': fixable }, 'fix --diff')
    expect(ended.code).toBe(1)
    expect(ended.out).toContain('--- a/a.yaml\n+++ b/a.yaml\n')
    expect(ended.out).toContain('-  cache: yes # for a minute\n+  cache: "yes" # for a minute\n')
    expect(ended.read('a.yaml')).toBe(fixable)
  })

  test('leaves what is not safe, unless told to', async () => {
    const world = { rules: [oneReplica] }
    const safe = await run({ 'a.yaml': broken }, 'fix', world)
    expect(safe).toMatchObject({ code: 1, out: '0 fixes applied in 0 files; 1 finding left\n' })
    const all = await run({ 'a.yaml': broken }, 'fix --unsafe', world)
    expect(all).toMatchObject({ code: 0, out: '1 fix applied in 1 file\n' })
    expect(all.read('a.yaml')).toBe(broken.replace('two', '1'))
  })

  test('never rewrites a file in another encoding', async () => {
    const ended = await run({ 'a.yaml': Buffer.from(`\ufeff${fixable}`, 'utf16le') }, 'fix')
    expect(ended.code).toBe(2)
    expect(ended.err).toContain('a.yaml is not written as UTF-8')
  })

  test('keeps line ends of Windows', async () => {
    const ended = await run({ 'a.yaml': fixable.replaceAll('\n', '\r\n') }, 'fix')
    expect(ended.read('a.yaml')).toBe(fixed.replaceAll('\n', '\r\n'))
  })
})
