/** values.schema.json: values of each chart against its schema, findings at the values key. No reference is fetched. */
import { type AnySchema, type ErrorObject, MissingRefError } from 'ajv'
import type { Json } from '../yaml/json.ts'
import { type ChartFile, type HelmProblem, sourceOf } from './chart.ts'
import type { ChartNode } from './chart-tree.ts'
import { dialectOf } from './schema-dialect.ts'
import { findOutside } from './schema-outside.ts'
import { passesSchema } from './schema-pass.ts'
import { MAX_PATTERNS } from './schema-pattern.ts'
import {
  findOrigin,
  listBrokenPatterns,
  type Refusal,
  refusalProblem,
  refuse,
  refuseBy,
  refuseOutside,
  refuseReference,
  stepsOf,
  wordsOfJson,
} from './schema-refusal.ts'
import { toJson } from './schema-values.ts'
import { draftOf, findForeignDialect, isObject } from './schema-vocabulary.ts'
import { formatSchemaErrors, listTold } from './schema-words.ts'
import { isTooMuchWork } from './schema-work.ts'
import { type Dict, isDict } from './template/value.ts'

/** Problems of a chart and its sub-charts. */
export function checkSchemas(node: ChartNode, values: Dict): HelmProblem[] {
  const problems: HelmProblem[] = []
  const { schema } = node.chart
  if (schema) problems.push(...checkSchema(node.name, schema, values))
  for (const child of node.children) {
    const own = values.entries.get(child.name)
    if (isDict(own)) problems.push(...checkSchemas(child, own))
  }
  return problems
}

function checkSchema(name: string, file: ChartFile, values: Dict): HelmProblem[] {
  const json = toJson(values)
  if (passesSchema(file, json)) return []
  const validate = compileSchema(file)
  if (typeof validate !== 'function') return [refusalProblem(name, file, validate)]
  const errors = validate(json)
  if (!isErrors(errors)) return [refusalProblem(name, file, errors)]
  const lines = formatSchemaErrors(errors)
  return errors.map((error, i) => ({
    ...toProblem(name, error, values),
    helmText: `values don't meet the specifications of the schema(s) in the following chart(s):\n${name}:\n${lines[i]}`,
  }))
}

function toProblem(name: string, error: ErrorObject, values: Dict): HelmProblem {
  const steps = stepsOf(error)
  const extra = error.params.additionalProperty ?? error.params.unevaluatedProperty
  const origin = findOrigin(values, typeof extra === 'string' ? [...steps, extra] : steps)
  const shown = steps.length === 0 ? '' : `${steps.join('.')}: `
  const detail = typeof extra === 'string' ? `${error.message} (${JSON.stringify(extra)})` : error.message
  const location =
    origin?.kind === 'values'
      ? { source: origin.source, span: typeof extra === 'string' && origin.key ? origin.key : origin.value }
      : undefined
  return {
    code: 'values-schema',
    message: `${name}: values don't meet the specifications of the schema: ${shown}${detail}`,
    location,
    related: [],
  }
}

type Validate = (values: Json) => readonly ErrorObject[] | Refusal

const isErrors = (result: readonly ErrorObject[] | Refusal): result is readonly ErrorObject[] =>
  Array.isArray(result)

const compiled = new Map<string, Validate | Refusal>()

function compileSchema(file: ChartFile): Validate | Refusal {
  const { text } = sourceOf(file)
  let known = compiled.get(text)
  if (known === undefined) {
    known = compileNew(text)
    if (compiled.size > 200) compiled.clear()
    compiled.set(text, known)
  }
  return known
}

function compileNew(text: string): Validate | Refusal {
  let schema: AnySchema
  try {
    schema = JSON.parse(text) as AnySchema
  } catch (error) {
    return { ...refuse(error), helmText: wordsOfJson(text) }
  }
  const excess = findExcess(schema)
  if (excess) return refuse(`it has more than ${excess}`)
  const dialect = findForeignDialect(schema)
  if (dialect !== undefined) return refuseOutside(dialect)
  try {
    const { ajv, judge, own } = dialectOf(schema)
    const errors = judge.validateSchema(own) ? listBrokenPatterns(own) : (judge.errors ?? [])
    if (errors.length > 0) return refuseBy(errors)
    const validate = ajv.compile(own)
    return values => {
      if (isTooMuchWork(own, values)) return refuse('its parts refer to each other in too many ways')
      return validate(values) ? [] : listTold(validate.errors ?? [])
    }
  } catch (error) {
    if (error instanceof MissingRefError) {
      const outside = findOutside(schema, draftOf(schema)) ?? error.missingSchema
      return outside ? refuseOutside(outside) : refuseReference(error.missingRef)
    }
    if (error instanceof RangeError) return refuse('its parts are nested too deeply, or refer to themselves')
    return refuse(error)
  }
}

/** Code is made for all of them. */
const MAX_PARTS = 50_000
/** All are tried. */
const MAX_ALTERNATIVES = 4000

/** What a schema has too much of. */
function findExcess(schema: AnySchema): string | undefined {
  const open: unknown[] = [schema]
  let alternatives = 0
  let patterns = 0
  for (const value of open) {
    if (typeof value !== 'object' || value === null) continue
    if (open.length > MAX_PARTS * 10) return `${MAX_PARTS} parts`
    for (const [key, it] of Object.entries(value)) {
      if ((key === 'anyOf' || key === 'oneOf') && Array.isArray(it)) alternatives += it.length
      if (key === 'pattern') patterns++
      if (key === 'patternProperties' && isObject(it)) patterns += Object.keys(it).length
      open.push(it)
    }
    if (alternatives > MAX_ALTERNATIVES) return `${MAX_ALTERNATIVES} alternatives`
    if (patterns > MAX_PATTERNS) return `${MAX_PATTERNS} patterns`
  }
  return undefined
}
