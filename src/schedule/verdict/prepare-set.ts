/** Manifests and a cluster made ready for each other: storage assumed, replicas scaled, old pods out of the way. */

import type { Cluster } from '../cluster.ts'
import type { JsonRecord } from '../json-fields.ts'
import { applyObjects } from '../workload/apply-objects.ts'
import type { Provisioning } from '../workload/claims.ts'
import { createSimulation, type Simulation } from '../workload/simulation.ts'
import { getReplicas, toWorkload } from '../workload/workload.ts'
import { assumeStorage } from './assumed-storage.ts'
import {
  applyScenario,
  DECLARED,
  listWaiting,
  mapAutoscalers,
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
  /** Edits are tried for workloads that are short, unless the verdict alone is asked for. */
  readonly advice?: 'none'
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
  /** Of these, what the scenario asks for on top of the steady state. */
  readonly more: number
  /** Workloads whose replicas an autoscaler sets. */
  readonly scaled: ReadonlySet<string>
  /** Applies objects, those of the set or changed ones, to this cluster or a changed one. */
  simulate(objects: readonly JsonRecord[], cluster?: Cluster): Simulation
}

export function prepareSet(
  inventory: Cluster,
  manifests: readonly JsonRecord[],
  options: FitOptions,
): PreparedSet {
  const scenario = options.scenario ?? DECLARED
  const applied = applyObjects(inventory, manifests)
  const strict = { cluster: applied, assumed: [] }
  const storage = options.storage === 'strict' ? strict : assumeStorage(applied, manifests)
  const prepared = prepareCluster(storage.cluster, manifests, scenario)
  const objects = applyScenario(inventory, manifests, scenario)
  // What comes on top finds the steady state in its place.
  const isSteady = scenario.phase === 'steady' && scenario.scale === 'declared'
  const steady = isSteady
    ? objects
    : applyScenario(inventory, manifests, { ...DECLARED, running: scenario.running })
  const unchanged = new Set(steady)
  const asked = countDemand(prepared, objects)
  const waiting = listWaiting(inventory, manifests)
  return {
    cluster: prepared,
    objects,
    waiting,
    assumed: storage.assumed,
    asked,
    more: asked - countDemand(prepared, steady),
    scaled: new Set(mapAutoscalers(inventory, manifests).keys()),
    simulate(some, cluster = prepared) {
      const simulation = createSimulation(cluster, some, { provisioning: options.provisioning ?? 'zone' })
      simulation.applyAll(waiting)
      const isRaised = !isSteady && some === objects
      if (isRaised) simulation.applyAll(steady)
      simulation.applyAll(isRaised ? some.filter(it => !unchanged.has(it)) : some)
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
