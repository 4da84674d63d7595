/** The language server: its start, its capabilities, and what the client tells it. */
import {
  type CodeActionParams,
  type Connection,
  createConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeResult,
  IPCMessageReader,
  IPCMessageWriter,
  ProposedFeatures,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node'
import { formatRulePage } from '../ide/rule-page.ts'
import { isRecord } from './client.ts'
import { actionKinds, listCodeActions } from './code-actions.ts'
import type { Kit } from './load-settings.ts'
import { toSpan } from './positions.ts'
import { servePulls } from './pull.ts'
import { servePushes } from './push.ts'
import { answer, createSession, overridesOf, refuseCancelled, type Session } from './session.ts'
import { readSettings } from './settings.ts'
import { listDocuments, verdictsOf } from './verdicts.ts'

export interface ServerRequest extends Kit {
  readonly transport: 'stdio' | 'ipc'
  /** Of plimsoll. */
  readonly version: string
}

/** Serves one client. Resolves when it has gone; the exit code is then the protocol's: 1 without a shutdown before. */
export async function startServer({ transport, version, ...kit }: ServerRequest): Promise<void> {
  const connection =
    transport === 'ipc'
      ? createConnection(ProposedFeatures.all, new IPCMessageReader(process), new IPCMessageWriter(process))
      : createConnection(ProposedFeatures.all, process.stdin, process.stdout)
  const over = new Promise<void>(resolve => connection.onExit(resolve))
  connection.onInitialize(params => {
    const session = createSession(connection, params, kit)
    serveTexts(session)
    serveActions(session)
    serveWorkspace(session)
    if (session.client.pulls) servePulls(session)
    else servePushes(session)
    return describe(session, version)
  })
  connection.listen()
  await over
}

const describe = ({ client }: Session, version: string): InitializeResult => ({
  serverInfo: { name: 'plimsoll', version },
  capabilities: {
    positionEncoding: client.encoding,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    codeActionProvider: { codeActionKinds: actionKinds },
    ...(client.pulls && {
      diagnosticProvider: {
        identifier: 'plimsoll',
        interFileDependencies: true,
        workspaceDiagnostics: true,
      },
    }),
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  },
})

function serveTexts({ connection, projects, changed }: Session): void {
  connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => {
    projects.open(uri, version, text)
    changed('text')
  })
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    projects.change(uri, version, contentChanges)
    changed('text')
  })
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    projects.close(uri)
    changed('text')
  })
}

function serveActions(session: Session): void {
  const { connection, rules } = session
  connection.onCodeAction((params, token) =>
    answer(session, 'textDocument/codeAction', async () => {
      const actions = await codeActionsFor(session, params)
      refuseCancelled(token)
      return actions
    }),
  )
  connection.onRequest('plimsoll/explainRule', (params: unknown) => {
    const rule = isRecord(params) ? rules.get(String(params.rule)) : undefined
    return rule ? formatRulePage(rule) : null
  })
}

async function codeActionsFor(session: Session, { textDocument, range, context }: CodeActionParams) {
  const home = session.projects.find(textDocument.uri)
  if (!home || !session.settings.enable) return []
  const { project, id } = home
  const { snapshot } = await session.check(project)
  const source = snapshot.sources.get(id)
  if (!source) return []
  const verdicts = verdictsOf(snapshot)
  return listCodeActions({
    findings: [...verdicts.of(id), ...verdicts.from(id)],
    source,
    documents: listDocuments(snapshot, id),
    span: toSpan(source, range, session.client.encoding),
    only: context.only,
    wording: session.wordingOf(project),
    checked: snapshot.config.kubernetes,
    ignoreActions: session.settings.ignoreActions,
    versionOf: it => session.projects.versionOf(project, it),
  })
}

/** What decides verdicts besides the texts of editors: files on disk, folders, settings. */
function serveWorkspace(session: Session): void {
  const { connection, projects, client, changed } = session
  const takeSettings = async (section: unknown): Promise<void> => {
    session.settings = readSettings(client.answersConfiguration ? await askSettings(connection) : section)
    projects.override(overridesOf(session.settings))
    changed('outside')
  }
  connection.onInitialized(async () => {
    if (client.registersWatchers) await watchFiles(connection)
    if (client.registersConfiguration)
      await connection.client.register(DidChangeConfigurationNotification.type, { section: 'plimsoll' })
    if (client.answersConfiguration) await takeSettings(undefined)
    else changed('outside')
    if (client.tellsFolders) watchFolders(session)
  })
  connection.onDidChangeConfiguration(({ settings }) =>
    takeSettings(isRecord(settings) ? settings.plimsoll : undefined),
  )
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) {
      const home = projects.find(uri)
      home?.project.touch(home.id)
    }
    changed('outside')
  })
}

const askSettings = (connection: Connection): Promise<unknown> =>
  connection.workspace.getConfiguration('plimsoll')

const watchFiles = (connection: Connection) =>
  connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [
      { globPattern: '**/*.{yaml,yml,json,tpl,tgz}' },
      { globPattern: '**/{Kustomization,.gitignore,.plimsollignore,.helmignore}' },
    ],
  })

function watchFolders({ connection, projects, changed }: Session): void {
  connection.workspace.onDidChangeWorkspaceFolders(async () => {
    const folders = await connection.workspace.getWorkspaceFolders()
    projects.setFolders((folders ?? []).map(it => it.uri))
    changed('outside')
  })
}
