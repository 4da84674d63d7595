/** `plimsoll lsp`: the language server, on standard input and output unless the editor asks for IPC. */

import { readAsset } from '../../host/assets.ts'
import type { Rule } from '../../rule.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { version } from '../version.ts'

export async function lsp(rules: readonly Rule[], flags: { readonly nodeIpc?: boolean }): Promise<ExitCode> {
  const { startServer } = await import('../../lsp/server.ts')
  await startServer({ transport: flags.nodeIpc ? 'ipc' : 'stdio', version, rules, readAsset })
  return exitCodes.clean
}
