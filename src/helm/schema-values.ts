/** Values of a chart as a JSON Schema sees them. */
import type { Json } from '../yaml/json.ts'
import { encodeBase64 } from './functions/encoding.ts'
import { plainText } from './template/text.ts'
import type { Value } from './template/value.ts'

/** Plain JSON; maps have no prototype, so that every key is a key. */
export function toJson(value: Value): Json {
  if (value === null || value === undefined) return null
  if (typeof value !== 'object') return value
  switch (value.tag) {
    case 'text':
      return plainText(value)
    case 'int':
      return Number(value.value)
    case 'list':
      return value.items.map(toJson)
    case 'dict': {
      const map: Record<string, Json> = Object.create(null)
      for (const [key, it] of value.entries) map[key] = toJson(it)
      return map
    }
    case 'bytes':
      return encodeBase64(value.bytes)
    default:
      return null
  }
}
