/** Tries manifests with one change, within a budget: does everything have a place then? */

import type { JsonRecord } from '../json-fields.ts'
import type { Simulation, WorkloadOutcome } from '../workload/simulation.ts'
import { getReplicas, toWorkload, type Workload } from '../workload/workload.ts'

export interface TrialRequest {
  readonly simulate: (objects: readonly JsonRecord[]) => Simulation
  readonly objects: readonly JsonRecord[]
  /** What became of the workloads without a change. */
  readonly outcomes: readonly WorkloadOutcome[]
  /** Placements that one trial costs. */
  readonly cost: number
}

export interface Trials {
  /** Whether all pods of the workload find a node once its object is this one, and no other workload has fewer. */
  of(workload: Workload): (changed: JsonRecord) => boolean
  /** Not everything could be tried. */
  isSpent(): boolean
}

/** Placements that all trials may cost together: some seconds. */
const BUDGET = 150_000
/** What a trial costs besides placements. */
const LEAST_COST = 50

export function createTrials({ simulate, objects, outcomes, cost }: TrialRequest): Trials {
  let left = BUDGET
  let isSpent = false
  return {
    isSpent: () => isSpent,
    of: workload => {
      const least = Math.max(LEAST_COST, cost)
      // No workload takes it all.
      let own = Math.max(least, left / 2)
      return changed => {
        if (own < least || left < least) isSpent = true
        if (own < least || left < least) return false
        own -= least
        left -= least
        const { world } = simulate(objects.map(it => (it === workload.object ? changed : it)))
        return outcomes.every(it => {
          const { key } = it.workload
          const pods = world.podsOf(key).filter(live => live.pod.nodeName !== '' && !live.waiting)
          const wanted = key === workload.key ? countWanted(it, changed) : it.scheduled
          return pods.length >= wanted
        })
      }
    },
  }
}

/** A DaemonSet wants a pod on each of its nodes, which an edit may change too; one that has none is no success. */
function countWanted({ workload, desired }: WorkloadOutcome, changed: JsonRecord): number {
  const next = toWorkload(changed)
  return next === undefined || workload.kind === 'DaemonSet' ? desired : getReplicas(next)
}
