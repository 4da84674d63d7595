/** What a pod's containers ask of a node together: component-helpers' `AggregateContainerRequests`. */

import { type JsonRecord, readList, readPath, readRecord } from './json-fields.ts'
import { type Amount, addAmounts, isGreaterAmount, toAmount, ZERO_AMOUNT } from './resource-amount.ts'

export type Amounts = ReadonlyMap<string, Amount>

const NO_AMOUNTS: Amounts = new Map()

/** A resource list; entries that are not quantities are left out (`problems` of the inventory name them). */
export function readAmounts(value: unknown): Amounts {
  const entries = Object.entries(readRecord(value))
  if (entries.length === 0) return NO_AMOUNTS
  const amounts = new Map<string, Amount>()
  for (const [name, it] of entries) {
    const amount = toAmount(it)
    if (amount !== undefined && amount.whole >= 0) amounts.set(name, amount)
  }
  return amounts
}

/** How one container's requests are found; running pods may hold more than their spec says. */
export type ContainerRequests = (container: JsonRecord) => Amounts

export function readSpecRequests(container: JsonRecord): Amounts {
  return readAmounts(readPath(container, 'resources', 'requests'))
}

/**
 * Sum of the containers, raised to the largest step of the init sequence: a sidecar's cost is with the init containers
 * that come after it, too. `nonMissing`: amounts that containers count with where they name none.
 */
export function aggregateContainers(
  spec: JsonRecord,
  read: ContainerRequests,
  nonMissing?: Amounts,
): Map<string, Amount> {
  const sum = new Map<string, Amount>()
  for (const it of readList(spec.containers)) addAll(sum, fillMissing(read(readRecord(it)), nonMissing))
  const inits = readList(spec.initContainers)
  if (inits.length === 0) return sum
  const sidecars = new Map<string, Amount>()
  const peak = new Map<string, Amount>()
  for (const it of inits) {
    const container = readRecord(it)
    const requests = fillMissing(read(container), nonMissing)
    if (isSidecar(container)) {
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

/** An init container that keeps running beside the containers. */
export function isSidecar(container: JsonRecord): boolean {
  return container.restartPolicy === 'Always'
}

function fillMissing(requests: Amounts, nonMissing: Amounts | undefined): Amounts {
  if (nonMissing === undefined) return requests
  const filled = new Map(requests)
  for (const [name, it] of nonMissing) if (!filled.has(name)) filled.set(name, it)
  return filled
}

export function addAll(into: Map<string, Amount>, more: Amounts): void {
  for (const [name, it] of more) into.set(name, addAmounts(into.get(name) ?? ZERO_AMOUNT, it))
}

function raiseAll(into: Map<string, Amount>, more: Amounts): void {
  for (const [name, it] of more) {
    const present = into.get(name)
    if (present === undefined || isGreaterAmount(it, present)) into.set(name, it)
  }
}

/** The largest amount of each resource. */
export function maxAmounts(...lists: readonly Amounts[]): Map<string, Amount> {
  const max = new Map<string, Amount>()
  for (const it of lists) raiseAll(max, it)
  return max
}
