/** A reference as it is written in a manifest: what it names, where, and what becomes of the object. */
import type { At } from '../yaml/cursor.ts'

/** What the referring object does with the one it names. */
export type Relation =
  | 'reads'
  | 'mounts'
  | 'pulls-with'
  | 'runs-as'
  | 'runs-in'
  | 'scales'
  | 'routes-to'
  | 'attaches-to'
  | 'serves-tls-with'
  | 'is-signed-by'
  | 'is-named-by'
  | 'grants'
  | 'binds'
  | 'claims'

export interface Link {
  readonly relation: Relation
  readonly group: string
  readonly kind: string
  /** Undefined: the namespace of the referring resource. `""`: the object is cluster-scoped. */
  readonly namespace: string | undefined
  readonly name: string
  /** The value that holds the name. */
  readonly at: At
  /** Keys that are read from the object; empty when all or none are. */
  readonly keys: readonly At[]
  /** The referring object works without it. */
  readonly optional: boolean
}

export interface Target {
  readonly group?: string
  readonly kind: string
  readonly namespace?: string | undefined
}

export interface LinkDetails {
  readonly keys?: readonly At[]
  readonly optional?: boolean
}

/** A link by the name at a cursor; nothing when there is no name. */
export function toLink(
  at: At | undefined,
  relation: Relation,
  target: Target,
  details: LinkDetails = {},
): Link | undefined {
  const name = at?.text()
  if (!at || !name) return undefined
  return {
    relation,
    group: target.group ?? '',
    kind: target.kind,
    namespace: target.namespace,
    name,
    at,
    keys: details.keys ?? [],
    optional: details.optional ?? false,
  }
}
