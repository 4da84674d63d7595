/** What the engine keeps: the node table, the counters, one class per shape, and the storage that placements bind. */

import type { Cluster } from '../cluster.ts'
import type { PodShape, SchedulerPod } from '../pod.ts'
import { copyStorage } from '../storage.ts'
import { bindVolumes, decideVolumes, type PodVolumes, readPodVolumes } from '../volume-filters.ts'
import { type ClassPicker, createClassPicker, pickNode } from './class-picker.ts'
import { buildImageIndex } from './image-index.ts'
import { type CheckContext, checkNode } from './node-check.ts'
import { createLayoutCache, type LayoutCache } from './node-layout.ts'
import { scoreNodes } from './node-scores.ts'
import { buildNodeTable, chargeNode } from './node-table.ts'
import { buildPodClass, type ClassContext, noticeOwnedTerms, type PodClass } from './pod-class.ts'
import { createTermIndex } from './term-index.ts'

interface ClassEntry {
  readonly podClass: PodClass
  picker: ClassPicker | undefined
}

export interface EngineState extends ClassContext, CheckContext {
  readonly claimUses: Map<string, number>
  readonly classes: Map<PodShape, ClassEntry>
  readonly layouts: LayoutCache
}

/** Classes kept at a time. */
const MAX_CLASSES = 2000

/** Nodes up to which a pod that names its nodes is tried on each instead of through a picker. */
const FEW_NODES = 8

export function createEngineState(cluster: Cluster): EngineState {
  const table = buildNodeTable(cluster.nodes)
  return {
    cluster,
    table,
    terms: createTermIndex(table, cluster.namespaces),
    images: buildImageIndex(cluster),
    rejections: new Map(),
    storage: copyStorage(cluster.storage),
    claimUses: new Map(),
    trial: { uses: undefined, ports: undefined },
    classes: new Map(),
    layouts: createLayoutCache(),
    statics: new Map(),
    masks: new Map(),
  }
}

/** Adds (1) or takes away (−1) everything a pod on a node counts for. */
export function applyPod(state: EngineState, pod: SchedulerPod, node: number, by: number): void {
  chargeNode(state.table, node, pod.shape, by)
  state.terms.apply(pod, node, by)
  for (const it of pod.shape.volumes) {
    if (it.kind !== 'claim') continue
    const claim = `${pod.namespace}/${it.claim}`
    state.claimUses.set(claim, (state.claimUses.get(claim) ?? 0) + by)
  }
}

/** Puts a pod on its node and counts it everywhere; nothing when there is no such node. */
export function placePod(state: EngineState, pod: SchedulerPod): void {
  const node = state.table.indexOf.get(pod.nodeName)
  if (node === undefined) return
  state.table.podsOn[node]!.push(pod)
  applyPod(state, pod, node, 1)
}

/** Takes a pod from its node and out of all counts. */
export function removePod(state: EngineState, pod: SchedulerPod): void {
  const node = state.table.indexOf.get(pod.nodeName)
  if (node === undefined) return
  const on = state.table.podsOn[node]!
  const at = on.findIndex(it => it === pod || (it.namespace === pod.namespace && it.name === pod.name))
  if (at < 0) return
  applyPod(state, on[at]!, node, -1)
  on.splice(at, 1)
}

/** Puts a pod on a node and its claims on volumes. */
export function bindPod(
  state: EngineState,
  pod: SchedulerPod,
  node: number,
  volumes: PodVolumes | undefined,
): SchedulerPod {
  const target = state.cluster.nodes[node]!
  if (volumes !== undefined) bindVolumes(decideVolumes(volumes, target, state.storage), target, state.storage)
  const placed = { ...pod, nodeName: target.name }
  state.table.podsOn[node]!.push(placed)
  applyPod(state, placed, node, 1)
  return placed
}

/** The class of all pods of a shape, made when the first of them comes. */
export function getClass(state: EngineState, shape: PodShape): ClassEntry {
  let entry = state.classes.get(shape)
  if (entry === undefined) {
    entry = { podClass: buildPodClass(shape, state), picker: undefined }
    // A pod that names its nodes is mostly the only one of its shape.
    if (!entry.podClass.narrowed) {
      // Pods of a StatefulSet differ by their names in labels, so there can be as many classes as pods.
      if (state.classes.size >= MAX_CLASSES) state.classes.clear()
      state.classes.set(shape, entry)
    }
  }
  if (noticeOwnedTerms(entry.podClass, state.terms)) entry.picker = undefined
  return entry
}

export function readVolumes(state: EngineState, shape: PodShape): PodVolumes | undefined {
  return shape.volumes.length === 0 ? undefined : readPodVolumes(shape, state.storage)
}

/** The node kube-scheduler would choose when it scores all nodes and ties go to the smallest name; −1 for none. */
export function findBestNode(state: EngineState, shape: PodShape, volumes: PodVolumes | undefined): number {
  const entry = getClass(state, shape)
  const { podClass } = entry
  const { cluster, table } = state
  if (volumes === undefined && podClass.candidates.length > FEW_NODES) {
    if (entry.picker?.worn === true) entry.picker = undefined
    const { layouts } = state
    entry.picker ??= createClassPicker(
      { table, layouts, byChange: cluster.version.balanceByChange },
      podClass,
    )
    return pickNode(entry.picker)
  }
  const feasible = podClass.candidates.filter(it => checkNode(state, podClass, it, volumes) === undefined)
  if (feasible.length < 2) return feasible[0] ?? -1
  const { total } = scoreNodes(state, podClass, feasible, volumes)
  let best = 0
  for (let k = 1; k < total.length; k++) if (total[k]! > total[best]!) best = k
  return feasible[best]!
}
