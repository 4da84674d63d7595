/** Custom resource definitions: from the packed files or from a CustomResourceDefinition that somebody wrote. */
import type { Json } from '../../yaml/json.ts'
import type { PackedCrds } from './pack.ts'
import { linkStructural, type Structural } from './structural.ts'

/** What one definition defines. */
export interface CustomResource {
  readonly group: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly versions: ReadonlyMap<string, CustomVersion>
}

export interface CustomVersion {
  readonly name: string
  readonly served: boolean
  readonly deprecated: boolean
  readonly deprecationWarning: string
  /** The status is a subresource. */
  readonly dropsStatus: boolean
  /** Where replicas are, when scaling is a subresource; unknown for packed definitions. */
  readonly scale?: ScalePaths
  /** Nothing is pruned: definitions of apiextensions.k8s.io/v1beta1 that do not ask for it. */
  readonly keepsUnknown: boolean
  /** Linked on the first call; undefined when the definition has none. */
  schema(): Structural | undefined
  /** Whether the schema has rules in CEL (`x-kubernetes-validations`) anywhere. */
  hasRules(): boolean
}

/** Paths like `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicas: string
  readonly statusReplicas: string
  /** Undefined where there is none. */
  readonly labelSelector: string | undefined
}

/** What a CustomResourceDefinition (v1 or v1beta1) defines; undefined when it lacks group, kind or versions. */
export function linkCrd(definition: Json): CustomResource | undefined {
  const spec = record(record(definition).spec)
  const names = record(spec.names)
  const group = text(spec.group)
  const kind = text(names.kind)
  if (group === '' || kind === '') return undefined
  const shared = record(spec.validation).openAPIV3Schema
  const isBeta = text(record(definition).apiVersion).endsWith('/v1beta1')
  const versions = new Map<string, CustomVersion>()
  const listed = Array.isArray(spec.versions) ? (spec.versions as readonly Json[]) : []
  const legacy = text(spec.version)
  for (const it of listed.length > 0 ? listed : legacy === '' ? [] : [{ name: legacy, served: true }]) {
    const version = record(it)
    const name = text(version.name)
    const raw = record(version.schema).openAPIV3Schema ?? shared
    const subresources = { ...record(spec.subresources), ...record(version.subresources) }
    versions.set(name, {
      name,
      served: version.served !== false,
      deprecated: version.deprecated === true,
      deprecationWarning: text(version.deprecationWarning),
      dropsStatus: (subresources.status ?? null) !== null,
      ...toScale(subresources.scale),
      keepsUnknown: isBeta && spec.preserveUnknownFields !== false,
      schema: once(() => (raw === undefined || raw === null ? undefined : linkStructural(raw))),
      hasRules: once(() => holdsRules(raw)),
    })
  }
  if (versions.size === 0) return undefined
  const namespaced = text(spec.scope) !== 'Cluster'
  return { group, kind, plural: text(names.plural), namespaced, versions }
}

function toScale(raw: Json | undefined): { readonly scale?: ScalePaths } {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = record(raw)
  if (typeof specReplicasPath !== 'string' || typeof statusReplicasPath !== 'string') return {}
  const labelSelector = typeof labelSelectorPath === 'string' ? labelSelectorPath : undefined
  return { scale: { specReplicas: specReplicasPath, statusReplicas: statusReplicasPath, labelSelector } }
}

/** The definitions of a packed file. */
export function linkPackedCrds(packed: PackedCrds): CustomResource[] {
  return packed.resources.map(({ kind, plural, scope, versions }) => ({
    group: packed.group,
    kind,
    plural,
    namespaced: scope === 'Namespaced',
    versions: new Map(
      versions.map(it => [
        it.name,
        {
          name: it.name,
          served: it.served,
          deprecated: it.deprecated === true,
          deprecationWarning: it.deprecationWarning ?? '',
          dropsStatus: it.status === true,
          keepsUnknown: false,
          schema: once(() => (it.schema === undefined ? undefined : linkStructural(it.schema, packed.pool))),
          hasRules: once(() => holdsRules(it.schema, packed.pool)),
        },
      ]),
    ),
  }))
}

/** A number stands for a schema in the pool. */
function holdsRules(schema: unknown, pool: readonly unknown[] = []): boolean {
  const seen = new Set<unknown>()
  const visit = (raw: unknown): boolean => {
    const keywords = record((typeof raw === 'number' ? pool[raw] : raw) as Json)
    if (seen.has(raw)) return false
    seen.add(raw)
    // Rules stand on the structural skeleton only, not below `allOf` and its like.
    return (
      Array.isArray(keywords['x-kubernetes-validations']) ||
      visitIfThere(keywords.items) ||
      visitIfThere(keywords.additionalProperties) ||
      Object.values(record(keywords.properties)).some(visit)
    )
  }
  const visitIfThere = (raw: unknown): boolean => raw !== undefined && visit(raw)
  return visit(schema)
}

function once<T>(compute: () => T): () => T {
  let done: { readonly value: T } | undefined
  return () => (done ??= { value: compute() }).value
}

type Keyed = Readonly<Record<string, Json | undefined>>

const EMPTY: Keyed = Object.create(null)

/** None of the names that are asked for is one that every JavaScript object inherits. */
const record = (value: Json | undefined): Keyed =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Keyed) : EMPTY

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
