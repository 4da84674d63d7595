/** Resources of a unit to a graph: hash maps by kind, name and namespace; everything else is read when asked for. */
import type { Resource } from '../kube/resource.ts'
import { groupBy } from '../text/group-by.ts'
import { memo } from '../text/memo.ts'
import { storageGroup } from './api-group.ts'
import {
  buildExternals,
  buildInstallers,
  buildJobWords,
  buildOperatorNames,
  type External,
  isBuiltIn,
  isOpenKind,
  isSystemNamespace,
} from './existing.ts'
import type { Graph, KeyLookup, Lookup, PodSelection, Reference } from './graph.ts'
import { listKeys } from './keys.ts'
import type { Link } from './link.ts'
import { nearestTo } from './nearest.ts'
import {
  buildObjectIndex,
  buildProductIndex,
  type ObjectIndex,
  type ProductIndex,
  suggestName,
} from './object-index.ts'
import { listProducts, type Product } from './products.ts'
import { buildPods } from './selection.ts'
import { selectServicePods } from './service-pods.ts'

export interface GraphInput {
  readonly resources: readonly Resource[]
  /** Objects of other units that may be deployed beside: what they could answer is unknown, never absent. */
  readonly backdrop: readonly Resource[]
  /** The namespace of resources that name none; undefined: not known. */
  readonly namespace: string | undefined
  readonly external: readonly External[]
  /** Everything that is referred to is in the unit or in `external`. */
  readonly closed: boolean
  /** Why absence proves nothing in this unit. */
  readonly incomplete: readonly string[]
  /** Objects of the unit itself are missing, as when a template failed: what was found may not be all. */
  readonly partial?: boolean
  /** Names of images that are built together with the unit. */
  readonly builtImages?: ReadonlySet<string>
  /** Undefined when the kind is not known. */
  readonly isNamespaced: (resource: Resource) => boolean | undefined
}

const UNKNOWN: Lookup = { verdict: 'unknown', resources: [], products: [] }
const EXISTS: Lookup = { verdict: 'found', resources: [], products: [] }
const NO_KEYS: ReadonlySet<string> = new Set()
const UNKNOWN_KEY: KeyLookup = { verdict: 'unknown', keys: NO_KEYS }

export function buildGraph(input: GraphInput): Graph {
  const { resources } = input
  const namespaceOf = createNamespaces(input)
  const known = lazy(() => [...resources, ...input.backdrop])
  const installers = lazy(() => buildInstallers(known(), namespaceOf))
  const operators = lazy(() => buildOperatorNames(known()))
  const hasInstaller = (namespace: string | undefined): boolean => installers()(namespace)
  const mayBeOperated = (name: string): boolean => operators()(name)
  const pods = buildPods({ ...input, namespaceOf, hasInstaller })
  const objects = lazy(() => buildObjectIndex(resources, namespaceOf))
  const find = createFinder(input, { namespaceOf, objects, mayBeOperated })
  const follow = (from: Resource, link: Link): Lookup =>
    find({ ...link, namespace: link.namespace ?? (namespaceOf(from) || undefined) }, from)
  const behindServices = new Map<Resource, PodSelection | null>()
  const byKind = lazy(() => groupBy(resources, it => it.kind))
  return {
    resources,
    incomplete: input.incomplete,
    find,
    follow,
    followKey: (from, link, key) => findKey(follow(from, link), key),
    ofKind: kind => byKind().get(kind) ?? [],
    twinsOf(resource) {
      const { kind, name, group } = resource
      const same = objects().find(storageGroup(group, kind), kind, namespaceOf(resource), name)
      return same.length < 2 ? [] : same
    },
    selectPods: pods.select,
    podsBehind(service) {
      let known = behindServices.get(service)
      if (known === undefined) {
        known = selectServicePods(pods, service, namespaceOf(service)) ?? null
        behindServices.set(service, known)
      }
      return known ?? undefined
    },
    hasInstaller,
    mayBeOperated,
    isBuiltImage: name => input.builtImages?.has(name) ?? false,
    namespaceOf,
  }
}

function createNamespaces({ namespace, isNamespaced }: GraphInput) {
  const scopes = new Map<string, Map<string, boolean>>()
  return (resource: Resource): string | undefined => {
    let kinds = scopes.get(resource.apiVersion)
    if (!kinds) scopes.set(resource.apiVersion, (kinds = new Map()))
    let namespaced = kinds.get(resource.kind)
    if (namespaced === undefined) {
      // Kinds that nobody knows are custom resources, and those are namespaced as a rule.
      namespaced = isNamespaced(resource) ?? true
      kinds.set(resource.kind, namespaced)
    }
    return namespaced ? (resource.namespace ?? namespace) : ''
  }
}

interface Lookups {
  readonly namespaceOf: (it: Resource) => string | undefined
  readonly objects: () => ObjectIndex
  readonly mayBeOperated: (name: string) => boolean
}

function createFinder(input: GraphInput, { namespaceOf, objects, mayBeOperated }: Lookups) {
  const { resources, backdrop, closed, incomplete } = input
  const behind = lazy(() => buildObjectIndex(backdrop, namespaceOf))
  const products = lazy(() => buildProductIndex(listAllProducts(resources), namespaceOf))
  const behindProducts = lazy(() => buildProductIndex(listAllProducts(backdrop), namespaceOf))
  const isExternal = buildExternals(input.external)
  const isToldToJob = lazy(() => buildJobWords(resources))

  return (reference: Reference, from?: Resource): Lookup => {
    const { kind, namespace, name } = reference
    const group = storageGroup(reference.group, kind)
    const exact = objects().find(group, kind, namespace, name)
    if (exact.length > 0) return { verdict: 'found', resources: nearestTo(from, exact), products: [] }
    if (name === '' || isBuiltIn(kind, namespace, name)) return EXISTS
    const made = group === '' ? products().find(kind, namespace, name) : []
    if (made.length > 0) return { verdict: 'found', resources: [], products: made }
    if (isExternal(kind, namespace, name)) return EXISTS
    const mayExist =
      incomplete.length > 0 ||
      objects().mayHave(group, kind, namespace, name) ||
      isBehind(behind(), behindProducts(), { group, kind, namespace, name })
    if (mayExist) return UNKNOWN
    const names = objects().listNames(group, kind, namespace)
    const madeNames = group === '' ? products().listNames(kind, namespace) : []
    if (!closed && isOpen(kind, namespace)) return UNKNOWN
    if (!closed && names.size === 0 && isEmpty(madeNames)) return UNKNOWN
    if (!closed && group === '' && (mayBeOperated(name) || isToldToJob()(kind, name))) return UNKNOWN
    const suggestion = suggestName(name, isEmpty(madeNames) ? names : [...names, ...madeNames])
    return { verdict: 'absent', resources: [], products: [], ...(suggestion && { suggestion }) }
  }
}

/** Kinds that clusters bring along, and system namespaces, whose objects come with the cluster. */
const isOpen = (kind: string, namespace: string | undefined): boolean =>
  isOpenKind(kind) || isSystemNamespace(namespace)

function isBehind(
  objects: ObjectIndex,
  products: ProductIndex,
  { group, kind, namespace, name }: Reference,
): boolean {
  return (
    objects.find(group, kind, namespace, name).length > 0 ||
    objects.mayHave(group, kind, namespace, name) ||
    products.find(kind, namespace, name).length > 0
  )
}

function findKey({ verdict, resources, products }: Lookup, key: string): KeyLookup {
  if (verdict !== 'found') return UNKNOWN_KEY
  const [holder] = resources
  const keys = holder ? listKeysOfAll(resources) : listProducedKeys(products)
  if (!keys) return UNKNOWN_KEY
  if (keys.has(key)) return { verdict: 'found', keys: NO_KEYS, ...(holder && { holder }) }
  const suggestion = suggestName(key, keys)
  return { verdict: 'absent', keys, ...(holder && { holder }), ...(suggestion && { suggestion }) }
}

/** Lists of objects are shared by all that ask for them, so their keys are put together once. */
const listKeysOfAll = memo((resources: readonly Resource[]) => joinKeys(resources.map(listKeys)))
const listProducedKeys = memo((products: readonly Product[]) => joinKeys(products.map(it => it.keys)))

interface Keys {
  keys(): Iterable<string>
}

/** Undefined when some are not known, or there are none to know. */
function joinKeys(known: readonly (Keys | undefined)[]): ReadonlySet<string> | undefined {
  const all = new Set<string>()
  for (const some of known) {
    if (!some) return undefined
    for (const key of some.keys()) all.add(key)
  }
  return known.length > 0 ? all : undefined
}

function* listAllProducts(resources: readonly Resource[]) {
  for (const resource of resources) yield* listProducts(resource)
}

function lazy<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined
  return () => (known ??= { value: compute() }).value
}

const isEmpty = (items: Iterable<unknown>): boolean => items[Symbol.iterator]().next().done === true
