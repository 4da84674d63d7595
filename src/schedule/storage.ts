/** Storage objects as the scheduler reads them: claims, volumes, classes, drivers and their capacities. */

import { type AttachableDisk, findDisk, type MigratedReach, toMigratedReach } from './in-tree-volumes.ts'
import {
  type JsonRecord,
  readList,
  readPath,
  readRecord,
  readString,
  readStringMap,
  readStrings,
} from './json-fields.ts'
import { type Amount, toAmount, ZERO_AMOUNT } from './resource-amount.ts'
import { type Labels, listNodeTerms, type NodeTerm, type Selector, toSelector } from './selector.ts'

export interface Claim {
  readonly namespace: string
  readonly name: string
  /** Empty for claims that were never in a cluster. */
  readonly uid: string
  readonly className: string
  readonly volumeName: string
  readonly bindCompleted: boolean
  readonly selectedNode: string
  readonly lost: boolean
  readonly deleting: boolean
  readonly size: Amount
  readonly sized: boolean
  readonly accessModes: readonly string[]
  readonly volumeMode: string
  /** Undefined where the claim selects by class alone. */
  readonly selector: Selector | undefined
  readonly attributesClass: string
}

export interface Volume {
  readonly name: string
  readonly labels: Labels
  readonly className: string
  readonly capacity: Amount
  readonly accessModes: readonly string[]
  readonly volumeMode: string
  readonly attributesClass: string
  readonly nodeTerms: readonly NodeTerm[] | undefined
  /** Replaces `nodeTerms` once the volume is bound, on nodes that have migrated its plugin. */
  readonly migrated: MigratedReach | undefined
  /** `namespace/name` of the claim it is reserved for, and that claim's uid where it is known. */
  readonly claim: string
  readonly claimUid: string
  readonly available: boolean
  readonly deleting: boolean
  /** How the volume counts against limits; undefined for volumes that are not attached by a CSI driver. */
  readonly disk: AttachableDisk | undefined
  /** The volume's spec names a CSI driver. */
  readonly csi: boolean
}

export interface StorageClass {
  readonly name: string
  readonly provisioner: string
  readonly bindingMode: string
  readonly topologies: readonly (readonly { readonly key: string; readonly values: readonly string[] }[])[]
}

export interface StorageCapacity {
  readonly className: string
  readonly nodeTopology: Selector
  readonly limit: Amount | undefined
  readonly capacity: Amount | undefined
}

/** All of it, by name. Bindings that a placement makes replace the entries of `claims` and `volumes`. */
export interface Storage {
  readonly claims: Map<string, Claim>
  readonly volumes: Map<string, Volume>
  readonly classes: Map<string, StorageClass>
  /** Node → driver → how many volumes of it can be attached; absent drivers have no limit. */
  readonly driverLimits: Map<string, ReadonlyMap<string, number>>
  /** Node → drivers that its CSINode lists. */
  readonly installedDrivers: Map<string, ReadonlySet<string>>
  /** Node → in-tree plugins that it leaves to CSI drivers. */
  readonly migratedPlugins: Map<string, ReadonlySet<string>>
  /** Drivers that keep pods off nodes where they are not installed. */
  readonly demandedDrivers: Set<string>
  /** Drivers that publish capacities. */
  readonly trackingDrivers: Set<string>
  readonly capacities: StorageCapacity[]
  /** Node → `driver/handle` of volumes attached to it → driver. */
  readonly attachments: Map<string, Map<string, string>>
}

export function buildStorage(): Storage {
  return {
    claims: new Map(),
    volumes: new Map(),
    classes: new Map(),
    driverLimits: new Map(),
    installedDrivers: new Map(),
    migratedPlugins: new Map(),
    demandedDrivers: new Set(),
    trackingDrivers: new Set(),
    capacities: [],
    attachments: new Map(),
  }
}

/** Whether the volume is reserved for this very claim and not for an earlier one of its name (`IsVolumeBoundToClaim`). */
export function isReservedFor(volume: Volume, claim: Claim): boolean {
  if (volume.claim !== `${claim.namespace}/${claim.name}`) return false
  return volume.claimUid === '' || volume.claimUid === claim.uid
}

/** A copy that can be bound and added to without touching the original. */
export function copyStorage(storage: Storage): Storage {
  return {
    ...storage,
    claims: new Map(storage.claims),
    volumes: new Map(storage.volumes),
    classes: new Map(storage.classes),
  }
}

const SELECTED_NODE = 'volume.kubernetes.io/selected-node'
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed'
const MIGRATED_PLUGINS = 'storage.alpha.kubernetes.io/migrated-plugins'
const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class'
export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class'
export const STORAGE_ANNOTATIONS: readonly string[] = [
  SELECTED_NODE,
  BIND_COMPLETED,
  CLASS_ANNOTATION,
  DEFAULT_CLASS,
  MIGRATED_PLUGINS,
]

/** The spec of a claim, with the class that an annotation of old may give it. */
export function readClaimSpec(value: unknown): JsonRecord {
  const spec = readRecord(readPath(value, 'spec'))
  const annotated = readPath(value, 'metadata', 'annotations', CLASS_ANNOTATION)
  return typeof annotated === 'string' ? { ...spec, storageClassName: annotated } : spec
}

/** Of a PersistentVolumeClaim. */
export function toClaim(value: unknown): Claim {
  const metadata = readRecord(readPath(value, 'metadata'))
  const spec = readRecord(readPath(value, 'spec'))
  const annotations = readStringMap(metadata.annotations)
  const size = toAmount(readPath(spec.resources, 'requests', 'storage'))
  return {
    namespace: readString(metadata.namespace) || 'default',
    name: readString(metadata.name),
    uid: readString(metadata.uid),
    className: annotations.get(CLASS_ANNOTATION) ?? readString(spec.storageClassName),
    volumeName: readString(spec.volumeName),
    bindCompleted: annotations.has(BIND_COMPLETED),
    selectedNode: annotations.get(SELECTED_NODE) ?? '',
    lost: readPath(value, 'status', 'phase') === 'Lost',
    deleting: typeof metadata.deletionTimestamp === 'string',
    size: size ?? ZERO_AMOUNT,
    sized: size !== undefined,
    accessModes: readStrings(spec.accessModes),
    volumeMode: readString(spec.volumeMode) || 'Filesystem',
    selector: spec.selector === undefined || spec.selector === null ? undefined : toSelector(spec.selector),
    attributesClass: readString(spec.volumeAttributesClassName),
  }
}

function toVolume(value: unknown): Volume {
  const metadata = readRecord(readPath(value, 'metadata'))
  const spec = readRecord(readPath(value, 'spec'))
  const required = readPath(spec.nodeAffinity, 'required')
  const claim = readRecord(spec.claimRef)
  const phase = readString(readPath(value, 'status', 'phase'))
  const owner = readString(claim.name)
  const labels = readStringMap(metadata.labels)
  const nodeTerms =
    required === undefined || required === null
      ? undefined
      : listNodeTerms(readRecord(required).nodeSelectorTerms)
  return {
    name: readString(metadata.name),
    labels,
    className: readStringMap(metadata.annotations).get(CLASS_ANNOTATION) ?? readString(spec.storageClassName),
    capacity: toAmount(readPath(spec.capacity, 'storage')) ?? ZERO_AMOUNT,
    accessModes: readStrings(spec.accessModes),
    volumeMode: readString(spec.volumeMode) || 'Filesystem',
    attributesClass: readString(spec.volumeAttributesClassName),
    nodeTerms,
    migrated: toMigratedReach(spec, labels, nodeTerms),
    claim: owner === '' ? '' : `${readString(claim.namespace) || 'default'}/${owner}`,
    claimUid: readString(claim.uid),
    // Written by hand a volume has no phase yet; the controller would make it Available.
    available: phase === 'Available' || (phase === '' && owner === ''),
    deleting: typeof metadata.deletionTimestamp === 'string',
    disk: findDisk(spec),
    csi: spec.csi !== undefined && spec.csi !== null,
  }
}

function toStorageClass(value: unknown): StorageClass {
  const record = readRecord(value)
  return {
    name: readString(readPath(value, 'metadata', 'name')),
    provisioner: readString(record.provisioner),
    bindingMode: readString(record.volumeBindingMode) || 'Immediate',
    topologies: readList(record.allowedTopologies).map(term =>
      readList(readRecord(term).matchLabelExpressions).map(it => ({
        key: readString(readRecord(it).key),
        values: readStrings(readRecord(it).values),
      })),
    ),
  }
}

/** Puts one storage object where it belongs; false for kinds that are none. */
export function addStorageObject(storage: Storage, kind: string, value: unknown): boolean {
  const name = readString(readPath(value, 'metadata', 'name'))
  const spec = readRecord(readPath(value, 'spec'))
  switch (kind) {
    case 'PersistentVolumeClaim': {
      const claim = toClaim(value)
      storage.claims.set(`${claim.namespace}/${claim.name}`, claim)
      return true
    }
    case 'PersistentVolume':
      storage.volumes.set(name, toVolume(value))
      return true
    case 'StorageClass':
      storage.classes.set(name, toStorageClass(value))
      return true
    case 'CSINode':
      storage.driverLimits.set(name, listDriverLimits(spec))
      storage.installedDrivers.set(
        name,
        new Set(readList(spec.drivers).map(it => readString(readRecord(it).name))),
      )
      storage.migratedPlugins.set(name, listMigratedPlugins(value))
      return true
    case 'CSIDriver':
      if (spec.storageCapacity === true) storage.trackingDrivers.add(name)
      if (spec.preventPodSchedulingIfMissing === true) storage.demandedDrivers.add(name)
      return true
    case 'CSIStorageCapacity':
      storage.capacities.push(toStorageCapacity(readRecord(value)))
      return true
    case 'VolumeAttachment':
      addAttachment(storage, spec)
      return true
    default:
      return false
  }
}

function listMigratedPlugins(value: unknown): ReadonlySet<string> {
  const annotation = readStringMap(readPath(value, 'metadata', 'annotations')).get(MIGRATED_PLUGINS)
  return new Set(annotation?.split(','))
}

function listDriverLimits(spec: JsonRecord): ReadonlyMap<string, number> {
  const limits = new Map<string, number>()
  for (const it of readList(spec.drivers)) {
    const count = readPath(it, 'allocatable', 'count')
    if (typeof count === 'number') limits.set(readString(readRecord(it).name), count)
  }
  return limits
}

function toStorageCapacity(value: JsonRecord): StorageCapacity {
  return {
    className: readString(value.storageClassName),
    nodeTopology: toSelector(value.nodeTopology),
    limit: toAmount(value.maximumVolumeSize),
    capacity: toAmount(value.capacity),
  }
}

function addAttachment(storage: Storage, spec: JsonRecord): void {
  const volume = storage.volumes.get(readString(readPath(spec.source, 'persistentVolumeName')))
  const node = readString(spec.nodeName)
  const driver = readString(spec.attacher)
  if (volume?.disk === undefined || !volume.csi || driver === '') return
  const attached = storage.attachments.get(node) ?? new Map<string, string>()
  attached.set(`${driver}/${volume.disk.handle}`, driver)
  storage.attachments.set(node, attached)
}
