/**
 * The API server's verdict on one object, offline: whether it takes it, each cause of a refusal in the server's words
 * and order, and the warnings it would print.
 */
import type { OpenScope } from './expressions.ts'
import type { Cause, Check, CheckSchemaRules, Cluster } from './field.ts'
import { findKind, keyOfKind } from './kinds.ts'
import { checkStoredUpdate } from './metadata.ts'
import { isObj, type Obj, text } from './object.ts'
import { toUpdate } from './update.ts'
import { warnAboutApi } from './warn-about-api.ts'
import { limitWarnings } from './warning-limit.ts'

export interface VerdictOptions {
  /** Minor of Kubernetes: 36. */
  readonly minor: number
  /** What was applied before; with it the verdict is on an update. Neither needs defaults. */
  readonly old?: Obj
  readonly cluster?: Cluster
  /** The engine of CEL, where it is loaded: see `compile-expressions.ts`. */
  readonly openScope?: OpenScope
  /** Compiles rules in definitions of custom resources, where that is loaded: see `definition-rules.ts`. */
  readonly checkSchemaRules?: CheckSchemaRules
}

export interface Verdict {
  readonly causes: readonly Cause[]
  readonly warnings: readonly string[]
}

/** Judges a decoded object of a built-in kind; undefined when the kind has no checks here. Never throws. */
export function checkObject(object: unknown, options: VerdictOptions): Verdict | undefined {
  if (!isObj(object)) return undefined
  const apiVersion = text(object, 'apiVersion')
  const kindName = text(object, 'kind')
  const kind = findKind(apiVersion, kindName)
  if (!kind) return undefined
  const { minor, cluster = {}, openScope, checkSchemaRules } = options
  const engine = { ...(openScope && { openScope }), ...(checkSchemaRules && { checkSchemaRules }) }
  const check: Check = { minor, causes: [], warnings: [], cluster, ...engine }
  warnAboutApi(check, object)
  const { of, old } = options.old
    ? toUpdate(keyOfKind(apiVersion, kindName), { of: object, old: options.old }, kind)
    : { of: object, old: undefined }
  if (old) checkStoredUpdate(check, of)
  kind.check(check, of, old)
  // The server warns about what it takes, not about what it refuses.
  if (check.causes.length === 0) kind.warn?.(check, of, old)
  return { causes: check.causes, warnings: limitWarnings(check.warnings) }
}
