/** Versions of custom resources: schemas, subresources, printer columns and selectable fields. */
import { checkDefaults } from './definition-defaults.ts'
import { isZeroField, toInternalSchema } from './definition-node.ts'
import type { Parts, Placed } from './definition-parts.ts'
import { findFieldAt } from './definition-paths.ts'
import { checkOpenApiSchema } from './definition-schema.ts'
import { checkStructural, findConversionFault } from './definition-structural.ts'
import { listUnusualSchemas, surveySchema } from './definition-survey.ts'
import {
  type Check,
  child,
  duplicate,
  type Field,
  forbidden,
  hidden,
  index,
  invalid,
  renamed,
  required,
  tooMany,
} from './field.ts'
import { asStruct } from './go-struct.ts'
import { isObj, isSet, isTrue, type Obj, text, toObject, toText } from './object.ts'

/** Schema, subresources and columns; of one version or of all of them. */
export function checkParts(check: Check, parts: Parts, status: 'with status' | 'without status'): void {
  if (parts.validation) checkSchema(check, parts.validation, status)
  if (parts.subresources) checkScalePaths(check, parts.subresources)
  for (const [at, it] of parts.columns.value.entries()) checkColumn(check, it, index(parts.columns.field, at))
}

/** `validateCustomResourceDefinitionValidation`. */
function checkSchema(
  check: Check,
  { value, field }: Placed<Obj>,
  status: 'with status' | 'without status',
): void {
  const schema = toObject(value, 'openAPIV3Schema')
  if (!schema) return
  const place = child(field, 'openAPIV3Schema')
  surveySchema(schema)
  const before = check.causes.length
  if (status === 'with status') checkRootWithStatus(check, schema, place)
  if (isTrue(schema, 'nullable'))
    forbidden(check, child(place, 'nullable'), 'nullable cannot be true at the root')
  const fault = findConversionFault(schema)
  if (fault === undefined) {
    const structural = check.causes.length
    checkStructural(check, schema, place)
    const hasDefaults = (): boolean => listUnusualSchemas(schema).some(it => isSet(it, 'default'))
    if (check.causes.length === structural && hasDefaults()) checkDefaults(check, schema, place)
  }
  checkOpenApiSchema(check, schema, place)
  if (fault === undefined && check.causes.length === before) check.checkSchemaRules?.(check, schema, place)
  // What keeps a schema from being converted is mostly said better.
  if (fault !== undefined && check.causes.length === before) invalid(check, place, '', fault)
}

/** Fields in the order of the internal type, and whether they may stand at the root. */
const ROOT_FIELDS: readonly (readonly [json: string, go: string, allowed: boolean])[] = [
  ['id', 'ID', false],
  ['$schema', 'Schema', false],
  ['$ref', 'Ref', false],
  ['description', 'Description', true],
  ['type', 'Type', true],
  ['nullable', 'Nullable', false],
  ['format', 'Format', true],
  ['title', 'Title', true],
  ['default', 'Default', false],
  ['maximum', 'Maximum', true],
  ['exclusiveMaximum', 'ExclusiveMaximum', true],
  ['minimum', 'Minimum', true],
  ['exclusiveMinimum', 'ExclusiveMinimum', true],
  ['maxLength', 'MaxLength', true],
  ['minLength', 'MinLength', true],
  ['pattern', 'Pattern', true],
  ['maxItems', 'MaxItems', true],
  ['minItems', 'MinItems', true],
  ['uniqueItems', 'UniqueItems', true],
  ['multipleOf', 'MultipleOf', true],
  ['enum', 'Enum', false],
  ['maxProperties', 'MaxProperties', false],
  ['minProperties', 'MinProperties', false],
  ['required', 'Required', true],
  ['items', 'Items', true],
  ['allOf', 'AllOf', false],
  ['oneOf', 'OneOf', false],
  ['anyOf', 'AnyOf', false],
  ['not', 'Not', false],
  ['properties', 'Properties', true],
  ['additionalProperties', 'AdditionalProperties', false],
  ['patternProperties', 'PatternProperties', false],
  ['dependencies', 'Dependencies', false],
  ['additionalItems', 'AdditionalItems', false],
  ['definitions', 'Definitions', false],
  ['externalDocs', 'ExternalDocs', true],
  ['example', 'Example', true],
  ['x-kubernetes-preserve-unknown-fields', 'XPreserveUnknownFields', true],
  ['x-kubernetes-embedded-resource', 'XEmbeddedResource', false],
  ['x-kubernetes-int-or-string', 'XIntOrString', false],
  ['x-kubernetes-list-map-keys', 'XListMapKeys', false],
  ['x-kubernetes-list-type', 'XListType', false],
  ['x-kubernetes-map-type', 'XMapType', false],
  ['x-kubernetes-validations', 'XValidations', true],
]

/** The schema of a status that is a subresource is taken out of the whole, so that little may stand around it. */
function checkRootWithStatus(check: Check, schema: Obj, field: Field): void {
  for (const [name, , isAllowed] of ROOT_FIELDS) {
    if (isZeroField(schema, name)) continue
    if (name === 'type') {
      if (text(schema, name) === 'object') continue
      const detail =
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
      invalid(check, child(field, name), text(schema, name), detail)
      return
    }
    if (isAllowed) continue
    const allowed = ROOT_FIELDS.filter(it => it[2]).map(it => it[1])
    const detail = `only [${allowed.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`
    invalid(check, field, asStruct('JSONSchemaProps', toInternalSchema(schema)), detail)
    return
  }
}

/** `ValidateCustomResourceDefinitionSubresources`. */
function checkScalePaths(check: Check, { value, field }: Placed<Obj>): void {
  const scale = toObject(value, 'scale')
  if (!scale) return
  const place = (name: string): Field => renamed(hidden(field, 'scale'), `scale.${name}`, name)
  for (const [name, root] of [
    ['specReplicasPath', '.spec.'],
    ['statusReplicasPath', '.status.'],
  ] as const) {
    const path = text(scale, name)
    if (path === '') required(check, place(name))
    else if (checkSimplePath(check, path, place(name)) && !path.startsWith(root))
      invalid(check, place(name), path, `should be a json path under ${root.slice(0, -1)}`)
  }
  const path = toText(scale, 'labelSelectorPath')
  if (path === undefined || path === '' || !checkSimplePath(check, path, place('labelSelectorPath'))) return
  if (!path.startsWith('.spec.') && !path.startsWith('.status.'))
    invalid(check, place('labelSelectorPath'), path, 'should be a json path under either .spec or .status')
}

/** `validateSimpleJSONPath`. */
function checkSimplePath(check: Check, path: string, field: Field): boolean {
  if (path.startsWith('.')) return true
  invalid(check, field, path, 'must be a simple json path starting with .')
  return false
}

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string']
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

/** `ValidateCustomResourceColumnDefinition`. */
function checkColumn(check: Check, column: Obj, field: Field): void {
  if (text(column, 'name') === '') required(check, child(field, 'name'))
  const type = text(column, 'type')
  const types = `must be one of ${COLUMN_TYPES.join(',')}`
  if (type === '') required(check, child(field, 'type'), types)
  else if (!COLUMN_TYPES.includes(type)) invalid(check, child(field, 'type'), type, types)
  const format = text(column, 'format')
  if (format !== '' && !COLUMN_FORMATS.includes(format))
    invalid(check, child(field, 'format'), format, `must be one of ${COLUMN_FORMATS.join(',')}`)
  const path = text(column, 'jsonPath')
  const place = renamed(field, 'JSONPath', 'jsonPath')
  if (path === '') required(check, place)
  else checkSimplePath(check, path, place)
}

const SELECTABLE_LIMIT = 8
const SELECTABLE = new Set(['string', 'boolean', 'integer'])

/** `ValidateCustomResourceSelectableFields`; a schema that cannot be converted makes the server fail. */
export function checkSelectableFields(
  check: Check,
  parts: Parts,
  field: Field,
  of: 'all versions' | 'one version',
): void {
  const { value: fields, field: place } = parts.selectable
  if (fields.length === 0) return
  const schema = parts.validation && toObject(parts.validation.value, 'openAPIV3Schema')
  if (!schema) {
    const schema = of === 'all versions' ? 'validations.schema is' : '`version.schema.openAPIV3Schema` is not'
    invalid(check, place, '', `may only be set when ${schema} included`)
    return
  }
  const fault = findConversionFault(schema)
  if (fault !== undefined) {
    invalid(check, renamed(field, 'schema.openAPIV3Schema'), '', fault)
    return
  }
  const paths = new Set<string>()
  for (const [at, it] of fields.entries()) checkSelectable(check, it, { schema, paths }, index(place, at))
  if (paths.size > SELECTABLE_LIMIT) tooMany(check, place, paths.size, SELECTABLE_LIMIT)
}

function checkSelectable(
  check: Check,
  selectable: Obj,
  { schema, paths }: { readonly schema: Obj; readonly paths: Set<string> },
  field: Field,
): void {
  const path = text(selectable, 'jsonPath')
  const place = child(field, 'jsonPath')
  if (path === '') {
    required(check, place)
    return
  }
  const found = findFieldAt(path, schema, 'without keys')
  if (typeof found === 'string') {
    invalid(check, place, path, `is an invalid path: ${found}`)
    return
  }
  if (found.first === 'metadata') invalid(check, place, path, 'must not point to fields in metadata')
  if (!isObj(found.schema) || !SELECTABLE.has(text(found.schema, 'type')))
    invalid(
      check,
      place,
      path,
      'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
    )
  if (paths.has(found.path)) duplicate(check, place, path)
  else paths.add(found.path)
}
