/** Objects that make pods, and the pods they make. */

import {
  formatCanonical,
  type JsonRecord,
  readInteger,
  readList,
  readPath,
  readRecord,
  readString,
} from '../json-fields.ts'
import { readClaimSpec } from '../storage.ts'
import { addToleration } from './tolerations.ts'

const WORKLOAD_KINDS: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Pod',
])

export interface Workload {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** The name as the API server says it, without the number of `nameGenerated`. */
  readonly shownName: string
  /** `Deployment shop/web`. */
  readonly key: string
  readonly object: JsonRecord
  readonly spec: JsonRecord
  /** The pod template; of a Pod, the pod itself. */
  readonly template: JsonRecord
  /** Equal for equal templates. */
  readonly revision: string
}

/** What stands for a name that the server generates; a number tells the objects of one prefix apart. */
export function nameGenerated(prefix: string, count: number): string {
  const name = prefix === '' ? '<unnamed>' : `${prefix}${GENERATED}`
  return count === 1 ? name : `${name} #${count}`
}

/** The random part of a name. */
export const GENERATED = '<x>'

function leaveOutNumber(name: string): string {
  const end = name.lastIndexOf('> #')
  return end < 0 ? name : name.slice(0, end + 1)
}

export function toWorkload(value: unknown): Workload | undefined {
  const object = readRecord(value)
  const kind = readString(object.kind)
  if (!WORKLOAD_KINDS.has(kind)) return undefined
  const namespace = readString(readPath(object.metadata, 'namespace')) || 'default'
  const name =
    readString(readPath(object.metadata, 'name')) || readString(readPath(object.metadata, 'generateName'))
  const spec = readRecord(object.spec)
  const job = readRecord(readPath(spec.jobTemplate, 'spec'))
  const template = kind === 'Pod' ? object : readRecord(kind === 'CronJob' ? job.template : spec.template)
  return {
    kind,
    namespace,
    name,
    shownName: leaveOutNumber(name),
    key: `${kind} ${namespace}/${name}`,
    object,
    spec: kind === 'CronJob' ? { ...job, suspend: spec.suspend } : spec,
    template,
    revision: kind === 'Pod' ? '' : formatHash(formatCanonical(template)),
  }
}

/** A short name for a template, in the letters that template hashes are made of. */
function formatHash(text: string): string {
  let hash = 2166136261
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619) >>> 0
  return hash.toString(36)
}

/** Replicas that the object asks for; a DaemonSet's depend on the nodes. */
export function getReplicas(workload: Workload): number {
  const { spec } = workload
  switch (workload.kind) {
    case 'Pod':
      return 1
    case 'Job':
    case 'CronJob': {
      const parallelism = Math.max(0, readInteger(spec.parallelism, 1))
      const completions = readInteger(spec.completions, parallelism === 0 ? 0 : Number.MAX_SAFE_INTEGER)
      return Math.min(parallelism, completions)
    }
    default:
      return Math.max(0, readInteger(spec.replicas, 1))
  }
}

/** What distinguishes one pod of a workload from another. */
export interface PodIdentity {
  /** The name the API server would give it, random parts written as `<x>` and `<hash>`. */
  readonly shownName: string
  /** The name while random parts are not generated yet. */
  readonly earlyName: string
  readonly name: string
  readonly ordinal: number | undefined
  /** The node a DaemonSet's pod is for. */
  readonly node: string | undefined
}

/** The object that a controller sends to the API server. */
export function buildPodObject(workload: Workload, identity: PodIdentity): JsonRecord {
  const { kind, namespace, name, template, revision } = workload
  if (kind === 'Pod') return workload.object
  const labels: Record<string, unknown> = { ...readRecord(readPath(template.metadata, 'labels')) }
  const spec: Record<string, unknown> = { ...readRecord(template.spec) }
  let owner = { kind, name }
  if (kind === 'Deployment') {
    labels['pod-template-hash'] = revision
    owner = { kind: 'ReplicaSet', name: `${name}-${revision}` }
  } else if (kind === 'StatefulSet') {
    labels['apps.kubernetes.io/pod-index'] = String(identity.ordinal)
    labels['statefulset.kubernetes.io/pod-name'] = identity.name
    labels['controller-revision-hash'] = `${name}-${revision}`
    spec.volumes = listOrdinalVolumes(workload, identity.name)
  } else if (kind === 'DaemonSet') {
    labels['controller-revision-hash'] = revision
    applyDaemon(spec, identity.node)
  } else if (kind === 'Job' || kind === 'CronJob') {
    labels['job-name'] = name
    labels['batch.kubernetes.io/job-name'] = name
    if (identity.ordinal !== undefined)
      labels['batch.kubernetes.io/job-completion-index'] = String(identity.ordinal)
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: identity.name,
      namespace,
      labels,
      annotations: readRecord(readPath(template.metadata, 'annotations')),
      ownerReferences: [{ ...owner, controller: true }],
    },
    spec: mergeMatchLabelKeys(spec, labels),
  }
}

function listOrdinalVolumes(workload: Workload, podName: string): unknown[] {
  const claims = listClaimTemplates(workload).map(it => ({
    name: it.name,
    persistentVolumeClaim: { claimName: `${it.name}-${podName}` },
  }))
  const names = new Set(claims.map(it => it.name))
  const others = Array.isArray(readRecord(workload.template.spec).volumes)
    ? (readRecord(workload.template.spec).volumes as readonly unknown[])
    : []
  return [...claims, ...others.filter(it => !names.has(readString(readRecord(it).name)))]
}

/** `volumeClaimTemplates` of a StatefulSet; nothing for others. */
export function listClaimTemplates(
  workload: Workload,
): { name: string; spec: JsonRecord; object: JsonRecord }[] {
  const templates = workload.spec.volumeClaimTemplates
  if (!Array.isArray(templates)) return []
  return templates.map(it => {
    const object = readRecord(it)
    return { name: readString(readPath(object.metadata, 'name')), spec: readClaimSpec(object), object }
  })
}

const DAEMON_TOLERATIONS: readonly (readonly [string, string])[] = [
  ['node.kubernetes.io/not-ready', 'NoExecute'],
  ['node.kubernetes.io/unreachable', 'NoExecute'],
  ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
  ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
  ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
  ['node.kubernetes.io/unschedulable', 'NoSchedule'],
]

/** The tolerations every DaemonSet pod gets, and affinity to its one node in place of the template's. */
export function applyDaemon(spec: Record<string, unknown>, node: string | undefined): void {
  const keys = [...DAEMON_TOLERATIONS]
  if (spec.hostNetwork === true) keys.push(['node.kubernetes.io/network-unavailable', 'NoSchedule'])
  let tolerations = readList(spec.tolerations)
  for (const [key, effect] of keys)
    tolerations = addToleration(tolerations, { key, operator: 'Exists', effect })
  spec.tolerations = tolerations
  if (node === undefined) return
  const affinity = readRecord(spec.affinity)
  spec.affinity = {
    ...affinity,
    nodeAffinity: {
      ...readRecord(affinity.nodeAffinity),
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
      },
    },
  }
}

/** The API server writes `matchLabelKeys` into the selectors when a pod is created. */
function mergeMatchLabelKeys(spec: JsonRecord, labels: JsonRecord): JsonRecord {
  const merged: Record<string, unknown> = { ...spec }
  if (Array.isArray(spec.topologySpreadConstraints)) {
    merged.topologySpreadConstraints = spec.topologySpreadConstraints.map(it =>
      mergeKeys(readRecord(it), labels),
    )
  }
  const affinity = readRecord(spec.affinity)
  const terms: Record<string, unknown> = { ...affinity }
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    if (affinity[kind] !== undefined) terms[kind] = mergeAffinity(readRecord(affinity[kind]), labels)
  }
  if (spec.affinity !== undefined) merged.affinity = terms
  return merged
}

function mergeAffinity(affinity: JsonRecord, labels: JsonRecord): JsonRecord {
  const merged: Record<string, unknown> = { ...affinity }
  const { requiredDuringSchedulingIgnoredDuringExecution: required } = affinity
  const { preferredDuringSchedulingIgnoredDuringExecution: preferred } = affinity
  if (Array.isArray(required)) {
    merged.requiredDuringSchedulingIgnoredDuringExecution = required.map(it =>
      mergeKeys(readRecord(it), labels),
    )
  }
  if (Array.isArray(preferred)) {
    merged.preferredDuringSchedulingIgnoredDuringExecution = preferred.map(it => ({
      ...readRecord(it),
      podAffinityTerm: mergeKeys(readRecord(readRecord(it).podAffinityTerm), labels),
    }))
  }
  return merged
}

function mergeKeys(term: JsonRecord, labels: JsonRecord): JsonRecord {
  const added: unknown[] = []
  for (const [field, operator] of [
    ['matchLabelKeys', 'In'],
    ['mismatchLabelKeys', 'NotIn'],
  ] as const) {
    const keys = term[field]
    if (!Array.isArray(keys)) continue
    for (const key of keys) {
      if (typeof key === 'string' && Object.hasOwn(labels, key))
        added.push({ key, operator, values: [labels[key]] })
    }
  }
  if (added.length === 0 || term.labelSelector === undefined) return term
  const selector = readRecord(term.labelSelector)
  const present = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : []
  return { ...term, labelSelector: { ...selector, matchExpressions: [...present, ...added] } }
}
