/** What the server warns about in definitions: `WarningsOnCreate` of registry/customresourcedefinition. */
import { isKnownFormat } from '../schema/formats.ts'
import { itemsOf } from './definition-node.ts'
import { listUnusualSchemas } from './definition-survey.ts'
import type { Check } from './field.ts'
import { type Obj, object, objects, text, toObject } from './object.ts'

export function warnAboutDefinition(check: Check, of: Obj, old: Obj | undefined): void {
  const before = new Set(old ? listWarnings(old, check.minor) : [])
  for (const it of listWarnings(of, check.minor)) if (!before.has(it)) check.warnings.push(it)
}

function listWarnings(of: Obj, minor: number): string[] {
  const schemas = objects(object(of, 'spec'), 'versions').flatMap(it => {
    const schema = toObject(object(it, 'schema'), 'openAPIV3Schema')
    return schema ? listUnusualSchemas(schema) : []
  })
  const formats = schemas
    .filter(it => !isRecognized(it, minor))
    .map(it => `unrecognized format ${JSON.stringify(text(it, 'format'))}`)
  return [...new Set(formats), ...(minor >= 37 ? listSetWarnings(schemas) : [])]
}

/** `GetUnrecognizedFormats`: since 1.36 formats of other types than texts count too. */
function isRecognized(schema: Obj, minor: number): boolean {
  const format = text(schema, 'format')
  if (format === '') return true
  const type = text(schema, 'type')
  if (type === 'string' || (type === '' && minor >= 36)) return isTextFormat(format, minor)
  if (minor < 36) return true
  if (type === 'integer') return format === 'int32' || format === 'int64'
  return type === 'number' && (format === 'float' || format === 'double')
}

/** Names of 1.34 are known before they are enforced. */
const isTextFormat = (format: string, minor: number): boolean =>
  isKnownFormat(format, minor >= 34 ? Math.max(minor, 36) : minor)

/** Sets of anything but scalars. */
function listSetWarnings(schemas: readonly Obj[]): string[] {
  const types = schemas.flatMap(it => {
    const items = text(it, 'x-kubernetes-list-type') === 'set' ? itemsOf(it) : undefined
    return items ? [text(items, 'type')] : []
  })
  return ['array', 'object']
    .filter(it => types.includes(it))
    .map(
      it =>
        `x-kubernetes-list-type: set for items of type "${it}" is not supported by server-side apply or CEL validation rules`,
    )
}
