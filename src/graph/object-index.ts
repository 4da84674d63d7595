/** Objects by kind, name and namespace, in hash maps: a lookup costs the same in any unit. */

import type { Resource } from '../kube/resource.ts'
import { findNearest } from '../text/suggest.ts'
import { storageGroup } from './api-group.ts'
import type { Product } from './products.ts'

/** What is known under one name of one kind. */
interface Named {
  readonly byNamespace: Map<string | undefined, Resource[]>
}

export interface ObjectIndex {
  /** Objects of exactly this namespace; `undefined` gives those whose namespace is not known. */
  find(group: string, kind: string, namespace: string | undefined, name: string): readonly Resource[]
  /** True when an object of this name may be meant because one of the two namespaces is not known. */
  mayHave(group: string, kind: string, namespace: string | undefined, name: string): boolean
  /** Names in a namespace. */
  listNames(group: string, kind: string, namespace: string | undefined): ReadonlySet<string>
}

const NONE: readonly Resource[] = []
const NO_NAMES: ReadonlySet<string> = new Set()

interface KindEntry {
  readonly names: Map<string, Named>
  readonly namesIn: Map<string | undefined, Set<string>>
}

export function buildObjectIndex(
  resources: readonly Resource[],
  namespaceOf: (resource: Resource) => string | undefined,
): ObjectIndex {
  const groups = new Map<string, Map<string, KindEntry>>()
  const entryOf = (group: string, kind: string): KindEntry | undefined => groups.get(group)?.get(kind)

  for (const resource of resources) {
    if (resource.name === '') continue
    const entry = addKind(groups, storageGroup(resource.group, resource.kind), resource.kind)
    const namespace = namespaceOf(resource)
    let named = entry.names.get(resource.name)
    if (!named) entry.names.set(resource.name, (named = { byNamespace: new Map() }))
    const list = named.byNamespace.get(namespace)
    if (list) list.push(resource)
    else named.byNamespace.set(namespace, [resource])
    let names = entry.namesIn.get(namespace)
    if (!names) entry.namesIn.set(namespace, (names = new Set()))
    names.add(resource.name)
  }

  return {
    find: (group, kind, namespace, name) =>
      entryOf(group, kind)?.names.get(name)?.byNamespace.get(namespace) ?? NONE,
    mayHave(group, kind, namespace, name) {
      const spaces = entryOf(group, kind)?.names.get(name)?.byNamespace
      return spaces !== undefined && (namespace === undefined || spaces.has(undefined))
    },
    listNames: (group, kind, namespace) => entryOf(group, kind)?.namesIn.get(namespace) ?? NO_NAMES,
  }
}

function addKind(groups: Map<string, Map<string, KindEntry>>, group: string, kind: string): KindEntry {
  let kinds = groups.get(group)
  if (!kinds) groups.set(group, (kinds = new Map()))
  let entry = kinds.get(kind)
  if (!entry) kinds.set(kind, (entry = { names: new Map(), namesIn: new Map() }))
  return entry
}

/** Names beyond this number are not compared: thousands of them times thousands of misses would take seconds. */
const MOST_CANDIDATES = 1000

/** The name that was probably meant. */
export function suggestName(name: string, candidates: Iterable<string>): string | undefined {
  const some: string[] = []
  for (const it of candidates) {
    if (some.length === MOST_CANDIDATES) break
    some.push(it)
  }
  return findNearest(name, some)
}

/** What is created in the unit by other objects: by kind and name. */
export interface ProductIndex {
  find(kind: string, namespace: string | undefined, name: string): readonly Product[]
  listNames(kind: string, namespace: string | undefined): Iterable<string>
}

const NUMBERED = /^(.+)-\d+$/

/** `namespaceOf`: of the resources that create. */
export function buildProductIndex(
  products: Iterable<Product>,
  namespaceOf: (resource: Resource) => string | undefined,
): ProductIndex {
  const byName = new Map<string, Product[]>()
  const namesIn = new Map<string, Set<string>>()
  for (const product of products) {
    const key = `${product.kind}/${product.name}`
    const list = byName.get(key)
    if (list) list.push(product)
    else byName.set(key, [product])
    const space = `${product.kind}/${spaceOf(product) ?? ''}`
    const names = namesIn.get(space)
    if (names) names.add(product.name)
    else namesIn.set(space, new Set([product.name]))
  }
  function spaceOf({ namespace, by }: Product): string | undefined {
    return namespace === 'own' ? namespaceOf(by) : namespace
  }
  const named = (kind: string, name: string): readonly Product[] => byName.get(`${kind}/${name}`) ?? []
  const isIn = (product: Product, namespace: string | undefined): boolean => {
    const space = spaceOf(product)
    return space === undefined || namespace === undefined || space === namespace
  }
  const search = (kind: string, namespace: string | undefined, name: string): readonly Product[] => {
    const stem = NUMBERED.exec(name)?.[1]
    return [
      ...named(kind, name).filter(it => !it.numbered),
      ...(stem === undefined ? [] : named(kind, stem).filter(it => it.numbered)),
    ].filter(it => isIn(it, namespace))
  }
  const answers = new Map<string, readonly Product[]>()
  return {
    find(kind, namespace, name) {
      const question = `${kind}/${namespace ?? ''}/${name}`
      let answer = answers.get(question)
      if (!answer) answers.set(question, (answer = search(kind, namespace, name)))
      return answer
    },
    listNames: (kind, namespace) => namesIn.get(`${kind}/${namespace ?? ''}`) ?? NO_NAMES,
  }
}
