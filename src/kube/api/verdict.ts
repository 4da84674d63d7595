/**
 * The API server's verdict on one object, offline: whether it takes it, each cause of a refusal in the server's words
 * and order, and the warnings it would print.
 */
import type { Cause, Check, Cluster } from './field.ts'
import { findKind } from './kinds.ts'
import { isObj, type Obj, text } from './object.ts'
import { warnAboutApi } from './warn-about-api.ts'

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
