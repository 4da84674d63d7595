/** Errors of values.schema.json in the words of the library that helm uses (santhosh-tekuri/jsonschema v6, kind.go). */
import type { ErrorObject } from 'ajv'
import { quote as quoteGo } from '../text/go-quote.ts'
import { pointerBelow } from '../yaml/json-pointer.ts'
import { FORMATS } from './schema-formats.ts'
import { formatFloat } from './template/number.ts'

/** The line that helm prints for each error; those that it puts together have the same one. */
export function formatSchemaErrors(errors: readonly ErrorObject[]): string[] {
  const groups = new Map<string, ErrorObject[]>()
  for (const error of errors) {
    const isListed = LISTED.has(error.keyword)
    const key = `${error.instancePath}\0${error.schemaPath}\0${isListed ? '' : groups.size}`
    const group = groups.get(key)
    if (group) group.push(error)
    else groups.set(key, [error])
  }
  const lines = new Map<ErrorObject, string>()
  for (const group of groups.values())
    for (const it of group) lines.set(it, `- at ${quote(placeOf(it))}: ${wordOf(group)}`)
  return errors.map(it => lines.get(it)!)
}

/** Where helm says that the error is: at the root for all of `propertyNames`, at the item or property for one that must not be. */
function placeOf({ keyword, instancePath, params, propertyName, data }: ErrorObject): string {
  if (propertyName !== undefined || keyword === 'propertyNames') return ''
  if (keyword === 'unevaluatedProperties')
    return pointerBelow(instancePath, String(params.unevaluatedProperty))
  const { length } = Array.isArray(data) ? data : []
  if (keyword === 'unevaluatedItems') return `${instancePath}/${length - 1}`
  // Helm counts these from the first item that has no schema of its own.
  if (keyword === 'items') return `${instancePath}/${length - params.limit - 1}`
  return instancePath
}

/**
 * Without what helm does not say: it stops at the first of `type`, `const`, `enum` and `format` that fails, looks into no
 * branch of `oneOf` when too many match, and names no condition.
 */
export function listTold(errors: readonly ErrorObject[]): ErrorObject[] {
  const first = new Map<string, number>()
  const matched = new Set<string>()
  for (const { keyword, schemaPath, instancePath, params } of errors) {
    if (keyword === 'oneOf' && params.passingSchemas) matched.add(`${schemaPath}\0${instancePath}`)
    const rank = DECISIVE.indexOf(keyword)
    if (rank < 0) continue
    const place = `${schemaPath.slice(0, schemaPath.lastIndexOf('/'))}\0${instancePath}`
    first.set(place, Math.min(rank, first.get(place) ?? rank))
  }
  return errors.filter(({ keyword, schemaPath, instancePath }) => {
    if (keyword === 'if') return false
    let rank = DECISIVE.indexOf(keyword)
    for (let end = schemaPath.lastIndexOf('/'); end > 0; end = schemaPath.lastIndexOf('/', end - 1)) {
      const place = `${schemaPath.slice(0, end)}\0${instancePath}`
      const decided = first.get(place)
      if (matched.has(place) || (decided !== undefined && (rank < 0 || decided < rank))) return false
      rank = -1
    }
    return true
  })
}

const DECISIVE = ['type', 'const', 'enum', 'format']

/** Keywords whose errors name a property each, where helm names all of them at once. */
const LISTED: ReadonlySet<string> = new Set([
  'required',
  'additionalProperties',
  'dependencies',
  'dependentRequired',
])

function wordOf(group: readonly ErrorObject[]): string {
  const [error] = group as [ErrorObject]
  const { keyword, params, data } = error
  switch (keyword) {
    case 'type':
      return `got ${typeName(data)}, want ${sortTypes([params.type].flat()).join(' or ')}`
    case 'required':
      return listed(
        'missing property',
        'missing properties',
        group.map(it => it.params.missingProperty),
      )
    case 'additionalProperties':
      return `additional properties ${quoteAll(group.map(it => it.params.additionalProperty).sort())} not allowed`
    case 'dependencies':
    case 'dependentRequired':
      return params.missingProperty === undefined
        ? `'${keyword}' failed`
        : `properties ${quoteAll(group.map(it => it.params.missingProperty))} required, if ${quote(params.property)} exists`
    case 'regex':
      return `${quote(String(data))} is not valid regex: ${error.message}`
    case 'enum':
      return oneOf(params.allowedValues as unknown[])
    case 'const':
      return isPlain(params.allowedValue) ? `value must be ${display(params.allowedValue)}` : "'const' failed"
    case 'pattern':
      return `${quote(String(data))} does not match pattern ${quote(params.pattern)}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `${BOUNDS[params.comparison] ?? keyword}: got ${localFloat(data)}, want ${localFloat(params.limit)}`
    case 'multipleOf':
      return `multipleOf: got ${localFloat(data)}, want ${localFloat(params.multipleOf)}`
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties':
      return `${keyword}: got ${grouped(String(sizeOf(data)))}, want ${grouped(String(params.limit))}`
    case 'uniqueItems':
      return `items at ${params.j} and ${params.i} are equal`
    case 'oneOf':
      return `'oneOf' failed, ${params.passingSchemas ? `subschemas ${params.passingSchemas.slice(0, 2).join(', ')} matched` : 'none matched'}`
    case 'format':
      return `${display(data)} is not valid ${params.format}: ${FORMATS.get(params.format)?.(String(data))}`
    case 'propertyNames':
      return `invalid propertyName ${quote(params.propertyName)}`
    case 'additionalItems':
      return `last ${(data as unknown[]).length - params.limit} additionalItem(s) not allowed`
    case 'contains':
      return 'no items match contains schema'
    case 'items':
    case 'unevaluatedItems':
    case 'unevaluatedProperties':
    case 'false schema':
      return 'false schema'
    default:
      return `'${keyword}' failed`
  }
}

/** In draft 4, a flag beside a bound makes it exclusive. */
const BOUNDS: Readonly<Record<string, string>> = { '>': 'exclusiveMinimum', '<': 'exclusiveMaximum' }

const TYPES = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object']
const sortTypes = (types: readonly string[]): string[] => TYPES.filter(it => types.includes(it))

/** The library quotes as Go does, and then changes the quotation marks. */
const quote = (text: string): string =>
  `'${quoteGo(text).replaceAll('\\"', '"').replaceAll("'", "\\'").slice(1, -1)}'`
const quoteAll = (texts: readonly string[]): string => texts.map(quote).join(', ')
const listed = (one: string, many: string, texts: readonly string[]): string =>
  `${texts.length === 1 ? one : many} ${quoteAll(texts)}`

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null
const display = (value: unknown): string =>
  typeof value === 'string' ? quote(value) : String(value ?? '<nil>')

function oneOf(values: readonly unknown[]): string {
  if (!values.every(isPlain)) return "'enum' failed"
  return values.length === 1
    ? `value must be ${display(values[0])}`
    : `value must be one of ${values.map(display).join(', ')}`
}

/** A number as the English printer of golang.org/x/text shows it: `65,535`, `1.5×10⁰⁶`. */
function localFloat(value: unknown): string {
  const [digits = '', exponent] = formatFloat(Number(value)).split('e')
  if (exponent === undefined) return grouped(digits)
  const raised = [...exponent.replace('+', '')].map(it => (it === '-' ? '⁻' : SUPERSCRIPTS[Number(it)]))
  return `${digits}×10${raised.join('')}`
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

const grouped = (digits: string): string =>
  digits.replace(/^-?[0-9]+/, it => it.replace(/(?<=[0-9])(?=(?:[0-9]{3})+$)/g, ','))

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** Characters, items or entries. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length
  return Object.keys(value as object).length
}
