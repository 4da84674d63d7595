/**
 * The value of a custom resource as the server validates it: nulls of fields that may not be null are dropped, and
 * defaults are filled in. Imitates PruneNonNullableNullsWithoutDefaults and Default of
 * apiextensions-apiserver/pkg/apiserver/schema/defaulting.
 */
import { scalarValue, toJson } from '../../yaml/decode.ts'
import type { Json } from '../../yaml/json.ts'
import { keyText } from '../../yaml/keys.ts'
import { NULL, scalarType } from '../../yaml/scalars.ts'
import { AUX, KIND_MASK, MAP, NEXT, SEQ, STRIDE, type Table } from '../../yaml/table.ts'
import type { Structural } from './structural.ts'

export function toEffective(table: Table, node: number, schema: Structural | undefined): Json {
  const { nodes } = table
  const kind = nodes[node]! & KIND_MASK
  if (!schema || (kind !== MAP && kind !== SEQ))
    return schema ? scalarValue(table, node) : toJson(table, node)
  const end = nodes[node + NEXT]!
  if (kind === SEQ) {
    const items: Json[] = []
    for (let item = node + STRIDE; item < end; item = nodes[item + NEXT]!)
      items.push(toEffective(table, item, schema.items))
    return items
  }
  const map: Record<string, Json> = Object.create(null)
  for (let key = node + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!) {
    const value = key + STRIDE
    const field = childOf(schema, nodes[key + AUX]!)
    if (field && !field.nullable && isNull(table, value)) continue
    map[keyText(nodes[key + AUX]!)] = toEffective(table, value, field)
  }
  for (const { name, schema: linked } of schema.fields.values())
    if (!(name in map) && linked().hasDefault) map[name] = fillDefaults(linked().default, linked())
  return map
}

/** The schema of a field: a named one, or that of further fields. */
export function childOf(schema: Structural, key: number): Structural | undefined {
  const field = schema.fields.get(key)
  if (field) return field.schema()
  const { additional } = schema
  return additional === 'any' ? undefined : additional
}

/** Defaults inside a default. */
function fillDefaults(value: Json, schema: Structural | undefined): Json {
  if (!schema || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(it => fillDefaults(it as Json, schema.items))
  const map: Record<string, Json> = Object.create(null)
  const { additional } = schema
  const further = additional === 'any' ? undefined : additional
  const named = new Map([...schema.fields.values()].map(it => [it.name, it]))
  for (const [name, it] of Object.entries(value)) {
    const field = named.get(name)
    map[name] = fillDefaults(it, field ? field.schema() : further)
  }
  for (const [name, field] of named)
    if (!(name in map) && field.schema().hasDefault)
      map[name] = fillDefaults(field.schema().default, field.schema())
  return map
}

export const isNull = (table: Table, node: number): boolean =>
  (table.nodes[node]! & KIND_MASK) > SEQ && scalarType(table, node) === NULL
