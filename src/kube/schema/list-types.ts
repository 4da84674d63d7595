/** Lists that are sets or maps: `apiextensions-apiserver/pkg/apiserver/schema/listtype`. */
import { internKey } from '../../yaml/keys.ts'
import { childOf } from './defaulting.ts'
import type { Fault, Place } from './fault.ts'
import {
  formatGoJson,
  type GoList,
  type GoMap,
  type GoValue,
  goField,
  isGoList,
  isGoMap,
  isSameGo,
} from './go-value.ts'
import type { Structural } from './structural.ts'

/** Repetitions anywhere in a value, defaults filled in: `ValidateListSetsAndMaps`. */
export function listRepetitions(schema: Structural, value: GoValue): readonly Fault[] {
  const faults: Fault[] = []
  visit(faults, schema, value, undefined)
  return faults
}

/** The same on an update: what was repeated before may stay so. */
export const listNewRepetitions = (schema: Structural, value: GoValue, old: GoValue): readonly Fault[] =>
  listRepetitions(schema, old).length > 0 ? [] : listRepetitions(schema, value)

function visit(faults: Fault[], schema: Structural, value: GoValue, place: Place | undefined): void {
  if (isGoList(value)) {
    if (schema.listType === 'set') addRepeated(faults, value, value, place)
    else if (schema.listType === 'map') addRepeatedKeys(faults, schema, value, place)
    if (!schema.items) return
    for (const [at, item] of value.entries())
      visit(faults, schema.items, item, { above: place, step: at, form: 'item' })
  } else if (isGoMap(value)) {
    for (const [name, it] of Object.entries(value)) {
      const key = internKey(name)
      const form = schema.fields.has(key) ? 'named' : 'further'
      const field = childOf(schema, key)
      if (field) visit(faults, field, it, { above: place, step: name, form })
    }
  }
}

/** The second of each group of equal values is told, no further one. */
function addRepeated(faults: Fault[], items: GoList, shown: GoList, place: Place | undefined): void {
  if (items.length < 2) return
  const seen = new Map<GoValue | undefined, number>()
  for (const [at, item] of items.entries()) {
    // Scalars are compared as Go compares interfaces: an integer never equals a float, nor a text its JSON.
    const identity = typeof item === 'object' && item !== null ? `json:${formatGoJson(item)}` : item
    const key = typeof identity === 'string' && identity === item ? `text:${identity}` : identity
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    if (times === 2)
      faults.push({
        code: 'duplicate-item',
        keyword: 'duplicate',
        value: null,
        place: { above: place, step: at, form: 'item' },
        found: shown[at] ?? null,
      })
  }
}

function addRepeatedKeys(faults: Fault[], schema: Structural, items: GoList, place: Place | undefined): void {
  const odd = items.findIndex(it => it !== null && !isGoMap(it))
  if (odd >= 0) {
    faults.push({
      code: 'type',
      keyword: 'listMapItem',
      value: null,
      place: { above: place, step: odd, form: 'item' },
      found: items[odd]!,
    })
    return
  }
  const keys = items.map(it => keysOf(it as GoMap | null, schema.listKeys))
  const only = schema.listKeys.length === 1 ? schema.listKeys[0]! : undefined
  // With one key its values are compared, so that 1 and 1.0 differ; with several the JSON of them.
  const compared =
    only === undefined ? keys : keys.map(it => goField(it, only) ?? (only in it ? null : NO_KEY))
  addRepeated(faults, compared, keys, place)
}

/** An item without the key equals no value, but another one without it. */
const NO_KEY: GoMap = Object.freeze(Object.create(null) as Record<string, GoValue>)

/** The keys of an item that are there. */
function keysOf(item: GoMap | null, names: readonly string[]): GoMap {
  const keys: Record<string, GoValue> = Object.create(null)
  for (const name of names) {
    const value = item ? goField(item, name) : undefined
    if (value !== undefined) keys[name] = value
  }
  return keys
}

/** The item of an old list that is the same as a new one: of lists that are maps that with the same keys. */
export function correlate(schema: Structural, old: GoValue | undefined, item: GoValue): GoValue | undefined {
  if (schema.listType !== 'map' || !isGoList(old) || !isGoMap(item)) return undefined
  const keys = keysOf(item, schema.listKeys)
  return old.find(it => isGoMap(it) && isSameGo(keysOf(it, schema.listKeys), keys))
}

/** `spec.nested[a][1]`: how apimachinery names a place, keys of further fields in brackets. */
export function fieldNameOf(place: Place | undefined): string {
  let text = ''
  for (let at = place; at; at = at.above) {
    const rest = text === '' || text.startsWith('[') ? text : `.${text}`
    text = at.form === 'named' ? `${at.step}${rest}` : `[${at.step}]${rest}`
  }
  return text
}
