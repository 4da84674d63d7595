/** The resources of one unit and how they refer to each other. Read-only; rebuilt from per-resource facts on change. */
import type { Resource } from '../kube/resource.ts'
import type { At } from '../yaml/cursor.ts'
import type { Link } from './link.ts'
import type { PodSelector } from './pod-selector.ts'
import type { PodTemplate } from './pod-templates.ts'
import type { Product } from './products.ts'

/** What a reference names. Namespace `undefined` means: not known, as in a chart without one; `""`: cluster-scoped. */
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
export type Verdict = 'found' | 'absent' | 'unknown'

export interface Lookup {
  readonly verdict: Verdict
  /**
   * The objects themselves; of several (the same name for several environments) those in the folder nearest to the one
   * that asks. Empty when `found` rests on a producer, a built-in object or the configuration.
   */
  readonly resources: readonly Resource[]
  /** What makes the object: a SealedSecret, a Certificate. */
  readonly products: readonly Product[]
  /** The nearest name of an object of that kind and namespace, for "did you mean". */
  readonly suggestion?: string
}

/** Whether an object that was found holds a key. */
export interface KeyLookup {
  readonly verdict: Verdict
  /** The object that lacks the key. */
  readonly holder?: Resource
  /** All that it holds, when this one is absent. */
  readonly keys: ReadonlySet<string>
  readonly suggestion?: string
}

export interface PodSelection {
  readonly verdict: Verdict
  /** Templates whose pods surely match; in the folder nearest to the one that asks. */
  readonly templates: readonly PodTemplate[]
  /** True when pods that the unit does not describe may match too, or labels that are not known here. */
  readonly open: boolean
  /** When nothing matches: the template that comes nearest. */
  readonly nearest?: NearMiss
}

export interface NearMiss {
  readonly template: PodTemplate
  /** The selector's entries that the template's labels do not meet. */
  readonly missed: readonly At[]
  /** True when all of them are met by the labels of the resource itself, which pods do not have. */
  readonly onMetadata: boolean
}

export interface Graph {
  readonly resources: readonly Resource[]
  /** Why absence proves nothing in this unit: files that could not be read, documents that are broken. */
  readonly incomplete: readonly string[]
  /** Looks a reference up. `from` decides between several objects of one name. */
  find(reference: Reference, from?: Resource): Lookup
  /** Looks up what a link of `from` names; a link without namespace means the namespace of `from`. */
  follow(from: Resource, link: Link): Lookup
  /** Looks a key up in what a link of `from` names: `unknown` unless the object is found and its keys are known. */
  followKey(from: Resource, link: Link, key: string): KeyLookup
  /** Resources of a kind, whatever the namespace. */
  ofKind(kind: string): readonly Resource[]
  /**
   * All resources with the group, kind, namespace and name of this one, itself among them; nothing when it is the only
   * one. The version does not count.
   */
  twinsOf(resource: Resource): readonly Resource[]
  /** Pods that a selector in a namespace takes. */
  selectPods(selector: PodSelector, namespace: string | undefined, from: Resource): PodSelection
  /** Pods of a Service; undefined for those of type ExternalName and those without selector, which select none. */
  podsBehind(service: Resource): PodSelection | undefined
  /** Whether something in the unit installs into a namespace what the unit does not describe: a HelmRelease. */
  hasInstaller(namespace: string | undefined): boolean
  /** Whether an object of this name may be the work of an operator: a custom resource has it, or begins it. */
  mayBeOperated(name: string): boolean
  /** Whether a build puts its own image, with a tag, where this one is named without: those of skaffold.yaml. */
  isBuiltImage(name: string): boolean
  /** The namespace a resource lives in: its own, else the unit's, else unknown. Cluster-scoped: `""`. */
  namespaceOf(resource: Resource): string | undefined
}
