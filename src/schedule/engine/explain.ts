/** Why a pod fits nowhere, in kube-scheduler's words, or how the nodes that would take it score. */

import type { SchedulerPod } from '../pod.ts'
import type { ChosenCandidate } from '../preemption-order.ts'
import {
  countReason,
  formatHistogram,
  formatPreFilterMessage,
  type Histogram,
  NO_NODES_MESSAGE,
  type NodeRejection,
  REASONS,
} from '../unschedulable-message.ts'
import type { PodVolumes } from '../volume-filters.ts'
import { applyPod, type EngineState, getClass, readVolumes } from './engine-state.ts'
import { findEviction, type Trial } from './eviction.ts'
import { checkNode, countExclusive } from './node-check.ts'
import { type ScoreColumns, scoreNodes } from './node-scores.ts'
import { internRejection } from './static-part.ts'

export interface Explanation {
  /**
   * The text of the pod's condition; undefined when some node takes it. When an eviction would make room the text
   * ends after the reasons.
   */
  readonly message: string | undefined
  /** By index of the cluster's nodes; undefined where the pod fits. Empty when no node was tried. */
  readonly rejections: readonly (NodeRejection | undefined)[]
  readonly scores: ScoreColumns | undefined
  readonly eviction: ChosenCandidate | undefined
}

export function explainPod(state: EngineState, pod: SchedulerPod): Explanation {
  const { nodes, version } = state.cluster
  const nothing = { rejections: [], scores: undefined, eviction: undefined }
  if (pod.shape.gates.length > 0) {
    return { ...nothing, message: `waiting for scheduling gates: [${pod.shape.gates.join(' ')}]` }
  }
  if (nodes.length === 0) return { ...nothing, message: NO_NODES_MESSAGE }
  const volumes = readVolumes(state, pod.shape)
  const { conflict } = getClass(state, pod.shape).podClass
  const rejection = conflict ? REASONS.conflict : volumes?.rejection
  if (rejection === undefined) return explainNodes(state, pod, volumes)
  const helpless: Histogram = new Map([[REASONS.notHelpful, nodes.length]])
  // The DynamicResources plugin cannot find the state it would have written, and says no more than that.
  const postFilter = version.dynamicResources
    ? 'not found'
    : `preemption: ${formatHistogram(nodes.length, helpless)}`
  return { ...nothing, message: formatPreFilterMessage(nodes.length, rejection, postFilter) }
}

function explainNodes(state: EngineState, pod: SchedulerPod, volumes: PodVolumes | undefined): Explanation {
  const { cluster, table } = state
  const { podClass } = getClass(state, pod.shape)
  const excluded = internRejection(state.rejections, 'NodeAffinity', [REASONS.excluded], false)
  const rejections: (NodeRejection | undefined)[] = new Array(cluster.nodes.length).fill(excluded)
  for (const it of podClass.candidates) {
    rejections[it] = checkNamed(state, pod, it) ?? checkNode(state, podClass, it, volumes)
  }
  const feasible = podClass.candidates.filter(it => rejections[it] === undefined)
  if (feasible.length > 0) {
    const scores = scoreNodes(state, podClass, feasible, volumes)
    return { message: undefined, rejections, scores, eviction: undefined }
  }
  const message = formatHistogram(cluster.nodes.length, countRejections(rejections))
  const logged = table.logged
  const { candidate, message: tail } = findEviction(createTrial(state), {
    pod,
    podClass,
    volumes,
    rejections,
  })
  // Everything was put back, so nobody needs to look again.
  table.logged = logged
  return {
    message: candidate === undefined ? `${message} ${cluster.version.postFilterPrefix}${tail}` : message,
    rejections,
    scores: undefined,
    eviction: candidate,
  }
}

/** NodeName, which comes after NodeUnschedulable and before everything else. */
function checkNamed(state: EngineState, pod: SchedulerPod, node: number): NodeRejection | undefined {
  if (pod.nodeName === '' || pod.nodeName === state.cluster.nodes[node]!.name) return undefined
  const fixed = getClass(state, pod.shape).podClass.fixed[node]
  if (fixed?.plugin === 'NodeUnschedulable') return fixed
  return internRejection(state.rejections, 'NodeName', [REASONS.nodeName], false)
}

function createTrial(state: EngineState): Trial {
  const { cluster, table } = state
  return {
    nodeCount: cluster.nodes.length,
    budgets: cluster.budgets,
    nameOf: node => cluster.nodes[node]!.name,
    indexOf: name => table.indexOf.get(name) ?? -1,
    podsOn: node => table.podsOn[node]!,
    counts: state.trial,
    countExclusive: volumes => countExclusive(state.claimUses, volumes),
    restore: (node, pods) => {
      table.podsOn[node] = [...pods]
    },
    apply: (pod, node, by) => {
      const on = table.podsOn[node]!
      table.podsOn[node] = by < 0 ? on.filter(it => it !== pod) : [...on, pod]
      applyPod(state, pod, node, by)
    },
    check: (podClass, node, volumes) => checkNode(state, podClass, node, volumes),
  }
}

/** How many nodes gave each reason. */
export function countRejections(rejections: readonly (NodeRejection | undefined)[]): Histogram {
  const histogram: Histogram = new Map()
  for (const it of rejections)
    if (it !== undefined) for (const reason of it.reasons) countReason(histogram, reason)
  return histogram
}
