/** What one client has with one server: what it can do, its settings, its projects, and who hears of changes. */

import type { CancellationToken } from 'vscode-languageserver'
import { type Connection, type InitializeParams, LSPErrorCodes, ResponseError } from 'vscode-languageserver'
import type { RuleInfo } from '../config/catalogue.ts'
import { ownRules } from '../engine/own-rules.ts'
import { type Client, isRecord, listRoots, readClient } from './client.ts'
import type { Wording } from './diagnostics.ts'
import type { Kit } from './load-settings.ts'
import type { Check, Project } from './project.ts'
import { createProjects, type Projects } from './projects.ts'
import { readSettings, type Settings } from './settings.ts'

/** `text`: an editor's text, which a client that pulls asks about by itself. `outside`: anything else. */
export type Cause = 'text' | 'outside'

export interface Session {
  readonly connection: Connection
  readonly client: Client
  readonly projects: Projects
  readonly rules: ReadonlyMap<string, RuleInfo>
  settings: Settings
  /** Tells all listeners that verdicts may be different now. */
  changed(cause: Cause): void
  onChange(listener: (cause: Cause) => void): void
  /** Checks, and tells the user what keeps the settings from being read. */
  check(project: Project): Promise<Check>
  wordingOf(project: Project): Wording
}

export function createSession(connection: Connection, params: InitializeParams, kit: Kit): Session {
  const client = readClient(params)
  const { initializationOptions } = params
  const settings = readSettings(isRecord(initializationOptions) ? initializationOptions.settings : undefined)
  const projects = createProjects(kit, client.encoding, overridesOf(settings))
  projects.setFolders(listRoots(params))
  const rules = new Map([...kit.rules, ...ownRules].map(it => [it.id, it]))
  const listeners: ((cause: Cause) => void)[] = []
  const tell = createTeller(connection, client)
  return {
    connection,
    client,
    projects,
    rules,
    settings,
    changed(cause) {
      for (const listener of listeners) listener(cause)
    },
    onChange(listener) {
      listeners.push(listener)
    },
    async check(project) {
      const check = await project.check()
      tell(check)
      return check
    },
    wordingOf: project => ({ client, rules, uriOf: id => projects.uriOf(project, id) }),
  }
}

export const overridesOf = ({ kubernetes }: Settings) => (kubernetes === undefined ? {} : { kubernetes })

/** What our own client shows in its status item. */
export interface Status {
  readonly kubernetes: readonly string[]
  readonly problem: string | undefined
}

/** Says each thing once. */
function createTeller(connection: Connection, client: Client): (check: Check) => void {
  let toldProblem: string | undefined
  let toldStatus = ''
  return ({ snapshot, problem }) => {
    const place = problem?.file === undefined ? '' : `${problem.file}: `
    const message = problem && place + problem.message
    const status: Status = { kubernetes: snapshot.config.kubernetes, problem: message }
    if (client.isOurs && JSON.stringify(status) !== toldStatus) {
      toldStatus = JSON.stringify(status)
      void connection.sendNotification('plimsoll/status', status)
    }
    // A fault with a place is a diagnostic there; one without it would be seen nowhere.
    if (message !== toldProblem && message !== undefined && problem?.file === undefined)
      connection.window.showErrorMessage(`plimsoll: ${message}`)
    toldProblem = message
  }
}

/** Runs a request; a bug in it is logged with its stack and answered as an error, and the server goes on. */
export async function answer<Result>(
  { connection }: Session,
  name: string,
  handle: () => Promise<Result>,
): Promise<Result> {
  try {
    return await handle()
  } catch (error) {
    if (error instanceof ResponseError) throw error
    connection.console.error(`${name}: ${error instanceof Error ? error.stack : String(error)}`)
    throw new ResponseError(LSPErrorCodes.RequestFailed, `${name}: ${String(error)}`)
  }
}

/** The client no longer wants the answer. */
export function refuseCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled')
}
