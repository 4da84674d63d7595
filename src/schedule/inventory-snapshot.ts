/** An inventory cut down to what the scheduler reads: no secrets, no environment, no annotations but four. */

import { IN_TREE_SOURCES } from './in-tree-volumes.ts'
import { type JsonRecord, readList, readPath, readRecord, readString } from './json-fields.ts'
import { STORAGE_ANNOTATIONS } from './storage.ts'

export interface InventorySnapshot {
  readonly apiVersion: 'plimsoll/v1'
  readonly kind: 'List'
  readonly items: readonly JsonRecord[]
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
  'runtimeClassName',
  'schedulerName',
  'tolerations',
  'topologySpreadConstraints',
]
const REQUESTS = ['resources.requests', 'resources.limits']
const PORT = ['containerPort', 'hostIP', 'hostPort', 'protocol']
const CONTAINER = ['name', 'image', 'restartPolicy', ...REQUESTS, ...PORT.map(it => `ports[].${it}`)]
const DISK = ['readOnly', 'volumeID', 'pdName', 'diskURI', 'partition']
const CLAIM = [
  'accessModes',
  'resources.requests',
  'resources.limits',
  'selector',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
  'volumeName',
]
const VOLUME = [
  'persistentVolumeClaim.claimName',
  ...CLAIM.map(it => `ephemeral.volumeClaimTemplate.spec.${it}`),
  'image.reference',
  'rbd.image',
  'rbd.monitors',
  'rbd.pool',
  'rbd.readOnly',
  'iscsi.iqn',
  'iscsi.readOnly',
  ...IN_TREE_SOURCES.flatMap(source => DISK.map(it => `${source}.${it}`)),
]
const CONDITIONS: readonly string[] = ['PodResizePending', 'DisruptionTarget']
const HELD = ['resources.requests', 'resources.limits', 'allocatedResources']
const STATUS = ['phase', 'startTime', 'nominatedNodeName', ...HELD]

/**
 * Paths kept of each kind besides `kind` and the metadata; `[]` steps into the items of a list. Kinds that are not
 * listed are left out whole.
 */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  Node: [
    'spec.taints[].key',
    'spec.taints[].value',
    'spec.taints[].effect',
    'spec.unschedulable',
    'status.allocatable',
    'status.images[].names',
    'status.images[].sizeBytes',
    'status.declaredFeatures',
  ],
  Namespace: [],
  PersistentVolumeClaim: [...CLAIM.map(it => `spec.${it}`), 'status.phase'],
  PersistentVolume: [
    'spec.accessModes',
    'spec.capacity',
    'spec.claimRef.name',
    'spec.claimRef.namespace',
    'spec.claimRef.uid',
    ...IN_TREE_SOURCES.flatMap(source => DISK.map(it => `spec.${source}.${it}`)),
    'spec.csi.driver',
    'spec.csi.volumeHandle',
    'spec.nodeAffinity',
    'spec.storageClassName',
    'spec.volumeAttributesClassName',
    'spec.volumeMode',
    'status.phase',
  ],
  StorageClass: ['provisioner', 'volumeBindingMode', 'allowedTopologies'],
  CSINode: ['spec.drivers[].name', 'spec.drivers[].allocatable.count'],
  CSIDriver: ['spec.preventPodSchedulingIfMissing', 'spec.storageCapacity'],
  CSIStorageCapacity: ['storageClassName', 'nodeTopology', 'capacity', 'maximumVolumeSize'],
  VolumeAttachment: ['spec.attacher', 'spec.nodeName', 'spec.source.persistentVolumeName'],
  PriorityClass: ['value', 'globalDefault', 'preemptionPolicy'],
  RuntimeClass: ['overhead', 'scheduling'],
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
  ScaledObject: ['spec.minReplicaCount', 'spec.maxReplicaCount', 'spec.scaleTargetRef'],
}

/** The objects as they are kept; ended pods, and kinds that scheduling never reads, are left out. */
export function buildInventorySnapshot(objects: readonly unknown[]): InventorySnapshot {
  const items: JsonRecord[] = []
  for (const it of objects) {
    const object = readRecord(it)
    const kind = readString(object.kind)
    if (kind === 'Pod' ? !isEnded(object) : Object.hasOwn(KEPT, kind)) items.push(keepObject(object, kind))
  }
  return { apiVersion: 'plimsoll/v1', kind: 'List', items }
}

/**
 * What of a decoded object is held in memory while an inventory is read: a little more than a snapshot has, for
 * messages. Lists keep their items, and what is no object of a known kind keeps enough to be named.
 */
export function reduceObject(value: unknown, listKind = '', depth = 0): unknown {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(it => reduceObject(it, '', depth + 1))
  const object = value as JsonRecord
  const kind = readString(object.kind) || listKind
  if (Array.isArray(object.items) && (kind === '' || kind.endsWith('List'))) {
    const itemKind = kind === 'List' ? '' : kind.replace(/List$/, '')
    return { kind, items: object.items.map(it => reduceObject(it, itemKind, depth + 1)) }
  }
  if (kind === 'Pod' ? isEnded(object) : !Object.hasOwn(KEPT, kind)) {
    const metadata = pick(readRecord(object.metadata), ['name', 'namespace'])
    return { kind: object.kind ?? listKind, metadata, status: pick(readRecord(object.status), ['phase']) }
  }
  const kept = keepObject(object, kind)
  return kind === 'Node' ? { ...kept, status: keepNodeStatus(object, kept) } : kept
}

/** As deep as lists are unpacked, and one more, so that the depth can be complained of. */
const MAX_DEPTH = 9

/** People take capacity for what can be allocated, and nodes that do not run for nodes. */
function keepNodeStatus(object: JsonRecord, kept: JsonRecord): JsonRecord {
  const status = readRecord(object.status)
  const ready = readList(status.conditions).filter(it => readRecord(it).type === 'Ready')
  return {
    ...readRecord(kept.status),
    ...(status.capacity === undefined ? {} : { capacity: {} }),
    conditions: ready.map(it => pick(readRecord(it), ['type', 'status'])),
  }
}

function isEnded(object: JsonRecord): boolean {
  const phase = readPath(object.status, 'phase')
  return phase === 'Succeeded' || phase === 'Failed'
}

function keepObject(object: JsonRecord, kind: string): JsonRecord {
  if (kind === 'Pod') return keepPod(object)
  const metadata = keepMetadata(object.metadata)
  // A volume is reserved for one claim and not for the next of its name.
  if (kind === 'PersistentVolumeClaim') Object.assign(metadata, pick(readRecord(object.metadata), ['uid']))
  return { kind, metadata, ...keepPaths(object, KEPT[kind]!) }
}

type Kept = Record<string, unknown>

/** A copy that has these paths alone. */
function keepPaths(object: JsonRecord, paths: readonly string[]): Kept {
  const kept: Kept = {}
  for (const path of paths) copyPath(object, kept, path)
  return kept
}

function copyPath(from: JsonRecord, into: Kept, path: string): void {
  const end = path.indexOf('.')
  const step = end < 0 ? path : path.slice(0, end)
  const rest = end < 0 ? '' : path.slice(end + 1)
  const key = step.endsWith('[]') ? step.slice(0, -2) : step
  if (!Object.hasOwn(from, key) || from[key] === undefined) return
  const value = from[key]
  if (rest === '') into[key] = value
  else if (key !== step) {
    const items = readList(value)
    const copies = (into[key] ??= items.map(() => ({}))) as Kept[]
    items.forEach((it, index) => {
      copyPath(readRecord(it), copies[index]!, rest)
    })
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const below = (into[key] ??= {}) as Kept
    copyPath(value as JsonRecord, below, rest)
  } else into[key] = value === null ? null : {}
}

function keepMetadata(value: unknown): Kept {
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
  const keptSpec = keepPaths(spec, [...POD_SPEC, ...REQUESTS, 'schedulingGates[].name'])
  const keepContainers = (list: unknown): Kept[] =>
    readList(list).map(it => keepPaths(readRecord(it), CONTAINER))
  keptSpec.containers = keepContainers(spec.containers)
  if (readList(spec.initContainers).length > 0) keptSpec.initContainers = keepContainers(spec.initContainers)
  const volumes = readList(spec.volumes)
    .map(it => keepPaths(readRecord(it), ['name', ...VOLUME]))
    .filter(it => Object.keys(it).length > 1)
  if (volumes.length > 0) keptSpec.volumes = volumes
  if (readList(spec.resourceClaims).length > 0) keptSpec.resourceClaims = [{}]
  const keptStatus = keepPaths(status, STATUS)
  for (const list of ['containerStatuses', 'initContainerStatuses']) {
    const resized = readList(status[list]).filter(
      it => readRecord(it).resources !== undefined || readRecord(it).allocatedResources !== undefined,
    )
    if (resized.length > 0) keptStatus[list] = resized.map(it => keepPaths(readRecord(it), ['name', ...HELD]))
  }
  const conditions = readList(status.conditions).filter(it =>
    CONDITIONS.includes(readString(readRecord(it).type)),
  )
  if (conditions.length > 0)
    keptStatus.conditions = conditions.map(it => pick(readRecord(it), ['type', 'status', 'reason']))
  return { kind: 'Pod', metadata: keepMetadata(object.metadata), spec: keptSpec, status: keptStatus }
}

function pick(from: JsonRecord, keys: readonly string[]): Kept {
  const kept: Kept = {}
  for (const key of keys) if (Object.hasOwn(from, key) && from[key] !== undefined) kept[key] = from[key]
  return kept
}
