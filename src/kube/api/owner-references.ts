/** Owner references as the server keeps them: repeated ones are dropped before anything looks at them. */
import { type Obj, objects, text, toFlag } from './object.ts'

export interface Owners {
  readonly kept: readonly Obj[]
  /** The uid of each reference that was dropped. */
  readonly dropped: readonly string[]
}

/** `dedupOwnerReferences`: another owner of the same uid is kept. */
export function listOwners(metadata: Obj): Owners {
  const all = objects(metadata, 'ownerReferences')
  if (all.length === 0) return NO_OWNERS
  if (all.length === 1) return { kept: all, dropped: [] }
  const seen = new Set<string>()
  const kept = all.filter(it => {
    const key = JSON.stringify([...TEXTS.map(name => text(it, name)), ...FLAGS.map(name => toFlag(it, name))])
    return !seen.has(key) && seen.add(key)
  })
  const left = new Set(kept)
  return { kept, dropped: all.filter(it => !left.has(it)).map(it => text(it, 'uid')) }
}

const NO_OWNERS: Owners = { kept: [], dropped: [] }
const TEXTS = ['apiVersion', 'kind', 'name', 'uid']
const FLAGS = ['controller', 'blockOwnerDeletion']
