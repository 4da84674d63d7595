/** Diagnostics for clients that ask: of one document, and of the whole workspace without saying the same twice. */
import type {
  CancellationToken,
  DocumentDiagnosticReport,
  PreviousResultId,
  WorkspaceDiagnosticParams,
  WorkspaceDiagnosticReport,
  WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver'
import { buildDiagnostics, listFilesWithFindings } from './diagnostics.ts'
import { createPulse } from './pulse.ts'
import { answer, refuseCancelled, type Session } from './session.ts'
import { toPath } from './uris.ts'

export function servePulls(session: Session): void {
  const { languages } = session.connection
  languages.diagnostics.on((params, token) =>
    answer(session, 'textDocument/diagnostic', () =>
      reportDocument(session, params.textDocument.uri, params.previousResultId, token),
    ),
  )
  const waiting = createWaiting()
  const retry = createPulse({ pause: 100, longest: 1000 }, () => waiting.wake())
  session.onChange(() => retry.beat())
  languages.diagnostics.onWorkspace((params, token) =>
    answer(session, 'workspace/diagnostic', () => reportWorkspace(session, params, token, waiting)),
  )
  if (session.client.refreshes) refreshOnOutsideChanges(session)
}

/** Texts of editors the client knows of; what else may change verdicts it must be told. */
function refreshOnOutsideChanges(session: Session): void {
  const { connection } = session
  const refresh = createPulse({ pause: 100, longest: 1000 }, () => {
    connection.languages.diagnostics.refresh().catch(error => connection.console.warn(String(error)))
  })
  session.onChange(cause => {
    if (cause === 'outside') refresh.beat()
  })
}

async function reportDocument(
  session: Session,
  uri: string,
  previous: string | undefined,
  token: CancellationToken,
): Promise<DocumentDiagnosticReport> {
  const home = session.projects.find(uri)
  if (!home || !session.settings.enable) return { kind: 'full', items: [] }
  const check = await session.check(home.project)
  refuseCancelled(token)
  const { resultId, items } = buildDiagnostics(check, home.id, session.wordingOf(home.project))
  return resultId === previous ? { kind: 'unchanged', resultId } : { kind: 'full', resultId, items }
}

/** Holds the request until there is something new: clients ask again at once, every two seconds as it is. */
async function reportWorkspace(
  session: Session,
  { previousResultIds }: WorkspaceDiagnosticParams,
  token: CancellationToken,
  waiting: Waiting,
): Promise<WorkspaceDiagnosticReport> {
  const turn = waiting.enter()
  const previous = new Map(previousResultIds.map(it => [keyOf(it.uri), it]))
  for (;;) {
    const wake = turn.next(token)
    const items = await listWorkspaceReports(session, previous, token)
    if (turn.isOver || items.some(it => it.kind === 'full')) return { items }
    await wake
    refuseCancelled(token)
  }
}

async function listWorkspaceReports(
  { check, wordingOf, projects, settings }: Session,
  previous: Previous,
  token: CancellationToken,
): Promise<WorkspaceDocumentDiagnosticReport[]> {
  const reports: WorkspaceDocumentDiagnosticReport[] = []
  const gone = new Map(previous)
  for (const project of settings.enable ? projects.list() : []) {
    const state = await check(project)
    refuseCancelled(token)
    for (const id of listFilesWithFindings(state)) {
      const version = projects.versionOf(project, id) ?? null
      if (!projects.owns(project, id) || (settings.scope === 'openFiles' && version === null)) continue
      const uri = projects.uriOf(project, id)
      const { resultId, items } = buildDiagnostics(state, id, wordingOf(project))
      const known = previous.get(keyOf(uri))
      gone.delete(keyOf(uri))
      if (known?.value === resultId) reports.push({ kind: 'unchanged', resultId, uri: known.uri, version })
      else reports.push({ kind: 'full', resultId, items, uri, version })
    }
  }
  for (const { uri, value } of gone.values()) {
    if (value === clean) reports.push({ kind: 'unchanged', resultId: clean, uri, version: null })
    else reports.push({ kind: 'full', resultId: clean, items: [], uri, version: null })
  }
  return reports
}

type Previous = ReadonlyMap<string, PreviousResultId>

/** Clients escape URIs in their own ways, and ours is not always the one that comes back. */
const keyOf = (uri: string): string => toPath(uri) ?? uri

/** Result id of files without findings, those that are gone among them. */
const clean = 'clean'

interface Waiting {
  /** A new request; the one before it is to be answered now. */
  enter(): Turn
  wake(): void
}

interface Turn {
  readonly isOver: boolean
  /** Resolves at the next change, or when the request is cancelled or replaced. */
  next(token: CancellationToken): Promise<void>
}

function createWaiting(): Waiting {
  let current: { wake: () => void; isOver: boolean } | undefined
  return {
    enter() {
      if (current) {
        current.isOver = true
        current.wake()
      }
      const turn = { wake: () => {}, isOver: false }
      current = turn
      return {
        get isOver() {
          return turn.isOver
        },
        next: token =>
          new Promise(resolve => {
            turn.wake = resolve
            token.onCancellationRequested(() => resolve())
          }),
      }
    },
    wake: () => current?.wake(),
  }
}
