/** What a pod asks of a node: component-helpers' `resource.PodRequests` and the scheduler's rounding of it. */

import { type JsonRecord, readList, readPath, readRecord, readString } from './json-fields.ts'
import {
  type Amount,
  addAmounts,
  isGreaterAmount,
  toAmount,
  toCounted,
  ZERO_AMOUNT,
} from './resource-amount.ts'

/** Counted amounts: cpu in thousandths, everything else in units. */
export interface CountedRequests {
  readonly cpu: number
  readonly memory: number
  readonly ephemeral: number
  /** Extended resources, huge pages and the like; zero requests are left out. */
  readonly scalars: ReadonlyMap<string, number>
}

export type Amounts = ReadonlyMap<string, Amount>

const NO_AMOUNTS: Amounts = new Map()

/** A container that names no cpu or memory counts as if it asked for this much when nodes are scored. */
const NON_MISSING: Amounts = new Map([
  ['cpu', { whole: 0, nano: 100_000_000 }],
  ['memory', { whole: 200 * 1024 * 1024, nano: 0 }],
])

/** A resource list; entries that are not quantities are left out (`problems` of the inventory name them). */
function readAmounts(value: unknown): Amounts {
  const entries = Object.entries(readRecord(value))
  if (entries.length === 0) return NO_AMOUNTS
  const amounts = new Map<string, Amount>()
  for (const [name, it] of entries) {
    const amount = toAmount(it)
    if (amount !== undefined && amount.whole >= 0) amounts.set(name, amount)
  }
  return amounts
}

export function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')
}

/** Extended, huge-page, attachable-volume and prefixed native resources (`IsScalarResourceName`). */
export function isScalarResource(name: string): boolean {
  if (name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')) return true
  return name.includes('/') && (!name.startsWith('requests.') || name.includes('kubernetes.io/'))
}

/** How one container's requests are found; running pods may hold more than their spec says. */
type ContainerRequests = (container: JsonRecord, init: boolean) => Amounts

export interface RequestOptions {
  /** Amounts that containers count with where they name none. */
  readonly nonMissing?: Amounts
  /** Pod-level requests are left out of account. */
  readonly containersOnly?: true
  /** The minors' ways to count a running pod whose status reports resources. */
  readonly status?: 'each-container' | 'whole-pod'
}

/** Sum of containers, maximum with the init sequence, pod-level values instead where set, and overhead on top. */
export function sumPodRequests(pod: unknown, options: RequestOptions = {}): Amounts {
  const spec = readRecord(readPath(pod, 'spec'))
  if (options.status === undefined || !hasStatusResources(pod)) {
    return finishRequests(
      spec,
      aggregateContainers(spec, options, readSpecRequests),
      options.containersOnly ? undefined : spec,
    )
  }
  const statuses = listStatuses(pod)
  const infeasible = isResizeInfeasible(pod)
  if (options.status === 'each-container') {
    const requests: ContainerRequests = container =>
      findLargestOfContainer(container, statuses.get(readString(container.name)), infeasible)
    return finishRequests(spec, aggregateContainers(spec, options, requests), spec)
  }
  const allocated = sumStatusVector(pod, options, it => readAmounts(it.allocatedResources))
  const actuated = sumStatusVector(pod, options, it => readAmounts(readPath(it, 'resources', 'requests')))
  const declared = finishRequests(spec, aggregateContainers(spec, options, readSpecRequests), spec)
  const held = maxAmounts(allocated, actuated)
  return infeasible ? held : maxAmounts(declared, held)
}

function readSpecRequests(container: JsonRecord): Amounts {
  return readAmounts(readPath(container, 'resources', 'requests'))
}

function hasStatusResources(pod: unknown): boolean {
  const status = readRecord(readPath(pod, 'status'))
  if (status.resources !== undefined || status.allocatedResources !== undefined) return true
  return [...readList(status.containerStatuses), ...readList(status.initContainerStatuses)].some(
    it => readRecord(it).resources !== undefined || readRecord(it).allocatedResources !== undefined,
  )
}

function listStatuses(pod: unknown): ReadonlyMap<string, JsonRecord> {
  const status = readRecord(readPath(pod, 'status'))
  const all = [...readList(status.containerStatuses), ...readList(status.initContainerStatuses)].map(
    readRecord,
  )
  return new Map(all.map(it => [readString(it.name), it]))
}

function isResizeInfeasible(pod: unknown): boolean {
  return readList(readPath(pod, 'status', 'conditions')).some(it => {
    const condition = readRecord(it)
    return condition.type === 'PodResizePending' && condition.reason === 'Infeasible'
  })
}

/** 1.33 to 1.36, `determineContainerReqs`: only containers whose status carries resources are widened. */
function findLargestOfContainer(
  container: JsonRecord,
  status: JsonRecord | undefined,
  infeasible: boolean,
): Amounts {
  const declared = readSpecRequests(container)
  if (status?.resources === undefined) return declared
  const actual = readAmounts(readPath(status.resources, 'requests'))
  const held = maxAmounts(actual, readAmounts(status.allocatedResources))
  return infeasible ? held : maxAmounts(declared, held)
}

/** 1.37: one vector over the whole pod, each container falling back to its spec. */
function sumStatusVector(pod: unknown, options: RequestOptions, read: (it: JsonRecord) => Amounts): Amounts {
  const spec = readRecord(readPath(pod, 'spec'))
  const statuses = listStatuses(pod)
  const requests: ContainerRequests = container => {
    const status = statuses.get(readString(container.name))
    const reported = status === undefined ? NO_AMOUNTS : read(status)
    return reported.size > 0 ? reported : readSpecRequests(container)
  }
  const podStatus = readRecord(readPath(pod, 'status'))
  const podLevel =
    podStatus.resources !== undefined && podStatus.allocatedResources !== undefined
      ? { resources: { requests: podStatus.allocatedResources } }
      : spec
  return finishRequests(spec, aggregateContainers(spec, options, requests), podLevel)
}

/** `AggregateContainerRequests`: a sidecar's cost is with the init containers that come after it, too. */
function aggregateContainers(
  spec: JsonRecord,
  options: RequestOptions,
  read: ContainerRequests,
): Map<string, Amount> {
  const sum = new Map<string, Amount>()
  for (const it of readList(spec.containers))
    addAll(sum, withNonMissing(read(readRecord(it), false), options))
  const inits = readList(spec.initContainers)
  if (inits.length === 0) return sum
  const sidecars = new Map<string, Amount>()
  const peak = new Map<string, Amount>()
  for (const it of inits) {
    const container = readRecord(it)
    const requests = withNonMissing(read(container, true), options)
    if (container.restartPolicy === 'Always') {
      addAll(sum, requests)
      addAll(sidecars, requests)
      raiseAll(peak, sidecars)
    } else {
      const step = new Map(requests)
      addAll(step, sidecars)
      raiseAll(peak, step)
    }
  }
  raiseAll(sum, peak)
  return sum
}

function withNonMissing(requests: Amounts, options: RequestOptions): Amounts {
  if (options.nonMissing === undefined) return requests
  const filled = new Map(requests)
  for (const [name, it] of options.nonMissing) if (!filled.has(name)) filled.set(name, it)
  return filled
}

function finishRequests(spec: JsonRecord, sum: Map<string, Amount>, podLevel: unknown): Amounts {
  for (const [name, it] of readAmounts(readPath(podLevel, 'resources', 'requests'))) {
    if (isPodLevelResource(name)) sum.set(name, it)
  }
  addAll(sum, readAmounts(spec.overhead))
  return sum
}

function addAll(into: Map<string, Amount>, more: Amounts): void {
  for (const [name, it] of more) into.set(name, addAmounts(into.get(name) ?? ZERO_AMOUNT, it))
}

function raiseAll(into: Map<string, Amount>, more: Amounts): void {
  for (const [name, it] of more) {
    const present = into.get(name)
    if (present === undefined || isGreaterAmount(it, present)) into.set(name, it)
  }
}

function maxAmounts(left: Amounts, right: Amounts): Amounts {
  const max = new Map(left)
  raiseAll(max, right)
  return max
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
  const podLevel = readAmounts(readPath(pod, 'spec', 'resources', 'requests'))
  if (![...podLevel.keys()].some(isPodLevelResource)) {
    return countRequests(sumPodRequests(pod, { ...options, nonMissing: NON_MISSING }))
  }
  const missing = new Map([...NON_MISSING].filter(([name]) => !requests.has(name)))
  return countRequests(sumPodRequests(pod, { ...options, nonMissing: missing }))
}
