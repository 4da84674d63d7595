/** Errors of values.schema.json in the words of the library that helm uses (santhosh-tekuri/jsonschema v6, kind.go). */
import type { ErrorObject } from 'ajv'

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
    for (const it of group) lines.set(it, `- at '${it.instancePath}': ${wordOf(group)}`)
  return errors.map(it => lines.get(it)!)
}

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
      return isPlain(params.allowedValue) ? `value must be ${display(params.allowedValue)}` : 'const failed'
    case 'pattern':
      return `${quote(String(data))} does not match pattern ${quote(params.pattern)}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `${keyword}: got ${String(data)}, want ${params.limit}`
    case 'multipleOf':
      return `multipleOf: got ${String(data)}, want ${params.multipleOf}`
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties':
      return `${keyword}: got ${sizeOf(data)}, want ${params.limit}`
    case 'uniqueItems':
      return `items at ${params.j} and ${params.i} are equal`
    case 'oneOf':
      return `'oneOf' failed, ${params.passingSchemas ? `subschemas ${params.passingSchemas.join(', ')} matched` : 'none matched'}`
    case 'contains':
      return 'no items match contains schema'
    case 'false schema':
      return 'false schema'
    default:
      return `'${keyword}' failed`
  }
}

const TYPES = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object']
const sortTypes = (types: readonly string[]): string[] => TYPES.filter(it => types.includes(it))

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const quoteAll = (texts: readonly string[]): string => texts.map(quote).join(', ')
const listed = (one: string, many: string, texts: readonly string[]): string =>
  `${texts.length === 1 ? one : many} ${quoteAll(texts)}`

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null
const display = (value: unknown): string => (typeof value === 'string' ? quote(value) : String(value))

function oneOf(values: readonly unknown[]): string {
  if (!values.every(isPlain)) return 'enum failed'
  return values.length === 1
    ? `value must be ${display(values[0])}`
    : `value must be one of ${values.map(display).join(', ')}`
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** Characters, items or entries. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length
  return Object.keys(value as object).length
}
