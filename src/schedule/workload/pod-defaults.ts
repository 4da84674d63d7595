/** What the API server fills into a pod before anything looks at it, as far as scheduling is concerned. */

import { type JsonRecord, readList, readRecord } from '../json-fields.ts'
import { isPodLevelResource } from '../pod-requests.ts'
import { sumContainers } from './container-sums.ts'
import { formatQuantity, toQuantity } from './quantity-text.ts'

/** The spec with `requests := limits`, host network ports, pod-level resources and plain defaults set. */
export function applyPodDefaults(spec: JsonRecord): JsonRecord {
  const hostNetwork = spec.hostNetwork === true
  const containers = readList(spec.containers).map(it => applyContainerDefaults(readRecord(it), hostNetwork))
  const initContainers = readList(spec.initContainers).map(it =>
    applyContainerDefaults(readRecord(it), hostNetwork),
  )
  const defaulted: Record<string, unknown> = {
    ...spec,
    containers,
    schedulerName: typeof spec.schedulerName === 'string' ? spec.schedulerName : 'default-scheduler',
  }
  if (spec.initContainers !== undefined) defaulted.initContainers = initContainers
  if (spec.resources !== undefined)
    defaulted.resources = applyPodLevelDefaults(readRecord(spec.resources), defaulted)
  for (const key of ['overhead']) if (spec[key] !== undefined) defaulted[key] = formatAmounts(spec[key])
  return defaulted
}

function applyContainerDefaults(container: JsonRecord, hostNetwork: boolean): JsonRecord {
  const resources = readRecord(container.resources)
  const limits = formatAmounts(resources.limits)
  const requests = { ...formatAmounts(resources.requests) }
  for (const [name, it] of Object.entries(limits)) if (!Object.hasOwn(requests, name)) requests[name] = it
  const defaulted: Record<string, unknown> = {
    ...container,
    resources: buildResources(resources, limits, requests),
  }
  if (Array.isArray(container.ports)) {
    defaulted.ports = container.ports.map(it => {
      const port = readRecord(it)
      const hostPort = port.hostPort ?? (hostNetwork ? port.containerPort : undefined)
      return { ...port, protocol: port.protocol ?? 'TCP', ...(hostPort === undefined ? {} : { hostPort }) }
    })
  }
  return defaulted
}

/** Resources without empty parts. */
export function buildResources(
  resources: JsonRecord,
  limits: Readonly<Record<string, unknown>>,
  requests: Readonly<Record<string, unknown>>,
): JsonRecord {
  const { limits: _limits, requests: _requests, ...rest } = resources
  return {
    ...rest,
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(Object.keys(requests).length > 0 ? { requests } : {}),
  }
}

/** A resource list with every quantity in canonical form; what is no quantity stays as it is. */
export function formatAmounts(value: unknown): Record<string, unknown> {
  const amounts: Record<string, unknown> = Object.create(null)
  for (const [name, it] of Object.entries(readRecord(value))) {
    const quantity = toQuantity(it)
    amounts[name] = quantity === undefined ? it : formatQuantity(quantity)
  }
  return amounts
}

/**
 * `defaultPodRequests`: beside limits of the pod its requests come from the containers' where those name any, else
 * from the limits.
 */
function applyPodLevelDefaults(resources: JsonRecord, spec: JsonRecord): JsonRecord {
  const limits = formatAmounts(resources.limits)
  const requests = formatAmounts(resources.requests)
  if (Object.keys(limits).length === 0) return buildResources(resources, limits, requests)
  for (const [name, quantity] of sumContainers(spec, 'requests')) {
    // Huge pages cannot be promised twice.
    if (Object.hasOwn(requests, name) || !isPodLevelResource(name) || name.startsWith('hugepages-')) continue
    requests[name] = formatQuantity(quantity)
  }
  for (const name of Object.keys(limits)) {
    if (!Object.hasOwn(requests, name) && isPodLevelResource(name)) requests[name] = limits[name]
  }
  return buildResources(resources, limits, requests)
}
