/** Requests and limits that hold for a container: its own, the pod's, and defaults of LimitRanges in the unit. */
import { findPodSpec } from '../kube/pods.ts'
import type { Resource } from '../kube/resource.ts'
import { memo } from '../text/memo.ts'
import type { At } from '../yaml/cursor.ts'
import type { Graph } from './graph.ts'

export type ResourceField = 'requests' | 'limits'

/** What stands under `resources`: values whose keys name the resources, a handful at most. */
export interface Amounts {
  readonly requests: readonly At[]
  readonly limits: readonly At[]
}

const NONE: readonly At[] = []
const NOTHING: Amounts = { requests: NONE, limits: NONE }

/** The amounts of a container, of a pod spec or of a claim's spec. Computed once. */
export const readAmounts = memo((owner: At): Amounts => {
  const resources = owner.get('resources')
  if (!resources) return NOTHING
  return { requests: listAmounts(resources.get('requests')), limits: listAmounts(resources.get('limits')) }
})

const listAmounts = (map: At | undefined): readonly At[] => (map?.isMap ? map.each() : NONE)

/** The amount of a resource; of a repeated key the last one counts. */
export const findAmount = (amounts: readonly At[], name: string): At | undefined =>
  amounts.findLast(it => it.key === name)

/** The value written at the container or the pod; a limit stands in for a request that is not written. */
export function findContainerResource(
  resource: Resource,
  container: At,
  field: ResourceField,
  name: string,
): At | undefined {
  const own = findIn(readAmounts(container), field, name) ?? findIn(readMisplaced(container), field, name)
  if (own) return own
  const spec = findPodSpec(resource)
  return spec && findIn(readAmounts(spec), field, name)
}

/**
 * What stands beside an empty `resources` and not below it, as blocks of charts do that are indented too little. The schema
 * says so, and that it is missing as well would be said of one mistake twice.
 */
const readMisplaced = memo((container: At): Amounts => {
  if (container.get('resources')?.isMap !== false) return NOTHING
  return { requests: listAmounts(container.get('requests')), limits: listAmounts(container.get('limits')) }
})

const findIn = (amounts: Amounts, field: ResourceField, name: string): At | undefined =>
  findAmount(amounts[field], name) ?? (field === 'requests' ? findAmount(amounts.limits, name) : undefined)

/** True when a container without this value gets one, or may get one, from a LimitRange of its namespace. */
export function hasContainerDefault(
  graph: Graph,
  resource: Resource,
  field: ResourceField,
  name: string,
): boolean {
  const defaults = findDefaults(graph)
  if (defaults.size === 0) return false
  const namespace = graph.namespaceOf(resource)
  const spaces =
    namespace === undefined ? defaults.values() : [defaults.get(namespace), defaults.get(undefined)]
  for (const it of spaces) if (it?.[field].has(name)) return true
  return false
}

type Defaults = Readonly<Record<ResourceField, Set<string>>>

/** What LimitRanges set, by namespace. */
const findDefaults = memo((graph: Graph): ReadonlyMap<string | undefined, Defaults> => {
  const defaults = new Map<string | undefined, Defaults>()
  for (const range of graph.ofKind('LimitRange')) {
    const namespace = graph.namespaceOf(range)
    let known = defaults.get(namespace)
    if (!known) defaults.set(namespace, (known = { requests: new Set(), limits: new Set() }))
    addDefaults(range, known)
  }
  return defaults
})

/** `SetDefaults_LimitRangeItem`: a maximum is the default limit, a default limit or a minimum the default request. */
function addDefaults(range: Resource, { requests, limits }: Defaults): void {
  for (const item of range.root.get('spec', 'limits')?.each() ?? []) {
    if (item.text('type') !== 'Container') continue
    for (const field of ['default', 'max']) addKeys(item.get(field), limits)
    for (const field of ['defaultRequest', 'default', 'max', 'min']) addKeys(item.get(field), requests)
  }
}

function addKeys(map: At | undefined, keys: Set<string>): void {
  for (const { key } of map?.each() ?? []) if (typeof key === 'string') keys.add(key)
}
