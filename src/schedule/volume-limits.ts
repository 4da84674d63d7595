/** NodeVolumeLimits: which volumes a pod has attached to its node, and how many the node takes. */

import { findInTreeDisk, toCsiDriver } from './in-tree-volumes.ts'
import type { SchedulerNode } from './node.ts'
import type { PodShape } from './pod.ts'
import type { Storage } from './storage.ts'

/** The attachable volumes of a pod as `driver/handle`, by the node's drivers (`filterAttachableVolumes`). */
export function listAttachments(shape: PodShape, storage: Storage): ReadonlyMap<string, string> {
  const attachments = new Map<string, string>()
  for (const it of shape.volumes) {
    if (it.kind === 'disk') {
      const disk = findInTreeDisk(it.source)
      if (disk !== undefined) attachments.set(`${disk.driver}/${disk.handle}`, disk.driver)
      continue
    }
    const claim = storage.claims.get(`${shape.namespace}/${it.claim}`)
    if (claim === undefined) continue
    const volume = claim.volumeName === '' ? undefined : storage.volumes.get(claim.volumeName)
    if (volume !== undefined) {
      if (volume.disk !== undefined)
        attachments.set(`${volume.disk.driver}/${volume.disk.handle}`, volume.disk.driver)
      continue
    }
    const driver = toCsiDriver(storage.classes.get(claim.className)?.provisioner ?? '')
    if (driver !== '') attachments.set(`${driver}/${claim.namespace}/${claim.name}`, driver)
  }
  return attachments
}

/** The reason of nodes where more volumes cannot be attached. */
export const VOLUME_LIMIT_REASON = 'node(s) exceed max volume count'

export function formatMissingDriver(driver: string): string {
  return `${driver} CSI driver is not installed on the node`
}

/** NodeVolumeLimits of 1.37: a driver that the pod needs, that insists on being there, and that the node lacks. */
export function findMissingDriver(
  node: SchedulerNode,
  wanted: ReadonlyMap<string, string>,
  storage: Storage,
): string | undefined {
  if (storage.demandedDrivers.size === 0) return undefined
  const installed = storage.installedDrivers.get(node.name)
  for (const driver of wanted.values()) {
    if (storage.demandedDrivers.has(driver) && installed?.has(driver) !== true) return driver
  }
  return undefined
}

/**
 * NodeVolumeLimits: whether the pod's new volumes go over a driver's limit, given what other pods have attached.
 * A volume that is attached but that no pod on the node uses counts twice, as it does in `CSILimits.Filter`.
 */
export function exceedsVolumeLimit(
  node: SchedulerNode,
  wanted: ReadonlyMap<string, string>,
  attached: Iterable<ReadonlyMap<string, string>>,
  storage: Storage,
): boolean {
  const limits = storage.driverLimits.get(node.name)
  if (wanted.size === 0 || limits === undefined || limits.size === 0) return false
  const used = new Map<string, string>()
  for (const it of attached) for (const [handle, driver] of it) used.set(handle, driver)
  const counts = new Map<string, number>()
  const count = (driver: string): void => void counts.set(driver, (counts.get(driver) ?? 0) + 1)
  for (const driver of used.values()) count(driver)
  for (const [handle, driver] of storage.attachments.get(node.name) ?? [])
    if (!used.has(handle)) count(driver)
  const added = new Set<string>()
  for (const [handle, driver] of wanted) {
    if (used.has(handle)) continue
    count(driver)
    added.add(driver)
  }
  for (const driver of added) {
    const limit = limits.get(driver)
    if (limit !== undefined && counts.get(driver)! > limit) return true
  }
  return false
}
