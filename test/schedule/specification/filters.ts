/** The filters of the default profile, one node at a time, in the profile's order. */

import type { SchedulerNode } from '../../../src/schedule/node.ts'
import type { HostPort } from '../../../src/schedule/pod.ts'
import type { CountedRequests } from '../../../src/schedule/pod-requests.ts'
import { findUntolerated, isTolerated, UNSCHEDULABLE_TAINT } from '../../../src/schedule/taints.ts'
import { type NodeRejection, REASONS } from '../../../src/schedule/unschedulable-message.ts'
import {
  countExclusiveUses,
  decideVolumes,
  hasDiskConflict,
  isZoneWrong,
  type PodVolumes,
  VOLUME_REASONS,
} from '../../../src/schedule/volume-filters.ts'
import {
  exceedsVolumeLimit,
  findMissingDriver,
  formatMissingDriver,
  listAttachments,
  VOLUME_LIMIT_REASON,
} from '../../../src/schedule/volume-limits.ts'
import { checkInterPod } from './inter-pod.ts'
import { checkSpread } from './spread.ts'
import { isNodeSelected, listPodsOn, type View } from './view.ts'

/** The first filter that turns the node down, or undefined when the pod fits. */
export function checkNode(view: View, node: SchedulerNode, volumes: PodVolumes): NodeRejection | undefined {
  return (
    checkStatic(view, node) ??
    checkPorts(view, node) ??
    checkResources(view, node) ??
    checkVolumes(view, node, volumes) ??
    checkSpread(view, node) ??
    checkInterPod(view, node)
  )
}

function checkStatic(view: View, node: SchedulerNode): NodeRejection | undefined {
  const { shape, nodeName } = view.pod
  const reject = (plugin: string, reason: string): NodeRejection => ({
    plugin,
    reasons: [reason],
    resolvable: false,
  })
  if (node.unschedulable && !isTolerated(UNSCHEDULABLE_TAINT, shape.tolerations)) {
    return reject('NodeUnschedulable', REASONS.unschedulable)
  }
  if (nodeName !== '' && nodeName !== node.name) return reject('NodeName', REASONS.nodeName)
  const taint = findUntolerated(node.taints, shape.tolerations)
  if (taint !== undefined) return reject('TaintToleration', view.cluster.version.formatTaint(taint))
  if (!isNodeSelected(shape, node)) return reject('NodeAffinity', REASONS.nodeAffinity)
  return undefined
}

function checkPorts(view: View, node: SchedulerNode): NodeRejection | undefined {
  const used = view.portsOnTrial ?? listPodsOn(view, node).flatMap(it => it.shape.ports)
  for (const port of view.pod.shape.ports) {
    if (used.some(it => isPortTaken(it, port))) {
      return { plugin: 'NodePorts', reasons: [REASONS.ports], resolvable: true }
    }
  }
  return undefined
}

/** 0.0.0.0 stands for every address; `::` is an address like any other. */
function isPortTaken(used: HostPort, wanted: HostPort): boolean {
  if (used.port !== wanted.port || used.protocol !== wanted.protocol) return false
  return used.ip === wanted.ip || used.ip === '0.0.0.0' || wanted.ip === '0.0.0.0'
}

function checkResources(view: View, node: SchedulerNode): NodeRejection | undefined {
  const pods = listPodsOn(view, node)
  const reasons: string[] = []
  let resolvable = true
  if (pods.length + 1 > (node.allocatable.get('pods') ?? 0)) reasons.push(REASONS.tooManyPods)
  for (const [resource, wanted] of listRequests(view.pod.shape.requests)) {
    if (wanted <= 0) continue
    const allocatable = node.allocatable.get(resource) ?? 0
    let used = 0
    for (const it of pods) used += getRequest(it.shape.requests, resource)
    if (wanted <= allocatable - used) continue
    reasons.push(`Insufficient ${resource}`)
    if (wanted > allocatable && view.cluster.version.hopelessShortages) resolvable = false
  }
  return reasons.length === 0 ? undefined : { plugin: 'NodeResourcesFit', reasons, resolvable }
}

function listRequests(requests: CountedRequests): [string, number][] {
  return [
    ['cpu', requests.cpu],
    ['memory', requests.memory],
    ['ephemeral-storage', requests.ephemeral],
    ...requests.scalars,
  ]
}

function getRequest(requests: CountedRequests, resource: string): number {
  if (resource === 'cpu') return requests.cpu
  if (resource === 'memory') return requests.memory
  if (resource === 'ephemeral-storage') return requests.ephemeral
  return requests.scalars.get(resource) ?? 0
}

function checkVolumes(view: View, node: SchedulerNode, volumes: PodVolumes): NodeRejection | undefined {
  const { shape } = view.pod
  if (shape.volumes.length === 0) return undefined
  const pods = listPodsOn(view, node)
  const { storage } = view
  const reject = (plugin: string, reasons: readonly string[], resolvable: boolean): NodeRejection => {
    return { plugin, reasons, resolvable }
  }
  if (pods.some(it => hasDiskConflict(volumes.disks, it.shape))) {
    return reject('VolumeRestrictions', [VOLUME_REASONS.disk], true)
  }
  if (countExclusive(view, volumes.exclusive) > 0) {
    return reject('VolumeRestrictions', [VOLUME_REASONS.readWriteOncePod], true)
  }
  const missing = findMissingDriver(node, listAttachments(shape, storage), storage)
  if (view.cluster.version.demandsDrivers && missing !== undefined) {
    return reject('NodeVolumeLimits', [formatMissingDriver(missing)], true)
  }
  const attached = pods.map(it => listAttachments(it.shape, storage))
  if (exceedsVolumeLimit(node, listAttachments(shape, storage), attached, storage)) {
    return reject('NodeVolumeLimits', [VOLUME_LIMIT_REASON], true)
  }
  const { reasons } = decideVolumes(volumes, node, storage)
  if (reasons.length > 0) return reject('VolumeBinding', reasons, false)
  if (isZoneWrong(volumes, node, storage)) return reject('VolumeZone', [VOLUME_REASONS.zone], false)
  return undefined
}

/** Exclusive claims that were in use before anybody was taken away on trial, less one for each use taken away. */
function countExclusive(view: View, exclusive: readonly string[]): number {
  const before = [...[...view.running.values()].flat(), ...view.removed]
  const used = new Set(
    before.flatMap(({ namespace, shape }) =>
      shape.volumes.flatMap(it => (it.kind === 'claim' ? [`${namespace}/${it.claim}`] : [])),
    ),
  )
  let uses = exclusive.filter(it => used.has(it)).length
  for (const it of view.removed) uses -= countExclusiveUses(exclusive, it.shape)
  return uses
}
