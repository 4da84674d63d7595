/** Schemas by Kubernetes version, apiVersion and kind, with scopes, lifecycles and names that were probably meant. */

import { editDistance } from '../../text/suggest.ts'
import type { Table } from '../../yaml/table.ts'
import { type Catalog, own } from './catalog.ts'
import { type CustomResource, type CustomVersion, linkPackedCrds } from './crd.ts'
import { toMinor } from './minors.ts'
import type {
  PackedComponentLifecycle,
  PackedComponentLifecycles,
  PackedCrdIndex,
  PackedCrds,
  PackedLifecycle,
} from './pack.ts'
import type { SchemaProblem } from './problem.ts'
import type { TypeGraph } from './type-graph.ts'
import { validateBuiltin } from './validate.ts'
import { type CustomSchema, validateCustom } from './validate-custom.ts'

/** The schema of a kind. */
export type Type = BuiltinType | CustomType

export interface BuiltinType {
  readonly source: 'builtin'
  readonly graph: TypeGraph
  /** Index into the graph. */
  readonly id: number
}

export interface CustomType {
  readonly source: 'custom'
  readonly resource: CustomResource
  readonly version: CustomVersion
  readonly schema: CustomSchema
}

export interface Scope {
  readonly namespaced: boolean
  readonly plural: string
}

export interface ApiName {
  readonly apiVersion: string
  readonly kind: string
}

export interface Schemas {
  /** Undefined when the version or the kind in it is unknown, or a definition comes without schema. */
  findType(version: string, apiVersion: string, kind: string): Type | undefined
  /** The definition of a custom resource: from the input, else packed. */
  findCustomResource(apiVersion: string, kind: string): CustomResource | undefined
  /** Scope and plural; of kinds that the version lacks, those of other versions. */
  findScope(version: string, apiVersion: string, kind: string): Scope | undefined
  /** Minors in which Kubernetes introduced, deprecated and removed the API, as far as recorded. */
  findLifecycle(apiVersion: string, kind: string): PackedLifecycle | undefined
  /** The same for popular custom resources, in releases of their component. */
  findComponentLifecycle(apiVersion: string, kind: string): PackedComponentLifecycle | undefined
  /** The apiVersion and kind that were probably meant by ones that the version does not know. */
  suggestApi(version: string, apiVersion: string, kind: string): ApiName | undefined
}

/**
 * `definitions` are those of the input and those that were given; they win over packed ones, and never over what a server
 * serves by itself.
 */
export function buildSchemas(catalog: Catalog, definitions: readonly CustomResource[] = []): Schemas {
  const given = new Map<string, CustomResource>()
  for (const it of definitions) given.set(`${it.group}/${it.kind}`, it)
  const customTypes = new Map<string, CustomType | undefined>()

  const findCustomResource = (apiVersion: string, kind: string): CustomResource | undefined => {
    const group = groupOf(apiVersion)
    return given.get(`${group}/${kind}`) ?? findPacked(catalog, group, kind)
  }

  const findCustomType = (version: string, apiVersion: string, kind: string): CustomType | undefined => {
    const key = `${version} ${apiVersion} ${kind}`
    if (!customTypes.has(key)) {
      const resource = findCustomResource(apiVersion, kind)
      customTypes.set(key, resource && toCustomType(catalog, version, resource, apiVersion))
    }
    return customTypes.get(key)
  }

  const findKnown = (version: string, apiVersion: string, kind: string) => {
    const known = catalog.findKind(apiVersion, kind)
    const isGiven = given.has(`${groupOf(apiVersion)}/${kind}`)
    return isGiven && !known?.isServed(toMinor(version) ?? -1) ? undefined : known
  }

  return {
    findCustomResource,
    findType(version, apiVersion, kind) {
      const known = findKnown(version, apiVersion, kind)
      const minor = toMinor(version)
      if (!known) return findCustomType(version, apiVersion, kind)
      if (minor === undefined || !known.isKnown(minor)) return undefined
      const linker = catalog.findLinker(version)
      const id = linker?.findDefinition(known.definition) ?? -1
      return linker && id >= 0 ? { source: 'builtin', graph: linker.graph, id } : undefined
    },
    findScope: (version, apiVersion, kind) =>
      toScope(findKnown(version, apiVersion, kind) ?? findCustomResource(apiVersion, kind)),
    findLifecycle: catalog.findLifecycle,
    findComponentLifecycle: (apiVersion, kind) => findComponentLifecycle(catalog, apiVersion, kind),
    suggestApi(version, apiVersion, kind) {
      // What definitions define is read only where the kind is near, since it takes reading all of them.
      const isNear = (it: Pick<ApiName, 'kind'>): boolean => kindDistance(kind, it.kind) <= LIMIT
      const definitions = [...given.values(), ...listPackedOf(catalog, groupOf(apiVersion))]
      const custom = definitions.slice(0, MOST_DEFINITIONS).filter(isNear).flatMap(listNames)
      const builtin = catalog.listKinds().filter(it => isNear(it) && it.isServed(toMinor(version) ?? -1))
      return nearestApi([...builtin, ...custom], apiVersion, kind)
    },
  }
}

/** All problems of the value at `node` of a table, in source order; the node is the root of a resource. */
export function validate(table: Table, node: number, type: Type): SchemaProblem[] {
  if (type.source === 'builtin') return validateBuiltin(table, node, type.graph, type.id)
  const problems = validateCustom(table, node, type.schema)
  return type.version.keepsUnknown ? problems.filter(it => it.code !== 'unknown-field') : problems
}

const toScope = (it: Scope | undefined): Scope | undefined =>
  it && { namespaced: it.namespaced, plural: it.plural }

function toCustomType(
  catalog: Catalog,
  version: string,
  resource: CustomResource,
  apiVersion: string,
): CustomType | undefined {
  const found = resource.versions.get(versionOf(apiVersion))
  const linker = catalog.findLinker(version)
  const root = found?.schema()
  if (!found || !root || !linker) return undefined
  const schema: CustomSchema = {
    root,
    dropsStatus: found.dropsStatus,
    minor: toMinor(version) ?? 0,
    graph: linker.graph,
    objectMeta: linker.findDefinition('meta.v1.ObjectMeta'),
  }
  return { source: 'custom', resource, version: found, schema }
}

function findPacked(catalog: Catalog, group: string, kind: string): CustomResource | undefined {
  const index = catalog.readJson('schemas/crds/index.json') as PackedCrdIndex | undefined
  const kinds = index && own(index, group)
  if (!kinds || own(kinds, kind) === undefined) return undefined
  return listPackedOf(catalog, group).find(it => it.kind === kind)
}

/** `*` stands for any version or kind. */
function findComponentLifecycle(
  catalog: Catalog,
  apiVersion: string,
  kind: string,
): PackedComponentLifecycle | undefined {
  const all = catalog.readJson('schemas/crds/lifecycle.json') as PackedComponentLifecycles | undefined
  const kinds = all && (own(all, apiVersion) ?? own(all, `${groupOf(apiVersion)}/*`))
  return kinds && (own(kinds, kind) ?? own(kinds, '*'))
}

const linkedGroups = new WeakMap<object, readonly CustomResource[]>()

/** The definitions of a packed group; its file is read when the group is first met. */
function listPackedOf(catalog: Catalog, group: string): readonly CustomResource[] {
  const index = catalog.readJson('schemas/crds/index.json') as PackedCrdIndex | undefined
  if (!index || own(index, group) === undefined) return []
  const packed = catalog.readJson(`schemas/crds/${group}.json`) as PackedCrds | undefined
  if (!packed) return []
  const linked = linkedGroups.get(packed) ?? linkPackedCrds(packed)
  linkedGroups.set(packed, linked)
  return linked
}

const listNames = ({ group, kind, versions }: CustomResource): ApiName[] =>
  [...versions.values()].filter(it => it.served).map(it => ({ apiVersion: `${group}/${it.name}`, kind }))

/** `""` for the core group. */
const groupOf = (apiVersion: string): string => apiVersion.slice(0, Math.max(apiVersion.lastIndexOf('/'), 0))
const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.lastIndexOf('/') + 1)

/** The nearest by edits in apiVersion and kind together; the same kind in another group counts as near. */
function nearestApi(candidates: readonly ApiName[], apiVersion: string, kind: string): ApiName | undefined {
  let best: ApiName | undefined
  let smallest = Number.POSITIVE_INFINITY
  for (const it of candidates) {
    const kinds = kindDistance(kind, it.kind)
    const versions = it.apiVersion === apiVersion ? 0 : editDistance(apiVersion, it.apiVersion, LIMIT)
    if (kinds > LIMIT || (kinds > 0 && versions > LIMIT) || kinds + versions >= smallest) continue
    best = { apiVersion: it.apiVersion, kind: it.kind }
    smallest = kinds + versions
  }
  return best
}

const kindDistance = (left: string, right: string): number =>
  left.toLowerCase() === right.toLowerCase() ? 0 : editDistance(left, right, LIMIT)

const LIMIT = 2

/** Definitions that a kind nobody knows is compared with: thousands of kinds may be unknown beside thousands that are not. */
const MOST_DEFINITIONS = 1000
