/** What the client can do, read once from its capabilities; absent means no. */
import type { InitializeParams } from 'vscode-languageserver'
import { chooseEncoding, type PositionEncoding } from './positions.ts'

export interface Client {
  readonly encoding: PositionEncoding
  /** Asks for diagnostics itself; others get them pushed. */
  readonly pulls: boolean
  readonly refreshes: boolean
  readonly related: boolean
  readonly codeLinks: boolean
  readonly tags: ReadonlySet<number>
  /** Edits may carry the version of the document that they were made for. */
  readonly versionedEdits: boolean
  readonly preferredActions: boolean
  readonly tellsFolders: boolean
  readonly registersWatchers: boolean
  readonly registersConfiguration: boolean
  readonly answersConfiguration: boolean
  /** Understands `plimsoll/status` and the command `plimsoll.explainRule`: our own VS Code client. */
  readonly isOurs: boolean
}

export function readClient({ capabilities, initializationOptions }: InitializeParams): Client {
  const { textDocument, workspace, general } = capabilities
  const diagnostics = { ...textDocument?.publishDiagnostics, ...textDocument?.diagnostic }
  return {
    encoding: chooseEncoding(general?.positionEncodings),
    pulls: textDocument?.diagnostic !== undefined,
    refreshes: workspace?.diagnostics?.refreshSupport === true,
    related: diagnostics.relatedInformation === true,
    codeLinks: diagnostics.codeDescriptionSupport === true,
    tags: new Set(diagnostics.tagSupport?.valueSet),
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    preferredActions: textDocument?.codeAction?.isPreferredSupport === true,
    tellsFolders: workspace?.workspaceFolders === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    answersConfiguration: workspace?.configuration === true,
    isOurs: isRecord(initializationOptions) && initializationOptions.client === 'plimsoll-vscode',
  }
}

/** Roots of the workspace as URIs, in whichever way the client says it. */
export function listRoots(params: InitializeParams): string[] {
  if (params.workspaceFolders) return params.workspaceFolders.map(it => it.uri)
  return params.rootUri ? [params.rootUri] : []
}

export const isRecord = (it: unknown): it is Readonly<Record<string, unknown>> =>
  typeof it === 'object' && it !== null && !Array.isArray(it)
