/** The first file outside of a values.schema.json that helm would load for it. */
import type { AnySchema } from 'ajv'

/** Keywords whose value is a schema or a list of schemas, and those that map names to schemas, in the compiler's order. */
const PARTS: readonly { readonly keyword: string; readonly since?: number; readonly isMap?: true }[] = [
  { keyword: 'allOf' },
  { keyword: 'anyOf' },
  { keyword: 'oneOf' },
  { keyword: 'not' },
  { keyword: 'items' },
  { keyword: 'additionalItems' },
  { keyword: 'properties', isMap: true },
  { keyword: 'patternProperties', isMap: true },
  { keyword: 'additionalProperties' },
  { keyword: 'dependencies', isMap: true },
  { keyword: 'contains', since: 6 },
  { keyword: 'propertyNames', since: 6 },
  { keyword: 'if', since: 7 },
  { keyword: 'then', since: 7 },
  { keyword: 'else', since: 7 },
  { keyword: 'dependentSchemas', since: 2019, isMap: true },
  { keyword: 'unevaluatedItems', since: 2019 },
  { keyword: 'unevaluatedProperties', since: 2019 },
  { keyword: 'prefixItems', since: 2020 },
]

interface Place {
  readonly value: unknown
  readonly base: string | undefined
}

/**
 * The address of the first reference to another file, without its fragment: the library compiles breadth first what it
 * reaches from the root, and definitions only where a reference leads to them (`Compiler.doCompile` of jsonschema).
 * `draft` is named as `draft-07` or `2019-09`.
 */
export function findOutside(schema: AnySchema, draft: string): string | undefined {
  const age = Number.parseInt(draft.replace('draft-', ''), 10)
  const open: Place[] = []
  const seen = new Set<unknown>()
  const add = (place: Place): void => {
    if (typeof place.value !== 'object' || place.value === null || seen.has(place.value)) return
    seen.add(place.value)
    open.push(place)
  }
  add({ value: schema, base: undefined })
  for (const { value, base } of open) {
    const object = value as Readonly<Record<string, unknown>>
    const own = typeof object.$id === 'string' ? object.$id : base
    const reference = object.$ref
    if (typeof reference === 'string') {
      const target = reference.startsWith('#') ? own : resolve(reference, own)
      if (target !== undefined && target !== own) return target
      if (reference.startsWith('#/')) add({ value: valueAt(schema, reference), base: own })
      if (age < 2019) continue
    }
    for (const part of listParts(object, age)) add({ value: part, base: own })
  }
  return undefined
}

function* listParts(object: Readonly<Record<string, unknown>>, age: number): Generator<unknown> {
  for (const { keyword, since = 0, isMap } of PARTS) {
    const part = Object.hasOwn(object, keyword) && age >= since ? object[keyword] : undefined
    if (isMap && typeof part === 'object' && part !== null) yield* Object.values(part)
    else if (Array.isArray(part)) yield* part
    else yield part
  }
}

function valueAt(schema: AnySchema, reference: string): unknown {
  let value: unknown = schema
  for (const step of reference.slice(2).split('/')) {
    const key = decode(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Without the fragment; undefined for what is no address. */
function resolve(reference: string, base: string | undefined): string | undefined {
  try {
    return new URL(reference, base).href.replace(/#.*$/, '')
  } catch {
    return undefined
  }
}
