/** Manifests and a cluster made ready for each other: storage assumed, replicas scaled, old pods out of the way. */

import type { Cluster } from '../cluster.ts'
import type { JsonRecord } from '../json-fields.ts'
import type { Provisioning } from '../workload/claims.ts'
import { createSimulation, type Simulation } from '../workload/simulation.ts'
import { getReplicas, toWorkload } from '../workload/workload.ts'
import { assumeStorage } from './assumed-storage.ts'
import {
  applyScenario,
  DECLARED,
  listRollingDemand,
  listWaiting,
  prepareCluster,
  type Scenario,
} from './scenario.ts'

export interface FitOptions {
  readonly scenario?: Scenario
  readonly provisioning?: Provisioning
  /** Claims and classes that the inventory does not show are taken to work, or to be missing. */
  readonly storage?: 'assume-provisioned' | 'strict'
  /** Random orders to try for a set that fits. */
  readonly orders?: number
}

export interface PreparedSet {
  readonly cluster: Cluster
  readonly objects: readonly JsonRecord[]
  /** Pods of others that wait in the inventory already. */
  readonly waiting: readonly JsonRecord[]
  /** What was taken for granted, for the report. */
  readonly assumed: readonly string[]
  /** Pods that the objects make. */
  readonly asked: number
  /** Applies objects, those of the set or changed ones, to this cluster or a changed one. */
  simulate(objects: readonly JsonRecord[], cluster?: Cluster): Simulation
}

export function prepareSet(
  inventory: Cluster,
  manifests: readonly JsonRecord[],
  options: FitOptions,
): PreparedSet {
  const scenario = options.scenario ?? DECLARED
  const strict = { cluster: inventory, assumed: [] }
  const storage = options.storage === 'strict' ? strict : assumeStorage(inventory, manifests)
  const prepared = prepareCluster(storage.cluster, manifests, scenario)
  const isRolling = scenario.running === 'rolling'
  const demand = isRolling ? listRollingDemand(inventory, manifests) : manifests
  const objects = applyScenario(inventory, demand, scenario)
  const waiting = listWaiting(inventory, manifests)
  return {
    cluster: prepared,
    objects,
    waiting,
    assumed: storage.assumed,
    asked: countDemand(prepared, objects),
    simulate(some, cluster = prepared) {
      const simulation = createSimulation(cluster, some, { provisioning: options.provisioning ?? 'zone' })
      simulation.applyAll(waiting)
      simulation.applyAll(some)
      return simulation
    },
  }
}

/**
 * What placing the set once costs, in placements: a pod that has its place already, and a look at each workload as each
 * one is applied, cost a tenth of one.
 */
export const countCost = ({ asked, cluster, objects }: PreparedSet): number =>
  asked + Math.ceil((cluster.pods.length + objects.length ** 2) / 10)

function countDemand(cluster: Cluster, objects: readonly JsonRecord[]): number {
  let pods = 0
  for (const it of objects) {
    const workload = toWorkload(it)
    if (workload !== undefined)
      pods += workload.kind === 'DaemonSet' ? cluster.nodes.length : getReplicas(workload)
  }
  return pods
}
