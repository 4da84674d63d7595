/** Each command offers the options that it reads, and refuses those of lint that would do nothing. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generateCommandPage } from '../../src/dev/gen/command-docs.ts'
import { node } from '../schedule/builders.ts'
import { clean, run } from './run.ts'

const nodes = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [node('a')] })
const tree = { 'a.yaml': clean, 'nodes.json': nodes }

const listOffered = async (command: string): Promise<string[]> => {
  const { out } = await run({}, `${command} --help`)
  return [...out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(it => it[1]!)
}

const values = ['--values', '--set', '--set-string', '--set-json', '--set-file', '--set-literal']

test('schedule offers nothing that is about rules', async () => {
  expect((await listOffered('schedule')).sort()).toEqual(
    [
      ...['--kubernetes', '--config', '--no-config', '--nodes', '--stdin-filename', '--color', '--no-color'],
      ...['--snapshot', '--format', '--help', ...values],
    ].sort(),
  )
})

test.each([
  '--only probe-missing',
  '--ignore probe-missing',
  '--preset strict',
  '--crds crds',
  '--schema-location default',
  '--baseline b.json',
  '--update-baseline',
  '--focus a.yaml',
  '--since HEAD',
  '--fail-on warning',
  '--max-warnings 3',
  '--quiet',
  '--exit-zero',
  '--threads 2',
])('schedule %s is refused', async option => {
  const { code, out, err } = await run(tree, `schedule a.yaml ${option} --nodes nodes.json`)
  const [name] = option.split(' ')
  expect({ code, out, err }).toEqual({
    code: 2,
    out: '',
    err: `plimsoll: ${name} has no effect on schedule (it is an option of lint)\n`,
  })
})

test('fix changes files and writes in one colour', async () => {
  const offered = await listOffered('fix')
  expect(offered).toEqual(
    expect.arrayContaining(['--diff', '--unsafe', '--only', '--baseline', '--fail-on', '--nodes']),
  )
  for (const option of ['--color', '--no-color', '--stdin-filename x.yaml', '--format json', '--quiet']) {
    const [name] = option.split(' ')
    expect(offered).not.toContain(name)
    expect(await run(tree, `fix a.yaml ${option}`)).toMatchObject({
      code: 2,
      err: `plimsoll: ${name} has no effect on fix (it is an option of lint)\n`,
    })
  }
})

test('what nobody offers is unknown', async () => {
  const { code, err } = await run(tree, 'schedule a.yaml --strict --nodes nodes.json')
  expect(code).toBe(2)
  expect(err).toContain("unknown option '--strict'")
})

test('the page of the command line has every command and option', async () => {
  const { path, text } = generateCommandPage()
  expect(readFileSync(path, 'utf8') === text || `${path} is stale: npm run gen`).toBe(true)
  for (const command of ['lint', 'fix', 'schedule', 'rules', 'render', 'config show']) {
    const section = text.slice(text.indexOf(`## plimsoll ${command}`)).split('\n## ', 1)[0]!
    for (const option of await listOffered(command))
      if (option !== '--help') expect(section).toContain(option)
  }
})
