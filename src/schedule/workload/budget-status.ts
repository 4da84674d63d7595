/** What the disruption controller would write into PodDisruptionBudgets. */

import type { Budget } from '../cluster.ts'
import {
  type JsonRecord,
  readInteger,
  readPath,
  readRecord,
  readString,
  readStringMap,
} from '../json-fields.ts'
import type { SchedulerPod } from '../pod.ts'
import { isSelected, toSelector } from '../selector.ts'
import { scaleUp } from './int-or-percent.ts'
import type { LivePod } from './world.ts'

/** What the disruption controller would write into budgets that carry no status of their own. */
export function refreshBudgets(
  budgets: Budget[],
  objects: readonly JsonRecord[],
  it: { pods: ReadonlySet<LivePod>; isReady(pod: LivePod): boolean },
): void {
  objects.forEach((object, index) => {
    if (readPath(object.status, 'disruptionsAllowed') !== undefined) return
    const spec = readRecord(object.spec)
    const selector = toSelector(spec.selector)
    const namespace = readString(readPath(object.metadata, 'namespace')) || 'default'
    const guarded = [...it.pods].filter(
      live =>
        live.pod.namespace === namespace &&
        isSelected(selector, readStringMap(readPath(live.object.metadata, 'labels'))),
    )
    const healthy = guarded.filter(live => it.isReady(live)).length
    const workloads = new Map(guarded.map(live => [live.workload.key, live.workload]))
    let expected = 0
    for (const workload of workloads.values())
      expected += workload.kind === 'Pod' ? 1 : readInteger(workload.spec.replicas, 1)
    const desired =
      spec.maxUnavailable === undefined
        ? scaleUp(spec.minAvailable, guarded.length > 0 ? expected : 0)
        : expected - scaleUp(spec.maxUnavailable, expected)
    budgets[index] = { ...budgets[index]!, disruptionsAllowed: Math.max(0, healthy - Math.max(0, desired)) }
  })
}

/** A pod of the inventory is gone for good: nobody here makes another, so the budgets over it allow one less. */
export function spendBudgets(budgets: Budget[], pod: SchedulerPod): void {
  budgets.forEach((budget, index) => {
    if (budget.namespace !== pod.namespace || !isSelected(budget.selector, pod.shape.labels)) return
    budgets[index] = { ...budget, disruptionsAllowed: Math.max(0, budget.disruptionsAllowed - 1) }
  })
}
