/** The scheduling engine: places pods one by one as kube-scheduler would, and explains what does not fit. */

import type { Cluster } from '../cluster.ts'
import type { SchedulerPod } from '../pod.ts'
import type { Storage } from '../storage.ts'
import type { PodVolumes } from '../volume-filters.ts'
import {
  bindPod,
  createEngineState,
  type EngineState,
  findBestNode,
  getClass,
  placePod,
  readVolumes,
  removePod,
} from './engine-state.ts'
import { type Explanation, explainPod } from './explain.ts'
import { checkNode } from './node-check.ts'
import type { NodeTable } from './node-table.ts'

export interface Scheduler {
  readonly cluster: Cluster
  /** The cluster's storage with what placements have bound since. */
  readonly storage: Storage
  readonly table: NodeTable
  /**
   * Puts the pod on the node kube-scheduler would choose: the one it is nominated for if that takes it, else the best
   * of all (kube-scheduler scores a sample of more than 100 nodes, and leaves ties to chance; here they go to the
   * smallest name).
   */
  schedule(pod: SchedulerPod): SchedulerPod | undefined
  /** Puts the pod on a node if that node takes it, as after an eviction there. */
  placeOn(pod: SchedulerPod, node: string): SchedulerPod | undefined
  /** Why the pod fits nowhere, or how the nodes that would take it score. */
  explain(pod: SchedulerPod): Explanation
  /** Indices of the nodes that would take the pod as things stand. */
  listFeasible(pod: SchedulerPod): Int32Array
  /** Puts a pod on `pod.nodeName` without asking. */
  place(pod: SchedulerPod): void
  remove(pod: SchedulerPod): void
}

export function createScheduler(cluster: Cluster, pods: Iterable<SchedulerPod> = cluster.pods): Scheduler {
  const state = createEngineState(cluster)
  for (const it of pods) placePod(state, it)
  return {
    cluster,
    storage: state.storage,
    table: state.table,
    place: pod => placePod(state, pod),
    remove: pod => removePod(state, pod),
    explain: pod => explainPod(state, pod),
    schedule(pod) {
      if (pod.shape.gates.length > 0 || pod.nodeName !== '') return undefined
      const volumes = readVolumes(state, pod.shape)
      if (volumes?.rejection !== undefined) return undefined
      const node = findNominated(state, pod, volumes) ?? findBestNode(state, pod.shape, volumes)
      return node < 0 ? undefined : bindPod(state, pod, node, volumes)
    },
    placeOn(pod, name) {
      const volumes = readVolumes(state, pod.shape)
      if (volumes?.rejection !== undefined) return undefined
      const node = findNominated(state, { ...pod, nominatedNode: name }, volumes)
      return node === undefined ? undefined : bindPod(state, pod, node, volumes)
    },
    listFeasible(pod) {
      const volumes = readVolumes(state, pod.shape)
      if (volumes?.rejection !== undefined || pod.shape.gates.length > 0) return new Int32Array()
      const { podClass } = getClass(state, pod.shape)
      return podClass.candidates.filter(it => checkNode(state, podClass, it, volumes) === undefined)
    },
  }
}

/** `evaluateNominatedNode`: the node that was emptied for the pod is tried before all others. */
function findNominated(
  state: EngineState,
  pod: SchedulerPod,
  volumes: PodVolumes | undefined,
): number | undefined {
  const node = pod.nominatedNode === '' ? undefined : state.table.indexOf.get(pod.nominatedNode)
  if (node === undefined) return undefined
  const { podClass } = getClass(state, pod.shape)
  if (!podClass.candidates.includes(node)) return undefined
  return checkNode(state, podClass, node, volumes) === undefined ? node : undefined
}
