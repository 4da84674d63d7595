/**
 * How much work it is to hold values against a schema. Combinations of combinations are tried in more ways than any
 * computer gets through, and a compiled schema cannot be stopped, so it is reckoned before.
 */
import type { Json } from '../yaml/json.ts'
import { decodeFragment, partAt } from './schema-pointer.ts'
import { holdsNamedSchemas, isObject, KEYWORDS, listTried, type Unknowns } from './schema-vocabulary.ts'

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
    for (const it of WITH_ITSELF)
      if (REFERENCES.has(it)) this.addReference(schema[it], value)
      else this.addAll(it, schema[it], value)
    // Lists and maps are compared with each of them.
    if (typeof value === 'object') this.spend(listOf(schema.enum).length)
    if (Array.isArray(value)) this.addItems(schema, value)
    else if (isObject(value)) this.addProperties(schema, value as Readonly<Record<string, Json>>)
  }

  /** Each schema in what a keyword holds. */
  private addAll(keyword: string, held: unknown, value: Json): void {
    if (held === undefined) return
    if (Array.isArray(held)) for (const it of held) this.add(it, value)
    else if (!holdsNamedSchemas(keyword)) this.add(held, value)
    else if (isObject(held)) for (const it of Object.values(held)) this.add(it, value)
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
      for (const it of WITH_ITEMS) {
        const part = schema[it]
        if (part !== undefined) this.add(Array.isArray(part) ? part[i] : part, item)
      }
    })
  }

  private addProperties(schema: Unknowns, map: Readonly<Record<string, Json>>): void {
    for (const [key, value] of Object.entries(map)) {
      for (const it of WITH_NAMED_PROPERTIES) {
        const named = schema[it]
        if (isObject(named) && Object.hasOwn(named, key)) this.add(named[key], value)
      }
      for (const it of WITH_PROPERTIES) this.addAll(it, schema[it], value)
      for (const it of WITH_NAMES) this.addAll(it, schema[it], key)
    }
  }
}

const WITH_ITSELF = listTried('itself')
const WITH_ITEMS = listTried('items')
const WITH_PROPERTIES = listTried('properties')
const WITH_NAMED_PROPERTIES = listTried('named-properties')
const WITH_NAMES = listTried('names')
const REFERENCES = new Set(WITH_ITSELF.filter(it => KEYWORDS.get(it)!.held === 'reference'))

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
  const pointer = decodeFragment(fragment)
  if (pointer !== '' && !pointer.startsWith('/'))
    return NAMES.some(it => String(resource[it]).endsWith(pointer)) ? resource : undefined
  return partAt(resource, pointer)
}
