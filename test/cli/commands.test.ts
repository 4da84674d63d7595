import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { ownRules } from '../../src/engine/own-rules.ts'
import { writeTree } from '../host/folder.ts'
import { broken, clean, run } from './run.ts'

describe('explain', () => {
  test.each([...rules, ...ownRules].map(it => it.id))('%s', async id => {
    const { code, out } = await run({}, `explain ${id}`)
    expect(code).toBe(0)
    expect(out.startsWith(`${id} (`)).toBe(true)
    expect(out).toContain(`# plimsoll-ignore ${id} -- reason`)
    expect(out).not.toMatch(/\(default undefined|\[object/)
  })
})

test("explain shows the API server's own words", async () => {
  const { out } = await run({}, 'explain api-field-required')
  expect(out).toMatch(/The API server itself says:\n {2}spec\S+: Required value/)
  expect((await run({}, 'explain image-tag-mutable')).out).not.toContain('The API server itself')
})

describe('rules', () => {
  test('lists all of them, for people and for programs', async () => {
    const count = rules.length + ownRules.length
    expect((await run({}, 'rules')).out).toContain(`${count} rules; * marks`)
    expect(JSON.parse((await run({}, 'rules --format json')).out)).toHaveLength(count)
  })
})

describe('init', () => {
  test('writes a file that lint takes, and never over another', async () => {
    const folder = writeTree({ 'a.yaml': clean })
    expect((await run(folder, 'init')).code).toBe(0)
    expect((await run(folder, 'lint')).code).toBe(0)
    expect(await run(folder, 'init')).toMatchObject({
      code: 2,
      err: 'plimsoll: plimsoll.yaml exists already\n',
    })
  })
})

describe('config show', () => {
  test('names the value and the place it comes from', async () => {
    const tree = {
      'plimsoll.yaml':
        'kubernetes: "1.34"\noverrides:\n  - files: x/**\n    rules: { schema-wrong-type: off }\n',
      'x/a.yaml': clean,
    }
    const { out } = await run(tree, 'config show x/a.yaml')
    expect(out).toMatch(/^x\/a\.yaml: plimsoll\.yaml\nkubernetes +"1\.34" +plimsoll\.yaml:1:1\n/)
    expect(out).toMatch(/^rules\.schema-wrong-type +off +plimsoll\.yaml:4:14$/m)
    expect((await run(tree, 'config show')).out).toMatch(
      /^rules\.schema-wrong-type +error +preset recommended/m,
    )
  })
})

describe('config show of charts', () => {
  const tree = {
    'plimsoll.yaml':
      'charts:\n  charts/web: { values: [prod.yaml], namespace: shop }\n  charts/api: { release: api }\n',
    'charts/web/Chart.yaml': '',
    'charts/web/prod.yaml': '',
    'charts/web/templates/a.yaml': '',
    'charts/api/Chart.yaml': '',
  }
  const web = /^charts\.charts\/web +\{"values":\["prod\.yaml"\],"namespace":"shop"\} +plimsoll\.yaml:2:3$/m
  const api = /^charts\.charts\/api +\{"values":\[\],"release":"api"\} +plimsoll\.yaml:3:3$/m
  test.each([
    ['', true, true],
    ['.', true, true],
    ['charts/web', true, false],
    ['./charts/web/templates/a.yaml', true, false],
    ['charts/api', false, true],
  ])('%j', async (path, hasWeb, hasApi) => {
    const { out } = await run(tree, `config show ${path}`.trim())
    expect([web.test(out), api.test(out)]).toEqual([hasWeb, hasApi])
  })
})

describe('help and version', () => {
  test.each(['--help', 'lint --help', 'help lint', '--version'])('%s', async line => {
    const { code, out, err } = await run({}, line)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).not.toBe('')
  })
})

describe('--since', () => {
  test('reports what has changed since a revision, new files included', async () => {
    const folder = writeTree({ 'old.yaml': broken, 'changed.yaml': clean })
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder })
    git('init', '-q')
    git('add', '.')
    git('commit', '-q', '-m', 'x')
    writeFileSync(join(folder, 'changed.yaml'), broken.replace('name: web', 'name: changed'))
    writeFileSync(join(folder, 'new é.yaml'), broken.replace('name: web', 'name: new'))
    const { out } = await run(folder, 'lint --since HEAD --only schema-* --format compact')
    expect(out.match(/^[^:\n]+(?=:6:13: error)/gm)).toEqual(['changed.yaml', 'new é.yaml'])
    expect((await run(folder, 'lint --since --output=x')).code).toBe(2)
  })
})
