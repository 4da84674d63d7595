/** Problems in the words of the API server: the one message of a request that does not decode, or a cause. */

import { pathBetween, type SchemaProblem } from '../../kube/schema/problem.ts'
import { formatCanonical } from '../../schedule/json-fields.ts'
import { toJson } from '../../yaml/decode.ts'
import type { Path } from '../../yaml/json.ts'
import { keyText } from '../../yaml/keys.ts'
import { AUX, NEXT, STRIDE, type Table } from '../../yaml/table.ts'

export interface Cause {
  /** `FieldValueInvalid`, `FieldValueRequired` … */
  readonly reason: string
  /** `spec.ports[0].name`; `<nil>` where the server names none. */
  readonly field: string
  readonly message: string
}

export interface ServerWords {
  readonly table: Table
  /** The root of the resource. */
  readonly root: number
  readonly minor: number
}

/** Whether the request fails to decode, so that the server says nothing else. */
export function isDecodeProblem(problem: SchemaProblem, words: ServerWords): boolean {
  if (problem.code === 'unknown-field') return true
  // Problems without a rule come from types that are decoded into Go structs.
  if (problem.rule === undefined) return problem.code === 'type' || problem.code === 'format'
  // Fields of a map that stands where none is expected are pruned, so they count as unknown.
  return problem.code === 'type' && problem.found === 'map' && words.table.nodes[problem.node + AUX]! > 0
}

/** `strict decoding error: unknown field "spec.bogus"`; of a wrong type only that it is one. */
export function formatDecodeProblems(problems: readonly SchemaProblem[], words: ServerWords): string {
  const typed = problems.find(it => it.code !== 'unknown-field' && it.rule === undefined)
  if (typed) return `json: cannot unmarshal ${typed.found} into field ${fieldOf(typed, words)}`
  const unknown = problems.flatMap(it => {
    if (it.code === 'unknown-field') return [fieldOf(it, words)]
    return listKeys(words.table, it.node).map(key => `${fieldOf(it, words)}.${key}`)
  })
  return `strict decoding error: ${unknown
    .sort()
    .map(it => `unknown field "${it}"`)
    .join(', ')}`
}

/** The cause that a server gives for a value outside of a closed set; nothing for other problems. */
export function listCauses(problem: SchemaProblem, words: ServerWords): Cause[] {
  if (problem.code !== 'enum') return []
  const value = formatCanonical(toJson(words.table, problem.node))
  const supported = problem.expected.replace('one of ', '')
  return [
    {
      reason: 'FieldValueNotSupported',
      field: fieldOf(problem, words),
      message: `Unsupported value: ${value}: supported values: ${supported}`,
    },
  ]
}

function listKeys(table: Table, map: number): string[] {
  const keys: string[] = []
  const end = table.nodes[map + NEXT]!
  for (let key = map + STRIDE; key < end; key = table.nodes[key + STRIDE + NEXT]!)
    keys.push(keyText(table.nodes[key + AUX]!))
  return keys
}

const fieldOf = (problem: Pick<SchemaProblem, 'node'>, { table, root }: ServerWords): string =>
  formatServerPath(pathBetween(table, root, problem.node))

/** `spec.map.a b[0]`: keys of any form after a dot. */
function formatServerPath(path: Path): string {
  let text = ''
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`
  return text
}
