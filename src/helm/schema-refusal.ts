/** Why a values.schema.json cannot be used, in our words and in those of the library that helm uses. */
import type { AnySchema, ErrorObject } from 'ajv'
import { parsePointer, pointerBelow } from '../yaml/json-pointer.ts'
import { type ChartFile, type HelmProblem, sourceOf } from './chart.ts'
import { decodeJson } from './functions/json.ts'
import { PLACE } from './schema-outside.ts'
import { regExp } from './schema-pattern.ts'
import { holdsData, holdsNamedSchemas } from './schema-vocabulary.ts'
import { formatSchemaErrors } from './schema-words.ts'
import type { Origin } from './template/origin.ts'
import { isDict, isList, type Value } from './template/value.ts'
import { parseFile } from './values-yaml.ts'

/** Why a schema cannot be used. */
export interface Refusal {
  readonly code: 'chart-invalid' | 'schema-elsewhere'
  readonly message: string
  /** What the metaschema says of the schema. */
  readonly errors?: readonly ErrorObject[]
  /** What helm says instead, where that is another text. */
  readonly helmText?: string
}

/** The refusal as a problem of the chart of this name, at the place in its schema that the first error is about. */
export function refusalProblem(
  name: string,
  file: ChartFile,
  { code, message, errors = [], helmText }: Refusal,
): HelmProblem {
  const source = sourceOf(file)
  const [first] = errors
  const place = first && findOrigin(parseFile(source).value, stepsOf(first))
  const problem: HelmProblem = {
    code,
    message: `${name}: the schema cannot be used: ${message}`,
    location: { source, span: place?.kind === 'values' ? place.value : { start: 0, end: 0 } },
    related: [],
  }
  if (helmText !== undefined) return { ...problem, helmText }
  if (errors.length === 0) return problem
  const lines = formatSchemaErrors(errors).join('\n')
  return {
    ...problem,
    helmText: `${name}:\n"file:///values.schema.json#" is not valid against metaschema:\n${lines}`,
  }
}

/** Keys to the value that an error is about. */
export const stepsOf = ({ instancePath }: ErrorObject): string[] => parsePointer(instancePath)

/** The origin of the deepest slot on a path that has one. */
export function findOrigin(values: Value, steps: readonly string[]): Origin | undefined {
  let at: Value = values
  let origin: Origin | undefined
  for (const step of steps) {
    if (isDict(at)) {
      origin = at.origins.get(step) ?? origin
      at = at.entries.get(step)
    } else if (isList(at)) {
      origin = at.origins?.[Number(step)] ?? origin
      at = at.items[Number(step)]
    } else break
  }
  return origin
}

/** For what a library threw. */
export const refuse = (error: unknown): Refusal => ({
  code: 'chart-invalid',
  message: error instanceof Error ? error.message : String(error),
})

/** For what the metaschema finds wrong. */
export function refuseBy(errors: readonly ErrorObject[]): Refusal {
  // A combination of schemas fails where one of them does.
  const causes = errors.filter(it => !['anyOf', 'oneOf', 'allOf', 'if'].includes(it.keyword))
  const told = causes.length > 0 ? causes : errors
  const [first] = told
  const others = new Set(told.map(it => it.instancePath)).size - 1
  const where = first?.instancePath ? `at ${first.instancePath}: ` : ''
  const more = others > 0 ? `, and ${others} more` : ''
  return {
    code: 'chart-invalid',
    message: `it is no valid schema: ${where}${first?.message}${more}`,
    errors: told,
  }
}

/** For a `$ref` that leads nowhere. */
export function refuseReference(reference: string): Refusal {
  const fragment = reference.slice(reference.indexOf('#') + 1)
  const target = JSON.stringify(`${PLACE}#${fragment}`)
  return {
    code: 'chart-invalid',
    message: `nothing is at ${JSON.stringify(reference)}, to which a $ref leads`,
    helmText: /^(?:\/|$)/.test(fragment)
      ? `json-pointer in ${target} not found`
      : `anchor in ${target} not found in schema ${JSON.stringify(PLACE)}`,
  }
}

/** References and dialects of other files: nothing is loaded. */
export const refuseOutside = (address: string): Refusal => ({
  code: /^https?:/.test(address) ? 'schema-elsewhere' : 'chart-invalid',
  message: `failing loading ${JSON.stringify(address)}: nothing outside the schema is read`,
})

/** Go's decoder of streams has words of its own for texts that end too early. */
export function wordsOfJson(text: string): string {
  try {
    decodeJson(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (message === 'unexpected end of JSON input') return text.trim() === '' ? 'EOF' : 'unexpected EOF'
    return message
  }
  return 'invalid JSON'
}

/** Patterns that RE2 does not take, as errors of the metaschema. */
export function listBrokenPatterns(schema: AnySchema): ErrorObject[] {
  const errors: ErrorObject[] = []
  const add = (pattern: string, instancePath: string): void => {
    const message = refusalOf(pattern)
    if (message !== undefined)
      errors.push({ instancePath, schemaPath: '', keyword: 'regex', params: {}, data: pattern, message })
  }
  const open: { readonly value: unknown; readonly path: string; readonly isMap: boolean }[] = [
    { value: schema, path: '', isMap: false },
  ]
  for (const { value, path, isMap } of open) {
    if (typeof value !== 'object' || value === null) continue
    for (const [key, it] of Object.entries(value)) {
      const own = pointerBelow(path, key)
      if (!isMap && key === 'pattern' && typeof it === 'string') add(it, own)
      if (!isMap && holdsData(key)) continue
      const names = !isMap && holdsNamedSchemas(key)
      if (names && key === 'patternProperties') for (const name of Object.keys(it ?? {})) add(name, own)
      open.push({ value: it, path: own, isMap: names })
    }
  }
  return errors
}

function refusalOf(pattern: string): string | undefined {
  try {
    regExp(pattern)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
