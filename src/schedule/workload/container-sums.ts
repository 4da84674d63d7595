/** What a pod's containers name together, in the notation in which the API server prints it. */

import { isSidecar } from '../container-requests.ts'
import { type JsonRecord, readList, readPath, readRecord } from '../json-fields.ts'
import { isGreaterAmount } from '../resource-amount.ts'
import { addQuantities, type Quantity, toQuantity, ZERO_QUANTITY } from './quantity-text.ts'

export type Part = 'requests' | 'limits'

/** `AggregateContainerRequests` and `AggregateContainerLimits` of a spec. */
export function sumContainers(spec: JsonRecord, part: Part): Map<string, Quantity> {
  const sum = new Map<string, Quantity>()
  for (const it of readList(spec.containers)) addAll(sum, readPart(it, part))
  const sidecars = new Map<string, Quantity>()
  const peak = new Map<string, Quantity>()
  for (const it of readList(spec.initContainers)) {
    const own = readPart(it, part)
    if (isSidecar(readRecord(it))) {
      addAll(sum, own)
      addAll(sidecars, own)
      raiseAll(peak, sidecars)
    } else {
      const step = new Map<string, Quantity>()
      addAll(step, own)
      addAll(step, sidecars)
      raiseAll(peak, step)
    }
  }
  raiseAll(sum, peak)
  return sum
}

/** The pod's own amounts in place of those of its containers. */
export function sumPod(spec: JsonRecord, part: Part): Map<string, Quantity> {
  return new Map([...sumContainers(spec, part), ...readPart(spec, part)])
}

function readPart(value: unknown, part: Part): Map<string, Quantity> {
  const quantities = new Map<string, Quantity>()
  for (const [name, it] of Object.entries(readRecord(readPath(value, 'resources', part)))) {
    const quantity = toQuantity(it)
    if (quantity !== undefined && quantity.amount.whole >= 0) quantities.set(name, quantity)
  }
  return quantities
}

function addAll(into: Map<string, Quantity>, more: ReadonlyMap<string, Quantity>): void {
  for (const [name, it] of more) into.set(name, addQuantities(into.get(name) ?? ZERO_QUANTITY, it))
}

function raiseAll(into: Map<string, Quantity>, more: ReadonlyMap<string, Quantity>): void {
  for (const [name, it] of more) {
    const present = into.get(name)
    if (present === undefined || isGreaterAmount(it.amount, present.amount)) into.set(name, it)
  }
}
