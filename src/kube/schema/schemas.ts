/** Schemas by Kubernetes version, apiVersion and kind, with scopes, lifecycles and names that were probably meant. */
import type { Table } from '../../yaml/table.ts'
import type { Catalog } from './catalog.ts'
import type { TypeGraph } from './graph.ts'
import { toMinor } from './minors.ts'
import type { PackedLifecycle } from './pack.ts'
import type { SchemaProblem } from './problem.ts'
import { editDistance } from './suggest.ts'
import { validateBuiltin } from './validate.ts'

/** The schema of a kind. */
export interface BuiltinType {
  readonly source: 'builtin'
  readonly graph: TypeGraph
  /** Index into the graph. */
  readonly id: number
}
export type Type = BuiltinType

export interface Scope {
  readonly namespaced: boolean
  readonly plural: string
}

export interface ApiName {
  readonly apiVersion: string
  readonly kind: string
}

export interface Schemas {
  /** The minors that are known, ascending: `1.23`. */
  readonly versions: readonly string[]
  /** Undefined when the version or the kind in it is unknown. */
  findType(version: string, apiVersion: string, kind: string): Type | undefined
  /** Whether a server of this version offers the kind without `--runtime-config`. */
  isServed(version: string, apiVersion: string, kind: string): boolean
  /** Scope and plural; of kinds that the version lacks, those of other versions. */
  findScope(version: string, apiVersion: string, kind: string): Scope | undefined
  /** Minors in which Kubernetes introduced, deprecated and removed the API, as far as recorded. */
  findLifecycle(apiVersion: string, kind: string): PackedLifecycle | undefined
  /** The apiVersion and kind that were probably meant by ones that the version does not know. */
  suggestApi(version: string, apiVersion: string, kind: string): ApiName | undefined
}

export function buildSchemas(catalog: Catalog): Schemas {
  return {
    versions: catalog.versions,
    findType(version, apiVersion, kind) {
      const known = catalog.findKind(apiVersion, kind)
      const minor = toMinor(version)
      if (!known || minor === undefined || !known.isKnown(minor)) return undefined
      const linker = catalog.findLinker(version)
      const id = linker?.findDefinition(known.definition) ?? -1
      return linker && id >= 0 ? { source: 'builtin', graph: linker.graph, id } : undefined
    },
    isServed(version, apiVersion, kind) {
      const minor = toMinor(version)
      return minor !== undefined && catalog.findKind(apiVersion, kind)?.isServed(minor) === true
    },
    findScope(_version, apiVersion, kind) {
      const known = catalog.findKind(apiVersion, kind)
      return known && { namespaced: known.namespaced, plural: known.plural }
    },
    findLifecycle: catalog.findLifecycle,
    suggestApi(version, apiVersion, kind) {
      const minor = toMinor(version) ?? 0
      const served = catalog.listKinds().filter(it => it.isServed(minor))
      return nearestApi(served, apiVersion, kind)
    },
  }
}

/** The nearest by edits in apiVersion and kind together; the same kind in another group counts as near. */
function nearestApi(candidates: readonly ApiName[], apiVersion: string, kind: string): ApiName | undefined {
  let best: ApiName | undefined
  let smallest = LIMIT + 1
  for (const it of candidates) {
    const kinds = it.kind.toLowerCase() === kind.toLowerCase() ? 0 : editDistance(kind, it.kind, LIMIT)
    if (kinds > LIMIT) continue
    const versions =
      it.apiVersion === apiVersion ? 0 : Math.min(editDistance(apiVersion, it.apiVersion, LIMIT), 2)
    const distance = kinds + versions
    if (distance >= smallest || (kinds > 0 && versions > 1)) continue
    best = { apiVersion: it.apiVersion, kind: it.kind }
    smallest = distance
  }
  return best
}

const LIMIT = 2

/** All problems of the value at `node` of a table, in source order; the node is the root of a resource. */
export const validate = (table: Table, node: number, type: Type): SchemaProblem[] =>
  validateBuiltin(table, node, type.graph, type.id)
