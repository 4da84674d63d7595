/**
 * The value of a custom resource as the server validates it: nulls of fields that may not be null are dropped, and
 * defaults are filled in. Imitates PruneNonNullableNullsWithoutDefaults and Default of
 * apiextensions-apiserver/pkg/apiserver/schema/defaulting.
 */
import { internKey } from '../../yaml/keys.ts'
import { NULL, scalarType } from '../../yaml/scalars.ts'
import { KIND_MASK, SEQ, type Table } from '../../yaml/table.ts'
import { emptyGoMap, fromJson, type GoValue, isGoList } from './go-value.ts'
import type { Structural } from './structural.ts'

/** What a walk has met of the schema of a value, so that other walks which only look for that can be left out. */
export interface Met {
  hasEmbedded: boolean
  /** Lists that are sets or maps. */
  hasKeyedLists: boolean
}

export const newMet = (): Met => ({ hasEmbedded: false, hasKeyedLists: false })

/** A changed copy; `met` is told what the walk has come upon. */
export function toEffective(value: GoValue, schema: Structural | undefined, met: Met): GoValue {
  if (!schema || typeof value !== 'object' || value === null) return value
  if (isGoList(value)) {
    if (schema.listType === 'set' || schema.listType === 'map') met.hasKeyedLists = true
    const { items } = schema
    return items ? value.map(it => toEffectiveItem(it, items, met)) : value
  }
  if (schema.isEmbedded) met.hasEmbedded = true
  const map = emptyGoMap()
  for (const name in value) {
    const it = value[name]!
    const field = childOf(schema, internKey(name))
    if (it === null && field && !field.nullable && !field.hasDefault) continue
    map[name] = toEffectiveItem(it, field, met)
  }
  for (const { name, hasDefault, schema: linked } of schema.fields.values())
    if (hasDefault && !(name in map)) map[name] = toEffective(fromJson(linked().default), linked(), met)
  return map
}

/** A null that may not be one is the default, where there is one. */
const toEffectiveItem = (value: GoValue, schema: Structural | undefined, met: Met): GoValue =>
  toEffective(value === null && schema && !schema.nullable ? fromJson(schema.default) : value, schema, met)

/** The schema of a field: a named one, or that of further fields. */
export function childOf(schema: Structural, key: number): Structural | undefined {
  const field = schema.fields.get(key)
  if (field) return field.schema()
  const { additional } = schema
  return typeof additional === 'object' ? additional : undefined
}

export const isNull = (table: Table, node: number): boolean =>
  (table.nodes[node]! & KIND_MASK) > SEQ && scalarType(table, node) === NULL
