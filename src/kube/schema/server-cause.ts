/**
 * Problems in the words of the API server: the causes of its Status, or the one message of a request that does not
 * decode. The words are those of kube-openapi (pkg/validation/errors) and of apimachinery's field errors.
 */

import { toJson } from '../../yaml/decode.ts'
import type { Json, Path } from '../../yaml/json.ts'
import { keyText } from '../../yaml/keys.ts'
import { AUX, NEXT, STRIDE, type Table } from '../../yaml/table.ts'
import { formatCanonical } from './keywords.ts'
import { pathBetween, type SchemaProblem } from './problem.ts'

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

/**
 * All causes for the problems of a custom resource. Rules in CEL do not run on an object that is broken in certain
 * ways, and the server says so (`hasBlockingErr` of apiextensions-apiserver/pkg/registry/customresource).
 */
export function listCustomCauses(
  problems: readonly SchemaProblem[],
  words: ServerWords,
  rules: 'with rules' | 'without rules',
): Cause[] {
  const causes = problems.flatMap(it => listCauses(it, words))
  if (rules === 'with rules' && causes.some(it => BLOCKING.has(it.reason))) causes.push(NOT_CHECKED)
  return causes
}

const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueTypeInvalid',
  'FieldValueRequired',
  'FieldValueNotSupported',
  'FieldValueTooLong',
  'FieldValueTooMany',
])

const NOT_CHECKED: Cause = {
  reason: 'FieldValueInvalid',
  field: '<nil>',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
}

/** The causes that a server gives for a problem of a custom resource, or for a value outside a closed set. */
export function listCauses(problem: SchemaProblem, words: ServerWords): Cause[] {
  const causes = ownCauses(problem, words)
  for (const it of problem.inner ?? []) causes.push(...listCauses(it, words))
  if (problem.allOf !== undefined) {
    const whole = fieldOf({ node: problem.allOf }, words)
    causes.push(combinationCause(whole, 'must validate all the schemas (allOf)'))
  }
  return causes
}

const combinationCause = (field: string, what: string): Cause => ({
  reason: 'FieldValueInvalid',
  field: '<nil>',
  message: `Invalid value: "": "${field}" ${what}`,
})

function ownCauses(problem: SchemaProblem, words: ServerWords): Cause[] {
  const field = fieldOf(problem, words)
  const value = problem.code === 'required' ? null : toJson(words.table, problem.node)
  switch (problem.code) {
    case 'required':
      return [
        {
          reason: 'FieldValueRequired',
          field: `${field === '' ? '' : `${field}.`}${problem.field}`,
          message: 'Required value',
        },
      ]
    case 'enum':
      return [
        {
          reason: 'FieldValueNotSupported',
          field,
          message: `Unsupported value: ${formatCanonical(value)}: ${supported(problem)}`,
        },
      ]
    case 'duplicate-item':
      return [{ reason: 'FieldValueDuplicate', field, message: `Duplicate value: ${problem.found}` }]
    case 'type':
    case 'null':
      return typeCauses(problem, field, value, words)
    case 'format':
      return [formatCause(problem, field, value)]
    case 'combination':
      return [combinationCause(field, combination(problem))]
    case 'count':
      return [countCause(problem, field, words)]
    default:
      return [keywordCause(problem, field, value)]
  }
}

function typeCauses(problem: SchemaProblem, field: string, value: Json, { minor }: ServerWords): Cause[] {
  const type = String(problem.rule?.value ?? problem.expected)
  const hasFormat = type === 'int32' || type === 'int64'
  const isFloat = typeof value === 'number' && (type === 'integer' || hasFormat)
  // Since 1.36 the format of an integer counts, and is told.
  const tells = hasFormat && isFloat && minor >= 36
  const found = tells ? 'float64' : isFloat ? 'number' : typeWord(problem)
  const causes = [
    {
      reason: 'FieldValueTypeInvalid',
      field,
      message: `Invalid value: "${found}": ${field} in body must be of type ${tells || !hasFormat ? type : 'integer'}: "${found}"`,
    },
  ]
  if (minor >= 36 && isFloat)
    causes.push(checkedCause(hasFormat ? `integer with format ${type}` : 'integer (default format)', field))
  return causes
}

const checkedCause = (what: string, field: string): Cause => ({
  reason: 'FieldValueInvalid',
  field: '<nil>',
  message: `Invalid value: "": Checked value must be of type ${what} in ${field}`,
})

function formatCause(problem: SchemaProblem, field: string, value: Json): Cause {
  const format = String(problem.rule?.value)
  if (format === 'int32') return checkedCause('integer with format int32', field)
  if (format === 'float') return checkedCause('number with format float', field)
  const text = JSON.stringify(value)
  return {
    reason: 'FieldValueTypeInvalid',
    field,
    message: `Invalid value: ${text}: ${field} in body must be of type ${format}: ${text}`,
  }
}

function countCause(problem: SchemaProblem, field: string, { table }: ServerWords): Cause {
  const { keyword, value } = problem.rule!
  const count = table.nodes[problem.node + AUX]!
  if (keyword.startsWith('max'))
    return {
      reason: 'FieldValueTooMany',
      field,
      message: `Too many: ${count}: must have at most ${value} ${value === 1 ? 'item' : 'items'}`,
    }
  const what = keyword === 'minItems' ? 'items' : 'properties'
  const left = problem.counted ?? count
  return {
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${left}: ${field} in body should have at least ${value} ${what}`,
  }
}

function keywordCause(problem: SchemaProblem, field: string, value: Json): Cause {
  const { keyword, value: limit } = problem.rule!
  if (keyword === 'maxLength')
    return { reason: 'FieldValueTooLong', field, message: `Too long: may not be more than ${limit} bytes` }
  if (keyword === 'embedded')
    return { reason: 'FieldValueInvalid', field, message: 'Invalid value: "": must not be empty' }
  if (keyword === 'multipleOf' && Number.isInteger(value) && Math.trunc(limit as number) <= 0)
    return {
      reason: 'FieldValueInvalid',
      field,
      message: `Invalid value: 0: factor MultipleOf declared for ${field} must be positive: 0`,
    }
  const text = typeof value === 'string' ? JSON.stringify(value) : formatGoNumber(value)
  return {
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${text}: ${field} in body ${demand(keyword, limit)}`,
  }
}

/** `%v` of a float64. */
function formatGoNumber(value: Json): string {
  if (typeof value !== 'number' || (Math.abs(value) < 1e21 && Number.isSafeInteger(value)))
    return String(value)
  const text = value.toExponential()
  return Math.abs(value) >= 1e-5 && Math.abs(value) < 1e21 && !Number.isInteger(value) ? String(value) : text
}

function demand(keyword: string, limit: unknown): string {
  switch (keyword) {
    case 'minLength':
      return `should be at least ${limit} chars long`
    case 'pattern':
      return `should match '${limit}'`
    case 'minimum':
      return `should be greater than or equal to ${limit}`
    case 'exclusiveMinimum':
      return `should be greater than ${limit}`
    case 'maximum':
      return `should be less than or equal to ${limit}`
    case 'exclusiveMaximum':
      return `should be less than ${limit}`
    default:
      return `should be a multiple of ${limit}`
  }
}

function combination(problem: SchemaProblem): string {
  const { keyword, value } = problem.rule!
  if (keyword === 'anyOf') return 'must validate at least one schema (anyOf)'
  if (keyword === 'not') return 'must not validate the schema (not)'
  const found = value === 0 ? 'Found none valid' : `Found ${value} valid alternatives`
  return `must validate one and only one schema (oneOf). ${found}`
}

function supported(problem: SchemaProblem): string {
  const allowed = problem.rule ? (problem.rule.value as readonly Json[]) : []
  const texts = allowed.map(it => JSON.stringify(typeof it === 'string' ? it : formatCanonical(it)))
  return `supported values: ${problem.rule ? texts.join(', ') : problem.expected.replace('one of ', '')}`
}

function typeWord({ found }: SchemaProblem): string {
  if (found === 'map') return 'object'
  return found === 'list' ? 'array' : found
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
