/** Of several objects that claim one thing, which was there before. */
import type { Resource } from '../kube/resource.ts'
import type { At } from '../yaml/cursor.ts'
import { appliedWith } from './nearest.ts'

export interface Claim<Thing = unknown> {
  /** What is claimed; equal for all that compete for it. */
  readonly thing: Thing
  readonly by: Resource
  /** Claims of one name are alternatives to each other. */
  readonly name: string
  /** Claims for one purpose do not disturb each other; undefined: they always do. */
  readonly purpose?: string
  readonly at: At
}

export interface Rivalry<Thing = unknown> {
  readonly claim: Claim<Thing>
  /** The first claim before it for the same thing that is applied together with it. */
  readonly rival: Claim<Thing>
}

/** What each object claims although another did before, in the order of the claims. One pass, however many claim one thing. */
export function findRivalries<Thing>(
  claims: Iterable<Claim<Thing>>,
): ReadonlyMap<Resource, readonly Rivalry<Thing>[]> {
  const rivalries = new Map<Resource, Rivalry<Thing>[]>()
  const things = new Map<Thing, Map<object, Claim<Thing>[]>>()
  for (const claim of claims) {
    const { thing, by } = claim
    let groups = things.get(thing)
    if (!groups) things.set(thing, (groups = new Map()))
    const group = appliedWith(by)
    let firsts = groups.get(group)
    if (!firsts) groups.set(group, (firsts = []))
    const rival = firsts.find(it => it.name !== claim.name && !isShared(it, claim))
    if (rival) {
      const list = rivalries.get(by)
      if (list) list.push({ claim, rival })
      else rivalries.set(by, [{ claim, rival }])
    }
    if (mayBeFirst(claim, firsts, {})) firsts.push(claim)
  }
  return rivalries
}

const isShared = (a: Claim, b: Claim): boolean => a.purpose !== undefined && a.purpose === b.purpose

/**
 * Whether a later claim could have this one for its first rival: one whose name or purpose is that of each claim before.
 * So five of any number are kept at most.
 */
function mayBeFirst(
  claim: Claim,
  before: readonly Claim[],
  later: { readonly name?: string; readonly purpose?: string },
): boolean {
  const other = before.find(
    it => it.name !== later.name && (it.purpose === undefined || it.purpose !== later.purpose),
  )
  if (!other) return true
  const { name, purpose } = other
  return (
    (later.name === undefined && name !== claim.name && mayBeFirst(claim, before, { ...later, name })) ||
    (later.purpose === undefined &&
      purpose !== undefined &&
      purpose !== claim.purpose &&
      mayBeFirst(claim, before, { ...later, purpose }))
  )
}
