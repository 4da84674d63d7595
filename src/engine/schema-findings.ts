/** Schema problems of a resource over all checked minors, as findings at cursors. */
import type { SchemaCode, SchemaFinding } from '../kube/apis.ts'
import type { Resource } from '../kube/resource.ts'
import type { SchemaProblem, SchemaProblemCode } from '../kube/schema/problem.ts'
import { wordProblem } from '../kube/schema/problem-words.ts'
import { atNode } from '../yaml/cursor.ts'
import { scalarText } from '../yaml/decode.ts'
import { KIND_MASK, SEQ, type Table } from '../yaml/table.ts'
import { isPlaceholderText } from './placeholders.ts'

/** The schemas of a kind in one minor: one, or several when the input defines the kind more than once. */
export interface Typed {
  readonly version: string
  readonly judges: readonly Judge[]
}

/** All problems of the resource at a node, in source order. */
export type Judge = (table: Table, node: number) => readonly SchemaProblem[]

/** Problems of all minors, what is filled in later left out, which is said; each once with the minors it holds for. */
export function listFindings(
  resource: Resource,
  typed: readonly Typed[],
  onFilledIn: () => void,
): readonly SchemaFinding[] {
  const merged = new Map<string, { problem: SchemaProblem; kubernetes: string[] }>()
  for (const { version, judges } of typed)
    for (const problem of listProblems(resource, judges, onFilledIn)) {
      const key = `${problem.code} ${problem.node} ${problem.expected}`
      const known = merged.get(key)
      if (known) known.kubernetes.push(version)
      else merged.set(key, { problem, kubernetes: [version] })
    }
  return [...merged.values()].flatMap(({ problem, kubernetes }) => {
    const at = atNode(resource.root, problem.node)
    if (!at) return []
    const { part, suggestion } = problem
    return [
      {
        code: CODES[problem.code],
        at,
        part,
        message: wordProblem(problem),
        kubernetes,
        ...(suggestion !== undefined && { suggestion }),
      },
    ]
  })
}

/**
 * What a packed definition lacks, the one in the cluster may have: it is newer, or of another channel, and what the server
 * says is not known. Where a like name is there, that one was meant.
 */
export const withDoubts = (resource: Resource, findings: readonly SchemaFinding[]): SchemaFinding[] =>
  findings.map(it => {
    const isInDoubt = it.code === 'unknown-field' || it.code === 'value-not-supported'
    if (!isInDoubt || it.suggestion !== undefined) return it
    const { server: _, ...finding } = it
    const message = `${it.message} in the packed definition of ${resource.kind}`
    return { ...finding, code: 'packed-definition-differs', message }
  })

/** Nobody knows which of several definitions will be installed: what fits one of them is no fault. */
function listProblems(
  resource: Resource,
  judges: readonly Judge[],
  onFilledIn: () => void,
): readonly SchemaProblem[] {
  const { table } = resource.document
  let fewest: readonly SchemaProblem[] | undefined
  for (const judge of judges) {
    const all = judge(table, resource.root.node)
    const problems = all.filter(it => !isPlaceholder(resource, it))
    if (problems.length < all.length) onFilledIn()
    if (!fewest || problems.length < fewest.length) fewest = problems
  }
  return fewest ?? []
}

/** What something else fills in before the server sees it has no type yet. */
const isPlaceholder = ({ document: { table } }: Resource, { node, code }: SchemaProblem): boolean =>
  code !== 'unknown-field' &&
  (table.nodes[node]! & KIND_MASK) > SEQ &&
  isPlaceholderText(scalarText(table, node))

const CODES: Readonly<Record<SchemaProblemCode, SchemaCode>> = {
  'unknown-field': 'unknown-field',
  type: 'wrong-type',
  null: 'wrong-type',
  required: 'required-missing',
  enum: 'value-not-supported',
  format: 'value-invalid',
  pattern: 'value-invalid',
  range: 'value-invalid',
  length: 'value-invalid',
  count: 'value-invalid',
  combination: 'value-invalid',
  'duplicate-item': 'duplicate-item',
  'repeated-item': 'repeated-item',
}
