/** JSON Schemas for the yardsticks, from what our own schemas say of their types. */
import { explain } from '../../kube/schema/explain.ts'
import type { Type } from '../../kube/schema/schemas.ts'
import type { Path } from '../../yaml/json.ts'

/** The schema of a kind with its definitions; strict about unknown fields. */
export function buildJsonSchema(type: Type): object {
  const definitions: Record<string, object> = {}
  return { ...toJsonSchema(type, [], definitions), definitions }
}

/** Definitions stand once, since some of them contain themselves. */
function toJsonSchema(type: Type, place: Path, definitions: Record<string, object>): object {
  const it = explain(type, place)!
  if (it.type.startsWith('list of'))
    return { type: ['array', 'null'], items: toJsonSchema(type, [...place, 0], definitions) }
  if (it.type.startsWith('map of'))
    return {
      type: ['object', 'null'],
      additionalProperties: toJsonSchema(type, [...place, 'any'], definitions),
    }
  if (it.definition === '') return SCALARS[it.type] ?? {}
  if (!definitions[it.definition]) {
    const properties: Record<string, object> = {}
    definitions[it.definition] = { type: ['object', 'null'], properties, additionalProperties: false }
    for (const { name } of it.fields) properties[name] = toJsonSchema(type, [...place, name], definitions)
  }
  return { $ref: `#/definitions/${it.definition}` }
}

const SCALARS: Readonly<Record<string, object>> = {
  string: { type: ['string', 'null'] },
  'integer (32 bits)': { type: ['integer', 'null'] },
  integer: { type: ['integer', 'null'] },
  number: { type: ['number', 'null'] },
  boolean: { type: ['boolean', 'null'] },
  'integer or string': { type: ['integer', 'string', 'null'] },
  quantity: { type: ['number', 'string', 'null'] },
}
