/** A cluster as the scheduler sees it, read from the objects of an inventory; what is wrong with them is said. */

import { checkNode, checkPriority, checkRequests } from './check-inventory.ts'
import {
  type JsonRecord,
  readInteger,
  readPath,
  readRecord,
  readString,
  readStringMap,
} from './json-fields.ts'
import { addNamespaces } from './namespace-labels.ts'
import { type SchedulerNode, toSchedulerNode } from './node.ts'
import { buildPodReader, isTerminal, type PodReader, type SchedulerPod } from './pod.ts'
import { buildSchedulerVersion, type SchedulerVersion } from './scheduler-version.ts'
import { buildLabelSelector, type Labels, type Selector, toSelector } from './selector.ts'
import { addStorageObject, buildStorage, type Storage } from './storage.ts'

export interface Budget {
  readonly namespace: string
  readonly selector: Selector
  readonly disruptionsAllowed: number
  readonly disrupted: ReadonlySet<string>
}

export interface ServiceSelector {
  readonly namespace: string
  readonly labels: Labels
}

/** Something about the inventory that its reader should know. */
export interface InventoryProblem {
  /** Path inside the inventory, such as `items[3].status.allocatable.cpu`. */
  readonly place: string
  readonly message: string
}

export interface Cluster {
  readonly version: SchedulerVersion
  /** Sorted by name; names are unique. */
  readonly nodes: readonly SchedulerNode[]
  /** Nodes as the inventory lists them; image sizes are those of the first node that has the image. */
  readonly listedNodes: readonly SchedulerNode[]
  /** Pods that hold room of a node. */
  readonly pods: readonly SchedulerPod[]
  /** Pods without a node, as decoded. */
  readonly pending: readonly JsonRecord[]
  /** Pods of a namespace that have not ended, as decoded, by `namespace/name`: quotas count them. */
  listCharged(namespace: string): ReadonlyMap<string, JsonRecord>
  readonly namespaces: ReadonlyMap<string, Labels>
  readonly services: readonly ServiceSelector[]
  /** Selectors of ReplicaSets, ReplicationControllers and StatefulSets: `Kind namespace/name`. */
  readonly owners: ReadonlyMap<string, Selector>
  readonly budgets: readonly Budget[]
  readonly storage: Storage
  /** Every object of any kind that is not read into the fields above, by kind. */
  readonly others: ReadonlyMap<string, readonly JsonRecord[]>
  readonly problems: readonly InventoryProblem[]
  readonly podReader: PodReader
}

export interface ClusterOptions {
  /** Minor of Kubernetes 1.x; the newest known when absent. */
  readonly minor?: number
}

const LIST_DEPTH = 8

/** An object with its place in the inventory. */
interface Placed {
  readonly place: string
  readonly kind: string
  readonly value: JsonRecord
}

/**
 * Reads decoded inventory documents: single objects, `List`s of any kind (`NodeList` items need no kind) and lists
 * inside lists. Never throws; what cannot be read is a problem with its place.
 */
export function buildCluster(documents: readonly unknown[], options: ClusterOptions = {}): Cluster {
  const problems: InventoryProblem[] = []
  const placed: Placed[] = []
  documents.forEach((it, index) => {
    listObjects(it, {
      place: documents.length === 1 ? '' : `[${index}]`,
      kind: '',
      depth: 0,
      into: placed,
      problems,
    })
  })
  return readObjects(placed, problems, options)
}

/** The objects of inventory documents, lists unpacked; an item of a `NodeList` gets the kind that it need not say. */
export function listInventoryObjects(documents: readonly unknown[]): readonly JsonRecord[] {
  const into: Placed[] = []
  for (const it of documents) listObjects(it, { place: '', kind: '', depth: 0, into, problems: [] })
  return into.map(({ kind, value }) => (value.kind === kind ? value : { ...value, kind }))
}

interface Walk {
  readonly place: string
  readonly kind: string
  readonly depth: number
  readonly into: Placed[]
  readonly problems: InventoryProblem[]
}

function listObjects(value: unknown, walk: Walk): void {
  const { place, problems } = walk
  if (walk.depth > LIST_DEPTH) {
    problems.push({ place, message: `lists are nested deeper than ${LIST_DEPTH}` })
    return
  }
  if (Array.isArray(value)) {
    value.forEach((it, index) => {
      listObjects(it, { ...walk, place: `${place}[${index}]`, depth: walk.depth + 1 })
    })
    return
  }
  if (typeof value !== 'object' || value === null) {
    problems.push({ place, message: `expected an object, found ${value === null ? 'null' : typeof value}` })
    return
  }
  const record = value as JsonRecord
  const kind = readString(record.kind) || walk.kind
  if (Array.isArray(record.items) && (kind === 'List' || kind.endsWith('List') || kind === '')) {
    const itemKind = kind === 'List' ? '' : kind.replace(/List$/, '')
    record.items.forEach((it, index) => {
      const at = `${place}${place === '' ? '' : '.'}items[${index}]`
      listObjects(it, { ...walk, place: at, kind: itemKind, depth: walk.depth + 1 })
    })
    return
  }
  if (kind === '') problems.push({ place, message: 'object has no kind' })
  else if (readString(readPath(record, 'metadata', 'name')) === '' && kind !== 'Pod') {
    problems.push({ place, message: `${kind} has no metadata.name` })
  } else walk.into.push({ place, kind, value: record })
}

function readObjects(
  placed: readonly Placed[],
  problems: InventoryProblem[],
  options: ClusterOptions,
): Cluster {
  const version = buildSchedulerVersion(options.minor)
  const podReader = buildPodReader({
    status: version.statusCounting,
    ...(version.podLevelResources ? {} : { containersOnly: true }),
  })
  const byKind = new Map<string, Placed[]>()
  for (const it of placed) {
    const group = byKind.get(it.kind)
    if (group === undefined) byKind.set(it.kind, [it])
    else group.push(it)
  }
  const listedNodes = listNodes(byKind.get('Node') ?? [], problems)
  const podObjects = byKind.get('Pod') ?? []
  const { pods, pending } = listPods(podObjects, { nodes: listedNodes, podReader, problems })
  const storage = buildStorage()
  const others = new Map<string, JsonRecord[]>()
  // Volumes first: attachments are resolved through them.
  const order = [...byKind.keys()].sort(
    (left, right) => Number(left === 'VolumeAttachment') - Number(right === 'VolumeAttachment'),
  )
  for (const kind of order) {
    if (kind === 'Node' || kind === 'Pod') continue
    const group = dropCopies(byKind.get(kind)!, problems)
    if (kind === 'PriorityClass') problems.push(...group.flatMap(it => checkPriority(it.value, it.place)))
    for (const it of group) addStorageObject(storage, kind, it.value)
    others.set(
      kind,
      group.map(it => it.value),
    )
  }
  const of = (kind: string): readonly JsonRecord[] => others.get(kind) ?? []
  return {
    version,
    nodes: [...listedNodes].sort((left, right) => (left.name < right.name ? -1 : 1)),
    listedNodes,
    pods,
    pending,
    listCharged: buildCharged(podObjects),
    namespaces: addNamespaces(new Map(), of('Namespace')),
    services: listServices(of('Service')),
    owners: mapOwners(of),
    budgets: of('PodDisruptionBudget').map(toBudget),
    storage,
    others,
    problems,
    podReader,
  }
}

/** The first object of each name. */
function dropCopies(placed: readonly Placed[], problems: InventoryProblem[]): Placed[] {
  const places = new Map<string, string>()
  return placed.filter(({ kind, place, value }) => {
    const namespace = readString(readPath(value, 'metadata', 'namespace'))
    const name = namespace === '' ? readName(value) : `${namespace}/${readName(value)}`
    const group = readString(value.apiVersion).split('/')
    const key = `${group.length > 1 ? group[0] : ''} ${name}`
    const first = places.get(key)
    if (first === undefined) places.set(key, place)
    else
      problems.push({
        place,
        message: `${kind} "${name}" is listed already at ${first || 'the start'}; this copy is left out`,
      })
    return first === undefined
  })
}

/** Few clusters have quotas, so nothing is sorted before it is asked for. */
function buildCharged(pods: readonly Placed[]): Cluster['listCharged'] {
  let groups: Map<string, Map<string, JsonRecord>> | undefined
  return wanted => {
    if (groups === undefined) {
      groups = new Map()
      for (const { value } of pods) {
        if (isTerminal(value)) continue
        const namespace = readNamespace(value)
        const group = groups.get(namespace) ?? new Map<string, JsonRecord>()
        groups.set(namespace, group.set(`${namespace}/${readName(value)}`, value))
      }
    }
    return groups.get(wanted) ?? NO_PODS
  }
}

const NO_PODS: ReadonlyMap<string, JsonRecord> = new Map()

function readName(value: JsonRecord): string {
  return readString(readPath(value, 'metadata', 'name'))
}

function readNamespace(value: JsonRecord): string {
  return readString(readPath(value, 'metadata', 'namespace')) || 'default'
}

function listNodes(placed: readonly Placed[], problems: InventoryProblem[]): SchedulerNode[] {
  const nodes: SchedulerNode[] = []
  const places = new Map<string, string>()
  for (const { place, value } of placed) {
    const node = toSchedulerNode(value)
    const first = places.get(node.name)
    if (first !== undefined) {
      problems.push({
        place,
        message: `node "${node.name}" is listed already at ${first || 'the start'}; this copy is left out`,
      })
      continue
    }
    places.set(node.name, place)
    problems.push(...checkNode(value, { node, place }))
    nodes.push(node)
  }
  return nodes
}

interface PodInputs {
  readonly nodes: readonly SchedulerNode[]
  readonly podReader: PodReader
  readonly problems: InventoryProblem[]
}

function listPods(
  placed: readonly Placed[],
  inputs: PodInputs,
): { pods: SchedulerPod[]; pending: JsonRecord[] } {
  const { podReader, problems } = inputs
  const names = new Set(inputs.nodes.map(it => it.name))
  const pods: SchedulerPod[] = []
  const pending: JsonRecord[] = []
  const seen = new Set<string>()
  for (const { place, value } of placed) {
    if (isTerminal(value)) continue
    const name = readName(value)
    const key = `${readNamespace(value)}/${name}`
    if (name !== '' && seen.has(key)) {
      problems.push({ place, message: `pod "${key}" is listed already; this copy is left out` })
      continue
    }
    seen.add(key)
    const nodeName = readString(readPath(value, 'spec', 'nodeName'))
    problems.push(...checkRequests(value, place))
    if (nodeName === '') {
      pending.push(value)
      continue
    }
    const pod = podReader.read(value)
    if (!names.has(nodeName)) {
      const message = `pod "${pod.namespace}/${pod.name}" is on node "${nodeName}", which the inventory does not have; it holds no room`
      problems.push({ place: `${place}${place === '' ? '' : '.'}spec.nodeName`, message })
      continue
    }
    pods.push(pod)
  }
  return { pods, pending }
}

/** What the objects, which are Services, select. */
export function listServices(objects: readonly JsonRecord[]): ServiceSelector[] {
  const services: ServiceSelector[] = []
  for (const it of objects) {
    const selector = readPath(it, 'spec', 'selector')
    if (selector === undefined || selector === null) continue
    services.push({ namespace: readNamespace(it), labels: readStringMap(selector) })
  }
  return services
}

function mapOwners(of: (kind: string) => readonly JsonRecord[]): Map<string, Selector> {
  const owners = new Map<string, Selector>()
  for (const kind of ['ReplicaSet', 'StatefulSet', 'ReplicationController']) {
    for (const it of of(kind)) {
      const selector = readPath(it, 'spec', 'selector')
      const compiled =
        kind === 'ReplicationController' ? buildLabelSelector(readStringMap(selector)) : toSelector(selector)
      owners.set(`${kind} ${readNamespace(it)}/${readName(it)}`, compiled)
    }
  }
  return owners
}

/** Of a PodDisruptionBudget. */
export function toBudget(value: JsonRecord): Budget {
  return {
    namespace: readNamespace(value),
    selector: toSelector(readPath(value, 'spec', 'selector')),
    disruptionsAllowed: readInteger(readPath(value, 'status', 'disruptionsAllowed'), 0),
    disrupted: new Set(Object.keys(readRecord(readPath(value, 'status', 'disruptedPods')))),
  }
}
