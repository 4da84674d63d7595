/**
 * Merging of dicts as mergo 1.0 does it (deepMerge for maps). Nested dicts of the source become part of the target
 * unless the target has one itself: they are shared, not copied, and templates see that.
 */
import type { Call } from '../template/call.ts'
import { derive } from '../template/derivation.ts'
import { GoError } from '../template/errors.ts'
import { type Dict, isDict, isTrue, MAX_DEPTH, setEntry, sortedKeys, type Value } from '../template/value.ts'

/** `fill`: entries that are missing or hold a zero value. `overwrite`: every entry, false and nil included. */
export function mergeDicts(call: Call, into: Dict, from: Dict, mode: 'fill' | 'overwrite', depth = 0): void {
  if (depth > MAX_DEPTH) throw new GoError('value is nested too deeply')
  if (into === from) return
  call.charge(from.entries.size)
  for (const key of sortedKeys(from)) {
    const value = from.entries.get(key)
    const origin = from.origins.get(key)
    if (value === null || value === undefined) {
      if (mode === 'overwrite') setEntry(into, key, null, derive(origin, call.guard))
      continue
    }
    const present = into.entries.get(key)
    if (isDict(value) && isDict(present)) mergeDicts(call, present, value, mode, depth + 1)
    if (isDict(value) && isDict(present) && !isZero(present)) continue
    if (mode === 'overwrite' || isZero(present)) setEntry(into, key, value, derive(origin, call.guard))
  }
}

const isZero = (value: Value): boolean => !isTrue(value)
