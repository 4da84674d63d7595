/**
 * An update as the server sees it: what is stored is the object that was applied before, with defaults and with what the
 * server adds to new objects; what comes is that, changed by what differs between the two that were applied.
 */
import { fillDefaults } from './defaults.ts'
import { withoutDeletion } from './metadata.ts'
import { isObj, type Obj } from './object.ts'
import { isSame } from './semantic-equal.ts'

/** What the server adds to objects of a kind beside their defaults. */
export interface Storage {
  /** To a new object that has its defaults. */
  readonly create?: (of: Obj) => Obj
  /** To an update that has its defaults. */
  readonly update?: (of: Obj, old: Obj) => Obj
}

export interface Update {
  readonly of: Obj
  readonly old: Obj
}

/** `key` names the kind: `apps/Deployment`. */
export function toUpdate(key: string, { of, old }: Update, storage: Storage): Update {
  const filled = fillDefaults(key, withoutDeletion(old))
  const stored = storage.create ? fillDefaults(key, storage.create(filled)) : filled
  const { status } = stored
  // The status has an endpoint of its own.
  const merged = fillDefaults(key, { ...mergeChanges(stored, old, of), status })
  return { of: storage.update?.(merged, stored) ?? merged, old: stored }
}

/** Puts on `stored` the JSON merge patch (RFC 7386) that leads from `before` to `after`: lists are replaced whole. */
export function mergeChanges(stored: Obj, before: Obj, after: Obj): Obj {
  const merged = new Map(Object.entries(stored))
  for (const [name, value] of Object.entries(after)) {
    const known = own(before, name)
    if (value === null) {
      if (known !== null) merged.delete(name)
    } else if (isObj(value)) {
      const there = merged.get(name)
      merged.set(name, mergeChanges(isObj(there) ? there : {}, isObj(known) ? known : {}, value))
    } else if (known === undefined || !isSame(known, value)) merged.set(name, value)
  }
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) merged.delete(name)
  return Object.fromEntries(merged)
}

const own = (of: Obj, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined)
