/** A node as the scheduler sees it. */

import { readList, readPath, readRecord, readString, readStringMap, readStrings } from './json-fields.ts'
import { isScalarResource } from './pod-requests.ts'
import { toAmount, toCounted } from './resource-amount.ts'
import type { Labels } from './selector.ts'
import { listTaints, type Taint } from './taints.ts'

export interface SchedulerNode {
  readonly name: string
  readonly labels: Labels
  readonly taints: readonly Taint[]
  readonly unschedulable: boolean
  /** Counted: cpu in thousandths, everything else in units; also `pods`. */
  readonly allocatable: ReadonlyMap<string, number>
  readonly images: readonly NodeImage[]
}

export interface NodeImage {
  readonly names: readonly string[]
  readonly size: number
}

export const HOSTNAME_KEY = 'kubernetes.io/hostname'
export const ZONE_KEY = 'topology.kubernetes.io/zone'

export function toSchedulerNode(value: unknown): SchedulerNode {
  const labels = readStringMap(readPath(value, 'metadata', 'labels'))
  const allocatable = new Map<string, number>()
  for (const [name, it] of Object.entries(readRecord(readPath(value, 'status', 'allocatable')))) {
    const amount = toAmount(it)
    if (amount === undefined) continue
    const counts = name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name === 'pods'
    if (counts || isScalarResource(name)) allocatable.set(name, Math.max(0, toCounted(name, amount)))
  }
  return {
    name: readString(readPath(value, 'metadata', 'name')),
    labels,
    taints: listTaints(readPath(value, 'spec', 'taints')),
    unschedulable: readPath(value, 'spec', 'unschedulable') === true,
    allocatable,
    images: readList(readPath(value, 'status', 'images')).map(it => {
      const image = readRecord(it)
      return {
        names: readStrings(image.names),
        size: typeof image.sizeBytes === 'number' ? image.sizeBytes : 0,
      }
    }),
  }
}
