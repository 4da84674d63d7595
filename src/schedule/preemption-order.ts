/** Who may preempt, which pods count more, and which node's victims are the smaller loss. */

import type { SchedulerPod } from './pod.ts'
import { compareText } from './unschedulable-message.ts'

/**
 * `PodEligibleToPreemptOthers`: why the pod may evict nobody, if so. `onNominated`: the pods of the node that was
 * emptied for it before; undefined when it has none or that node cannot take it any more.
 */
export function findIneligibility(
  pod: SchedulerPod,
  onNominated: readonly SchedulerPod[] | undefined,
): string | undefined {
  if (pod.shape.neverPreempts) return 'not eligible due to preemptionPolicy=Never.'
  const leaving = onNominated?.some(
    it => it.terminating && it.preempted && it.shape.priority < pod.shape.priority,
  )
  return leaving === true ? 'not eligible due to a terminating pod on the nominated node.' : undefined
}

/** A node that would take the pod, and whom it would cost. */
export interface PreemptionCandidate {
  readonly node: string
  /** Most important first. */
  readonly victims: readonly SchedulerPod[]
  /** Victims whose disruption budget is used up. */
  readonly violations: number
}

/** Pods that have not started count as started last. */
function toStart(pod: SchedulerPod): string {
  return pod.startTime === '' ? '~' : pod.startTime
}

/** `MoreImportantPod`: higher priority, then the earlier start. Sorts the more important pod first. */
export function compareImportance(left: SchedulerPod, right: SchedulerPod): number {
  return right.shape.priority - left.shape.priority || compareText(toStart(left), toStart(right))
}

/** `pickOneNodeForPreemption`, as a comparison; a tie leaves the earlier node. */
export function isBetterCandidate(candidate: PreemptionCandidate, best: PreemptionCandidate): boolean {
  const difference =
    candidate.violations - best.violations ||
    getTopPriority(candidate) - getTopPriority(best) ||
    sumPriorities(candidate) - sumPriorities(best) ||
    candidate.victims.length - best.victims.length ||
    compareText(findEarliestStart(best), findEarliestStart(candidate))
  return difference < 0
}

function getTopPriority(candidate: PreemptionCandidate): number {
  return candidate.victims[0]?.shape.priority ?? Number.NEGATIVE_INFINITY
}

function sumPriorities(candidate: PreemptionCandidate): number {
  let sum = 0
  for (const it of candidate.victims) sum += it.shape.priority + 2 ** 31
  return sum
}

function findEarliestStart(candidate: PreemptionCandidate): string {
  const top = getTopPriority(candidate)
  let earliest = '~'
  for (const it of candidate.victims) {
    if (it.shape.priority === top && toStart(it) < earliest) earliest = toStart(it)
  }
  return earliest
}
