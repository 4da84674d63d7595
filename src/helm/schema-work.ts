/**
 * How much work it is to hold values against a schema. Combinations of combinations are tried in more ways than any
 * computer gets through, and a compiled schema cannot be stopped, so it is reckoned before.
 */
import type { Json } from '../yaml/json.ts'
import { isObject, type Unknowns } from './plain-schema.ts'

/** Trials of parts of a schema. The largest schemas of real charts need some ten thousand. */
export const MOST_TRIALS = 400_000

/** True where parts of a schema would be tried more than `MOST_TRIALS` times, or without end. */
export function isTooMuchWork(schema: unknown, values: Json): boolean {
  try {
    new Reckoning(schema).add(schema, values)
    return false
  } catch (error) {
    // Deeper than the stack is endless, too.
    if (error instanceof TooMuch || error instanceof RangeError) return true
    throw error
  }
}

class TooMuch extends Error {}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const valuesOf = (value: unknown): readonly unknown[] => (isObject(value) ? Object.values(value) : [])

/** Counts generously: what is not sure to be skipped is tried. */
class Reckoning {
  /** The schema, and those within it that have names of their own. */
  private readonly resources: readonly Unknowns[]
  private left = MOST_TRIALS

  constructor(schema: unknown) {
    this.resources = listResources(schema)
  }

  add(schema: unknown, value: Json): void {
    this.spend(1)
    if (!isObject(schema)) return
    for (const it of OF_REFERENCES) this.addReference(schema[it], value)
    for (const it of OF_LISTS) for (const part of listOf(schema[it])) this.add(part, value)
    for (const it of OF_ONE) if (schema[it] !== undefined) this.add(schema[it], value)
    for (const it of OF_KEYS) for (const part of valuesOf(schema[it])) this.add(part, value)
    // Lists and maps are compared with each of them.
    if (typeof value === 'object') this.spend(listOf(schema.enum).length)
    if (Array.isArray(value)) this.addItems(schema, value)
    else if (isObject(value)) this.addProperties(schema, value as Readonly<Record<string, Json>>)
  }

  private spend(trials: number): void {
    this.left -= trials
    if (this.left < 0) throw new TooMuch()
  }

  private addReference(reference: unknown, value: Json): void {
    if (typeof reference !== 'string') return
    const found = new Set(this.resources.map(it => follow(it, reference)).filter(it => it !== undefined))
    for (const it of found) this.add(it, value)
  }

  private addItems(schema: Unknowns, list: readonly Json[]): void {
    // Each is compared with each, which is quicker than a trial.
    if (schema.uniqueItems === true) this.spend((list.length * list.length) / 20)
    list.forEach((item, i) => {
      for (const it of OF_ITEMS) {
        const part = schema[it]
        if (part !== undefined) this.add(Array.isArray(part) ? part[i] : part, item)
      }
    })
  }

  private addProperties(schema: Unknowns, map: Readonly<Record<string, Json>>): void {
    const { properties } = schema
    for (const [key, value] of Object.entries(map)) {
      if (isObject(properties) && Object.hasOwn(properties, key)) this.add(properties[key], value)
      for (const it of valuesOf(schema.patternProperties)) this.add(it, value)
      for (const it of OF_VALUES) if (schema[it] !== undefined) this.add(schema[it], value)
      if (schema.propertyNames !== undefined) this.add(schema.propertyNames, key)
    }
  }
}

const OF_REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef']
const OF_LISTS = ['allOf', 'anyOf', 'oneOf']
const OF_ONE = ['not', 'if', 'then', 'else']
const OF_KEYS = ['dependentSchemas', 'dependencies']
const OF_ITEMS = ['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'contains']
const OF_VALUES = ['additionalProperties', 'unevaluatedProperties']

function listResources(schema: unknown): Unknowns[] {
  const resources = isObject(schema) ? [schema] : []
  const open: unknown[] = [schema]
  for (const value of open) {
    if (typeof value !== 'object' || value === null) continue
    if (isObject(value) && value !== schema && NAMES.some(it => typeof value[it] === 'string'))
      resources.push(value)
    open.push(...Object.values(value))
  }
  return resources
}

const NAMES = ['$id', 'id', '$anchor', '$dynamicAnchor']

/** What a reference leads to, where it can be meant for this resource: `#/a/b`, `#name`, `name`, `name#/a/b`. */
function follow(resource: Unknowns, reference: string): unknown {
  const [base = '', fragment = ''] = reference.split('#', 2)
  if (base !== '' && !String(resource.$id ?? resource.id).endsWith(base)) return undefined
  const pointer = decode(fragment)
  if (pointer !== '' && !pointer.startsWith('/'))
    return NAMES.some(it => String(resource[it]).endsWith(pointer)) ? resource : undefined
  let at: unknown = resource
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Unknowns)[key]
  }
  return at
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
