/** Patches applied to plain values: what the text must come to after the edits. */
import type { Json, JsonObject, Path } from './json.ts'

type Step = string | number

/** `base` with the value at a path set, or removed when `value` is undefined; undefined where the path cannot lead. */
export function patchJson(base: Json, path: Path, value: Json | undefined): Json | undefined {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (typeof step === 'number') return patchList(base, step, rest, value)
  if (!isObject(base))
    return base === null && value !== undefined ? patchMap({}, step, rest, value) : undefined
  return patchMap(base, step, rest, value)
}

function patchMap(base: JsonObject, key: string, rest: Path, value: Json | undefined): Json | undefined {
  const map: Record<string, Json> = Object.assign(Object.create(null), base)
  const has = Object.hasOwn(base, key)
  if (value === undefined && rest.length === 0) {
    if (!has) return undefined
    delete map[key]
    return map
  }
  if (value === undefined && !has) return undefined
  const patched = patchJson(has ? base[key]! : null, rest, value)
  if (patched === undefined) return undefined
  map[key] = patched
  return map
}

function patchList(base: Json, index: number, rest: Path, value: Json | undefined): Json | undefined {
  const list: readonly Json[] | undefined = Array.isArray(base) ? base : base === null ? [] : undefined
  if (!list || index < 0 || index > list.length || (value === undefined && index === list.length))
    return undefined
  if (value === undefined && rest.length === 0) return list.filter((_, i) => i !== index)
  const patched = patchJson(list[index] ?? null, rest, value)
  if (patched === undefined) return undefined
  return [...list.slice(0, index), patched, ...list.slice(index + 1)]
}

/** What a path creates below the place where it ends: maps for keys, lists for indices. */
export function nestValue(rest: readonly Step[], value: Json): Json | undefined {
  return patchJson(null, rest, value)
}

/** Same values; the order of keys does not count. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b || Object.is(a, b)) return true
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((it, i) => sameJson(it, b[i]!))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(it => Object.hasOwn(b, it) && sameJson(a[it]!, b[it]!))
  )
}

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
