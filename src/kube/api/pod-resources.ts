/** Resources of a pod as a whole, against those of its containers (`validatePodResources`). */
import { addQuantities, compareQuantities, formatQuantity, type Quantity } from '../values/quantity.ts'
import { child, type Field, forbidden, index, invalid, key } from './field.ts'
import { isObj, isSet, type Obj, object, objects, text } from './object.ts'
import type { PodRun } from './pod-run.ts'
import {
  checkPodResourceName,
  checkRequirements,
  isHugePages,
  isOvercommitAllowed,
  type Requirements,
  type ResourceList,
  toRequirements,
} from './resources.ts'

export function checkPodResources(run: PodRun, owner: Field): void {
  const { check, spec } = run
  if (!isObj(spec.resources) || check.minor < 34) return
  const field = child(owner, 'resources')
  if (text(object(spec, 'os'), 'name') === 'windows') {
    forbidden(check, field, 'may not be set for a windows pod')
    return
  }
  if (isSet(spec.resources, 'claims'))
    forbidden(check, child(field, 'claims'), 'claims may not be set for Resources at pod-level')
  const requirements = toPodRequirements(run, spec.resources)
  checkRequirements(check, requirements, {
    field,
    claimNames: run.claimNames,
    checkName: checkPodResourceName,
  })
  checkConsistency(run, requirements, field)
}

/** Defaults of Pods: requests come from the containers' sums, else from the limits (`defaultPodRequests`). */
function toPodRequirements(run: PodRun, resources: Obj): Requirements {
  const written = toRequirements(resources, 'template')
  if (!run.isPod) return written
  const limits = new Map(written.limits)
  if (limits.size > 0 || written.requests.size > 0)
    for (const [name, value] of sumContainers(run, 'limits'))
      if (isHugePages(name) && !written.requests.has(name) && !limits.has(name)) limits.set(name, value)
  const requests = new Map(written.requests)
  if (limits.size > 0) {
    for (const [name, value] of sumContainers(run, 'requests'))
      if (!requests.has(name) && isPodLevel(name) && isOvercommitAllowed(name)) requests.set(name, value)
    for (const [name, value] of limits) if (!requests.has(name) && isPodLevel(name)) requests.set(name, value)
  }
  return { ...written, limits, requests }
}

const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name)

/** `validatePodResourceConsistency`. */
function checkConsistency(run: PodRun, { limits, requests }: Requirements, field: Field): void {
  const { check } = run
  for (const [name, sum] of sumContainers(run, 'requests')) {
    const own = requests.get(name)
    if (own && compareQuantities(sum, own) > 0)
      invalid(
        check,
        key(child(field, 'requests'), name),
        formatQuantity(own),
        `must be greater than or equal to aggregate container requests of ${formatQuantity(sum)}`,
      )
  }
  for (const [name, sum] of sumContainers(run, 'limits')) {
    const own = limits.get(name)
    if (own && isHugePages(name) && compareQuantities(sum, own) > 0)
      invalid(
        check,
        key(child(field, 'limits'), name),
        formatQuantity(own),
        `must be greater than or equal to aggregate container limits of ${formatQuantity(sum)}`,
      )
  }
  for (const [at, container] of objects(run.spec, 'containers').entries()) {
    const own = toRequirements(object(container, 'resources'), 'template').limits
    for (const [name, value] of own) {
      const limit = limits.get(name)
      if (!limit || compareQuantities(value, limit) <= 0) continue
      const place = child(key(index(child(field, 'containers'), at), name), 'limits')
      invalid(
        check,
        place,
        formatQuantity(value),
        `must be less than or equal to pod limits of ${formatQuantity(limit)}`,
      )
    }
  }
}

/** `AggregateContainerRequests`, `AggregateContainerLimits`: sidecars add up, other init containers count at their peak. */
function sumContainers(run: PodRun, kind: 'limits' | 'requests'): ResourceList {
  const owner = run.isPod ? 'pod' : 'template'
  const listOf = (container: Obj): ResourceList => toRequirements(object(container, 'resources'), owner)[kind]
  const sum = new Map<string, Quantity>()
  const sidecars = new Map<string, Quantity>()
  const peak = new Map<string, Quantity>()
  for (const container of objects(run.spec, 'containers')) add(sum, listOf(container))
  for (const container of objects(run.spec, 'initContainers')) {
    const own = listOf(container)
    if (text(container, 'restartPolicy') === 'Always') {
      add(sum, own)
      add(sidecars, own)
      raise(peak, sidecars)
    } else {
      const beside = new Map(own)
      add(beside, sidecars)
      raise(peak, beside)
    }
  }
  raise(sum, peak)
  return sum
}

function add(list: Map<string, Quantity>, more: ResourceList): void {
  for (const [name, value] of more) {
    const old = list.get(name)
    list.set(name, old ? addQuantities(old, value) : value)
  }
}

function raise(list: Map<string, Quantity>, other: ResourceList): void {
  for (const [name, value] of other) {
    const old = list.get(name)
    if (!old || compareQuantities(value, old) > 0) list.set(name, value)
  }
}
