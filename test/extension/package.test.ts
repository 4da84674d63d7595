/** The package that VS Code installs: what is in it, and that its server serves. */
import { fork } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inflateSync } from 'node:zlib'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProtocolConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-languageserver/node'
import { bundleExtension } from '../../src/dev/vsix/bundle.ts'
import { drawIcon } from '../../src/dev/vsix/icon.ts'
import { packExtension } from '../../src/dev/vsix/package.ts'

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
const manifest = readJson('extension/package.json')
const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-vsix-'))
const dist = join(scratch, 'dist')
let bytes: Uint8Array
let entries: Record<string, Uint8Array>
beforeAll(async () => {
  await bundleExtension(dist)
  bytes = packExtension(dist)
  entries = unzipSync(bytes)
})
afterAll(() => rmSync(scratch, { recursive: true }))

describe('manifest', () => {
  test('has the version of plimsoll and no dependencies of its own', () => {
    expect(manifest.version).toBe(readJson('package.json').version)
    expect(Object.keys(manifest).filter(it => /dependencies/i.test(it))).toEqual([])
  })

  test('declares the commands that the client registers', () => {
    const client = readFileSync('extension/src/extension.ts', 'utf8')
    const registered = [...client.matchAll(/registerCommand\('([^']+)'/g)].map(it => it[1])
    expect(manifest.contributes.commands.map((it: { command: string }) => it.command)).toEqual(registered)
  })

  test('declares the settings that the README lists', () => {
    const named = [...readFileSync('extension/README.md', 'utf8').matchAll(/^\| `(plimsoll\.[\w.]+)`/gm)]
    expect(named.map(it => it[1])).toEqual(Object.keys(manifest.contributes.configuration.properties))
  })

  test('restricts only settings that exist', () => {
    const known = Object.keys(manifest.contributes.configuration.properties)
    expect(known).toEqual(
      expect.arrayContaining(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations),
    )
  })
})

describe('package', () => {
  test('holds what its manifest points to', () => {
    const { main, icon, contributes } = manifest
    const pointed = [main, icon, contributes.yamlValidation[0].url].map(it => join('extension', it))
    expect(Object.keys(entries)).toEqual(expect.arrayContaining(pointed))
    const assets = [...strFromU8(entries['extension.vsixmanifest']!).matchAll(/ Path="([^"]+)"/g)]
    expect(assets.length).toBe(4)
    expect(assets.map(it => it[1]).filter(it => !entries[it!])).toEqual([])
  })

  test('holds no sources, and of every file the type', () => {
    const types = strFromU8(entries['[Content_Types].xml']!)
    for (const name of Object.keys(entries).filter(it => it !== '[Content_Types].xml'))
      expect(types).toContain(`Extension="${extname(name)}"`)
    expect(Object.keys(entries).filter(it => /\/src\/|\.ts$|\.map$/.test(it))).toEqual([])
  })

  test('names the licences of what is bundled', () => {
    const notices = strFromU8(entries['extension/dist/THIRD-PARTY-NOTICES.txt']!)
    for (const name of ['vscode-languageclient', 'vscode-languageserver', 'yaml'])
      expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'))
  })

  test('is the same for the same files', () => {
    expect(Buffer.from(packExtension(dist)).equals(bytes)).toBe(true)
  })

  test('has a client that needs nothing but Node and the editor', () => {
    const client = strFromU8(entries['extension/dist/extension.cjs']!)
    const needed = new Set([...client.matchAll(/\brequire\("([^"]+)"\)/g)].map(it => it[1]!))
    expect([...needed].filter(it => !it.startsWith('node:') && !builtinModules.includes(it))).toEqual([
      'vscode',
    ])
  })

  test('has the icon that is drawn', () => {
    const pixels = (png: Buffer): Buffer => {
      const start = png.indexOf('IDAT') + 4
      return inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)))
    }
    const drawn = drawIcon()
    expect(pixels(drawn).equals(pixels(readFileSync('extension/icon.png')))).toBe(true)
  })
})

test('the packaged server, with nothing beside it, checks with all rules over IPC', async () => {
  for (const [name, bytes] of Object.entries(entries)) {
    mkdirSync(dirname(join(scratch, name)), { recursive: true })
    writeFileSync(join(scratch, name), bytes)
  }
  const project = join(scratch, 'project')
  mkdirSync(project)
  const file = join(project, 'pod.yaml')
  writeFileSync(
    file,
    'apiVersion: v1\nkind: Pod\nmetadata: { name: &name web }\nspec: { container: [*name] }\n',
  )
  expect(existsSync(join(scratch, 'extension/dist/server.js'))).toBe(true)

  const server = fork(join(scratch, 'extension/dist/server.js'), ['--node-ipc'])
  const connection = createProtocolConnection(new IPCMessageReader(server), new IPCMessageWriter(server))
  connection.listen()
  const { serverInfo } = await connection.sendRequest<{ serverInfo: unknown }>('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(project).href,
    capabilities: { textDocument: { diagnostic: {} } },
  })
  expect(serverInfo).toEqual({ name: 'plimsoll', version: manifest.version })
  await connection.sendNotification('initialized', {})
  const report = await connection.sendRequest<{ items: { code: string }[] }>('textDocument/diagnostic', {
    textDocument: { uri: pathToFileURL(file).href },
  })
  expect(report.items.map(it => it.code)).toContain('schema-unknown-field')
  const page = await connection.sendRequest('plimsoll/explainRule', { rule: 'schema-unknown-field' })
  expect(page).toMatch(/^# schema-unknown-field\n/)
  const gone = new Promise(resolve => server.on('exit', resolve))
  await connection.sendRequest('shutdown')
  await connection.sendNotification('exit')
  expect(await gone).toBe(0)
})
