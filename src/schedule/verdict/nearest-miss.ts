/** The node that comes closest to taking a pod, and what it lacks. */

import { matchesRequirement } from '../../kube/values/label-selector.ts'
import type { Scheduler } from '../engine/scheduler.ts'
import type { SchedulerPod } from '../pod.ts'
import { formatCounted } from '../resource-amount.ts'
import { findUntolerated } from '../taints.ts'
import type { NodeRejection } from '../unschedulable-message.ts'

export interface NearestMiss {
  readonly node: string
  /** What stands in the way there: `short by 350m cpu`. */
  readonly detail: string
}

/** How far a node is from taking the pod; the less the nearer. */
interface Candidate extends NearestMiss {
  readonly distance: number
}

/** Distances of misses that are no matter of amounts. */
const DISTANCE: Readonly<Record<string, number>> = {
  NodePorts: 2,
  PodTopologySpread: 3,
  InterPodAffinity: 3,
  TaintToleration: 4,
  NodeAffinity: 5,
  NodeVolumeLimits: 6,
  VolumeBinding: 7,
  VolumeZone: 7,
  VolumeRestrictions: 7,
  NodeUnschedulable: 8,
  NodeName: 9,
}

export function findNearestMiss(scheduler: Scheduler, pod: SchedulerPod): NearestMiss | undefined {
  const { rejections } = scheduler.explain(pod)
  let best: Candidate | undefined
  rejections.forEach((it, node) => {
    if (it === undefined) return
    const candidate = describeMiss(scheduler, pod, { rejection: it, node })
    if (best === undefined || candidate.distance < best.distance) best = candidate
  })
  return best === undefined ? undefined : { node: best.node, detail: best.detail }
}

/** What stands in the way on one node. */
export function describeMiss(
  scheduler: Scheduler,
  pod: SchedulerPod,
  it: { rejection: NodeRejection; node: number },
): Candidate {
  const node = scheduler.cluster.nodes[it.node]!
  const { plugin, reasons } = it.rejection
  if (plugin === 'NodeResourcesFit') {
    const shortages = listShortages(scheduler, pod, it.node)
    const detail = shortages.map(short => `short by ${short.text}`).join(', ') || reasons.join(', ')
    const distance = Math.max(0, ...shortages.map(short => Math.min(1, short.share)))
    return { node: node.name, detail, distance: shortages.length === 0 ? 1 : distance }
  }
  const distance = DISTANCE[plugin] ?? 10
  if (plugin === 'TaintToleration') {
    const taint = findUntolerated(node.taints, pod.shape.tolerations)
    const text =
      taint === undefined ? '' : `${taint.key}${taint.value === '' ? '' : `=${taint.value}`}:${taint.effect}`
    return { node: node.name, detail: `taint ${text} is not tolerated`, distance }
  }
  if (plugin === 'NodeAffinity') {
    const missing = pod.shape.nodeSelector.find(requirement => !matchesRequirement(requirement, node.labels))
    const has = missing === undefined ? undefined : node.labels.get(missing.key)
    const detail =
      missing === undefined
        ? 'no term of the required node affinity matches'
        : `nodeSelector wants ${missing.key}=${missing.values[0]}, the node has ${has === undefined ? 'no such label' : `"${has}"`}`
    return { node: node.name, detail, distance }
  }
  return { node: node.name, detail: reasons.join(', '), distance }
}

export interface Shortage {
  readonly resource: string
  readonly missing: number
  readonly text: string
  /** Share of the request that is missing. */
  readonly share: number
}

/** What the node lacks of each resource that the pod asks for. */
export function listShortages(scheduler: Scheduler, pod: SchedulerPod, node: number): readonly Shortage[] {
  const { table } = scheduler
  const { requests } = pod.shape
  const shortages: Shortage[] = []
  const check = (resource: string, wanted: number, free: number): void => {
    if (wanted <= 0 || wanted <= free) return
    const missing = wanted - Math.max(0, free)
    shortages.push({
      resource,
      missing,
      text: `${formatCounted(resource, missing)} ${resource}`,
      share: missing / wanted,
    })
  }
  check('cpu', requests.cpu, table.cpu[node]! - table.usedCpu[node]!)
  check('memory', requests.memory, table.memory[node]! - table.usedMemory[node]!)
  check('ephemeral-storage', requests.ephemeral, table.ephemeral[node]! - table.usedEphemeral[node]!)
  for (const [resource, wanted] of requests.scalars) {
    const column = table.scalars.get(resource)
    check(resource, wanted, column === undefined ? 0 : column.allocatable[node]! - column.used[node]!)
  }
  if (table.podCount[node]! + 1 > table.allowedPods[node]!) {
    shortages.push({ resource: 'pods', missing: 1, text: '1 pod slot', share: 1 })
  }
  return shortages
}
