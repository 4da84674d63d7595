/** The first file outside of a values.schema.json that helm would load for it. */
import type { AnySchema } from 'ajv'
import { decodeFragment, partAt } from './schema-pointer.ts'
import {
  type Draft,
  holdsNamedSchemas,
  isForeign,
  isObject,
  isOldDraft,
  KEYWORDS,
  type Unknowns,
} from './schema-vocabulary.ts'

/** What helm calls the schema of a chart. */
export const PLACE = 'file:///values.schema.json'

interface Place {
  readonly value: unknown
  readonly base: string
}

/**
 * The address of the first reference to another file, without its fragment: the library compiles breadth first what it
 * reaches from the root, and definitions only where a reference leads to them (`Compiler.doCompile` of jsonschema).
 */
export function findOutside(schema: AnySchema, draft: Draft): string | undefined {
  const open: Place[] = []
  const seen = new Set<unknown>()
  const add = (place: Place): void => {
    if (typeof place.value !== 'object' || place.value === null || seen.has(place.value)) return
    seen.add(place.value)
    open.push(place)
  }
  add({ value: schema, base: PLACE })
  for (const { value, base } of open) {
    const object = value as Unknowns
    const id = object[draft === 'draft-04' ? 'id' : '$id']
    const own = typeof id === 'string' ? (resolve(id, base) ?? base) : base
    const reference = object.$ref
    if (typeof reference === 'string') {
      const target = resolve(reference, own)
      if (target !== undefined && target !== own) return target
      const pointer = reference.indexOf('#/')
      if (pointer >= 0)
        add({ value: partAt(schema, decodeFragment(reference.slice(pointer + 1))), base: own })
      if (isOldDraft(draft)) continue
    }
    for (const part of listParts(object, draft)) add({ value: part, base: own })
  }
  return undefined
}

function* listParts(object: Unknowns, draft: Draft): Generator<unknown> {
  for (const [name, { held, tried }] of KEYWORDS) {
    if (tried === undefined || held === 'reference' || !Object.hasOwn(object, name) || isForeign(name, draft))
      continue
    const part = object[name]
    if (Array.isArray(part)) yield* part
    else if (holdsNamedSchemas(name) && isObject(part)) yield* Object.values(part)
    else yield part
  }
}

/** Without the fragment; undefined for what is no address. */
function resolve(reference: string, base: string): string | undefined {
  try {
    return new URL(reference, base).href.replace(/#.*$/, '')
  } catch {
    return undefined
  }
}
