/** What kube-scheduler does with one pod, plugin by plugin and node by node, with nothing clever: the engine is held against it. */

import { narrowNodes } from '../../../src/schedule/node-narrowing.ts'
import type { ChosenCandidate } from '../../../src/schedule/preemption-order.ts'
import {
  compareText,
  countReason,
  formatHistogram,
  formatPreFilterMessage,
  type Histogram,
  NO_NODES_MESSAGE,
  type NodeRejection,
  REASONS,
} from '../../../src/schedule/unschedulable-message.ts'
import { readPodVolumes } from '../../../src/schedule/volume-filters.ts'
import { checkNode } from './filters.ts'
import { preempt } from './preemption.ts'
import { type NodeScores, scoreNodes } from './scores.ts'
import type { View } from './view.ts'

export interface PodCheck {
  /** The node that takes the pod: the nominated one if it can, else the best; among equals the smallest name. */
  readonly node: string | undefined
  /** What the pod's condition would say; undefined when it is placed or waits for an eviction. */
  readonly message: string | undefined
  readonly rejections: ReadonlyMap<string, NodeRejection>
  readonly scores: ReadonlyMap<string, NodeScores>
  readonly preemption: ChosenCandidate | undefined
}

const NO_SCORES: ReadonlyMap<string, NodeScores> = new Map()

export function checkPod(view: View): PodCheck {
  const { cluster, pod } = view
  const none = { node: undefined, rejections: new Map(), scores: NO_SCORES, preemption: undefined }
  if (pod.shape.gates.length > 0) {
    return { ...none, message: `waiting for scheduling gates: [${pod.shape.gates.join(' ')}]` }
  }
  const total = cluster.nodes.length
  if (total === 0) return { ...none, message: NO_NODES_MESSAGE }
  const narrowed = narrowNodes(pod.shape)
  const volumes = readPodVolumes(pod.shape, view.storage)
  const rejection = narrowed === 'conflict' ? REASONS.conflict : volumes.rejection
  if (rejection !== undefined) {
    const helpless: Histogram = new Map([[REASONS.notHelpful, total]])
    const postFilter = cluster.version.dynamicResources
      ? 'not found'
      : `preemption: ${formatHistogram(total, helpless)}`
    return { ...none, message: formatPreFilterMessage(total, rejection, postFilter) }
  }
  const rejections = new Map<string, NodeRejection>()
  for (const node of cluster.nodes) {
    const outside = narrowed !== undefined && narrowed !== 'conflict' && !narrowed.has(node.name)
    const found = outside
      ? { plugin: 'NodeAffinity', reasons: [REASONS.excluded], resolvable: false }
      : checkNode(view, node, volumes)
    if (found !== undefined) rejections.set(node.name, found)
  }
  const feasible = cluster.nodes.filter(it => !rejections.has(it.name))
  if (feasible.length > 0) {
    const scores = scoreNodes(view, feasible, volumes)
    const nominated = feasible.find(it => it.name === pod.nominatedNode)
    return { ...none, node: nominated?.name ?? pickNode(scores), message: undefined, rejections, scores }
  }
  const preemption = preempt(view, volumes, rejections)
  const histogram: Histogram = new Map()
  for (const it of rejections.values()) for (const reason of it.reasons) countReason(histogram, reason)
  const message = `${formatHistogram(total, histogram)} ${cluster.version.postFilterPrefix}${preemption.message}`
  const evicting = preemption.candidate !== undefined
  return {
    ...none,
    message: evicting ? formatHistogram(total, histogram) : message,
    rejections,
    preemption: preemption.candidate,
  }
}

function pickNode(scores: ReadonlyMap<string, NodeScores>): string {
  let best = ''
  let top = Number.NEGATIVE_INFINITY
  for (const [name, it] of scores) {
    const total = it.get('total')!
    if (total > top || (total === top && compareText(name, best) < 0)) {
      best = name
      top = total
    }
  }
  return best
}
