/** A pod as the scheduler sees it: an interned shape, shared by equal pods, and what is its own. */

import { IN_TREE_SOURCES } from './in-tree-volumes.ts'
import {
  formatCanonical,
  type JsonRecord,
  readInteger,
  readList,
  readPath,
  readRecord,
  readString,
  readStringMap,
  readStrings,
} from './json-fields.ts'
import {
  type CountedRequests,
  countIncoming,
  countPlaced,
  countRequests,
  type RequestOptions,
  type ScoredRequests,
  sumPodRequests,
} from './pod-requests.ts'
import {
  addRequirements,
  type Labels,
  listNodeTerms,
  type NodeTerm,
  type Requirement,
  type Selector,
  toNodeTerm,
  toSelector,
} from './selector.ts'
import { listTolerations, type Toleration } from './taints.ts'

export interface SpreadConstraint {
  readonly topologyKey: string
  readonly maxSkew: number
  readonly required: boolean
  readonly selector: Selector
  readonly minDomains: number
  readonly honorAffinity: boolean
  readonly honorTaints: boolean
}

/** A term of pod (anti-)affinity with its namespaces resolved as far as the pod itself tells. */
export interface PodTerm {
  readonly topologyKey: string
  readonly selector: Selector
  readonly namespaces: readonly string[]
  readonly namespaceSelector: Selector
  readonly weight: number
  /** Equal for equal terms. */
  readonly text: string
}

export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

/** A volume that scheduling depends on; others are dropped. */
export type PodVolume =
  | { readonly kind: 'claim'; readonly claim: string }
  | { readonly kind: 'ephemeral'; readonly claim: string }
  | { readonly kind: 'disk'; readonly source: JsonRecord }

/** Everything the scheduler reads of a pod, apart from its name, node and times. */
export interface PodShape {
  readonly namespace: string
  readonly labels: Labels
  readonly requests: CountedRequests
  /** How the pod counts in scores while it is being placed, and once it is placed. */
  readonly incoming: ScoredRequests
  readonly placed: ScoredRequests
  readonly priority: number
  readonly neverPreempts: boolean
  readonly nodeSelector: readonly Requirement[]
  /** Undefined without required node affinity; an empty list matches no node. */
  readonly nodeTerms: readonly NodeTerm[] | undefined
  readonly preferredNodes: readonly { readonly weight: number; readonly term: NodeTerm }[]
  readonly tolerations: readonly Toleration[]
  readonly spread: readonly SpreadConstraint[]
  readonly affinity: readonly PodTerm[]
  readonly antiAffinity: readonly PodTerm[]
  readonly preferredAffinity: readonly PodTerm[]
  readonly preferredAntiAffinity: readonly PodTerm[]
  readonly ports: readonly HostPort[]
  readonly volumes: readonly PodVolume[]
  readonly images: readonly string[]
  readonly containerCount: number
  readonly gates: readonly string[]
  /** Kind and name of the controller, for the default spread scores. */
  readonly owner: { readonly kind: string; readonly name: string } | undefined
}

export interface SchedulerPod {
  readonly shape: PodShape
  readonly namespace: string
  readonly name: string
  readonly nodeName: string
  readonly terminating: boolean
  /** It terminates to make room for a more important pod. */
  readonly preempted: boolean
  /** RFC 3339 in UTC, so that text order is time order; empty when the pod has not started. */
  readonly startTime: string
  readonly nominatedNode: string
}

/** Turns pods into shapes, remembering those it has seen. */
export interface PodReader {
  read(value: unknown): SchedulerPod
}

export function buildPodReader(options: RequestOptions = {}): PodReader {
  const shapes = new Map<string, PodShape>()
  /** By text as it is: pods of one template mostly write their fields in one order, and comparing that is cheap. */
  const known = new Map<string, PodShape>()
  return {
    read(value) {
      const parts = listShapeParts(value)
      const text = toText(parts)
      let shape = known.get(text)
      if (shape === undefined) {
        const key = formatCanonical(parts)
        shape = shapes.get(key)
        if (shape === undefined) shapes.set(key, (shape = toPodShape(value, options)))
        if (text !== '') known.set(text, shape)
      }
      const metadata = readRecord(readPath(value, 'metadata'))
      const status = readRecord(readPath(value, 'status'))
      return {
        shape,
        namespace: shape.namespace,
        name: readString(metadata.name),
        nodeName: readString(readPath(value, 'spec', 'nodeName')),
        terminating: typeof metadata.deletionTimestamp === 'string',
        preempted: isPreempted(status),
        startTime: readString(status.startTime),
        nominatedNode: readString(status.nominatedNodeName),
      }
    },
  }
}

/** Pods that have ended hold nothing of a node. */
export function isTerminal(value: unknown): boolean {
  const phase = readPath(value, 'status', 'phase')
  return phase === 'Succeeded' || phase === 'Failed'
}

function isPreempted(status: JsonRecord): boolean {
  return readList(status.conditions).some(it => {
    const { type, status: state, reason } = readRecord(it)
    return type === 'DisruptionTarget' && state === 'True' && reason === 'PreemptionByScheduler'
  })
}

/** Empty for what is nested too deeply to be written. */
function toText(parts: readonly unknown[]): string {
  try {
    return JSON.stringify(parts)
  } catch {
    return ''
  }
}

/** Equal for equal shapes. */
function listShapeParts(value: unknown): readonly unknown[] {
  const metadata = readRecord(readPath(value, 'metadata'))
  const spec = readRecord(readPath(value, 'spec'))
  const status = readRecord(readPath(value, 'status'))
  const containers = [...readList(spec.initContainers), 0, ...readList(spec.containers)].map(it => {
    const container = readRecord(it)
    return [container.name, container.image, container.resources, container.ports, container.restartPolicy]
  })
  const volumes = listVolumes(value)
  return [
    readString(metadata.namespace) || 'default',
    metadata.labels,
    findOwner(metadata),
    containers,
    [spec.resources, spec.overhead, spec.priority, spec.preemptionPolicy, spec.nodeSelector, spec.affinity],
    [spec.tolerations, spec.topologySpreadConstraints, spec.schedulingGates, spec.hostNetwork],
    volumes,
    listHeldResources(status),
  ]
}

/** What a running pod's status says of resources, without the ids and times that tell equal pods apart. */
function listHeldResources(status: JsonRecord): readonly unknown[] {
  const held = [...readList(status.containerStatuses), ...readList(status.initContainerStatuses)]
    .map(it => {
      const { name, resources, allocatedResources } = readRecord(it)
      return [name, readPath(resources, 'requests'), allocatedResources, resources !== undefined]
    })
    .filter(it => it[3] === true || it[2] !== undefined)
  const pending = readList(status.conditions).find(it => readRecord(it).type === 'PodResizePending')
  if (held.length === 0 && status.resources === undefined && status.allocatedResources === undefined)
    return []
  return [held, readRecord(pending).reason, status.resources, status.allocatedResources]
}

function toPodShape(value: unknown, options: RequestOptions): PodShape {
  const metadata = readRecord(readPath(value, 'metadata'))
  const spec = readRecord(readPath(value, 'spec'))
  const namespace = readString(metadata.namespace) || 'default'
  const labels = readStringMap(metadata.labels)
  const amounts = sumPodRequests(value, options)
  const node = readRecord(readPath(spec.affinity, 'nodeAffinity'))
  const required = node.requiredDuringSchedulingIgnoredDuringExecution
  const own = { namespace, labels }
  const containers = [...readList(spec.initContainers), ...readList(spec.containers)].map(readRecord)
  return {
    namespace,
    labels,
    requests: countRequests(amounts),
    incoming: countIncoming(value),
    placed: countPlaced(value, amounts, options),
    priority: readInteger(spec.priority, 0),
    neverPreempts: spec.preemptionPolicy === 'Never',
    nodeSelector: [...readStringMap(spec.nodeSelector)].map(([name, it]) => ({
      key: name,
      operator: 'In',
      values: [it],
    })),
    nodeTerms:
      required === undefined || required === null
        ? undefined
        : listNodeTerms(readRecord(required).nodeSelectorTerms),
    preferredNodes: listPreferredNodes(node.preferredDuringSchedulingIgnoredDuringExecution),
    tolerations: listTolerations(spec.tolerations),
    spread: listSpread(spec.topologySpreadConstraints, labels),
    affinity: listRequiredTerms(readPath(spec.affinity, 'podAffinity'), own),
    antiAffinity: listRequiredTerms(readPath(spec.affinity, 'podAntiAffinity'), own),
    preferredAffinity: listPreferredTerms(readPath(spec.affinity, 'podAffinity'), own),
    preferredAntiAffinity: listPreferredTerms(readPath(spec.affinity, 'podAntiAffinity'), own),
    ports: listHostPorts(spec),
    volumes: listVolumes(value),
    images: listImages(spec, containers),
    containerCount: containers.length,
    gates: readList(spec.schedulingGates).map(it => readString(readRecord(it).name)),
    owner: findOwner(metadata),
  }
}

function findOwner(metadata: JsonRecord): { kind: string; name: string } | undefined {
  for (const it of readList(metadata.ownerReferences)) {
    const owner = readRecord(it)
    if (owner.controller === true) return { kind: readString(owner.kind), name: readString(owner.name) }
  }
  return undefined
}

function listPreferredNodes(value: unknown): PodShape['preferredNodes'] {
  return readList(value)
    .map(it => {
      const preferred = readRecord(it)
      return { weight: readInteger(preferred.weight, 0), term: toNodeTerm(readRecord(preferred.preference)) }
    })
    .filter(
      it => it.weight !== 0 && (it.term.never || it.term.requirements.length + it.term.fields.length > 0),
    )
}

/** Labels of the pod that a `matchLabelKeys` list picks, as requirements. */
function listKeyRequirements(keys: unknown, labels: Labels, operator: 'In' | 'NotIn'): Requirement[] {
  const requirements: Requirement[] = []
  for (const key of readStrings(keys)) {
    const value = labels.get(key)
    if (value !== undefined) requirements.push({ key, operator, values: [value] })
  }
  return requirements
}

function listSpread(value: unknown, labels: Labels): SpreadConstraint[] {
  return readList(value).map(it => {
    const constraint = readRecord(it)
    return {
      topologyKey: readString(constraint.topologyKey),
      maxSkew: readInteger(constraint.maxSkew, 1),
      required: constraint.whenUnsatisfiable !== 'ScheduleAnyway',
      selector: addRequirements(
        toSelector(constraint.labelSelector),
        listKeyRequirements(constraint.matchLabelKeys, labels, 'In'),
      ),
      minDomains: readInteger(constraint.minDomains, 1),
      honorAffinity: constraint.nodeAffinityPolicy !== 'Ignore',
      honorTaints: constraint.nodeTaintsPolicy === 'Honor',
    }
  })
}

interface Own {
  readonly namespace: string
  readonly labels: Labels
}

function listRequiredTerms(value: unknown, own: Own): PodTerm[] {
  return readList(readRecord(value).requiredDuringSchedulingIgnoredDuringExecution).map(it =>
    toPodTerm(readRecord(it), own, 0),
  )
}

function listPreferredTerms(value: unknown, own: Own): PodTerm[] {
  return readList(readRecord(value).preferredDuringSchedulingIgnoredDuringExecution).map(it => {
    const preferred = readRecord(it)
    return toPodTerm(readRecord(preferred.podAffinityTerm), own, readInteger(preferred.weight, 0))
  })
}

/** A term with `matchLabelKeys` and `mismatchLabelKeys` merged into the selector, as the API server does. */
function toPodTerm(term: JsonRecord, own: Own, weight: number): PodTerm {
  const namespaces = readStrings(term.namespaces)
  const bySelector = typeof term.namespaceSelector === 'object' && term.namespaceSelector !== null
  const resolved = namespaces.length === 0 && !bySelector ? [own.namespace] : [...namespaces].sort()
  const selector = addRequirements(toSelector(term.labelSelector), [
    ...listKeyRequirements(term.matchLabelKeys, own.labels, 'In'),
    ...listKeyRequirements(term.mismatchLabelKeys, own.labels, 'NotIn'),
  ])
  const namespaceSelector = toSelector(term.namespaceSelector)
  const topologyKey = readString(term.topologyKey)
  return {
    topologyKey,
    selector,
    namespaces: resolved,
    namespaceSelector,
    weight,
    text: JSON.stringify([topologyKey, selector.text, resolved, namespaceSelector.text, weight]),
  }
}

/** Ports on the node that containers and sidecars hold. */
function listHostPorts(spec: JsonRecord): HostPort[] {
  const ports: HostPort[] = []
  const sidecars = readList(spec.initContainers).filter(it => readRecord(it).restartPolicy === 'Always')
  for (const container of [...readList(spec.containers), ...sidecars]) {
    for (const it of readList(readRecord(container).ports)) {
      const port = readRecord(it)
      const number = readInteger(port.hostPort, 0)
      if (number <= 0) continue
      ports.push({
        ip: readString(port.hostIP) || '0.0.0.0',
        protocol: readString(port.protocol) || 'TCP',
        port: number,
      })
    }
  }
  return ports
}

const DISKS = [...IN_TREE_SOURCES, 'rbd', 'iscsi']

function listVolumes(value: unknown): PodVolume[] {
  const volumes: PodVolume[] = []
  for (const it of readList(readPath(value, 'spec', 'volumes'))) {
    const volume = readRecord(it)
    if (volume.persistentVolumeClaim !== undefined && volume.persistentVolumeClaim !== null) {
      volumes.push({ kind: 'claim', claim: readString(readRecord(volume.persistentVolumeClaim).claimName) })
    } else if (volume.ephemeral !== undefined && volume.ephemeral !== null) {
      const name = readString(readPath(value, 'metadata', 'name'))
      volumes.push({ kind: 'ephemeral', claim: `${name}-${readString(volume.name)}` })
    } else if (DISKS.some(disk => volume[disk] !== undefined && volume[disk] !== null)) {
      volumes.push({ kind: 'disk', source: volume })
    }
  }
  return volumes
}

function listImages(spec: JsonRecord, containers: readonly JsonRecord[]): string[] {
  const names = containers.map(it => readString(it.image))
  for (const it of readList(spec.volumes)) {
    const reference = readString(readPath(it, 'image', 'reference'))
    if (reference !== '') names.push(reference)
  }
  return names.map(normaliseImage)
}

function normaliseImage(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name
}
