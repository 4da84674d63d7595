import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { presets } from '../../src/config/catalogue.ts'
import { defineRule, resources } from '../../src/rule.ts'
import { writeTree } from '../host/folder.ts'
import { broken, clean, run, type World } from './run.ts'

const only = '--only schema-*,yaml-*,suppression-*,file-*'

describe('exit codes', () => {
  test.each<[string, Readonly<Record<string, string>>, string, number]>([
    ['nothing found', { 'a.yaml': clean }, '', 0],
    ['errors', { 'a.yaml': broken }, '', 1],
    ['errors, in every format', { 'a.yaml': broken }, '--format sarif', 1],
    ['errors that shall not fail', { 'a.yaml': broken }, '--exit-zero', 0],
    ['warnings', { 'a.yaml': broken, 'plimsoll.yaml': 'rules: { schema-wrong-type: warning }' }, '', 0],
    [
      'warnings that fail',
      { 'a.yaml': broken, 'plimsoll.yaml': 'rules: { schema-wrong-type: warning }' },
      '--fail-on warning',
      1,
    ],
    [
      'too many warnings',
      { 'a.yaml': broken, 'plimsoll.yaml': 'rules: { schema-wrong-type: warning }' },
      '--max-warnings 0',
      1,
    ],
    [
      'as many warnings as allowed',
      { 'a.yaml': broken, 'plimsoll.yaml': 'rules: { schema-wrong-type: warning }' },
      '--max-warnings 1',
      0,
    ],
    ['the command without its name', { 'a.yaml': broken }, 'a.yaml', 1],
  ])('%s', async (_, tree, line, code) => {
    expect((await run(tree, line.includes('a.yaml') ? `${line} ${only}` : `lint ${line} ${only}`)).code).toBe(
      code,
    )
  })
})

describe('a wrong request is one line and exit code 2', () => {
  const tree = {
    'a.yaml': clean,
    'values.yaml': 'replicas: 1\n',
    'empty.yaml': '',
    'x/readme.txt': '',
    'nul.yaml': 'a: \0',
  }
  test.each<[string, string]>([
    ['lint gone.yaml', 'plimsoll: gone.yaml does not exist\n'],
    ['lnt', 'plimsoll: lnt does not exist (did you mean the command "plimsoll lint"?)\n'],
    [
      'lint --preset recomended',
      `error: option '--preset <preset>' argument 'recomended' is invalid. Did you mean "recommended"? Known presets: ${presets.join(', ')}.\n`,
    ],
    [
      'lint values.yaml',
      'plimsoll: values.yaml is no manifest (no document in it has apiVersion and kind)\n',
    ],
    ['lint empty.yaml', 'plimsoll: empty.yaml is empty\n'],
    ['lint nul.yaml', 'plimsoll: cannot read nul.yaml: a NUL byte: a binary file\n'],
    ['lint x', 'plimsoll: nothing to check: no YAML or JSON files\n'],
    ['lint --kubernetes 1.99', 'plimsoll: --kubernetes: Kubernetes 1.99 is not known (known: '],
    ['lint --format jsno', 'plimsoll: --format: unknown format "jsno" (did you mean "json"?)\n'],
    ['lint --format json --format sarif', 'plimsoll: --format: two formats for standard output'],
    ['lint --format json=no/such/folder.json', 'plimsoll: cannot write no/such/folder.json: '],
    [
      'lint --only image-tag-mutble',
      'plimsoll: --only: unknown rule "image-tag-mutble" (did you mean "image-tag-mutable"?)\n',
    ],
    ['lint --ignore nothing-*', 'plimsoll: --ignore: unknown rule "nothing-*"\n'],
    ['lint --config gone.yaml', 'plimsoll: cannot read gone.yaml: does not exist\n'],
    ['lint --baseline gone.json', 'plimsoll: gone.json does not exist (--update-baseline writes it)\n'],
    ['lint --baseline a.yaml', 'plimsoll: a.yaml is no baseline (--update-baseline writes one)\n'],
    ['fix --baseline gone.json', 'plimsoll: gone.json does not exist (--update-baseline writes it)\n'],
    ['lint --since nothing', 'plimsoll: --since: '],
    ['lint --crds gone', 'plimsoll: gone does not exist\n'],
    ['lint --fial-on error', "error: unknown option '--fial-on'\n(Did you mean --fail-on?)\n"],
    ['lint --fail-on fatal', "error: option '--fail-on <severity>' argument 'fatal' is invalid."],
    ['lint --max-warnings many', "error: option '--max-warnings <number>' argument 'many' is invalid."],
    [
      'explain image-tag-mutble',
      'plimsoll: no rule is called "image-tag-mutble" (did you mean "image-tag-mutable"?)\n',
    ],
    ['fix -', 'plimsoll: fix needs files: it changes them in place\n'],
  ])('%s', async (line, message) => {
    const { code, out, err } = await run(tree, line)
    expect(err.startsWith(message) ? message : err).toBe(message)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  test('a fault of the configuration names the place and the nearest name', async () => {
    const { code, err } = await run(
      { 'a.yaml': clean, 'plimsoll.yaml': 'rules:\n  schema-wrong-typ: off\n' },
      'lint',
    )
    expect({ code, err }).toEqual({
      code: 2,
      err: 'plimsoll: plimsoll.yaml:2:3: unknown rule "schema-wrong-typ" (did you mean "schema-wrong-type"?)\n',
    })
  })

  test('nothing but other YAML is nothing to check', async () => {
    const { code, err } = await run({ 'values.yaml': 'a: 1\n', 'ci.yaml': 'b: 1\n' }, 'lint')
    expect({ code, err }).toEqual({
      code: 2,
      err: 'plimsoll: nothing to check: 2 files, none with apiVersion and kind\n',
    })
  })
})

describe('bad input is a finding, and the rest is checked', () => {
  const findingsOf = async (tree: Readonly<Record<string, string | Uint8Array>>, line = 'lint') => {
    const { code, out } = await run(tree, `${line} ${only} --format json`)
    const { findings, summary } = JSON.parse(out)
    return {
      code,
      resources: summary.resources,
      findings: findings.map(
        (it: { rule: string; file: string; range: { start: { line: number } } }) =>
          `${it.file}:${it.range.start.line} ${it.rule}`,
      ),
    }
  }

  test('broken YAML in one of several documents', async () => {
    const text = `${clean}---\napiVersion: v1\nkind: "Pod\n---\n${broken}`
    const { code, findings } = await findingsOf({ 'a.yaml': text, 'b.yaml': broken.replace('web', 'other') })
    expect(code).toBe(1)
    expect(findings).toContain('a.yaml:14 schema-wrong-type')
    expect(findings).toContain('b.yaml:6 schema-wrong-type')
    expect(
      findings.filter((it: string) => it.startsWith('a.yaml') && it.includes('yaml-syntax-error')),
    ).toHaveLength(1)
  })

  test('a binary file, at the line of the NUL byte', async () => {
    expect(await findingsOf({ 'a.yaml': clean, 'b.yaml': 'a: 1\nb: \0\n' })).toEqual({
      code: 1,
      resources: 1,
      findings: ['b.yaml:2 file-unreadable'],
    })
  })

  test('invalid UTF-8, at its line, and the text is checked all the same', async () => {
    const bytes = Buffer.concat([
      Buffer.from(broken),
      Buffer.from('# '),
      Buffer.from([0xff]),
      Buffer.from('\n'),
    ])
    const { findings } = await findingsOf({ 'a.yaml': bytes })
    expect(findings).toEqual(['a.yaml:6 schema-wrong-type', 'a.yaml:13 file-unreadable'])
  })

  test('more than 64 MiB, in bounded memory', async () => {
    const folder = writeTree({ 'a.yaml': clean })
    writeFileSync(join(folder, 'big.yaml'), Buffer.alloc(70 * 1024 * 1024, 'a: 1\n'))
    const { code, out } = await run(folder, `lint ${only} --format compact`)
    expect(code).toBe(1)
    expect(out).toContain('big.yaml:1:1: error larger than 64 MiB (70 MiB) [file-unreadable]')
    expect((await run(folder, 'lint big.yaml')).err).toBe(
      'plimsoll: cannot read big.yaml: larger than 64 MiB (70 MiB)\n',
    )
  })

  test('a link to nothing', async () => {
    const { findings } = await findingsOf({ 'a.yaml': clean, 'b.yaml': '-> gone.yaml' })
    expect(findings).toEqual(['b.yaml:1 file-unreadable'])
  })
})

describe('a bug in a rule', () => {
  const buggy = defineRule({
    id: 'buggy-rule',
    category: 'style',
    severity: 'info',
    presets: ['recommended'],
    title: 'Fails',
    why: '',
    see: [],
    bad: '',
    good: '',
    on: resources,
    check() {
      throw new Error('oh no')
    },
  })

  test('is one finding, the others go on, and the exit code is 3', async () => {
    const world: World = {
      rules: [buggy, (await import('../../rules/index.ts')).rules.find(it => it.id === 'schema-wrong-type')!],
    }
    const { code, out } = await run({ 'a.yaml': broken }, 'lint --format compact', world)
    expect(code).toBe(3)
    expect(out).toContain('error rule buggy-rule failed on Deployment "web": Error: oh no [internal-error]')
    expect(out).toContain('[schema-wrong-type]')
  })

  test('no option hides it', async () => {
    expect((await run({ 'a.yaml': broken }, 'lint --exit-zero', { rules: [buggy] })).code).toBe(3)
  })
})

describe('what is reported', () => {
  const two = { 'a.yaml': broken, 'b/c.yaml': broken.replace('name: web', 'name: other') }

  test('the same, byte for byte, from run to run', async () => {
    const folder = writeTree(two)
    const [first, second] = [await run(folder, 'lint'), await run(folder, 'lint')]
    expect(first.out).toBe(second.out)
  })

  test('only what touches files in focus, with everything as context', async () => {
    const { out } = await run(two, `lint ${only} --format compact --focus ./b/c.yaml`)
    expect(out).toMatch(/^b\/c\.yaml:6:13: error .*\n1 error in 2 files \(2 resources\)/)
  })

  test('a file in focus that does not exist is told', async () => {
    const { code, err } = await run(two, `lint ${only} --format compact --focus gone.yaml`)
    expect({ code, err }).toEqual({ code: 0, err: 'plimsoll: --focus: gone.yaml does not exist\n' })
  })

  test('only errors with --quiet, and the exit code stays', async () => {
    const tree = { 'a.yaml': broken, 'plimsoll.yaml': 'rules: { schema-wrong-type: warning }' }
    const { code, out } = await run(tree, `lint ${only} --quiet --fail-on warning --format compact`)
    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/^No findings/) })
  })

  test('standard input under its name, with the settings for that name', async () => {
    const tree = { 'plimsoll.yaml': 'overrides: [{ files: quiet/**, rules: { "*": off } }]' }
    const loud = await run(tree, `lint - ${only} --format compact --stdin-filename loud/a.yaml`, {
      stdin: broken,
    })
    expect(loud.out).toMatch(/^loud\/a\.yaml:6:13: error /)
    const quiet = await run(tree, 'lint - --format compact --stdin-filename quiet/a.yaml', { stdin: broken })
    expect(quiet).toMatchObject({ code: 0, out: expect.stringMatching(/^No findings in 1 file /) })
    expect((await run(tree, `lint - ${only} --format compact`, { stdin: broken })).out).toMatch(
      /^stdin\.yaml:6:13/,
    )
    expect((await run(tree, 'lint -', { stdin: '' })).code).toBe(2)
  })

  test('workflow commands inside GitHub Actions, unless a format is named', async () => {
    const world = { env: { GITHUB_ACTIONS: 'true' } }
    expect((await run(two, 'lint', world)).out).toMatch(/^::error file=a\.yaml/)
    expect((await run(two, 'lint --format compact', world)).out).toMatch(/^a\.yaml/)
  })

  test('paths from the root of the repository, where code hosts read them', async () => {
    const folder = writeTree({ '.git/HEAD': '', 'deploy/a.yaml': broken })
    expect((await run(join(folder, 'deploy'), 'lint --format github')).out).toMatch(
      /^::error file=deploy\/a\.yaml/,
    )
    expect((await run(join(folder, 'deploy'), 'lint --format compact')).out).toMatch(/^a\.yaml/)
  })

  test('several formats in one run', async () => {
    const ended = await run(
      two,
      `lint ${only} --format compact --format json=out.json --format sarif=out.sarif`,
    )
    expect(ended.out).toContain('a.yaml:6:13')
    expect(JSON.parse(ended.read('out.json')).findings).toHaveLength(2)
    expect(JSON.parse(ended.read('out.sarif')).runs[0].results).toHaveLength(2)
  })
})

describe('colour', () => {
  const colored = async (line: string, world: World): Promise<boolean> =>
    (await run({ 'a.yaml': broken }, `lint ${line}`, world)).out.includes('\u001b[')
  const terminal = { isTerminal: { out: true } }

  test.each<[string, World, boolean]>([
    ['', {}, false],
    ['', terminal, true],
    ['', { ...terminal, env: { NO_COLOR: '1' } }, false],
    ['', { ...terminal, env: { TERM: 'dumb' } }, false],
    ['', { env: { FORCE_COLOR: '1' } }, true],
    ['--color', {}, true],
    ['--no-color', terminal, false],
  ])('%j %j: %s', async (line, world, expected) => {
    expect(await colored(line, world)).toBe(expected)
  })
})

describe('progress', () => {
  const slow = { slowness: 300, isTerminal: { err: true } }
  test('is shown on a terminal after half a second, and is gone at the end', async () => {
    const { err } = await run({ 'a.yaml': clean }, 'lint', slow)
    expect(err).toMatch(/checking 1 files/)
    expect(err).toMatch(/\r\u001b\[K$/)
  })

  test('is not shown elsewhere, nor when it is quick', async () => {
    expect((await run({ 'a.yaml': clean }, 'lint', { slowness: 300 })).err).toBe('')
    expect((await run({ 'a.yaml': clean }, 'lint', { isTerminal: { err: true } })).err).toBe('')
  })
})

describe('a baseline', () => {
  test('keeps what is found today out of the way', async () => {
    const folder = writeTree({ 'a.yaml': broken })
    const written = await run(folder, `lint ${only} --update-baseline`)
    expect(written).toMatchObject({
      code: 0,
      err: expect.stringContaining('plimsoll-baseline.json lists 1 findings'),
    })
    const again = await run(folder, `lint ${only} --baseline plimsoll-baseline.json`)
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('1 suppressed') })
    writeFileSync(join(folder, 'a.yaml'), `# moved\n${broken}`)
    expect((await run(folder, `lint ${only} --baseline plimsoll-baseline.json`)).code).toBe(0)
    writeFileSync(join(folder, 'a.yaml'), broken.replace('two', '2'))
    const mended = await run(folder, `lint ${only} --baseline plimsoll-baseline.json`)
    expect(mended.err).toContain('1 entries of plimsoll-baseline.json are no longer needed')
  })
})

test('suppressions hold, and unused ones are found', async () => {
  const text = broken
    .replace('two', 'two # plimsoll-ignore schema-wrong-type -- a joke')
    .replace('name: web\n', 'name: web # plimsoll-ignore schema-wrong-type\n')
  const { code, out } = await run({ 'a.yaml': text }, `lint ${only} --format compact`)
  expect(code).toBe(0)
  expect(out).toMatch(
    /^a\.yaml:4:31: warning nothing here needs the suppression of schema-wrong-type \[suppression-unused\]\n/,
  )
  expect(out).toContain('1 suppressed')
})

test('the shop prints what the README shows, line by line', async () => {
  const { out } = await run(resolve('.'), 'lint examples/shop')
  const readme = readFileSync('README.md', 'utf8')
  const [, block = ''] = /^\$ plimsoll examples\/shop\n([^`]*)^```$/m.exec(readme) ?? []
  const shown = block.split('\n').filter(it => it.trim() !== '…')
  expect(shown.length).toBeGreaterThan(15)
  let rest = out
  for (const line of shown) {
    expect(rest).toContain(line)
    rest = rest.slice(rest.indexOf(line) + line.length)
  }
})
