/** The filters of one node for one class, on counted state; test/schedule/specification says the same without counting. */

import type { Cluster } from '../cluster.ts'
import type { HostPort, PodShape } from '../pod.ts'
import type { Storage } from '../storage.ts'
import { type NodeRejection, REASONS } from '../unschedulable-message.ts'
import {
  decideVolumes,
  hasDiskConflict,
  isZoneWrong,
  type PodVolumes,
  VOLUME_REASONS,
} from '../volume-filters.ts'
import {
  exceedsVolumeLimit,
  findMissingDriver,
  formatMissingDriver,
  listAttachments,
  VOLUME_LIMIT_REASON,
} from '../volume-limits.ts'
import type { DomainCounter } from './domain-counter.ts'
import { getCount } from './domain-counter.ts'
import type { NodeTable } from './node-table.ts'
import type { PodClass } from './pod-class.ts'
import { internRejection, type RejectionCache } from './static-part.ts'

/** What a check looks at besides the class. */
export interface CheckContext {
  readonly table: NodeTable
  readonly storage: Storage
  readonly rejections: RejectionCache
  /** How often each claim is named by placed pods. */
  readonly claimUses: ReadonlyMap<string, number>
  readonly trial: TrialCounts
  readonly cluster: Cluster
}

/** What counts in another way while pods are taken off a node on trial; undefined at all other times. */
export interface TrialCounts {
  /** Of ReadWriteOncePod claims. */
  uses: number | undefined
  /** By `ip protocol port`: a set, so that the first pod that leaves takes a port along, whoever else holds it. */
  ports: Map<string, HostPort> | undefined
}

/** `calPreFilterState` of VolumeRestrictions: claims in use, however many pods use each. */
export function countExclusive(claimUses: ReadonlyMap<string, number>, volumes: PodVolumes): number {
  let uses = 0
  for (const it of volumes.exclusive) if ((claimUses.get(it) ?? 0) > 0) uses++
  return uses
}

/** The first filter that turns the node down, or undefined when a pod of the class fits. */
export function checkNode(
  context: CheckContext,
  podClass: PodClass,
  node: number,
  volumes: PodVolumes | undefined,
): NodeRejection | undefined {
  const fixed = podClass.fixed[node]
  if (fixed !== undefined) return fixed
  const { shape } = podClass
  if (shape.ports.length > 0 && isAnyPortTaken(context, shape.ports, node)) {
    return internRejection(context.rejections, 'NodePorts', [REASONS.ports], true)
  }
  if (!hasRoom(context.table, podClass, node)) return explainResources(context, podClass, node)
  return (
    (volumes === undefined ? undefined : checkVolumes(context, { shape, volumes, node })) ??
    checkSpread(context, podClass, node) ??
    checkInterPod(context, podClass, node)
  )
}

function isAnyPortTaken(context: CheckContext, ports: readonly HostPort[], node: number): boolean {
  const held = context.trial.ports
  if (held === undefined) return hasPortConflict(context.table, ports, node)
  for (const used of held.values()) for (const it of ports) if (isPortTaken(used, it)) return true
  return false
}

export function hasPortConflict(table: NodeTable, ports: readonly HostPort[], node: number): boolean {
  for (const { shape } of table.podsOn[node]!) {
    if (shape.ports.length === 0) continue
    for (const used of shape.ports) for (const it of ports) if (isPortTaken(used, it)) return true
  }
  return false
}

function isPortTaken(used: HostPort, wanted: HostPort): boolean {
  if (used.port !== wanted.port || used.protocol !== wanted.protocol) return false
  return used.ip === wanted.ip || used.ip === '0.0.0.0' || wanted.ip === '0.0.0.0'
}

/** NodeResourcesFit as a yes or no. */
export function hasRoom(table: NodeTable, podClass: PodClass, node: number): boolean {
  const { cpu, memory, ephemeral } = podClass.shape.requests
  if (table.podCount[node]! + 1 > table.allowedPods[node]!) return false
  if (cpu > 0 && cpu > table.cpu[node]! - table.usedCpu[node]!) return false
  if (memory > 0 && memory > table.memory[node]! - table.usedMemory[node]!) return false
  if (ephemeral > 0 && ephemeral > table.ephemeral[node]! - table.usedEphemeral[node]!) return false
  for (const it of podClass.scalars) {
    if (it.amount > 0 && it.amount > it.column.allocatable[node]! - it.column.used[node]!) return false
  }
  return true
}

/** Which resources are short, as bits: whole clusters fail in the same few ways, so each way is worded once. */
function explainResources(context: CheckContext, podClass: PodClass, node: number): NodeRejection {
  const { table } = context
  const { cpu, memory, ephemeral } = podClass.shape.requests
  let short = table.podCount[node]! + 1 > table.allowedPods[node]! ? 1 : 0
  let beyond = 0
  const check = (bit: number, wanted: number, room: { all: number; used: number }): void => {
    if (wanted <= 0 || wanted <= room.all - room.used) return
    short |= bit
    if (wanted > room.all && context.cluster.version.hopelessShortages) beyond = 1
  }
  check(2, cpu, { all: table.cpu[node]!, used: table.usedCpu[node]! })
  check(4, memory, { all: table.memory[node]!, used: table.usedMemory[node]! })
  check(8, ephemeral, { all: table.ephemeral[node]!, used: table.usedEphemeral[node]! })
  podClass.scalars.slice(0, MAX_SCALARS).forEach((it, index) => {
    check(16 << index, it.amount, { all: it.column.allocatable[node]!, used: it.column.used[node]! })
  })
  const key = short * 2 + beyond
  let rejection = podClass.shortages.get(key)
  if (rejection === undefined) {
    const names = ['cpu', 'memory', 'ephemeral-storage', ...podClass.scalars.map(it => it.resource)]
    const reasons = names.filter((_, index) => (short & (2 << index)) !== 0).map(it => `Insufficient ${it}`)
    if ((short & 1) !== 0) reasons.unshift(REASONS.tooManyPods)
    rejection = internRejection(context.rejections, 'NodeResourcesFit', reasons, beyond === 0)
    podClass.shortages.set(key, rejection)
  }
  return rejection
}

/** Bits left for extended resources; a pod that asks for more of them has other problems. */
const MAX_SCALARS = 26

function checkVolumes(
  context: CheckContext,
  it: { shape: PodShape; volumes: PodVolumes; node: number },
): NodeRejection | undefined {
  const { shape, volumes, node } = it
  const { storage, table } = context
  const pods = table.podsOn[node]!
  const reject = (plugin: string, reasons: readonly string[], resolvable: boolean): NodeRejection =>
    internRejection(context.rejections, plugin, reasons, resolvable)
  if (volumes.disks.length > 0 && pods.some(other => hasDiskConflict(volumes.disks, other.shape))) {
    return reject('VolumeRestrictions', [VOLUME_REASONS.disk], true)
  }
  if ((context.trial.uses ?? countExclusive(context.claimUses, volumes)) > 0) {
    return reject('VolumeRestrictions', [VOLUME_REASONS.readWriteOncePod], true)
  }
  const target = table.nodes[node]!
  if (context.cluster.version.demandsDrivers) {
    const missing = findMissingDriver(target, listAttachments(shape, storage), storage)
    if (missing !== undefined) return reject('NodeVolumeLimits', [formatMissingDriver(missing)], true)
  }
  if (storage.driverLimits.has(target.name)) {
    const attached = pods
      .filter(other => other.shape.volumes.length > 0)
      .map(other => listAttachments(other.shape, storage))
    if (exceedsVolumeLimit(target, listAttachments(shape, storage), attached, storage)) {
      return reject('NodeVolumeLimits', [VOLUME_LIMIT_REASON], true)
    }
  }
  const { reasons } = decideVolumes(volumes, target, storage)
  if (reasons.length > 0) return reject('VolumeBinding', reasons, false)
  if (isZoneWrong(volumes, target, storage)) return reject('VolumeZone', [VOLUME_REASONS.zone], false)
  return undefined
}

function checkSpread(context: CheckContext, podClass: PodClass, node: number): NodeRejection | undefined {
  for (const { counter, constraint, self } of podClass.requiredSpread) {
    if (counter.topology.domainOf[node]! < 0) {
      return internRejection(context.rejections, 'PodTopologySpread', [REASONS.spreadLabel], false)
    }
    if (
      getCount(counter, node) + self - getSpreadMinimum(counter, constraint.minDomains) >
      constraint.maxSkew
    ) {
      return internRejection(context.rejections, 'PodTopologySpread', [REASONS.spread], true)
    }
  }
  return undefined
}

/** The smallest count of any domain, or 0 while there are fewer domains than asked for. */
export function getSpreadMinimum(counter: DomainCounter, minDomains: number): number {
  return counter.domains < minDomains ? 0 : counter.minimum
}

function checkInterPod(context: CheckContext, podClass: PodClass, node: number): NodeRejection | undefined {
  if (podClass.affinity.length > 0 && !isAffinityMet(podClass, node)) {
    return internRejection(context.rejections, 'InterPodAffinity', [REASONS.affinity], false)
  }
  for (const it of podClass.antiAffinity) {
    if (getCount(it, node) > 0) {
      return internRejection(context.rejections, 'InterPodAffinity', [REASONS.antiAffinity], true)
    }
  }
  for (const it of podClass.avoiders) {
    if (getCount(it, node) > 0) {
      return internRejection(context.rejections, 'InterPodAffinity', [REASONS.existingAntiAffinity], true)
    }
  }
  return undefined
}

function isAffinityMet(podClass: PodClass, node: number): boolean {
  let met = true
  let nobody = true
  for (const it of podClass.affinity) {
    if (it.topology.domainOf[node]! < 0) return false
    if (it.total > 0) nobody = false
    if (getCount(it, node) === 0) met = false
  }
  return met || (nobody && podClass.selfAffine)
}
