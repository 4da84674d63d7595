/**
 * The types of one Kubernetes minor as a graph in typed arrays: a validator steps from (type, key id) to type by one
 * probe of a hash table. Definitions are linked when a document first enters them, so a run pays for what it meets.
 */

/** What a type takes, by the Go type that the server decodes into. */
export const LAZY = 0
export const ANY = 1
export const STRING_TYPE = 2
export const INT32 = 3
export const INT64 = 4
export const FLOAT = 5
export const BOOL = 6
export const BYTES = 7
export const QUANTITY = 8
export const INT_OR_STRING = 9
export const TIME = 10
export const MICRO_TIME = 11
export const DURATION = 12
/** A Go struct: known fields, each with a type. */
export const OBJECT = 13
/** A Go map: any keys, values of one type. */
export const MAP_OF = 14
export const LIST_OF = 15
/** `JSONSchemaProps` or a list of them, a boolean, a list of strings: types of the CRD API that decode themselves. */
export const SCHEMA_OR_LIST = 16
export const SCHEMA_OR_BOOL = 17
export const SCHEMA_OR_STRINGS = 18

/** What makes the items of a map list unique. */
export interface ListRule {
  /** Ids of the keys. */
  readonly keys: readonly number[]
  /** What an absent key counts as. */
  readonly defaults: readonly string[]
}

/** A field of an object type, for explanations and suggestions. */
export interface Field {
  readonly name: string
  readonly key: number
  readonly type: number
  /** Required by the Go tags; what the server truly demands is in its validation code. */
  readonly required: boolean
}

export interface TypeGraph {
  kinds: Uint8Array
  /** Type of the items of a list or the values of a map. */
  elements: Int32Array
  count: number
  /** By type: name of the definition (`core.v1.PodSpec`). */
  readonly names: (string | undefined)[]
  /** By type: allowed values of a string. */
  readonly enums: (ReadonlySet<string> | undefined)[]
  readonly lists: (ListRule | undefined)[]
  readonly fields: (readonly Field[] | undefined)[]
  /** Triples of type, key id, field type; open addressing. */
  slots: Int32Array
  used: number
  /** Fills a lazy type. */
  link: (type: number) => void
}

const SLOT = 3

export const createGraph = (): TypeGraph => ({
  kinds: new Uint8Array(256),
  elements: new Int32Array(256),
  count: 0,
  names: [],
  enums: [],
  lists: [],
  fields: [],
  slots: new Int32Array(1024 * SLOT).fill(-1),
  used: 0,
  link: () => {},
})

/** Adds a type and returns its id. */
export function addType(graph: TypeGraph, kind: number, element = -1): number {
  const type = graph.count++
  if (type === graph.kinds.length) {
    graph.kinds = grown(graph.kinds, new Uint8Array(type * 2))
    graph.elements = grown(graph.elements, new Int32Array(type * 2))
  }
  graph.kinds[type] = kind
  graph.elements[type] = element
  return type
}

function grown<T extends Uint8Array | Int32Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}

/** Makes the fields of an object type known. */
export function setFields(graph: TypeGraph, type: number, fields: readonly Field[]): void {
  graph.fields[type] = fields
  for (const { key, type: target } of fields) {
    if (graph.used * SLOT * 2 >= graph.slots.length) rehash(graph)
    insert(graph.slots, type, key, target)
    graph.used++
  }
}

/** The type of a field, or -1 when the type has no such field. */
export function findField(graph: TypeGraph, type: number, key: number): number {
  const { slots } = graph
  const size = slots.length / SLOT
  let slot = hash(type, key) & (size - 1)
  for (;;) {
    const at = slot * SLOT
    if (slots[at + 1] === key && slots[at] === type) return slots[at + 2]!
    if (slots[at] === -1) return -1
    slot = (slot + 1) & (size - 1)
  }
}

const hash = (type: number, key: number): number => {
  const mixed = Math.imul(type, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}

function insert(slots: Int32Array, type: number, key: number, target: number): void {
  const size = slots.length / SLOT
  let slot = hash(type, key) & (size - 1)
  while (slots[slot * SLOT] !== -1) slot = (slot + 1) & (size - 1)
  slots[slot * SLOT] = type
  slots[slot * SLOT + 1] = key
  slots[slot * SLOT + 2] = target
}

function rehash(graph: TypeGraph): void {
  const larger = new Int32Array(graph.slots.length * 2).fill(-1)
  for (let at = 0; at < graph.slots.length; at += SLOT)
    if (graph.slots[at] !== -1) insert(larger, graph.slots[at]!, graph.slots[at + 1]!, graph.slots[at + 2]!)
  graph.slots = larger
}
