/** What a run knows about the APIs of the Kubernetes versions it checks against, custom resources included. */
import type { At } from '../yaml/cursor.ts'
import type { Part } from '../yaml/document.ts'
import type { Reason } from './api/field.ts'
import type { Resource } from './resource.ts'

/** A fault of a resource against its schema, with the minors in which it is one. */
export interface SchemaFinding {
  readonly code: SchemaCode
  readonly at: At
  readonly part: Part
  /** What is wrong, in the user's own names. */
  readonly message: string
  /** The name that was probably meant, for unknown fields and unsupported values. */
  readonly suggestion?: string
  readonly kubernetes: readonly string[]
  /** What the API server itself says of the fault, where that is known to the letter. */
  readonly server?: ServerWords
}

export type SchemaCode =
  | 'unknown-field'
  | 'wrong-type'
  | 'required-missing'
  | 'value-not-supported'
  | 'value-invalid'
  | 'duplicate-item'
  | 'repeated-item'
  /** A field or value that a packed definition of a custom resource lacks; the installed one may have it. */
  | 'packed-definition-differs'

/** A cause for which the API server refuses a resource, with the minors in which it does. */
export interface ServerFinding {
  readonly reason: Reason
  /** The server's text for the place. */
  readonly field: string
  /** The value, or the nearest thing above what is absent. */
  readonly at: At
  readonly part: Part
  /** The server's words: `Invalid value: "x": must be …`. */
  readonly message: string
  readonly kubernetes: readonly string[]
}

/** What the API server would warn about while it takes a resource. */
export interface ServerWarning {
  /** What the warning is about, or the kind where it names no place. */
  readonly at: At
  readonly part: Part
  /** The server's words, the place included. */
  readonly message: string
  readonly kubernetes: readonly string[]
}

/** The API server's own words about a fault: a cause of its Status, or a warning, which has a message alone. */
export interface ServerWords {
  readonly reason?: string
  readonly field?: string
  readonly message: string
}

/** Where an API stands in the minors that are checked. */
export interface ApiStatus {
  /** Minors whose server knows the API; empty when none does. */
  readonly known: readonly string[]
  /** Minors in which it is removed, not yet introduced, or deprecated. */
  readonly removed: readonly string[]
  readonly future: readonly string[]
  readonly deprecated: readonly string[]
  readonly deprecatedSince?: string
  readonly removedIn?: string
  readonly introducedIn?: string
  /** `apps/v1 Deployment`'s apiVersion and kind, when there is a successor. */
  readonly replacement?: { readonly apiVersion: string; readonly kind: string }
}

export interface Apis {
  /** The minors that are checked, ascending: `1.35`. */
  readonly versions: readonly string[]
  /** Schema faults of a resource over all checked minors; nothing where no schema is known. */
  listSchemaFindings(resource: Resource): readonly SchemaFinding[]
  /** Causes for which the server refuses what it has decoded; nothing that a schema finding says already. */
  listServerFindings(resource: Resource): readonly ServerFinding[]
  /** What the server would warn about. */
  listServerWarnings(resource: Resource): readonly ServerWarning[]
  /** Whether faults of a resource were left out that lie in values which something else fills in before the server. */
  isFilledIn(resource: Resource): boolean
  /** True when some checked minor, a definition in the input or a packed one knows the kind. */
  hasSchema(resource: Resource): boolean
  /** Schema files of users that cannot be used, by path, and why; grows while resources are checked. */
  readonly unusable: ReadonlyMap<string, string>
  /** Whether a definition of the kind has rules in CEL. */
  hasRules(apiVersion: string, kind: string): boolean
  /** Rules of the kind that were to be evaluated and do not compile, and why: `self.x > 1: compilation failed: …`. */
  listBrokenRules(apiVersion: string, kind: string): readonly string[]
  /** Undefined for kinds that Kubernetes itself never had. */
  findStatus(apiVersion: string, kind: string): ApiStatus | undefined
  /** The apiVersion or kind that was probably meant. */
  suggestApi(
    apiVersion: string,
    kind: string,
  ): { readonly apiVersion: string; readonly kind: string } | undefined
  /** Undefined when the kind is unknown. */
  isNamespaced(apiVersion: string, kind: string): boolean | undefined
}
