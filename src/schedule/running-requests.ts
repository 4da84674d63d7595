/** What a running pod holds of its node, which after a resize in place may be more or less than its spec says. */

import {
  type Amounts,
  aggregateContainers,
  type ContainerRequests,
  isSidecar,
  maxAmounts,
  readAmounts,
  readSpecRequests,
} from './container-requests.ts'
import { type JsonRecord, readList, readPath, readRecord, readString } from './json-fields.ts'
import { subtractAmounts, ZERO_AMOUNT } from './resource-amount.ts'

/**
 * How a minor counts statuses: the largest of each container's amounts (to 1.35), of the pod's own as well (1.36), or
 * the largest of vectors over the whole pod (1.37).
 */
export type StatusCounting = 'each-container' | 'each-container-and-pod' | 'whole-pod'

export interface RunningRequests {
  /** Of all containers together. */
  readonly sum: Amounts
  /** Of the pod as such, in place of the sum. */
  readonly podLevel: Amounts
}

/** Undefined for pods whose status reports no resources; those hold what their spec says. */
export function findRunningRequests(
  pod: unknown,
  counting: StatusCounting,
  nonMissing: Amounts | undefined,
): RunningRequests | undefined {
  if (!hasStatusResources(pod)) return undefined
  const statuses = listStatuses(pod)
  const infeasible = isResizeInfeasible(pod)
  const run: Running = {
    spec: readRecord(readPath(pod, 'spec')),
    podStatus: readRecord(readPath(pod, 'status')),
    infeasible,
    statusOf: container => statuses.get(readString(container.name)),
  }
  return counting === 'whole-pod'
    ? { sum: sumVectors(run, nonMissing), podLevel: findPodVector(run) }
    : {
        sum: aggregateContainers(run.spec, it => findLargest(run, it), nonMissing),
        podLevel: counting === 'each-container' ? readSpecRequests(run.spec) : findPodLevel(run),
      }
}

interface Running {
  readonly spec: JsonRecord
  readonly podStatus: JsonRecord
  readonly infeasible: boolean
  statusOf(container: JsonRecord): JsonRecord | undefined
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
  const conditions = readList(readPath(pod, 'status', 'conditions')).map(readRecord)
  return conditions.find(it => it.type === 'PodResizePending')?.reason === 'Infeasible'
}

/** `determineEffectiveRequests`: what is held, and what is wanted unless that cannot be. */
function findEffective({ infeasible }: Running, wanted: Amounts, held: readonly Amounts[]): Amounts {
  return infeasible ? maxAmounts(...held) : maxAmounts(wanted, ...held)
}

/** One container up to 1.36; init containers that end count with their spec. */
function findLargest(run: Running, container: JsonRecord): Amounts {
  const declared = readSpecRequests(container)
  const status = run.statusOf(container)
  if (status?.resources === undefined) return declared
  if (readList(run.spec.initContainers).includes(container) && !isSidecar(container)) return declared
  return findEffective(run, declared, [readSpecRequests(status), readAmounts(status.allocatedResources)])
}

/** The pod's own requests in 1.36: its status can change amounts, not add any, and what it leaves out is nothing. */
function findPodLevel(run: Running): Amounts {
  const declared = readSpecRequests(run.spec)
  const { podStatus } = run
  if (podStatus.resources === undefined) return declared
  const held = [readSpecRequests(podStatus), readAmounts(podStatus.allocatedResources)]
  const effective = findEffective(run, declared, held)
  return new Map([...declared.keys()].map(name => [name, effective.get(name) ?? ZERO_AMOUNT]))
}

/** `AggregateContainerRequests` of 1.37. */
function sumVectors(run: Running, nonMissing: Amounts | undefined): Amounts {
  const { podStatus, infeasible, spec } = run
  const allocated: ContainerRequests = container => {
    const found = run.statusOf(container)?.allocatedResources
    if (found !== undefined) return readAmounts(found)
    return infeasible ? new Map() : readSpecRequests(container)
  }
  const actuated: ContainerRequests = container => {
    const found = readPath(run.statusOf(container), 'resources', 'requests')
    return found === undefined ? allocated(container) : readAmounts(found)
  }
  const wanted = aggregateContainers(spec, readSpecRequests, nonMissing)
  const whole = podStatus.allocatedResources !== undefined && readPath(podStatus.resources, 'requests')
  const held = whole
    ? [readAmounts(podStatus.allocatedResources), readAmounts(whole)]
    : [aggregateContainers(spec, allocated, nonMissing), aggregateContainers(spec, actuated, nonMissing)]
  return findEffective(run, wanted, held)
}

/** The pod's own requests in 1.37; the kubelet reports them with overhead, which is added again later. */
function findPodVector(run: Running): Amounts {
  const { podStatus, spec } = run
  const declared = readSpecRequests(spec)
  const overhead = readAmounts(spec.overhead)
  const held = [readSpecRequests(podStatus), readAmounts(podStatus.allocatedResources)].map(
    it =>
      new Map(
        [...it].map(([name, amount]) => {
          const part = overhead.get(name)
          return [name, part === undefined ? amount : subtractAmounts(amount, part)] as const
        }),
      ),
  )
  return findEffective(run, declared, held)
}
