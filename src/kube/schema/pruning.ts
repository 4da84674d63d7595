/** Fields that the server would drop: `prune` of apiextensions-apiserver/pkg/apiserver/schema/pruning. */
import { internKey } from '../../yaml/keys.ts'
import { type GoValue, isGoList, isGoMap } from './go-value.ts'
import type { Structural } from './structural.ts'

/** Whether a value has fields that its schema does not name. */
export function hasUnknownFields(value: GoValue, schema: Structural | undefined): boolean {
  if (schema?.preservesUnknown) return hasUnknownBelowKept(value, schema)
  if (isGoList(value)) return value.some(it => hasUnknownFields(it, schema?.items))
  if (!isGoMap(value)) return false
  return Object.entries(value).some(([name, it]) => {
    if (!schema) return true
    if (schema.isEmbedded && META_FIELDS.has(name)) return false
    const child = fieldOf(schema, name)
    return child === undefined || hasUnknownFields(it, child === 'any' ? undefined : child)
  })
}

/** What the schema does not name is kept, what it names is pruned as ever. */
function hasUnknownBelowKept(value: GoValue, schema: Structural): boolean {
  if (isGoList(value)) {
    const { items } = schema
    return items !== undefined && value.some(it => hasUnknownBelowKept(it, items))
  }
  if (!isGoMap(value)) return false
  return Object.entries(value).some(([name, it]) => {
    if (schema.isEmbedded && META_FIELDS.has(name)) return false
    const child = fieldOf(schema, name)
    return child !== undefined && hasUnknownFields(it, child === 'any' ? undefined : child)
  })
}

const META_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

/** `any` where further fields are allowed without a schema of their own. */
function fieldOf(schema: Structural, name: string): Structural | 'any' | undefined {
  const field = schema.fields.get(internKey(name))
  if (field) return field.schema()
  return schema.additional === 'none' ? 'any' : schema.additional
}
