/** VolumeRestrictions, VolumeBinding and VolumeZone: what storage says about a pod and a node. */

import { type JsonRecord, readRecord, readString, readStrings } from './json-fields.ts'
import type { SchedulerNode } from './node.ts'
import type { PodShape } from './pod.ts'
import { isGreaterAmount, toUnits } from './resource-amount.ts'
import { isNodeTermMet, isSelected, type NodeTerm } from './selector.ts'
import {
  type Claim,
  isReservedFor,
  type Storage,
  type StorageCapacity,
  type StorageClass,
  type Volume,
} from './storage.ts'

export const VOLUME_REASONS = {
  disk: 'node(s) had no available disk',
  readWriteOncePod:
    'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
  nodeAffinity: "node(s) didn't match PersistentVolume's node affinity",
  bind: "node(s) didn't find available persistent volumes to bind",
  space: 'node(s) did not have enough free storage',
  missingVolume: 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)',
  zone: 'node(s) had no available volume zone',
} as const

/** What PreFilter finds once per pod. */
export interface PodVolumes {
  /** Why no node can take the pod, in the scheduler's words. */
  readonly rejection: string | undefined
  readonly bound: readonly Claim[]
  /** Claims that wait for their first consumer. */
  readonly delayed: readonly Claim[]
  /** Bound claims that the pod names itself, to which VolumeZone keeps. */
  readonly zonal: readonly Claim[]
  /** ReadWriteOncePod claims, as `namespace/name`. */
  readonly exclusive: readonly string[]
  readonly disks: readonly JsonRecord[]
}

const NO_VOLUMES: PodVolumes = {
  rejection: undefined,
  bound: [],
  delayed: [],
  zonal: [],
  exclusive: [],
  disks: [],
}

/** PreFilter of the volume plugins, in the profile's order. */
export function readPodVolumes(shape: PodShape, storage: Storage): PodVolumes {
  if (shape.volumes.length === 0) return NO_VOLUMES
  const rejection = findMissingClaim(shape, storage) ?? findUnusableClaim(shape, storage)
  const disks = shape.volumes.filter(it => it.kind === 'disk').map(it => it.source)
  if (rejection !== undefined) return { ...NO_VOLUMES, rejection, disks }
  const bound: Claim[] = []
  const delayed: Claim[] = []
  for (const claim of listClaims(shape, storage)) {
    if (claim.volumeName !== '' && claim.bindCompleted) bound.push(claim)
    else if (claim.volumeName === '' && isDelayed(claim, storage)) delayed.push(claim)
    else return { ...NO_VOLUMES, rejection: 'pod has unbound immediate PersistentVolumeClaims', disks }
  }
  const named = new Set(
    shape.volumes.flatMap(it => (it.kind === 'claim' ? [`${shape.namespace}/${it.claim}`] : [])),
  )
  const exclusive = [...named].filter(
    it => storage.claims.get(it)?.accessModes.includes('ReadWriteOncePod') === true,
  )
  const zonal = bound.filter(it => named.has(`${it.namespace}/${it.name}`))
  return { rejection: findZoneRejection(shape, storage), bound, delayed, zonal, exclusive, disks }
}

/**
 * `conflictingPVCRefCountForPod`: how many volumes of a pod name one of the exclusive claims, which are given as
 * `namespace/name`. It is not asked which namespace the pod is of.
 */
export function countExclusiveUses(exclusive: readonly string[], { volumes }: PodShape): number {
  if (exclusive.length === 0) return 0
  const names = exclusive.map(it => it.slice(it.indexOf('/') + 1))
  let uses = 0
  for (const it of volumes) if (it.kind === 'claim' && names.includes(it.claim)) uses++
  return uses
}

function listClaims(shape: PodShape, storage: Storage): Claim[] {
  const claims: Claim[] = []
  for (const it of shape.volumes) {
    const claim = it.kind === 'disk' ? undefined : storage.claims.get(`${shape.namespace}/${it.claim}`)
    if (claim !== undefined) claims.push(claim)
  }
  return claims
}

/** VolumeRestrictions looks first, and only at named claims. */
function findMissingClaim(shape: PodShape, storage: Storage): string | undefined {
  for (const it of shape.volumes) {
    if (it.kind === 'claim' && !storage.claims.has(`${shape.namespace}/${it.claim}`)) {
      return `persistentvolumeclaim "${it.claim}" not found`
    }
  }
  return undefined
}

/** `VolumeBinding.podHasPVCs`. */
function findUnusableClaim(shape: PodShape, storage: Storage): string | undefined {
  for (const it of shape.volumes) {
    if (it.kind === 'disk') continue
    const claim = storage.claims.get(`${shape.namespace}/${it.claim}`)
    if (claim === undefined) {
      return `waiting for ephemeral volume controller to create the persistentvolumeclaim "${it.claim}"`
    }
    if (claim.lost) {
      return `persistentvolumeclaim "${claim.name}" bound to non-existent persistentvolume "${claim.volumeName}"`
    }
    if (claim.deleting) return `persistentvolumeclaim "${claim.name}" is being deleted`
  }
  return undefined
}

function isDelayed(claim: Claim, storage: Storage): boolean {
  return storage.classes.get(claim.className)?.bindingMode === 'WaitForFirstConsumer'
}

/** VolumeZone's PreFilter, which only ever sees bound claims and claims that wait for a consumer. */
function findZoneRejection(shape: PodShape, storage: Storage): string | undefined {
  for (const it of shape.volumes) {
    if (it.kind !== 'claim') continue
    const claim = storage.claims.get(`${shape.namespace}/${it.claim}`)
    if (claim === undefined || claim.volumeName === '') continue
    if (!storage.volumes.has(claim.volumeName)) return `persistentvolume "${claim.volumeName}" not found`
  }
  return undefined
}

/** Whether an existing pod's inline disks exclude the new pod's from the node (`isVolumeConflict`). */
export function hasDiskConflict(disks: readonly JsonRecord[], other: PodShape): boolean {
  for (const disk of disks) {
    for (const it of other.volumes) if (it.kind === 'disk' && isSameDisk(disk, it.source)) return true
  }
  return false
}

function isSameDisk(left: JsonRecord, right: JsonRecord): boolean {
  const gce = [readRecord(left.gcePersistentDisk), readRecord(right.gcePersistentDisk)] as const
  if (readString(gce[0].pdName) !== '' && gce[0].pdName === gce[1].pdName && !areReadOnly(gce)) return true
  const aws = [readRecord(left.awsElasticBlockStore), readRecord(right.awsElasticBlockStore)] as const
  if (readString(aws[0].volumeID) !== '' && aws[0].volumeID === aws[1].volumeID) return true
  const iscsi = [readRecord(left.iscsi), readRecord(right.iscsi)] as const
  if (readString(iscsi[0].iqn) !== '' && iscsi[0].iqn === iscsi[1].iqn && !areReadOnly(iscsi)) return true
  const rbd = [readRecord(left.rbd), readRecord(right.rbd)] as const
  if (readString(rbd[0].image) === '' || rbd[0].image !== rbd[1].image) return false
  const pools = rbd.map(it => readString(it.pool) || 'rbd')
  const monitors = readStrings(rbd[1].monitors)
  const shared = readStrings(rbd[0].monitors).some(it => monitors.includes(it))
  return shared && pools[0] === pools[1] && !areReadOnly(rbd)
}

function areReadOnly(pair: readonly [JsonRecord, JsonRecord]): boolean {
  return pair[0].readOnly === true && pair[1].readOnly === true
}

/** How a node would serve the claims that wait for a consumer. */
export interface VolumeDecision {
  readonly reasons: readonly string[]
  readonly bindings: readonly { readonly claim: Claim; readonly volume: Volume }[]
  readonly provisions: readonly Claim[]
}

/** `FindPodVolumes`. */
export function decideVolumes(volumes: PodVolumes, node: SchedulerNode, storage: Storage): VolumeDecision {
  const reasons: string[] = []
  let found = true
  let matches = true
  for (const claim of volumes.bound) {
    const volume = storage.volumes.get(claim.volumeName)
    if (volume === undefined) found = false
    else if (!isBoundVolumeReachable(volume, node, storage)) matches = false
    if (!found || !matches) break
  }
  if (!matches) reasons.push(VOLUME_REASONS.nodeAffinity)
  const decision = decideDelayed(volumes.delayed, node, storage)
  reasons.push(...decision.reasons)
  if (!found) reasons.push(VOLUME_REASONS.missingVolume)
  return { ...decision, reasons }
}

/** `tryTranslatePVToCSI`, which only bound volumes go through. */
function isBoundVolumeReachable(volume: Volume, node: SchedulerNode, storage: Storage): boolean {
  const { migrated } = volume
  if (migrated === undefined || storage.migratedPlugins.get(node.name)?.has(migrated.plugin) !== true)
    return isVolumeReachable(volume, node)
  return isReached(migrated.terms, node)
}

function isVolumeReachable(volume: Volume, node: SchedulerNode): boolean {
  return volume.nodeTerms === undefined || isReached(volume.nodeTerms, node)
}

/** `CheckNodeAffinity` sees the node's labels only. */
function isReached(terms: readonly NodeTerm[], node: SchedulerNode): boolean {
  return terms.some(it => isNodeTermMet(it, { name: '', labels: node.labels }))
}

function decideDelayed(claims: readonly Claim[], node: SchedulerNode, storage: Storage): VolumeDecision {
  const refused = (reason: string): VolumeDecision => ({ reasons: [reason], bindings: [], provisions: [] })
  const provisions: Claim[] = []
  const open: Claim[] = []
  for (const claim of claims) {
    if (claim.selectedNode === '') open.push(claim)
    else if (claim.selectedNode !== node.name) return refused(VOLUME_REASONS.bind)
    else provisions.push(claim)
  }
  open.sort((left, right) =>
    isGreaterAmount(left.size, right.size) ? 1 : isGreaterAmount(right.size, left.size) ? -1 : 0,
  )
  const bindings: { claim: Claim; volume: Volume }[] = []
  const taken = new Set<string>()
  for (const claim of open) {
    const volume = findVolume(claim, { node, taken, storage })
    if (volume === undefined) provisions.push(claim)
    else {
      taken.add(volume.name)
      bindings.push({ claim, volume })
    }
  }
  for (const claim of provisions) {
    const storageClass = storage.classes.get(claim.className)
    if (storageClass === undefined || !isProvisionable(storageClass, node))
      return refused(VOLUME_REASONS.bind)
    if (!hasCapacity(claim, { storageClass, node, storage })) return refused(VOLUME_REASONS.space)
  }
  return { reasons: [], bindings, provisions }
}

interface VolumeSearch {
  readonly node: SchedulerNode
  readonly taken: ReadonlySet<string>
  readonly storage: Storage
}

/** `FindMatchingVolume`: the volume reserved for the claim, else the smallest that serves it. */
function findVolume(claim: Claim, search: VolumeSearch): Volume | undefined {
  let best: Volume | undefined
  for (const volume of search.storage.volumes.values()) {
    if (search.taken.has(volume.name) || volume.deleting || volume.className !== claim.className) continue
    const reserved = isReservedFor(volume, claim)
    if (volume.claim !== '' && !reserved) continue
    if (isGreaterAmount(claim.size, volume.capacity) || volume.volumeMode !== claim.volumeMode) continue
    if (volume.attributesClass !== claim.attributesClass) continue
    const reachable = isVolumeReachable(volume, search.node)
    if (reserved) return reachable ? volume : undefined
    if (!reachable || !volume.available) continue
    if (claim.selector !== undefined && !isSelected(claim.selector, volume.labels)) continue
    if (!claim.accessModes.every(it => volume.accessModes.includes(it))) continue
    if (best === undefined || isGreaterAmount(best.capacity, volume.capacity)) best = volume
  }
  return best
}

function isProvisionable(storageClass: StorageClass, node: SchedulerNode): boolean {
  if (storageClass.provisioner === '' || storageClass.provisioner === 'kubernetes.io/no-provisioner')
    return false
  if (storageClass.topologies.length === 0) return true
  return storageClass.topologies.some(
    term =>
      term.length > 0 &&
      term.every(it => {
        const value = node.labels.get(it.key)
        return value !== undefined && it.values.includes(value)
      }),
  )
}

interface CapacitySearch {
  readonly storageClass: StorageClass
  readonly node: SchedulerNode
  readonly storage: Storage
}

function hasCapacity(claim: Claim, search: CapacitySearch): boolean {
  if (!claim.sized) return true
  if (!search.storage.trackingDrivers.has(search.storageClass.provisioner)) return true
  return findCapacity(claim, search) !== undefined
}

/** Published capacity of the class, reachable from the node and large enough for the claim. */
function findCapacity(claim: Claim, search: CapacitySearch): StorageCapacity | undefined {
  if (!search.storage.trackingDrivers.has(search.storageClass.provisioner)) return undefined
  return search.storage.capacities.find(it => {
    const limit = it.limit ?? it.capacity
    if (it.className !== search.storageClass.name || limit === undefined) return false
    return !isGreaterAmount(claim.size, limit) && isSelected(it.nodeTopology, search.node.labels)
  })
}

/**
 * VolumeBinding's score since StorageCapacityScoring (1.37): the free share that is left of the volumes chosen, or of
 * the published capacities that new volumes come from, averaged over storage classes.
 */
export function scoreVolumes(volumes: PodVolumes, node: SchedulerNode, storage: Storage): number {
  const { bindings, provisions } = decideVolumes(volumes, node, storage)
  const byClass = new Map<string, { asked: number; capacity: number }>()
  for (const { claim, volume } of bindings) {
    const sum = byClass.get(volume.className) ?? { asked: 0, capacity: 0 }
    sum.asked += toUnits(claim.size)
    sum.capacity += toUnits(volume.capacity)
    byClass.set(volume.className, sum)
  }
  for (const claim of bindings.length > 0 ? [] : provisions) {
    const storageClass = storage.classes.get(claim.className)
    const found = storageClass && findCapacity(claim, { storageClass, node, storage })
    if (found?.capacity === undefined) continue
    const sum = byClass.get(claim.className) ?? { asked: 0, capacity: 0 }
    byClass.set(claim.className, {
      asked: sum.asked + toUnits(claim.size),
      capacity: toUnits(found.capacity),
    })
  }
  let total = 0
  for (const { asked, capacity } of byClass.values()) {
    total += capacity === 0 || asked > capacity ? 0 : 100 - Math.trunc((asked * 100) / capacity)
  }
  return byClass.size === 0 ? 0 : Math.round(total / byClass.size)
}

const ZONE_LABELS = [
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
]

/** VolumeZone's Filter over the labels of bound volumes. */
export function isZoneWrong(volumes: PodVolumes, node: SchedulerNode, storage: Storage): boolean {
  if (!ZONE_LABELS.some(it => node.labels.has(it))) return false
  for (const claim of volumes.zonal) {
    const volume = storage.volumes.get(claim.volumeName)
    if (volume === undefined) continue
    for (const key of ZONE_LABELS) {
      const zones = listZones(volume.labels.get(key))
      if (zones === undefined) continue
      // A node without the old label may have the new one instead, but not the other way round.
      const value = node.labels.get(key) ?? node.labels.get(key.replace('failure-domain.beta.', 'topology.'))
      if (value === undefined || !zones.includes(value)) return true
    }
  }
  return false
}

/** `LabelZonesToSet`; a label with an empty zone in it is ignored whole. */
function listZones(label: string | undefined): readonly string[] | undefined {
  const zones = label?.split('__').map(it => it.trim())
  return zones?.includes('') === true ? undefined : zones
}

/** Records what a placement decides: volumes become claimed, claims bound or pinned to the node. */
export function bindVolumes(decision: VolumeDecision, node: SchedulerNode, storage: Storage): void {
  for (const { claim, volume } of decision.bindings) {
    const owner = `${claim.namespace}/${claim.name}`
    storage.volumes.set(volume.name, { ...volume, claim: owner, claimUid: claim.uid, available: false })
    storage.claims.set(owner, { ...claim, volumeName: volume.name, bindCompleted: true })
  }
  for (const claim of decision.provisions) {
    storage.claims.set(`${claim.namespace}/${claim.name}`, { ...claim, selectedNode: node.name })
  }
}
