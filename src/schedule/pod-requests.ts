/** What a pod asks of a node: component-helpers' `resource.PodRequests` and the scheduler's rounding of it. */

import {
  type Amounts,
  addAll,
  aggregateContainers,
  readAmounts,
  readSpecRequests,
} from './container-requests.ts'
import { readPath, readRecord } from './json-fields.ts'
import { toCounted } from './resource-amount.ts'
import { findRunningRequests, type StatusCounting } from './running-requests.ts'

/** Counted amounts: cpu in thousandths, everything else in units. */
export interface CountedRequests {
  readonly cpu: number
  readonly memory: number
  readonly ephemeral: number
  /** Extended resources, huge pages and the like; zero requests are left out. */
  readonly scalars: ReadonlyMap<string, number>
}

/** A container that names no cpu or memory counts as if it asked for this much when nodes are scored. */
const NON_MISSING: Amounts = new Map([
  ['cpu', { whole: 0, nano: 100_000_000 }],
  ['memory', { whole: 200 * 1024 * 1024, nano: 0 }],
])

export function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')
}

/** Extended, huge-page, attachable-volume and prefixed native resources (`IsScalarResourceName`). */
export function isScalarResource(name: string): boolean {
  if (name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')) return true
  return name.includes('/') && (!name.startsWith('requests.') || name.includes('kubernetes.io/'))
}

export interface RequestOptions {
  /** Amounts that containers count with where they name none. */
  readonly nonMissing?: Amounts
  /** Pod-level requests are left out of account. */
  readonly containersOnly?: true
  /** The minor's way to count a running pod whose status reports resources; only the spec counts when absent. */
  readonly status?: StatusCounting
}

/** Sum of containers, maximum with the init sequence, pod-level values instead where set, and overhead on top. */
export function sumPodRequests(pod: unknown, options: RequestOptions = {}): Amounts {
  const spec = readRecord(readPath(pod, 'spec'))
  const { nonMissing } = options
  const running =
    options.status === undefined ? undefined : findRunningRequests(pod, options.status, nonMissing)
  const sum = new Map(running?.sum ?? aggregateContainers(spec, readSpecRequests, nonMissing))
  if (options.containersOnly === undefined && hasPodLevelRequests(spec)) {
    for (const [name, it] of running?.podLevel ?? readSpecRequests(spec))
      if (isPodLevelResource(name)) sum.set(name, it)
  }
  addAll(sum, readAmounts(spec.overhead))
  return sum
}

function hasPodLevelRequests(spec: unknown): boolean {
  return Object.keys(readRecord(readPath(spec, 'resources', 'requests'))).some(isPodLevelResource)
}

/** The sums as the scheduler counts them; resources it does not know (`foo` without a prefix) do not count. */
export function countRequests(amounts: Amounts): CountedRequests {
  let cpu = 0
  let memory = 0
  let ephemeral = 0
  const scalars = new Map<string, number>()
  for (const [name, it] of amounts) {
    const counted = toCounted(name, it)
    if (name === 'cpu') cpu = counted
    else if (name === 'memory') memory = counted
    else if (name === 'ephemeral-storage') ephemeral = counted
    else if (isScalarResource(name) && counted !== 0) scalars.set(name, counted)
  }
  return { cpu, memory, ephemeral, scalars }
}

/** The requests that scores are made of. */
export interface ScoredRequests {
  readonly cpu: number
  readonly memory: number
}

/**
 * How a pod that is to be placed counts in LeastAllocated (`calculatePodResourceRequest`), which in the released
 * schedulers does not look at pod-level requests.
 */
export function countIncoming(pod: unknown): ScoredRequests {
  return countRequests(sumPodRequests(pod, { nonMissing: NON_MISSING, containersOnly: true }))
}

/** How a placed pod counts in its node's scores (`PodInfo.CalculateResource`). */
export function countPlaced(pod: unknown, requests: Amounts, options: RequestOptions): ScoredRequests {
  if (options.containersOnly || !hasPodLevelRequests(readPath(pod, 'spec'))) {
    return countRequests(sumPodRequests(pod, { ...options, nonMissing: NON_MISSING }))
  }
  const missing = new Map([...NON_MISSING].filter(([name]) => !requests.has(name)))
  return countRequests(sumPodRequests(pod, { ...options, nonMissing: missing }))
}
