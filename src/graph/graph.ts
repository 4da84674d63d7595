/** The resources of one unit and how they refer to each other. Read-only; rebuilt from per-resource facts on change. */
import type { Resource } from '../kube/resource.ts'
import type { At } from '../yaml/cursor.ts'

/** What a reference names. Namespace `undefined` means: not known, as in a chart without one. */
export interface Reference {
  readonly group: string
  readonly kind: string
  readonly namespace: string | undefined
  readonly name: string
}

/**
 * Three-valued answer. `found`: the unit has it, or something in the unit makes it. `absent`: it is not there although
 * the unit should have it. `unknown`: it may exist elsewhere, or a document that could hold it is broken.
 */
export interface Lookup {
  readonly verdict: 'found' | 'absent' | 'unknown'
  /** The objects themselves; empty when `found` rests on a producer or on the configuration. */
  readonly resources: readonly Resource[]
  /** The nearest name of an object of that kind and namespace, for "did you mean". */
  readonly suggestion?: string
}

/** A pod template with what selectors see of it. */
export interface PodTemplate {
  readonly resource: Resource
  /** The template: `metadata` and `spec`. */
  readonly at: At
  readonly labels: ReadonlyMap<string, string>
  /** Keys that controllers add to the pods, with values unknown here: they match anything. */
  readonly controllerLabels: ReadonlySet<string>
  readonly namespace: string | undefined
}

export interface Graph {
  readonly resources: readonly Resource[]
  find(reference: Reference): Lookup
  /** Resources of a kind, whatever the namespace. */
  ofKind(kind: string): readonly Resource[]
  /** Pod templates that may live in a namespace (`undefined` matches all). */
  podTemplates(namespace: string | undefined): readonly PodTemplate[]
  /** The namespace a resource lives in: its own, else the unit's, else unknown. Cluster-scoped: undefined. */
  namespaceOf(resource: Resource): string | undefined
  /** Why absence proves nothing in this unit: files that could not be read, documents that are broken. */
  readonly incomplete: readonly string[]
}
