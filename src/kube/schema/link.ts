/** Links packed types into a graph for one minor. A definition is parsed when a document first enters it. */
import { internKey } from '../../yaml/keys.ts'
import { isInRanges } from './minors.ts'
import type { PackedEnums, PackedTypes } from './pack.ts'
import {
  ANY,
  addType,
  BOOL,
  BYTES,
  createGraph,
  DURATION,
  type Field,
  FLOAT,
  INT_OR_STRING,
  INT32,
  INT64,
  LAZY,
  LIST_OF,
  type ListRule,
  MAP_OF,
  MICRO_TIME,
  OBJECT,
  QUANTITY,
  SCHEMA_OR_BOOL,
  SCHEMA_OR_LIST,
  SCHEMA_OR_STRINGS,
  STRING_TYPE,
  setFields,
  TIME,
  type TypeGraph,
} from './type-graph.ts'

/**
 * Items of map lists in which the server tolerates repeated keys, while apply merges or loses one of them. In other
 * lists a repetition is refused by the server's checks, or does no harm.
 */
const TOLERATED: ReadonlySet<string> = new Set([
  'EnvVar',
  'ContainerPort',
  'HostAlias',
  'LocalObjectReference',
  'ObjectReference',
  'OwnerReference',
])

const LETTERS: ReadonlyMap<string, number> = new Map([
  ['s', STRING_TYPE],
  ['i', INT32],
  ['l', INT64],
  ['n', FLOAT],
  ['b', BOOL],
  ['y', BYTES],
  ['q', QUANTITY],
  ['o', INT_OR_STRING],
  ['t', TIME],
  ['u', MICRO_TIME],
  ['d', DURATION],
  ['j', ANY],
  ['a', SCHEMA_OR_LIST],
  ['p', SCHEMA_OR_BOOL],
  ['r', SCHEMA_OR_STRINGS],
])

export interface Linker {
  readonly graph: TypeGraph
  /** The type of a definition (`core.v1.Pod`), or -1 when there is none of that name. */
  findDefinition(name: string): number
}

/** A linker for one minor: the graph grows as types are asked for. */
export function createLinker(minor: number, packed: PackedTypes, enums: PackedEnums): Linker {
  const graph = createGraph()
  const byText = new Map<string, number>()
  const texts: string[] = []

  const definition = (name: string): number => {
    const known = byText.get(name)
    if (known !== undefined) return known
    const dot = name.lastIndexOf('.')
    const fields = packed.types[name.slice(0, dot)]?.[name.slice(dot + 1)]
    if (fields === undefined) return -1
    const type = addType(graph, LAZY)
    graph.names[type] = name
    texts[type] = fields
    byText.set(name, type)
    return type
  }

  const typeOf = (text: string, owner: string): number => {
    const code = text.charCodeAt(0)
    // Names of types begin with a capital or hold a dot; letters stand alone.
    if (code === 91 || code === 123 || text.length === 1) return compound(text, owner)
    return definition(text.includes('.') ? text : `${owner}.${text}`)
  }

  const compound = (text: string, owner: string): number => {
    const letter = LETTERS.get(text)
    const key = letter === undefined ? `${owner} ${text}` : text
    const known = byText.get(key)
    if (known !== undefined) return known
    let type: number
    if (letter !== undefined)
      type = addType(graph, letter, letter >= SCHEMA_OR_LIST ? definition(`${owner}.JSONSchemaProps`) : -1)
    else if (text[0] === '{') type = addType(graph, MAP_OF, typeOf(text.slice(1), owner))
    else {
      const { item, rule } = parseList(text)
      type = addType(graph, LIST_OF, typeOf(item, owner))
      graph.lists[type] = rule
    }
    byText.set(key, type)
    return type
  }

  graph.link = type => {
    const name = graph.names[type]!
    const owner = name.slice(0, name.lastIndexOf('.'))
    const fields: Field[] = []
    for (const entry of texts[type]!.split(' ')) {
      const field = parseField(entry)
      if (!field || !isInRanges(field.ranges, minor)) continue
      const allowed = enums[`${name}/${field.name}`]
      const own = allowed ? enumType(graph, field.type, allowed, minor) : typeOf(field.type, owner)
      const { name: key, required } = field
      fields.push({ name: key, key: internKey(key), type: own, required })
    }
    graph.kinds[type] = OBJECT
    setFields(graph, type, fields)
  }
  return { graph, findDefinition: definition }
}

interface ParsedField {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly ranges: string
}

/** One entry of `PackedTypes`, or undefined for the empty one of a type without fields. */
export function parseField(entry: string): ParsedField | undefined {
  const colon = entry.indexOf(':')
  if (colon < 0) return undefined
  const at = entry.indexOf('@', colon)
  const end = at < 0 ? entry.length : at
  const required = entry.charCodeAt(end - 1) === 33
  return {
    name: entry.slice(0, colon),
    type: entry.slice(colon + 1, required ? end - 1 : end),
    required,
    ranges: at < 0 ? '' : entry.slice(at + 1),
  }
}

/** A string of its own for each field with a closed set, or the list of such strings. */
function enumType(graph: TypeGraph, text: string, allowed: string, minor: number): number {
  const values = allowed.split('|').flatMap(it => {
    const at = it.indexOf('@')
    if (at < 0) return [it]
    return isInRanges(it.slice(at + 1), minor) ? [it.slice(0, at)] : []
  })
  const type = addType(graph, STRING_TYPE)
  // In a minor that drops the field there is no closed set.
  if (values.length > 0) graph.enums[type] = new Set(values)
  if (text[0] !== '[') return type
  return addType(graph, LIST_OF, type)
}

/** `[containerPort,protocol=TCP|ContainerPort`: what its items are, and what makes them unique. */
function parseList(text: string): { readonly item: string; readonly rule: ListRule | undefined } {
  const bar = text.indexOf('|')
  if (bar < 0) return { item: text.slice(text[1] === '=' ? 2 : 1), rule: undefined }
  const item = text.slice(bar + 1)
  if (!TOLERATED.has(item)) return { item, rule: undefined }
  const keys = text
    .slice(1, bar)
    .split(',')
    .map(it => it.split('='))
  const rule = { keys: keys.map(([key]) => internKey(key!)), defaults: keys.map(([, value]) => value ?? '') }
  return { item, rule }
}
