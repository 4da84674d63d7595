/** Where references within a schema lead. */
import { parsePointer } from '../yaml/json-pointer.ts'

/** What stands behind `#`, without the escapes of addresses. */
export function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/** The part of a schema at a JSON pointer; undefined where there is none. */
export function partAt(schema: unknown, pointer: string): unknown {
  let part = schema
  for (const key of parsePointer(pointer)) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined
    part = (part as Readonly<Record<string, unknown>>)[key]
  }
  return part
}
