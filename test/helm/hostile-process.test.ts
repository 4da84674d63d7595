/** Hostile charts in processes of their own: what a run may cost is measured from outside. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'fflate'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildTar, header } from '../cli/tar.ts'
import { writeTree } from '../host/folder.ts'
import { hostileCharts } from './hostile-charts.ts'

const root = new URL('../../', import.meta.url).pathname
const home = writeTree({})
const command = join(home, 'dist/cli.js')
/** Writes what the process has taken when it ends. */
const meter = join(home, 'meter.cjs')

beforeAll(() => {
  const build = ['--import', 'tsx', 'src/dev/build.ts', join(home, 'dist')]
  execFileSync(process.execPath, build, { cwd: root, stdio: 'ignore' })
  cpSync(join(root, 'schemas'), join(home, 'schemas'), { recursive: true })
  writeFileSync(
    meter,
    `const fs = require('node:fs')
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  fs.writeFileSync(process.env.METER, JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, mebibytes: maxRSS / 1024 }))
})`,
  )
}, 60_000)

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly seconds: number
  readonly mebibytes: number
}

function start(folder: string, args: readonly string[]): Ended {
  const report = join(home, `meter-${Math.random()}.json`)
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', meter, command, ...args], {
    cwd: folder,
    env: { ...process.env, METER: report },
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 2 ** 28,
  })
  return { code: status, out: stdout + stderr, ...JSON.parse(readFileSync(report, 'utf8')) }
}

function expectModest({ code, seconds, mebibytes }: Ended): void {
  expect(seconds).toBeLessThan(5)
  expect(mebibytes).toBeLessThan(512)
  expect([0, 1, 2]).toContain(code)
}

/** Those that take most; the others run in this process beside them. */
const WORST = [
  'tpl that grows',
  'variables that remember',
  'text nobody asked for',
  'a flow that is not closed',
  'alternatives of alternatives',
  'tpl of tpl of tpl',
  'merges of copies',
  'matches, many',
  'a document of tags',
  'templates of a million actions',
]

test.each(WORST)(
  '%s',
  name => {
    const files = Object.entries(hostileCharts.get(name)!).map(([path, text]) => [`bomb/${path}`, text])
    const ended = start(writeTree(Object.fromEntries(files)), ['lint', 'bomb', '--format', 'compact'])
    expectModest(ended)
    expect(ended.out).toMatch(/bomb\/\S+:\d+:\d+: error /)
  },
  60_000,
)

const CHART = 'apiVersion: v2\nname: bomb\nversion: 1.0.0\n'

test('rules read megabytes of line breaks', () => {
  const folder = writeTree({
    'bomb/Chart.yaml': CHART,
    'bomb/templates/a.yaml':
      '{{ repeat 20000000 "\\n" }}apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n',
  })
  const ended = start(folder, ['lint', 'bomb', '--format', 'compact'])
  expectModest(ended)
  expect(ended.code).toBe(0)
}, 60_000)

describe('archives', () => {
  const pack = (files: Iterable<readonly [string, string | Uint8Array]>) =>
    gzipSync(buildTar(files), { level: 1 })
  const zeros = new Uint8Array(5 * 2 ** 20)

  test.each<[string, () => Uint8Array, RegExp]>([
    [
      'a bomb of zeros',
      () =>
        pack([
          ['bomb/Chart.yaml', CHART],
          ...Array.from({ length: 30 }, (_, i) => [`bomb/f${i}`, zeros] as const),
        ]),
      /larger than the maximum size/,
    ],
    [
      'a file that is too large',
      () =>
        pack([
          ['bomb/Chart.yaml', CHART],
          ['bomb/f', new Uint8Array(6 * 2 ** 20)],
        ]),
      /larger than the maximum file size/,
    ],
    [
      'a size that is a lie',
      () => gzipSync(Buffer.concat([header('bomb/Chart.yaml', 8 * 2 ** 30, '0'), Buffer.from(CHART)])),
      /unexpected end/,
    ],
    [
      'charts within charts',
      () => {
        let data = pack([['bomb/Chart.yaml', CHART]])
        for (let i = 0; i < 60; i++)
          data = pack([
            ['bomb/Chart.yaml', CHART],
            ['bomb/charts/bomb-1.0.0.tgz', data],
          ])
        return data
      },
      /nested too deeply/,
    ],
  ])(
    '%s',
    (_, make, message) => {
      const ended = start(writeTree({ 'bomb.tgz': make() }), ['lint', 'bomb.tgz', '--format', 'compact'])
      expectModest(ended)
      expect(ended.out).toMatch(message)
      expect(ended.code).toBe(1)
    },
    60_000,
  )
})

test('100 MiB of noise', () => {
  const folder = writeTree({})
  writeFileSync(
    join(folder, 'noise.tgz'),
    Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(101 * 2 ** 20, 'x')]),
  )
  const ended = start(folder, ['lint', 'noise.tgz'])
  expectModest(ended)
  expect(ended.out).toContain('larger than any chart')
}, 60_000)

test.each(['lint', 'render'])(
  '%s reads nothing outside of the chart, and writes nothing',
  name => {
    const folder = writeTree({
      'secret.txt': 'SECRET outside',
      'work/bomb/Chart.yaml': CHART,
      'work/bomb/values.yaml': 'a: b\n',
      'work/bomb/templates/a.yaml':
        'kind: A\na: {{ .Files.Get "../../secret.txt" | quote }}\nb: {{ .Files.Get "/etc/passwd" | quote }}\nc: {{ .Files.Get "link.txt" | quote }}\n',
      'work/bomb/link.txt': '-> ../../secret.txt',
      'work/bomb/templates/link.yaml': '-> ../../../secret.txt',
    })
    mkdirSync(join(folder, 'work/.git'))
    const before = listTree(folder)
    const { out } = start(join(folder, 'work'), [name, 'bomb'])
    expect(out).not.toContain('SECRET')
    expect(out).not.toContain('root:')
    expect(out).toContain('leaves the')
    expect(listTree(folder)).toBe(before)
  },
  60_000,
)

const listTree = (folder: string): string =>
  execFileSync('find', [folder, '-printf', '%p %s %T@\n'], { encoding: 'utf8' })
