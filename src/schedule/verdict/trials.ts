/** Tries manifests with one change, within a budget: does everything have a place then? */

import type { JsonRecord } from '../json-fields.ts'
import type { Simulation, WorkloadOutcome } from '../workload/simulation.ts'
import type { Workload } from '../workload/workload.ts'

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
const BUDGET = 400_000
/** What a trial costs besides placements. */
const LEAST_COST = 50

export function createTrials({ simulate, objects, outcomes, cost }: TrialRequest): Trials {
  const before = new Map(outcomes.map(it => [it.workload.key, it.scheduled]))
  let left = BUDGET
  let isSpent = false
  return {
    isSpent: () => isSpent,
    of: workload => changed => {
      left -= Math.max(LEAST_COST, cost)
      if (left < 0) isSpent = true
      if (isSpent) return false
      const simulation = simulate(objects.map(it => (it === workload.object ? changed : it)))
      return simulation.describe().every(it => {
        const { key } = it.workload
        const least = key === workload.key ? it.desired : (before.get(key) ?? 0)
        return it.scheduled >= least
      })
    },
  }
}
