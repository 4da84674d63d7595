/** JSON Schemas for the yardsticks, from what our own schemas say of their types. */

import type { Type } from '../../kube/schema/schemas.ts'
import { LAZY, LIST_OF, MAP_OF, type TypeGraph } from '../../kube/schema/type-graph.ts'
import { KIND_NAMES } from '../../kube/schema/validate.ts'

type Definitions = Record<string, object>

/** The schema of a kind with its definitions, strict about unknown fields; of a custom resource one that takes all. */
export function buildJsonSchema(type: Type): object {
  const definitions: Definitions = {}
  if (type.source !== 'builtin') return { definitions }
  return { ...toJsonSchema(type.graph, type.id, definitions), definitions }
}

/** Definitions stand once, since some of them contain themselves. */
function toJsonSchema(graph: TypeGraph, type: number, definitions: Definitions): object {
  if (graph.kinds[type] === LAZY) graph.link(type)
  const kind = graph.kinds[type]!
  const inner = (): object => toJsonSchema(graph, graph.elements[type]!, definitions)
  if (kind === LIST_OF) return { type: ['array', 'null'], items: inner() }
  if (kind === MAP_OF) return { type: ['object', 'null'], additionalProperties: inner() }
  const name = graph.names[type]
  if (!name) return SCALARS[KIND_NAMES[kind]!] ?? {}
  if (!definitions[name]) {
    const properties: Record<string, object> = {}
    definitions[name] = { type: ['object', 'null'], properties, additionalProperties: false }
    for (const it of graph.fields[type] ?? []) properties[it.name] = toJsonSchema(graph, it.type, definitions)
  }
  return { $ref: `#/definitions/${name}` }
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
