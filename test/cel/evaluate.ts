/** Runs an expression as a Kubernetes of some minor would. */
import { kubernetesEnvironment } from '../../src/cel/environment.ts'
import { compileExpression } from '../../src/cel/expression.ts'
import { formatValue } from '../../src/cel/format-value.ts'
import { formatIssues } from '../../src/cel/issue.ts'
import { INT, listOf, mapOf, objectOf, STRING, type Type } from '../../src/cel/types.ts'
import type { Value } from '../../src/cel/values.ts'

/** `self`: an object with some fields, one of which is missing. */
const fields = new Map<string, Type>([
  ['name', STRING],
  ['replicas', INT],
  ['missing', STRING],
  ['tags', listOf(STRING)],
  ['labels', mapOf(STRING, STRING)],
])
const variables = new Map<string, Type>([['self', objectOf('object', fields)]])
const self = new Map<string, Value>([
  ['name', 'wéb😀'],
  ['replicas', 3],
  ['tags', ['a', 'b', 'b']],
  ['labels', new Map([['app', 'web']])],
])

/** The value as text; `error: …` for what stops it, `ERROR: …` for what does not compile. */
export function evaluate(source: string, minor = 37, limit?: number): string {
  const { program, issues } = compileExpression(source, {
    environment: kubernetesEnvironment(minor),
    variables,
  })
  if (!program) return formatIssues(source, issues)
  const { value, stopped } = program.run([self], limit === undefined ? {} : { limit })
  if (value !== undefined) return formatValue(value)
  return `error: ${stopped && 'message' in stopped ? stopped.message : 'unknown'}`
}
