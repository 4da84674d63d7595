/** Runs one command line. Exit codes: 0 clean, 1 findings, 2 the request is wrong, 3 a bug of ours. */
import { CommanderError } from 'commander'
import { UserError } from '../host/user-error.ts'
import type { Rule } from '../rule.ts'
import { findNearest } from '../text/suggest.ts'
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
    const known = program.commands.map(it => it.name())
    return reportFailure(withCommand(error, argv[0], known), io, argv.includes('--debug'))
  }
}

/** A command that does not exist is taken for a path to lint. */
function withCommand(error: unknown, first: string | undefined, known: readonly string[]): unknown {
  if (!(error instanceof UserError) || first === undefined || error.message !== `${first} does not exist`)
    return error
  const meant = findNearest(first, known)
  return meant === undefined
    ? error
    : new UserError(error.message, `did you mean the command "plimsoll ${meant}"?`)
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
