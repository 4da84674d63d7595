/** An inventory cut down to what the scheduler reads: no secrets, no environment, no annotations but three. */

import { IN_TREE_SOURCES } from './in-tree-volumes.ts'
import { type JsonRecord, readList, readPath, readRecord, readString } from './json-fields.ts'
import { STORAGE_ANNOTATIONS } from './storage.ts'

export interface InventorySnapshot {
  readonly apiVersion: 'plimsoll/v1'
  readonly kind: 'List'
  readonly items: readonly JsonRecord[]
}

/** Paths kept of each kind besides `kind` and the metadata; kinds that are not listed are left out whole. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  Node: [
    'spec.taints',
    'spec.unschedulable',
    'status.allocatable',
    'status.images',
    'status.declaredFeatures',
  ],
  Namespace: [],
  PersistentVolumeClaim: [
    'spec.accessModes',
    'spec.resources',
    'spec.selector',
    'spec.storageClassName',
    'spec.volumeAttributesClassName',
    'spec.volumeMode',
    'spec.volumeName',
    'status.phase',
  ],
  PersistentVolume: [
    'spec.accessModes',
    'spec.capacity',
    'spec.claimRef.name',
    'spec.claimRef.namespace',
    'spec.claimRef.uid',
    ...IN_TREE_SOURCES.map(it => `spec.${it}`),
    'spec.csi.driver',
    'spec.csi.volumeHandle',
    'spec.nodeAffinity',
    'spec.storageClassName',
    'spec.volumeAttributesClassName',
    'spec.volumeMode',
    'status.phase',
  ],
  StorageClass: ['provisioner', 'volumeBindingMode', 'allowedTopologies'],
  CSINode: ['spec.drivers'],
  CSIDriver: ['spec.preventPodSchedulingIfMissing', 'spec.storageCapacity'],
  CSIStorageCapacity: ['storageClassName', 'nodeTopology', 'capacity', 'maximumVolumeSize'],
  VolumeAttachment: ['spec.attacher', 'spec.nodeName', 'spec.source.persistentVolumeName'],
  PriorityClass: ['value', 'globalDefault', 'preemptionPolicy'],
  RuntimeClass: ['overhead', 'scheduling', 'handler'],
  LimitRange: ['spec.limits'],
  ResourceQuota: ['spec.hard', 'spec.scopes', 'spec.scopeSelector', 'status.used'],
  PodDisruptionBudget: [
    'spec.selector',
    'spec.minAvailable',
    'spec.maxUnavailable',
    'status.disruptionsAllowed',
    'status.disruptedPods',
  ],
  Service: ['spec.selector'],
  ReplicaSet: ['spec.selector', 'spec.replicas'],
  ReplicationController: ['spec.selector', 'spec.replicas'],
  StatefulSet: ['spec.selector', 'spec.replicas'],
  Deployment: ['spec.selector', 'spec.replicas', 'spec.strategy'],
  DaemonSet: ['spec.selector', 'spec.updateStrategy'],
  HorizontalPodAutoscaler: ['spec.minReplicas', 'spec.maxReplicas', 'spec.scaleTargetRef'],
}

const POD_SPEC = [
  'affinity',
  'hostNetwork',
  'nodeName',
  'nodeSelector',
  'overhead',
  'preemptionPolicy',
  'priority',
  'priorityClassName',
  'resources',
  'runtimeClassName',
  'schedulerName',
  'schedulingGates',
  'tolerations',
  'topologySpreadConstraints',
]
const CONTAINER = ['name', 'image', 'resources', 'ports', 'restartPolicy']
const VOLUMES = ['persistentVolumeClaim', 'ephemeral', 'rbd', 'iscsi', ...IN_TREE_SOURCES]
const CONDITIONS: readonly string[] = ['PodResizePending', 'DisruptionTarget']
const STATUS = ['phase', 'startTime', 'nominatedNodeName', 'resources', 'allocatedResources']

/** The objects as they are kept; ended pods, and kinds that scheduling never reads, are left out. */
export function buildInventorySnapshot(objects: readonly unknown[]): InventorySnapshot {
  const items: JsonRecord[] = []
  for (const it of objects) {
    const object = readRecord(it)
    const kind = readString(object.kind)
    if (kind === 'Pod') {
      const phase = readPath(object.status, 'phase')
      if (phase !== 'Succeeded' && phase !== 'Failed') items.push(keepPod(object))
    } else if (Object.hasOwn(KEPT, kind)) items.push(keepPaths(object, kind))
  }
  return { apiVersion: 'plimsoll/v1', kind: 'List', items }
}

function keepPaths(object: JsonRecord, kind: string): JsonRecord {
  const metadata = keepMetadata(object.metadata)
  // A volume is reserved for one claim and not for the next of its name.
  if (kind === 'PersistentVolumeClaim') Object.assign(metadata, pick(readRecord(object.metadata), ['uid']))
  const kept: Record<string, unknown> = { kind, metadata }
  for (const path of KEPT[kind]!) {
    const keys = path.split('.')
    const value = readPath(object, ...keys)
    if (value === undefined) continue
    let at = kept
    for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>
    at[keys.at(-1)!] = value
  }
  return kept
}

function keepMetadata(value: unknown): Record<string, unknown> {
  const metadata = readRecord(value)
  const kept = pick(metadata, ['name', 'namespace', 'labels', 'deletionTimestamp'])
  const annotations = pick(readRecord(metadata.annotations), STORAGE_ANNOTATIONS)
  if (Object.keys(annotations).length > 0) kept.annotations = annotations
  const owners = readList(metadata.ownerReferences).filter(it => readRecord(it).controller === true)
  if (owners.length > 0)
    kept.ownerReferences = owners.map(it => pick(readRecord(it), ['kind', 'name', 'controller']))
  return kept
}

function keepPod(object: JsonRecord): JsonRecord {
  const spec = readRecord(object.spec)
  const status = readRecord(object.status)
  const keptSpec = pick(spec, POD_SPEC)
  const keepContainers = (list: unknown): JsonRecord[] =>
    readList(list).map(it => pick(readRecord(it), CONTAINER))
  keptSpec.containers = keepContainers(spec.containers)
  if (readList(spec.initContainers).length > 0) keptSpec.initContainers = keepContainers(spec.initContainers)
  const volumes = readList(spec.volumes)
    .map(it => pick(readRecord(it), ['name', ...VOLUMES]))
    .filter(it => VOLUMES.some(kind => it[kind] !== undefined))
  if (volumes.length > 0) keptSpec.volumes = volumes
  if (readList(spec.resourceClaims).length > 0) keptSpec.resourceClaims = [{}]
  const keptStatus = pick(status, STATUS)
  for (const list of ['containerStatuses', 'initContainerStatuses']) {
    const resized = readList(status[list]).filter(it => readRecord(it).resources !== undefined)
    if (resized.length > 0) {
      keptStatus[list] = resized.map(it => pick(readRecord(it), ['name', 'resources', 'allocatedResources']))
    }
  }
  const conditions = readList(status.conditions).filter(it =>
    CONDITIONS.includes(readString(readRecord(it).type)),
  )
  if (conditions.length > 0)
    keptStatus.conditions = conditions.map(it => pick(readRecord(it), ['type', 'status', 'reason']))
  return { kind: 'Pod', metadata: keepMetadata(object.metadata), spec: keptSpec, status: keptStatus }
}

function pick(from: JsonRecord, keys: readonly string[]): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const key of keys) if (Object.hasOwn(from, key) && from[key] !== undefined) kept[key] = from[key]
  return kept
}
