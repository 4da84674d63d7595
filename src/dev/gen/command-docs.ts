/** Writes the page of the command line (`docs/command-line.md`): every command and option, as `--help` has them. */
import type { Argument, Command } from 'commander'
import { buildProgram } from '../../cli/build-program.ts'
import { processIo } from '../../cli/io.ts'
import type { GeneratedFile } from './generated-file.ts'

export function generateCommandPage(): GeneratedFile {
  const program = buildProgram(processIo(), [], () => undefined)
  const parts = [
    '<!-- Generated from the commands. Run `npm run gen` after a change. -->',
    '# Command line',
    'Results are written to standard output, everything else to standard error. Exit codes: 0 nothing at or above the fail\nlevel, 1 findings, 2 the request is wrong, 3 a bug in plimsoll.',
    ...listCommands(program, 'plimsoll').flatMap(([name, command]) => formatCommand(name, command)),
  ]
  return { path: 'docs/command-line.md', text: `${parts.join('\n\n')}\n` }
}

/** Those that do something, with their full names. */
function listCommands(parent: Command, prefix: string): [string, Command][] {
  return parent.commands.flatMap((it): [string, Command][] => {
    const name = `${prefix} ${it.name()}`
    return it.commands.length > 0 ? listCommands(it, name) : [[name, it]]
  })
}

function formatCommand(name: string, command: Command): string[] {
  const help = command.createHelp()
  const rows = help
    .visibleOptions(command)
    .filter(it => it.long !== '--help')
    .map(it => `| \`${it.flags}\` | ${toCell(help.optionDescription(it))} |`)
  const usage = [name, ...command.registeredArguments.map(toTerm)]
  const described = `${command.description()}.`
  return [
    `## ${usage.join(' ')}`,
    described[0]!.toUpperCase() + described.slice(1),
    ...(rows.length > 0 ? [['| option | |', '|---|---|', ...rows].join('\n')] : []),
  ]
}

/** `[PATHS…]` */
function toTerm(argument: Argument): string {
  const name = argument.name().toUpperCase() + (argument.variadic ? '…' : '')
  return argument.required ? name : `[${name}]`
}

const toCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('*', '\\*')
