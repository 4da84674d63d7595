/** JSON in one form, so that equal values have equal texts. */
import type { Json } from '../../yaml/json.ts'

/** JSON with sorted keys. */
export function formatCanonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(it => formatCanonical(it as Json)).join(',')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, it]) => `${JSON.stringify(key)}:${formatCanonical(it as Json)}`).join(',')}}`
}
