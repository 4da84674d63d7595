/** The shapes of the generated files below `schemas/`; what writes them is `src/dev/gen/`. */

/** `schemas/kubernetes/types.json`: the types of all minors, each field once with the minors that have it. */
export interface PackedTypes {
  /** Ascending: `1.23`. */
  readonly minors: readonly string[]
  /**
   * By package (`core.v1`) and name: the fields as `key:type`, separated by blanks, sorted.
   *
   * A type is a letter for a scalar (`s` string, `i` int32, `l` int64, `n` number, `b` boolean, `y` bytes in base64,
   * `q` quantity, `o` int or string, `t` time, `u` time with microseconds, `d` duration, `j` any JSON; `a`, `p`, `r`
   * JSONSchemaProps or a list of them, a boolean, a list of strings), `[` and the items' type, `{` and the values'
   * type, or the name of a type (`PodSpec`, `meta.v1.ObjectMeta`). `[=` is a set, `[port,protocol=TCP|` a map with these
   * keys, the last with a default. `!` behind it: required by the Go tags. `@30-33`: only in these minors, see `minors.ts`.
   */
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** `schemas/kubernetes/kinds.json`: what can be sent to a server of each minor. */
export interface PackedKinds {
  readonly minors: readonly string[]
  /** By apiVersion. */
  readonly apis: Readonly<Record<string, PackedApi>>
}

export interface PackedApi {
  /** The package of its types. */
  readonly package: string
  /** The minors that serve the group/version without `--runtime-config`; absent when none does. */
  readonly served?: string
  /** By kind: plural, `N` (namespaced) or `C` (cluster), and the minors that know it, separated by blanks. */
  readonly kinds: Readonly<Record<string, string>>
}

/**
 * `schemas/kubernetes/enums.json`, by `core.v1.Container/imagePullPolicy`: the values that the server accepts,
 * separated by `|`. `Value@34-`: only in these minors. Lists are judged item by item.
 */
export type PackedEnums = Readonly<Record<string, string>>

/** `schemas/kubernetes/lifecycle.json`, by apiVersion and kind. */
export type PackedLifecycles = Readonly<Record<string, Readonly<Record<string, PackedLifecycle>>>>

/** Minors are written `1.25`. */
export interface PackedLifecycle {
  readonly introduced?: string
  readonly deprecated?: string
  readonly removed?: string
  /** `networking.k8s.io/v1 Ingress`. */
  readonly replacement?: string
}

/** `schemas/crds/index.json`, by group and kind: plural, `N` or `C`, and the served versions, separated by blanks. */
export type PackedCrdIndex = Readonly<Record<string, Readonly<Record<string, string>>>>

/** `schemas/crds/<group>.json`. */
export interface PackedCrds {
  readonly group: string
  readonly resources: readonly PackedCrd[]
  /** Schemas that stand in several places. */
  readonly pool: readonly PackedSchema[]
}

export interface PackedCrd {
  readonly kind: string
  readonly plural: string
  readonly scope: 'Namespaced' | 'Cluster'
  readonly versions: readonly PackedCrdVersion[]
}

export interface PackedCrdVersion {
  readonly name: string
  readonly served: boolean
  readonly deprecated?: true
  readonly deprecationWarning?: string
  /** It has the status subresource, so that the status is dropped before validation. */
  readonly status?: true
  readonly schema?: PackedSchema
}

/** `JSONSchemaProps` without prose; a number is an index into the pool. Sub-schemas may be numbers too. */
export type PackedSchema = number | { readonly [keyword: string]: unknown }

/** `schemas/crds/lifecycle.json`, by apiVersion and kind; `*` for any version or kind. The numbers are releases of the component. */
export type PackedComponentLifecycles = Readonly<
  Record<string, Readonly<Record<string, PackedComponentLifecycle>>>
>

export interface PackedComponentLifecycle {
  readonly component: string
  readonly deprecated?: string
  readonly removed?: string
  /** An apiVersion. */
  readonly replacement?: string
}
