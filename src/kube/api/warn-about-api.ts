/** What the server warns about before it looks at an object: deprecated kinds and repeated owners. */
import type { Check } from './field.ts'
import { type Obj, text, toObject } from './object.ts'
import { listOwners } from './owner-references.ts'

/** Warnings that come before validation, and so with a refusal too. */
export function warnAboutApi(check: Check, object: Obj): void {
  check.warnings.push(...listDeprecations(object, check.minor))
  const { dropped } = listOwners(toObject(object, 'metadata') ?? {})
  if (dropped.length > 0) check.warnings.push(`${REPEATED_OWNERS}${dropped.join(', ')}`)
}

/** What the server says of the kind alone, even where the object does not decode. */
export function listDeprecations(object: Obj, minor: number): readonly string[] {
  const deprecated = DEPRECATED.get(`${text(object, 'apiVersion')} ${text(object, 'kind')}`)
  return deprecated && minor >= deprecated[0] ? [deprecated[1]] : []
}

/** Kinds whose deprecation the lifecycles of the API do not record. */
const DEPRECATED: ReadonlyMap<string, readonly [since: number, message: string]> = new Map([
  ['v1 Endpoints', [33, 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice']],
  ['v1 ComponentStatus', [19, 'v1 ComponentStatus is deprecated in v1.19+']],
])

/** `dedupOwnerReferencesAndAddWarning`. */
const REPEATED_OWNERS =
  '.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: '
