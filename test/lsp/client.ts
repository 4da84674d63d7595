/** A scripted client: starts the bundled server on a scratch folder and speaks the protocol with it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import {
  type ClientCapabilities,
  type CodeAction,
  createProtocolConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
  type TextEdit,
  type WorkspaceDiagnosticReport,
} from 'vscode-languageserver/node'

/** Bundles the server once for all sessions of a test file; gives its path. */
export async function bundleServer(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lsp-'))
  const outfile = join(folder, 'server.mjs')
  await build({
    entryPoints: ['test/lsp/stdio-server.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url)",
    },
    logLevel: 'error',
  })
  return outfile
}

export const pulling: ClientCapabilities = {
  textDocument: {
    diagnostic: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
    codeAction: { isPreferredSupport: true },
  },
  workspace: { workspaceEdit: { documentChanges: true }, diagnostics: { refreshSupport: true } },
}

export const pushed: ClientCapabilities = {
  textDocument: { publishDiagnostics: { relatedInformation: true } },
}

export interface Session {
  readonly connection: ProtocolConnection
  readonly process: ChildProcess
  readonly capabilities: Record<string, unknown>
  /** Everything published so far, the last for each file. */
  readonly published: ReadonlyMap<string, Diagnostic[]>
  /** What the server has logged as errors: its own bugs. */
  readonly errors: string[]
  uri(file: string): string
  write(file: string, text: string): void
  open(file: string, text: string): void
  change(file: string, changes: TextDocumentContentChangeEvent[]): void
  close(file: string): void
  pull(file: string, previousResultId?: string): Promise<DocumentDiagnosticReport>
  pullWorkspace(previous?: Record<string, string>): Promise<WorkspaceDiagnosticReport>
  /** Waits until what is published about a file passes. */
  untilPublished(file: string, passes: (it: readonly Diagnostic[]) => boolean): Promise<Diagnostic[]>
  actions(file: string, at: Diagnostic['range'], only?: string[]): Promise<CodeAction[]>
  stop(): Promise<number | null>
}

export interface Setting {
  readonly files: Readonly<Record<string, string>>
  readonly capabilities: ClientCapabilities
  readonly initializationOptions?: unknown
}

export async function startSession(server: string, setting: Setting): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-project-'))
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  for (const [file, text] of Object.entries(setting.files)) write(file, text)
  const child = spawn(process.execPath, [server, process.cwd()], { stdio: ['pipe', 'pipe', 'inherit'] })
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  // A server that dies fails what waits for it.
  child.on('exit', () => connection.dispose())
  const published = new Map<string, Diagnostic[]>()
  const waiting = new Set<() => void>()
  connection.onNotification('textDocument/publishDiagnostics', (it: PublishDiagnosticsParams) => {
    published.set(it.uri, it.diagnostics)
    for (const wake of waiting) wake()
  })
  const errors: string[] = []
  connection.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
    if (type === 1) errors.push(message)
  })
  connection.onRequest('workspace/diagnostic/refresh', () => null)
  connection.listen()
  const uri = (file: string): string => pathToFileURL(join(folder, file)).href
  const { capabilities } = await connection.sendRequest<{ capabilities: Record<string, unknown> }>(
    'initialize',
    {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities: setting.capabilities,
      initializationOptions: setting.initializationOptions,
    },
  )
  await connection.sendNotification('initialized', {})
  let version = 1
  return {
    connection,
    process: child,
    capabilities,
    published,
    errors,
    uri,
    write,
    open: (file, text) =>
      void connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri: uri(file), languageId: 'yaml', version, text },
      }),
    change: (file, contentChanges) =>
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { uri: uri(file), version: ++version },
        contentChanges,
      }),
    close: file =>
      void connection.sendNotification('textDocument/didClose', { textDocument: { uri: uri(file) } }),
    pull: (file, previousResultId) =>
      connection.sendRequest('textDocument/diagnostic', {
        textDocument: { uri: uri(file) },
        previousResultId,
      }),
    pullWorkspace: (previous = {}) =>
      connection.sendRequest('workspace/diagnostic', {
        previousResultIds: Object.entries(previous).map(([uri, value]) => ({ uri, value })),
      }),
    untilPublished: (file, passes) =>
      new Promise(resolve => {
        const look = (): void => {
          const items = published.get(uri(file))
          if (!items || !passes(items)) return
          waiting.delete(look)
          resolve(items)
        }
        waiting.add(look)
        look()
      }),
    actions: (file, range, only) =>
      connection.sendRequest('textDocument/codeAction', {
        textDocument: { uri: uri(file) },
        range,
        context: { diagnostics: [], ...(only && { only }) },
      }),
    async stop() {
      await connection.sendRequest('shutdown')
      const gone = new Promise<number | null>(resolve => child.on('exit', resolve))
      await connection.sendNotification('exit')
      const code = await gone
      rmSync(folder, { recursive: true })
      return code
    },
  }
}

/** `code line:character message` of each, 0-based, as one would look at them. */
export const listWords = (items: readonly Diagnostic[]): string[] =>
  items.map(it => `${it.code} ${it.range.start.line}:${it.range.start.character} ${it.message}`)

/** A text after edits of the protocol, UTF-16. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split(/(?<=\n)/)
  const offsetOf = ({ line, character }: TextEdit['range']['start']): number =>
    lines.slice(0, line).join('').length + character
  return edits
    .map(it => ({ start: offsetOf(it.range.start), end: offsetOf(it.range.end), text: it.newText }))
    .sort((a, b) => b.start - a.start)
    .reduce((now, it) => now.slice(0, it.start) + it.text + now.slice(it.end), text)
}
