/** What a schema says about a path: fields, types and values, for hover and completion. */
import type { Json, Path } from '../../yaml/json.ts'
import { internKey } from '../../yaml/keys.ts'
import { childOf } from './defaulting.ts'
import { findField, LAZY, LIST_OF, MAP_OF, OBJECT, type TypeGraph } from './graph.ts'
import type { Type } from './schemas.ts'
import type { Structural } from './structural.ts'
import { KIND_NAMES } from './validate.ts'

export interface Explanation {
  /** `string`, `list of maps`, `integer (32 bits)`. */
  readonly type: string
  /** Name of the definition of a built-in type: `core.v1.PodSpec`; `""` for others. */
  readonly definition: string
  /** Fields that may stand here; empty for scalars and free-form maps. */
  readonly fields: readonly ExplainedField[]
  /** The closed set of a string; empty where any is taken. */
  readonly values: readonly string[]
  readonly default?: Json
}

export interface ExplainedField {
  readonly name: string
  readonly type: string
  /** Of built-in types: by the Go tags, which the server's checks do not always follow. */
  readonly required: boolean
}

/** Undefined when the schema does not know the path. Indices of lists may be any number. */
export function explain(type: Type, path: Path): Explanation | undefined {
  if (type.source === 'builtin') return explainBuiltin(type.graph, type.id, path)
  const [first] = path
  if (first === 'metadata') return explainBuiltin(type.schema.graph, type.schema.objectMeta, path.slice(1))
  return explainCustom(type.schema.root, path)
}

function explainBuiltin(graph: TypeGraph, type: number, path: Path): Explanation | undefined {
  let at = type
  for (const step of path) {
    const kind = linkedKind(graph, at)
    if (kind === OBJECT && typeof step === 'string') at = findField(graph, at, internKey(step))
    else if (kind === (typeof step === 'string' ? MAP_OF : LIST_OF)) at = graph.elements[at]!
    else return undefined
    if (at < 0) return undefined
  }
  linkedKind(graph, at)
  return {
    type: nameOf(graph, at),
    definition: graph.names[at] ?? '',
    fields: (graph.fields[at] ?? []).map(it => ({
      name: it.name,
      type: nameOf(graph, it.type),
      required: it.required,
    })),
    values: [...(graph.enums[at] ?? [])],
  }
}

function linkedKind(graph: TypeGraph, type: number): number {
  if (graph.kinds[type] === LAZY) graph.link(type)
  return graph.kinds[type]!
}

function nameOf(graph: TypeGraph, type: number): string {
  const kind = linkedKind(graph, type)
  if (kind === LIST_OF) return `list of ${plural(nameOf(graph, graph.elements[type]!))}`
  if (kind === MAP_OF) return `map of ${plural(nameOf(graph, graph.elements[type]!))}`
  return KIND_NAMES[kind]!
}

function explainCustom(schema: Structural, path: Path): Explanation | undefined {
  let at: Structural | undefined = schema
  for (const step of path) {
    at = typeof step === 'number' ? at.items : childOf(at, internKey(step))
    if (!at) return undefined
  }
  const required = new Set(at.required)
  return {
    type: customName(at),
    definition: '',
    fields: [...at.fields.values()].map(it => ({
      name: it.name,
      type: customName(it.schema()),
      required: required.has(it.name) && !it.schema().hasDefault,
    })),
    values: (at.enum ?? []).filter(it => typeof it === 'string'),
    ...(at.hasDefault && { default: at.default }),
  }
}

function customName(schema: Structural): string {
  if (schema.isIntOrString) return 'integer or string'
  if (schema.type === 'array')
    return `list of ${plural(schema.items ? customName(schema.items) : 'any value')}`
  if (schema.type !== 'object') return schema.type === '' ? 'any value' : schema.type
  const { additional } = schema
  return typeof additional === 'object' ? `map of ${plural(customName(additional))}` : 'map'
}

const PLURALS: ReadonlyMap<string, string> = new Map([
  ['any value', 'any values'],
  ['quantity', 'quantities'],
  ['integer or string', 'integers or strings'],
  ['base64 text', 'base64 texts'],
  ['integer (32 bits)', 'integers (32 bits)'],
])

const plural = (name: string): string =>
  PLURALS.get(name) ?? (/^(?:list|map) /.test(name) ? name.replace(/^(list|map)/, '$1s') : `${name}s`)
