import { execFileSync, type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { writeTree } from '../host/folder.ts'
import { broken, clean } from './run.ts'

const root = new URL('../../', import.meta.url).pathname
/** The package as installed elsewhere, where other users may read it. */
const home = writeTree({})
const command = join(home, 'dist/cli.js')

const start = (args: readonly string[], options: SpawnSyncOptions) =>
  spawnSync(process.execPath, [command, ...args], {
    maxBuffer: 2 ** 26,
    timeout: 20_000,
    ...options,
    encoding: 'utf8',
  })

beforeAll(() => {
  const build = ['--import', 'tsx', 'src/dev/build.ts', join(home, 'dist')]
  execFileSync(process.execPath, build, { cwd: root, stdio: 'ignore' })
  cpSync(join(root, 'schemas'), join(home, 'schemas'), { recursive: true })
  chmodSync(home, 0o755)
})

test('what permissions forbid is a finding; named itself it is a wrong request', () => {
  const folder = writeTree({ 'a.yaml': clean, 'secret/b.yaml': clean, 'closed.yaml': clean })
  chmodSync(folder, 0o755)
  chmodSync(join(folder, 'secret'), 0)
  chmodSync(join(folder, 'closed.yaml'), 0)
  // Permissions do not bind root.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const all = start(['--format', 'compact'], { cwd: folder, ...user })
  expect(all.stdout).toContain('secret:1:1: error permission denied [file-unreadable]')
  expect(all.stdout).toContain('closed.yaml:1:1: error permission denied [file-unreadable]')
  expect(all.status).toBe(1)
  for (const name of ['secret', 'closed.yaml']) {
    const named = start([name], { cwd: folder, ...user })
    expect(named.stderr).toBe(`plimsoll: cannot read ${name}: permission denied\n`)
    expect(named.status).toBe(2)
  }
  chmodSync(join(folder, 'secret'), 0o755)
})

test('a large report goes into a pipe whole', () => {
  const some = Array.from({ length: 800 }, (_, i) => broken.replace('name: web', `name: web-${i}`))
  const { status, stdout } = start(['--format', 'json'], { cwd: writeTree({ 'a.yaml': some.join('---\n') }) })
  expect(status).toBe(1)
  expect(JSON.parse(stdout).findings.length).toBeGreaterThanOrEqual(800)
})

test('a reader that goes away is no error', () => {
  const script = `"${process.execPath}" "${command}" --format json | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`
  const folder = writeTree({ 'a.yaml': broken })
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' })
  expect({ stdout, stderr }).toEqual({ stdout: '1\n', stderr: '' })
})

test('standard input is read to its end', () => {
  const { status, stdout } = start(['-', '--format', 'compact'], { input: broken, cwd: writeTree({}) })
  expect(status).toBe(1)
  expect(stdout).toMatch(/^stdin\.yaml:6:13: error /)
})

test('packages that load late are there when they are needed', () => {
  const tree = {
    'plimsoll.yaml': 'overrides: [{ files: "vendor/**", rules: { "*": off } }]',
    '.gitignore': 'out/\n',
    'a.yaml': clean.replace('{ name: settings }', '&meta { name: settings }'),
    'vendor/b.yaml': broken,
    'out/c.yaml': broken,
  }
  const { status, stdout, stderr } = start(['--format', 'compact'], { cwd: writeTree(tree) })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^No findings in 3 files \(2 resources\)/)
  const chart = writeTree({
    'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'shop/templates/a.yaml': 'text: {{ encryptAES "key" "plain" | decryptAES "key" }}\n',
  })
  execFileSync('tar', ['-czf', 'shop.tgz', 'shop'], { cwd: chart })
  expect(start(['render', 'shop.tgz'], { cwd: chart }).stdout).toContain('text: plain\n')
})

test.each([['--stdio'], [`--clientProcessId=${process.pid}`]])(
  'the language server answers on standard input and output: lsp %s',
  async option => {
    const params = { processId: null, rootUri: null, capabilities: {} }
    const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })
    const server = spawn(process.execPath, [command, 'lsp', '--stdio', option], { stdio: 'pipe' })
    const answer = new Promise<string>(resolve => {
      let heard = ''
      const hear = (data: Buffer): void => {
        heard += data.toString()
        if (heard.includes('serverInfo')) resolve(heard)
      }
      server.stdout.on('data', hear)
      server.stderr.on('data', hear)
      server.on('exit', () => resolve(heard))
    })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
    expect(await answer).toContain('"serverInfo":{"name":"plimsoll"')
    server.kill()
  },
)

test('compiled code is kept, made anew when damaged, and done without where nothing can be written', () => {
  const folder = writeTree({ 'a.yaml': broken })
  const compiled = join(home, 'dist/compiled')
  const kept = () => join(compiled, readdirSync(compiled)[0]!, 'fix', 'for-lint.js')
  const run = () => start(['fix', '--dry-run'], { cwd: folder })
  rmSync(compiled, { recursive: true, force: true })
  const first = run()
  const { size, mtimeMs } = statSync(kept())
  expect(run()).toMatchObject({ stdout: first.stdout, status: first.status })
  expect(statSync(kept()).mtimeMs).toBe(mtimeMs)

  truncateSync(kept(), size / 2)
  expect(run()).toMatchObject({ stdout: first.stdout, status: first.status })
  expect(statSync(kept()).size).toBeGreaterThan(size / 2)

  rmSync(compiled, { recursive: true })
  writeFileSync(compiled, '')
  expect(run()).toMatchObject({ stdout: first.stdout, stderr: first.stderr, status: first.status })
  rmSync(compiled)
})

test('threads share the work, and say what one says', () => {
  const report = (threads: number) => {
    const options = { cwd: join(root, 'examples') }
    const { stdout, stderr, status } = start(['--format', 'json', '--threads', `${threads}`], options)
    const { findings, summary } = JSON.parse(stdout)
    return { findings, summary: { ...summary, milliseconds: 0 }, stderr, status }
  }
  const [alone, shared] = [report(1), report(3)]
  expect(alone.findings.length).toBeGreaterThan(10)
  expect(shared).toEqual(alone)
})

test('charts may nest as deeply in one thread as in another', () => {
  const inner =
    '{{ with . }}{{ range list . }}{{ if include "x" (sub . 1) | trim }}{{ end }}{{ end }}{{ end }}'
  const chart = (name: string) => ({
    [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
    [`${name}/templates/_x.tpl`]: `{{ define "x" }}{{ if gt (int .) 0 }}${inner}{{ end }}{{ end }}`,
    [`${name}/templates/a.yaml`]: 'a: "{{ include "x" 340 }}"\n',
  })
  const cwd = writeTree({ ...chart('a'), ...chart('b') })
  const { stdout } = start(['--format', 'compact', '--threads', '2', '--only', 'helm-template-failed'], {
    cwd,
  })
  const found = stdout.split('\n').filter(it => it.includes('[helm-template-failed]'))
  expect(found.map(it => it[0])).toEqual(['a', 'b'])
})

test('where no threads are allowed, one does all', () => {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission'
  const allowed = [permission, '--allow-fs-read=*', '--allow-fs-write=*']
  const lint = ['lint', '--format', 'compact', '--threads', '2', '--only', 'schema-*']
  const { stdout, status } = spawnSync(process.execPath, [...allowed, command, ...lint], {
    cwd: writeTree({ 'a.yaml': broken, 'b.yaml': clean }),
    encoding: 'utf8',
  })
  expect(stdout).toMatch(/^a\.yaml:6:13: error /)
  expect(status).toBe(1)
})
