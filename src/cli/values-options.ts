/** Options that give values to charts, as helm has them. */
import type { Command } from 'commander'
import type { GivenValues } from '../engine/input.ts'
import type { SetArgument } from '../helm/set-values.ts'
import { openFile } from '../host/open-file.ts'
import { UserError } from '../host/user-error.ts'

export interface ValuesOptions {
  readonly values?: readonly string[]
  readonly set?: readonly string[]
  readonly setString?: readonly string[]
  readonly setJson?: readonly string[]
  readonly setFile?: readonly string[]
  readonly setLiteral?: readonly string[]
}

export function addValuesOptions(command: Command): Command {
  return command
    .option('-f, --values <file>', 'values file for charts; the last one wins', collect)
    .option('--set <key=value>', 'value for charts: a.b[0]=x,c=y', collect)
    .option('--set-string <key=value>', 'text for charts', collect)
    .option('--set-json <key=json>', 'JSON value for charts', collect)
    .option('--set-file <key=file>', 'text of a file as value for charts', collect)
    .option('--set-literal <key=text>', 'text for charts, taken as it is', collect)
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** A file that cannot be read is a `UserError`. */
export function readGivenValues(cwd: string, options: ValuesOptions): GivenValues {
  const toSets = (kind: SetArgument['kind'], texts: readonly string[] = []): SetArgument[] =>
    texts.map(text => ({ kind, text }))
  return {
    files: (options.values ?? []).map(id => ({ id, text: readFile(cwd, id) })),
    sets: [
      ...toSets('set', options.set),
      ...toSets('set-string', options.setString),
      ...toSets('set-json', options.setJson),
      ...toSets(
        'set-file',
        options.setFile?.map(it => readAssigned(cwd, it)),
      ),
      ...toSets('set-literal', options.setLiteral),
    ],
  }
}

export const hasValues = ({ values, set, setString, setJson, setFile, setLiteral }: ValuesOptions): boolean =>
  [values, set, setString, setJson, setFile, setLiteral].some(it => it !== undefined)

/** `key=FILE` to `key=TEXT`. */
function readAssigned(cwd: string, text: string): string {
  const equals = text.indexOf('=')
  if (equals < 0) throw new UserError(`--set-file ${text} names no file`, 'write key=FILE')
  return text.slice(0, equals + 1) + readFile(cwd, text.slice(equals + 1))
}

function readFile(cwd: string, id: string): string {
  const { text, problem } = openFile(cwd, id).read()
  if (text === undefined) throw new UserError(`cannot read ${id}: ${problem?.reason}`)
  return text
}
