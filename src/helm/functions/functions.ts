/** Every function that a chart may call. */
import { builtins } from '../template/builtins.ts'
import type { FunctionTable, GoFunction } from '../template/call.ts'
import { caseFunctions } from './case.ts'
import { certificateFunctions } from './certificates.ts'
import { dateFunctions } from './dates.ts'
import { defaultFunctions } from './defaults.ts'
import { dictFunctions } from './dicts.ts'
import { encodingFunctions } from './encoding.ts'
import { helmFunctions } from './helm.ts'
import { listFunctions } from './lists.ts'
import { mathFunctions } from './math.ts'
import { pathFunctions } from './paths.ts'
import { randomFunctions } from './random.ts'
import { reflectionFunctions } from './reflection.ts'
import { regexFunctions } from './regex.ts'
import { stringFunctions } from './strings.ts'
import { urlFunctions } from './urls.ts'
import { versionFunctions } from './versions.ts'

const tables: readonly FunctionTable[] = [
  builtins,
  stringFunctions,
  caseFunctions,
  listFunctions,
  dictFunctions,
  defaultFunctions,
  mathFunctions,
  regexFunctions,
  dateFunctions,
  encodingFunctions,
  randomFunctions,
  certificateFunctions,
  pathFunctions,
  reflectionFunctions,
  urlFunctions,
  versionFunctions,
  helmFunctions,
]

/** By name; `and` and `or` are part of the evaluator. */
export const functions: ReadonlyMap<string, GoFunction> = collectFunctions()

function collectFunctions(): ReadonlyMap<string, GoFunction> {
  const all = new Map<string, GoFunction>()
  for (const table of tables) for (const name in table) all.set(name, table[name]!)
  return all
}

/** Functions that a helm version lacks: there they are parse errors. */
const ADDED_IN_4_2: ReadonlySet<string> = new Set(['mustToToml'])
const ADDED_IN_4: ReadonlySet<string> = new Set(['mustToYaml'])

export const isFunction =
  (compat: 'helm-3' | 'helm-4.1' | 'helm-4.2') =>
  (name: string): boolean => {
    if (name === 'and' || name === 'or') return true
    if (!functions.has(name)) return false
    if (compat === 'helm-4.2') return true
    return !ADDED_IN_4_2.has(name) && (compat === 'helm-4.1' || !ADDED_IN_4.has(name))
  }
