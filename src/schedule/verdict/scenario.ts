/** Which pods a set of manifests is asked to hold: declared, at its autoscalers' bounds, or in the middle of a rollout. */

import type { Cluster } from '../cluster.ts'
import { type JsonRecord, readInteger, readList, readPath, readRecord, readString } from '../json-fields.ts'
import type { SchedulerPod } from '../pod.ts'
import { getRolloutBounds } from '../workload/deployment.ts'
import { getReplicas, toWorkload, type Workload } from '../workload/workload.ts'

export interface Scenario {
  /** Replicas as written, or the lower or upper bound of each workload's autoscaler. */
  readonly scale: 'declared' | 'minimum' | 'maximum'
  /** At the peak of a rollout a Deployment has its surge on top. */
  readonly phase: 'steady' | 'rollout'
  /** What happens to pods of the same workloads that the inventory shows. */
  readonly running: 'fresh' | 'replace' | 'rolling'
}

export const DECLARED: Scenario = { scale: 'declared', phase: 'steady', running: 'replace' }

/** The manifests with the scenario's replicas; autoscalers may be among them or in the inventory. */
export function applyScenario(
  cluster: Cluster,
  manifests: readonly JsonRecord[],
  scenario: Scenario,
): readonly JsonRecord[] {
  const present = ['HorizontalPodAutoscaler', 'ScaledObject'].flatMap(it => cluster.others.get(it) ?? [])
  const bounds = mapAutoscalers([...present, ...manifests])
  return manifests.map(object => {
    const workload = toWorkload(object)
    if (workload === undefined || !SCALED.has(workload.kind)) return object
    let replicas = getReplicas(workload)
    const bound = bounds.get(workload.key)
    if (bound !== undefined && scenario.scale === 'maximum') replicas = bound.maximum
    else if (bound !== undefined && scenario.scale === 'minimum') replicas = bound.minimum
    const scaled: JsonRecord = { ...object, spec: { ...readRecord(object.spec), replicas } }
    if (scenario.phase !== 'rollout' || workload.kind !== 'Deployment') return scaled
    const { surge } = getRolloutBounds({ ...workload, spec: readRecord(scaled.spec) })
    const recreates = readPath(workload.spec.strategy, 'type') === 'Recreate'
    return { ...scaled, spec: { ...readRecord(scaled.spec), replicas: replicas + (recreates ? 0 : surge) } }
  })
}

const SCALED = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'])

interface Bounds {
  readonly minimum: number
  readonly maximum: number
}

/** Bounds by workload key, from HorizontalPodAutoscalers and KEDA's ScaledObjects. */
function mapAutoscalers(manifests: readonly JsonRecord[]): ReadonlyMap<string, Bounds> {
  const bounds = new Map<string, Bounds>()
  for (const object of manifests) {
    const spec = readRecord(object.spec)
    const namespace = readString(readPath(object.metadata, 'namespace')) || 'default'
    const target = readRecord(spec.scaleTargetRef)
    const key = `${readString(target.kind) || 'Deployment'} ${namespace}/${readString(target.name)}`
    if (object.kind === 'HorizontalPodAutoscaler') {
      const minimum = readInteger(spec.minReplicas, 1)
      bounds.set(key, { minimum, maximum: Math.max(minimum, readInteger(spec.maxReplicas, minimum)) })
    } else if (object.kind === 'ScaledObject') {
      const minimum = readInteger(spec.minReplicaCount, 0)
      bounds.set(key, { minimum, maximum: Math.max(minimum, readInteger(spec.maxReplicaCount, 100)) })
    }
  }
  return bounds
}

/** The cluster as the scenario finds it: pods of the same workloads stay, or are taken away first. */
export function prepareCluster(
  cluster: Cluster,
  manifests: readonly JsonRecord[],
  scenario: Scenario,
): Cluster {
  if (scenario.running === 'fresh') return cluster
  const workloads = manifests.map(toWorkload).filter(it => it !== undefined)
  const isOld = (pod: SchedulerPod): boolean => workloads.some(it => isPodOf(pod, it))
  if (scenario.running === 'replace') return { ...cluster, pods: cluster.pods.filter(it => !isOld(it)) }
  // Only Deployments keep their old pods while new ones come; the others make room first.
  const keeps = new Set(workloads.filter(it => it.kind === 'Deployment' && isRolling(it)))
  return {
    ...cluster,
    pods: cluster.pods.filter(pod => !workloads.some(it => !keeps.has(it) && isPodOf(pod, it))),
  }
}

function isRolling(workload: Workload): boolean {
  return readPath(workload.spec.strategy, 'type') !== 'Recreate'
}

/** In a rolling update only the surge is new at first; without surge, as many as may be missing. */
export function listRollingDemand(cluster: Cluster, manifests: readonly JsonRecord[]): readonly JsonRecord[] {
  return manifests.map(object => {
    const workload = toWorkload(object)
    if (workload?.kind !== 'Deployment' || !isRolling(workload)) return object
    const old = cluster.pods.filter(it => isPodOf(it, workload)).length
    if (old === 0) return object
    const { surge } = getRolloutBounds(workload)
    const missing = Math.max(0, getReplicas(workload) - old)
    return { ...object, spec: { ...readRecord(object.spec), replicas: surge + missing } }
  })
}

/** Pods of others that wait in the inventory already, and so come before anything new. */
export function listWaiting(cluster: Cluster, manifests: readonly JsonRecord[]): readonly JsonRecord[] {
  const workloads = manifests.map(toWorkload).filter(it => it !== undefined)
  return cluster.pending
    .filter(it => !workloads.some(workload => isPodOf(cluster.podReader.read(it), workload)))
    .map(it => ({ ...it, kind: 'Pod' }))
}

/** Whether a running pod belongs to the workload, by its controller's name. */
function isPodOf(pod: SchedulerPod, workload: Workload): boolean {
  if (pod.namespace !== workload.namespace) return false
  if (workload.kind === 'Pod') return pod.name === workload.name
  const { owner } = pod.shape
  if (owner === undefined) return false
  if (workload.kind === 'Deployment') {
    const dash = owner.name.lastIndexOf('-')
    return owner.kind === 'ReplicaSet' && owner.name.slice(0, dash) === workload.name
  }
  if (workload.kind === 'CronJob') return owner.kind === 'Job' && owner.name.startsWith(`${workload.name}-`)
  return owner.kind === workload.kind && owner.name === workload.name
}

/** Things in the manifests whose effect on scheduling cannot be told from files. */
export function listUnknowns(manifests: readonly JsonRecord[]): string[] {
  const unknowns: string[] = []
  for (const object of manifests) {
    const workload = toWorkload(object)
    if (workload === undefined) continue
    const spec = readRecord(workload.template.spec)
    const scheduler = readString(spec.schedulerName) || 'default-scheduler'
    if (scheduler !== 'default-scheduler')
      unknowns.push(`${workload.key} is left to the scheduler "${scheduler}"`)
    if (readList(spec.resourceClaims).length > 0) unknowns.push(`${workload.key} uses ResourceClaims`)
    if (spec.schedulingGroup !== undefined) unknowns.push(`${workload.key} is scheduled as a group`)
  }
  return unknowns
}
