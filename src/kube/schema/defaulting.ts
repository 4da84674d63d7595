/**
 * The value of a custom resource as the server validates it: nulls of fields that may not be null are dropped, and
 * defaults are filled in. Imitates PruneNonNullableNullsWithoutDefaults and Default of
 * apiextensions-apiserver/pkg/apiserver/schema/defaulting.
 */
import { internKey } from '../../yaml/keys.ts'
import { NULL, scalarType } from '../../yaml/scalars.ts'
import { KIND_MASK, SEQ, type Table } from '../../yaml/table.ts'
import { fromJson, type GoValue, isGoList, isGoMap } from './go-value.ts'
import type { Structural } from './structural.ts'

export function toEffective(value: GoValue, schema: Structural | undefined): GoValue {
  if (!schema) return value
  if (isGoList(value)) return value.map(it => toEffectiveItem(it, schema.items))
  if (!isGoMap(value)) return value
  const map: Record<string, GoValue> = Object.create(null)
  for (const [name, it] of Object.entries(value)) {
    const field = childOf(schema, internKey(name))
    if (it === null && field && !field.nullable && !field.hasDefault) continue
    map[name] = toEffectiveItem(it, field)
  }
  for (const { name, hasDefault, schema: linked } of schema.fields.values())
    if (hasDefault && !(name in map)) map[name] = toEffective(fromJson(linked().default), linked())
  return map
}

/** A null that may not be one is the default, where there is one. */
const toEffectiveItem = (value: GoValue, schema: Structural | undefined): GoValue =>
  toEffective(value === null && schema && !schema.nullable ? fromJson(schema.default) : value, schema)

/** The schema of a field: a named one, or that of further fields. */
export function childOf(schema: Structural, key: number): Structural | undefined {
  const field = schema.fields.get(key)
  if (field) return field.schema()
  const { additional } = schema
  return typeof additional === 'object' ? additional : undefined
}

export const isNull = (table: Table, node: number): boolean =>
  (table.nodes[node]! & KIND_MASK) > SEQ && scalarType(table, node) === NULL
