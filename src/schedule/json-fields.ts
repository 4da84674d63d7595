/** Readers of decoded but untrusted JSON: wrong types read as absent. */

export type JsonRecord = { readonly [key: string]: unknown }

const NOTHING: JsonRecord = Object.freeze(Object.create(null))
const NO_ITEMS: readonly unknown[] = Object.freeze([])

/** The value as an object; an empty one when it is anything else. */
export function readRecord(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonRecord)
    : NOTHING
}

/** The value as a list; an empty one when it is anything else. */
export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS
}

/** The value as a string; empty when it is anything else. */
export function readString(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function readStrings(value: unknown): readonly string[] {
  return readList(value).filter(it => typeof it === 'string')
}

/** The value as an integer, or the fallback. */
export function readInteger(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : fallback
}

/** A step-by-step walk into nested objects. */
export function readPath(value: unknown, ...keys: readonly string[]): unknown {
  let at = value
  for (const key of keys) at = readRecord(at)[key]
  return at
}

/** Entries with string values, such as labels. Other values are left out. */
export function readStringMap(value: unknown): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const [key, it] of Object.entries(readRecord(value))) if (typeof it === 'string') map.set(key, it)
  return map
}

/** Nothing that Kubernetes reads is nested deeper; beyond, values count as equal. */
const MAX_DEPTH = 64

/** Text that is equal exactly when two JSON values are equal, whatever the order of their keys. */
export function formatCanonical(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) return '"…"'
  if (Array.isArray(value)) return `[${value.map(it => formatCanonical(it, depth + 1)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const record = value as JsonRecord
  const parts: string[] = []
  for (const key of Object.keys(record).sort()) {
    if (record[key] !== undefined)
      parts.push(`${JSON.stringify(key)}:${formatCanonical(record[key], depth + 1)}`)
  }
  return `{${parts.join(',')}}`
}
