/** The scheduling engine: places pods one by one as kube-scheduler would, and explains what does not fit. */

import type { Cluster } from '../cluster.ts'
import type { PodShape, SchedulerPod } from '../pod.ts'
import type { PreemptionCandidate } from '../preemption-order.ts'
import { copyStorage, type Storage } from '../storage.ts'
import {
  countReason,
  formatHistogram,
  formatPreFilterMessage,
  type Histogram,
  NO_NODES_MESSAGE,
  type NodeRejection,
  REASONS,
} from '../unschedulable-message.ts'
import { bindVolumes, decideVolumes, type PodVolumes, readPodVolumes } from '../volume-filters.ts'
import { type ClassPicker, createClassPicker } from './class-picker.ts'
import { findEviction, type Trial } from './eviction.ts'
import { buildImageIndex } from './image-index.ts'
import { type CheckContext, checkNode } from './node-check.ts'
import { type ScoreColumns, scoreNodes } from './node-scores.ts'
import { buildNodeTable, chargeNode, type NodeTable } from './node-table.ts'
import {
  buildPodClass,
  type ClassContext,
  internRejection,
  noticeOwnedTerms,
  type PodClass,
} from './pod-class.ts'
import { createTermIndex } from './term-index.ts'

/** Why a pod is where it is, or nowhere. */
export interface Explanation {
  /** The text of the pod's condition; undefined when some node takes it or an eviction would make room. */
  readonly message: string | undefined
  /** By index of the cluster's nodes; undefined where the pod fits. Empty when no node was tried. */
  readonly rejections: readonly (NodeRejection | undefined)[]
  readonly scores: ScoreColumns | undefined
  readonly eviction: PreemptionCandidate | undefined
}

export interface Scheduler {
  readonly cluster: Cluster
  readonly storage: Storage
  readonly table: NodeTable
  /** Puts the pod on the node kube-scheduler would choose (all nodes scored, ties to the smallest name). */
  schedule(pod: SchedulerPod): SchedulerPod | undefined
  /** Puts the pod on a node if that node takes it, as after an eviction there. */
  placeOn(pod: SchedulerPod, node: string): SchedulerPod | undefined
  /** Why the pod fits nowhere, or how the nodes that would take it score. */
  explain(pod: SchedulerPod): Explanation
  /** The filter that turns a node down for the pod. */
  checkNode(pod: SchedulerPod, node: string): NodeRejection | undefined
  /** Indices of the nodes that would take the pod as things stand. */
  listFeasible(pod: SchedulerPod): Int32Array
  /** Puts a pod on `pod.nodeName` without asking. */
  place(pod: SchedulerPod): void
  remove(pod: SchedulerPod): void
}

interface ClassEntry {
  readonly podClass: PodClass
  picker: ClassPicker | undefined
}

/** Nodes up to which a pod that names its nodes is tried on each instead of through a picker. */
const FEW_NODES = 8

export function createScheduler(cluster: Cluster, pods: Iterable<SchedulerPod> = cluster.pods): Scheduler {
  const table = buildNodeTable(cluster.nodes)
  const storage = copyStorage(cluster.storage)
  const terms = createTermIndex(table, cluster.namespaces)
  const claimUses = new Map<string, number>()
  const context: ClassContext & CheckContext = {
    cluster,
    table,
    terms,
    images: buildImageIndex(cluster),
    rejections: new Map(),
    storage,
    claimUses,
  }
  const classes = new Map<PodShape, ClassEntry>()

  const apply = (pod: SchedulerPod, node: number, by: number): void => {
    chargeNode(table, node, pod.shape, by)
    terms.apply(pod, node, by)
    for (const it of pod.shape.volumes) {
      if (it.kind === 'disk') continue
      const claim = `${pod.namespace}/${it.claim}`
      claimUses.set(claim, (claimUses.get(claim) ?? 0) + by)
    }
  }
  const place = (pod: SchedulerPod): void => {
    const node = table.indexOf.get(pod.nodeName)
    if (node === undefined) return
    table.podsOn[node]!.push(pod)
    apply(pod, node, 1)
  }
  const getClass = (shape: PodShape): ClassEntry => {
    let entry = classes.get(shape)
    if (entry === undefined) {
      entry = { podClass: buildPodClass(shape, context), picker: undefined }
      // A pod that names its nodes is mostly the only one of its shape.
      if (!entry.podClass.narrowed) classes.set(shape, entry)
    }
    if (noticeOwnedTerms(entry.podClass, terms)) entry.picker = undefined
    return entry
  }
  const readVolumes = (shape: PodShape): PodVolumes | undefined =>
    shape.volumes.length === 0 ? undefined : readPodVolumes(shape, storage)
  const findBest = (entry: ClassEntry, volumes: PodVolumes | undefined): number => {
    const { podClass } = entry
    if (volumes === undefined && podClass.candidates.length > FEW_NODES) {
      entry.picker ??= createClassPicker(table, podClass, cluster.version.balanceByChange)
      return entry.picker.pick()
    }
    const feasible = podClass.candidates.filter(it => checkNode(context, podClass, it, volumes) === undefined)
    if (feasible.length < 2) return feasible[0] ?? -1
    const { total } = scoreNodes(table, podClass, feasible, cluster.version)
    let best = 0
    for (let k = 1; k < total.length; k++) if (total[k]! > total[best]!) best = k
    return feasible[best]!
  }
  const trial: Trial = {
    nodeCount: cluster.nodes.length,
    budgets: cluster.budgets,
    nameOf: node => cluster.nodes[node]!.name,
    podsOn: node => table.podsOn[node]!,
    restore: (node, pods) => {
      table.podsOn[node] = [...pods]
    },
    apply: (pod, node, by) => {
      const on = table.podsOn[node]!
      table.podsOn[node] = by < 0 ? on.filter(it => it !== pod) : [...on, pod]
      apply(pod, node, by)
    },
    check: (podClass, node, volumes) => checkNode(context, podClass, node, volumes),
  }
  const explainNodes = (pod: SchedulerPod, volumes: PodVolumes | undefined): Explanation => {
    const { podClass } = getClass(pod.shape)
    const excluded = internRejection(context.rejections, 'NodeAffinity', [REASONS.excluded], false)
    const rejections: (NodeRejection | undefined)[] = new Array(cluster.nodes.length).fill(excluded)
    for (const it of podClass.candidates)
      rejections[it] = checkNamed(pod, it) ?? checkNode(context, podClass, it, volumes)
    const feasible = podClass.candidates.filter(it => rejections[it] === undefined)
    if (feasible.length > 0) {
      const scores = scoreNodes(table, podClass, feasible, cluster.version)
      return { message: undefined, rejections, scores, eviction: undefined }
    }
    const message = formatHistogram(cluster.nodes.length, countRejections(rejections))
    const logged = table.logged
    const eviction = findEviction(trial, podClass, volumes, rejections)
    // Everything was put back, so nobody needs to look again.
    table.logged = logged
    return {
      message:
        eviction.candidate === undefined
          ? `${message} ${cluster.version.postFilterPrefix}${eviction.message}`
          : message,
      rejections,
      scores: undefined,
      eviction: eviction.candidate,
    }
  }
  const checkNamed = (pod: SchedulerPod, node: number): NodeRejection | undefined => {
    if (pod.nodeName === '' || pod.nodeName === cluster.nodes[node]!.name) return undefined
    const fixed = getClass(pod.shape).podClass.fixed[node]
    if (fixed?.plugin === 'NodeUnschedulable') return fixed
    return internRejection(context.rejections, 'NodeName', [REASONS.nodeName], false)
  }
  const bind = (pod: SchedulerPod, node: number, volumes: PodVolumes | undefined): SchedulerPod => {
    const target = cluster.nodes[node]!
    if (volumes !== undefined) bindVolumes(decideVolumes(volumes, target, storage), target, storage)
    const placed = { ...pod, nodeName: target.name }
    table.podsOn[node]!.push(placed)
    apply(placed, node, 1)
    return placed
  }
  for (const it of pods) place(it)

  return {
    cluster,
    storage,
    table,
    place,
    schedule(pod) {
      if (pod.shape.gates.length > 0 || pod.nodeName !== '') return undefined
      const volumes = readVolumes(pod.shape)
      if (volumes?.rejection !== undefined) return undefined
      const entry = getClass(pod.shape)
      const node = findBest(entry, volumes)
      if (node < 0) return undefined
      return bind(pod, node, volumes)
    },
    placeOn(pod, name) {
      const node = table.indexOf.get(name)
      const volumes = readVolumes(pod.shape)
      if (node === undefined || volumes?.rejection !== undefined) return undefined
      const { podClass } = getClass(pod.shape)
      const possible =
        podClass.candidates.includes(node) && checkNode(context, podClass, node, volumes) === undefined
      return possible ? bind(pod, node, volumes) : undefined
    },
    explain(pod) {
      const nothing = { rejections: [], scores: undefined, eviction: undefined }
      if (pod.shape.gates.length > 0) {
        return { ...nothing, message: `waiting for scheduling gates: [${pod.shape.gates.join(' ')}]` }
      }
      const total = cluster.nodes.length
      if (total === 0) return { ...nothing, message: NO_NODES_MESSAGE }
      const volumes = readVolumes(pod.shape)
      const conflict = getClass(pod.shape).podClass.conflict
      const rejection = conflict ? REASONS.conflict : volumes?.rejection
      if (rejection === undefined) return explainNodes(pod, volumes)
      const helpless: Histogram = new Map([[REASONS.notHelpful, total]])
      const suffix = cluster.version.dynamicResources
        ? 'not found'
        : `preemption: ${formatHistogram(total, helpless)}`
      return { ...nothing, message: formatPreFilterMessage(total, rejection, suffix) }
    },
    listFeasible(pod) {
      const volumes = readVolumes(pod.shape)
      if (volumes?.rejection !== undefined || pod.shape.gates.length > 0) return new Int32Array()
      const { podClass } = getClass(pod.shape)
      return podClass.candidates.filter(it => checkNode(context, podClass, it, volumes) === undefined)
    },
    checkNode(pod, name) {
      const node = table.indexOf.get(name)
      if (node === undefined) return undefined
      return checkNode(context, getClass(pod.shape).podClass, node, readVolumes(pod.shape))
    },
    remove(pod) {
      const node = table.indexOf.get(pod.nodeName)
      if (node === undefined) return
      const on = table.podsOn[node]!
      const at = on.findIndex(it => it === pod || (it.namespace === pod.namespace && it.name === pod.name))
      if (at < 0) return
      apply(on[at]!, node, -1)
      on.splice(at, 1)
    },
  }
}

export function countRejections(rejections: readonly (NodeRejection | undefined)[]): Histogram {
  const histogram: Histogram = new Map()
  for (const it of rejections)
    if (it !== undefined) for (const reason of it.reasons) countReason(histogram, reason)
  return histogram
}
