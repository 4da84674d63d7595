/** Who may preempt, which pods count more, and which node's victims are the smaller loss. */

import type { SchedulerPod } from './pod.ts'
import type { BudgetSplit } from './preemption-budget.ts'
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

/**
 * The more important pods first. A pod that has not started counts as started now, whenever it is asked, so
 * kube-scheduler's comparison of two of them always says that the first is the earlier: its insertion sort, which is
 * what up to twelve pods get, turns their order round.
 */
export function sortByImportance(pods: readonly SchedulerPod[]): SchedulerPod[] {
  const started = pods.filter(it => it.startTime !== '')
  const waiting = pods.filter(it => it.startTime === '')
  return [...started, ...waiting.reverse()].sort(compareImportance)
}

/** The chosen victims, which kube-scheduler sorts once more where budgets have parted them. */
export function orderVictims(victims: readonly SchedulerPod[], split: BudgetSplit): readonly SchedulerPod[] {
  return split.violating.length > 0 && split.harmless.length > 0 ? sortByImportance(victims) : victims
}

/** `MoreImportantPod`: higher priority, then the earlier start. */
function compareImportance(left: SchedulerPod, right: SchedulerPod): number {
  return right.shape.priority - left.shape.priority || compareText(toStart(left), toStart(right))
}

/** The candidate that loses least. */
export interface ChosenCandidate extends PreemptionCandidate {
  /**
   * False where kube-scheduler may well take another node: it begins at a random one and stops at a tenth of the nodes
   * (at least 100 candidates), and leaves the order of equal candidates to chance.
   */
  readonly certain: boolean
}

/** The candidates as they are found, beginning at the first node by name. */
export interface CandidateSearch {
  add(candidate: PreemptionCandidate): void
  /** Nothing that is found after this counts. */
  isOver(): boolean
  choose(): ChosenCandidate | undefined
}

/** `DryRunPreemption` over this many nodes that an eviction might help. */
export function createCandidateSearch(potentialNodes: number): CandidateSearch {
  const limit = Math.min(potentialNodes, Math.max(100, Math.trunc(potentialNodes / 10)))
  const found: PreemptionCandidate[] = []
  let harmless = 0
  return {
    add(candidate) {
      found.push(candidate)
      if (candidate.violations === 0) harmless++
    },
    // One more than it would look at tells that there were more.
    isOver: () => harmless > 0 && found.length > limit,
    choose() {
      const looked = found.slice(0, limit)
      let best: PreemptionCandidate | undefined
      let equals = 0
      for (const it of looked) {
        const difference = best === undefined ? -1 : compareCandidates(it, best)
        if (difference < 0) best = it
        equals = difference < 0 ? 1 : difference === 0 ? equals + 1 : equals
      }
      return best && { ...best, certain: equals === 1 && found.length === looked.length }
    },
  }
}

/** `pickOneNodeForPreemption`; negative when the left side loses less. */
function compareCandidates(left: PreemptionCandidate, right: PreemptionCandidate): number {
  return (
    left.violations - right.violations ||
    getTopPriority(left) - getTopPriority(right) ||
    sumPriorities(left) - sumPriorities(right) ||
    left.victims.length - right.victims.length ||
    compareText(findEarliestStart(right), findEarliestStart(left))
  )
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
