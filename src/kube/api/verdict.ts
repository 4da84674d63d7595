/**
 * The API server's verdict on one object, offline: whether it takes it, each cause of a refusal in the server's words
 * and order, and the warnings it would print.
 */
import type { Cause, Check, Cluster } from './field.ts'
import { findKind } from './kinds.ts'
import { isObj, type Obj, objects, text, toObject } from './object.ts'
import { forEachRepeated } from './rules.ts'

export interface VerdictOptions {
  /** Minor of Kubernetes: 36. */
  readonly minor: number
  /** What is stored already; with it the verdict is on an update. Both with defaults filled in. */
  readonly old?: Obj
  readonly cluster?: Cluster
}

export interface Verdict {
  readonly causes: readonly Cause[]
  readonly warnings: readonly string[]
}

/** Judges a decoded object of a built-in kind; undefined when the kind has no checks here. Never throws. */
export function checkObject(object: unknown, options: VerdictOptions): Verdict | undefined {
  if (!isObj(object)) return undefined
  const kind = findKind(text(object, 'apiVersion'), text(object, 'kind'))
  if (!kind) return undefined
  const check: Check = { minor: options.minor, causes: [], warnings: [], cluster: options.cluster ?? {} }
  warnAboutApi(check, object)
  kind.check(check, object, options.old)
  // The server warns about what it takes, not about what it refuses.
  if (check.causes.length === 0) kind.warn?.(check, object, options.old)
  return check
}

/** Kinds whose deprecation the lifecycles of the API do not record. */
const DEPRECATED: ReadonlyMap<string, readonly [since: number, message: string]> = new Map([
  ['v1 Endpoints', [33, 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice']],
  ['v1 ComponentStatus', [19, 'v1 ComponentStatus is deprecated in v1.19+']],
])

/** Warnings that come before validation, and so with a refusal too. */
function warnAboutApi(check: Check, object: Obj): void {
  const deprecated = DEPRECATED.get(`${text(object, 'apiVersion')} ${text(object, 'kind')}`)
  if (deprecated && check.minor >= deprecated[0]) check.warnings.push(deprecated[1])
  const owners = objects(toObject(object, 'metadata') ?? {}, 'ownerReferences')
  if (owners.length > 1) warnAboutOwners(check, owners)
}

/** `dedupOwnerReferencesAndAddWarning`. */
function warnAboutOwners(check: Check, owners: readonly Obj[]): void {
  const repeated = new Set<string>()
  forEachRepeated(
    owners.map(it => text(it, 'uid')),
    (_at, uid) => repeated.add(uid),
  )
  if (repeated.size > 0)
    check.warnings.push(
      `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...repeated].join(', ')}`,
    )
}
