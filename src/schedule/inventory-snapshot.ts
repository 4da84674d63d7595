/** An inventory cut down to what the scheduler reads: no secrets, no environment, no annotations but five. */

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

/** What is kept below a key: everything, or some keys, of each item where it is a list. */
interface Keep {
  readonly keys: Map<string, Keep>
  isWhole: boolean
  isList: boolean
}

/** Paths as a tree: an object's own keys are looked up in it, which costs less than looking for every path. */
function compilePaths(paths: readonly string[]): Keep {
  const root: Keep = { keys: new Map(), isWhole: false, isList: false }
  for (const path of paths) {
    let at = root
    for (const step of path.split('.')) {
      const key = step.replace('[]', '')
      let next = at.keys.get(key)
      if (next === undefined) at.keys.set(key, (next = { keys: new Map(), isWhole: false, isList: false }))
      if (key !== step) next.isList = true
      at = next
    }
    at.isWhole = true
  }
  return root
}

const KEEP: ReadonlyMap<string, Keep> = new Map(
  Object.entries(KEPT).map(([kind, paths]) => [kind, compilePaths(paths)]),
)
const KEEP_SPEC = compilePaths([...POD_SPEC, ...REQUESTS, 'schedulingGates[].name'])
const KEEP_CONTAINER = compilePaths(CONTAINER)
const KEEP_VOLUME = compilePaths(['name', ...VOLUME])
const KEEP_STATUS = compilePaths(STATUS)
const KEEP_HELD = compilePaths(['name', ...HELD])

/** The objects as they are kept; ended pods, and kinds that scheduling never reads, are left out. */
export function buildInventorySnapshot(objects: readonly unknown[]): InventorySnapshot {
  const items: JsonRecord[] = []
  for (const it of objects) {
    const object = readRecord(it)
    const kind = readString(object.kind)
    if (kind === 'Pod' ? !isEnded(object) : KEEP.has(kind)) items.push(keepObject(object, kind))
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
  if (kind === 'Pod' ? isEnded(object) : !KEEP.has(kind)) {
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
  return { kind, metadata, ...keepKeys(object, KEEP.get(kind)!) }
}

type Kept = Record<string, unknown>

/** A copy that has the keys of the tree alone. */
function keepKeys(object: JsonRecord, { keys }: Keep): Kept {
  const kept: Kept = {}
  for (const key in object) {
    const keep = keys.get(key)
    if (keep !== undefined) kept[key] = keepValue(object[key], keep)
  }
  return kept
}

/** A value of another shape than expected is kept as an empty one: it is wrong, and may hold anything. */
function keepValue(value: unknown, keep: Keep): unknown {
  if (keep.isWhole || value === null) return value
  if (keep.isList) return readList(value).map(it => keepKeys(readRecord(it), keep))
  return keepKeys(readRecord(value), keep)
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
  const keptSpec = keepKeys(spec, KEEP_SPEC)
  const keepContainers = (list: unknown): Kept[] =>
    readList(list).map(it => keepKeys(readRecord(it), KEEP_CONTAINER))
  keptSpec.containers = keepContainers(spec.containers)
  if (readList(spec.initContainers).length > 0) keptSpec.initContainers = keepContainers(spec.initContainers)
  const volumes = readList(spec.volumes)
    .map(it => keepKeys(readRecord(it), KEEP_VOLUME))
    .filter(it => Object.keys(it).length > 1)
  if (volumes.length > 0) keptSpec.volumes = volumes
  if (readList(spec.resourceClaims).length > 0) keptSpec.resourceClaims = [{}]
  const keptStatus = keepKeys(status, KEEP_STATUS)
  for (const list of ['containerStatuses', 'initContainerStatuses']) {
    const resized = readList(status[list]).filter(
      it => readRecord(it).resources !== undefined || readRecord(it).allocatedResources !== undefined,
    )
    if (resized.length > 0) keptStatus[list] = resized.map(it => keepKeys(readRecord(it), KEEP_HELD))
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
