/** Runs one command line. Exit codes: 0 clean, 1 findings, 2 the request is wrong, 3 a bug of ours. */
import { CommanderError } from 'commander'
import { UserError } from '../host/user-error.ts'
import type { Rule } from '../rule.ts'
import { buildProgram } from './build-program.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import type { Io } from './io.ts'

export async function runCli(argv: readonly string[], io: Io, rules: readonly Rule[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.clean
  const program = buildProgram(io, rules, done => {
    code = done
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    return reportFailure(error, io, argv.includes('--debug'))
  }
}

function reportFailure(error: unknown, io: Io, debug: boolean): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.request
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? '' : ` (${error.hint})`
    io.err(`plimsoll: ${debug ? error.stack : `${error.message}${hint}`}\n`)
    return exitCodes.request
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  io.err(`plimsoll: a bug in plimsoll, please report it: ${debug ? stack : message}\n`)
  if (!debug) io.err('plimsoll: --debug shows where it happened\n')
  return exitCodes.bug
}
