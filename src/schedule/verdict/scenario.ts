/** Which pods a set of manifests is asked to hold: declared, at its autoscalers' bounds, or in the middle of a rollout. */

import { memo } from '../../text/memo.ts'
import type { Cluster } from '../cluster.ts'
import { type JsonRecord, readInteger, readList, readPath, readRecord, readString } from '../json-fields.ts'
import type { SchedulerPod } from '../pod.ts'
import { getRolloutBounds } from '../workload/deployment.ts'
import { getReplicas, toWorkload, type Workload } from '../workload/workload.ts'
import { releaseQuotas } from './release-quotas.ts'

export interface Scenario {
  /** Replicas as they come about when nothing is busy, or the lower or upper bound of each workload's autoscaler. */
  readonly scale: 'declared' | 'minimum' | 'maximum'
  /** At the peak of a rollout a Deployment has its surge on top. */
  readonly phase: 'steady' | 'rollout'
  /** What happens to pods of the same workloads that the inventory shows. */
  readonly running: 'fresh' | 'replace' | 'rolling'
  /** The workloads that take more than in the steady state; any when absent. */
  readonly growing?: ReadonlySet<string>
}

export const DECLARED: Scenario = { scale: 'declared', phase: 'steady', running: 'replace' }

/**
 * The manifests with the scenario's replicas, those of workloads that keep their old pods less these; an object whose
 * replicas stay is the same object. Autoscalers may be among the manifests or in the inventory.
 */
export function applyScenario(
  cluster: Cluster,
  manifests: readonly JsonRecord[],
  scenario: Scenario,
): readonly JsonRecord[] {
  const autoscalers = mapAutoscalers(cluster, manifests)
  const isAsked = autoscalers.size > 0 || scenario.running === 'rolling'
  const running = isAsked ? countRunning(cluster) : new Map<string, number>()
  return manifests.map(object => {
    const workload = toWorkload(object)
    if (workload === undefined || !SCALED.has(workload.kind)) return object
    const old = running.get(workload.key) ?? 0
    const { scale, phase } = scenario.growing?.has(workload.key) === false ? DECLARED : scenario
    const wanted = countWanted(workload, {
      autoscaler: autoscalers.get(workload.key),
      scale,
      old,
    })
    let replicas = wanted
    if (isRolling(workload)) {
      if (scenario.running === 'rolling') replicas -= Math.min(old, wanted)
      if (phase === 'rollout') replicas += countSurge(workload, wanted)
    }
    return replicas === getReplicas(workload) ? object : setReplicas(object, replicas)
  })
}

const SCALED = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'])

const setReplicas = (object: JsonRecord, replicas: number): JsonRecord => ({
  ...object,
  spec: { ...readRecord(object.spec), replicas },
})

/**
 * What an autoscaler leaves of the replicas: within its bounds, unless they are zero, which switches it off. Where none
 * are written, those that run stay.
 */
function countWanted(
  workload: Workload,
  { autoscaler, scale, old }: { autoscaler: Autoscaler | undefined; scale: Scenario['scale']; old: number },
): number {
  const written = workload.spec.replicas === undefined ? undefined : getReplicas(workload)
  if (autoscaler === undefined || written === 0) return getReplicas(workload)
  if (scale !== 'declared') return autoscaler[scale]
  const { minimum, maximum } = autoscaler
  return Math.min(maximum, Math.max(minimum, written ?? Math.max(1, old)))
}

/** No more than are to be replaced. */
function countSurge(workload: Workload, replicas: number): number {
  if (workload.spec.paused === true) return 0
  const { surge } = getRolloutBounds({ ...workload, spec: { ...workload.spec, replicas } })
  return Math.min(surge, replicas)
}

export interface Autoscaler {
  /** The workload that it scales: `Deployment shop/web`. */
  readonly target: string
  readonly minimum: number
  readonly maximum: number
  /** The field that says so: `spec.maxReplicas`. */
  readonly field: readonly [string, string]
}

/** A HorizontalPodAutoscaler, or KEDA's ScaledObject, which makes one. */
export function toAutoscaler(object: JsonRecord): Autoscaler | undefined {
  const { kind } = object
  if (kind !== 'HorizontalPodAutoscaler' && kind !== 'ScaledObject') return undefined
  const spec = readRecord(object.spec)
  const namespace = readString(readPath(object.metadata, 'namespace')) || 'default'
  const { kind: scaled, name } = readRecord(spec.scaleTargetRef)
  const target = `${readString(scaled) || 'Deployment'} ${namespace}/${readString(name)}`
  const isKeda = kind === 'ScaledObject'
  const minimum = Math.max(0, readInteger(isKeda ? spec.minReplicaCount : spec.minReplicas, isKeda ? 0 : 1))
  const most = isKeda ? readInteger(spec.maxReplicaCount, 100) : readInteger(spec.maxReplicas, minimum)
  const field = ['spec', isKeda ? 'maxReplicaCount' : 'maxReplicas'] as const
  return { target, minimum, maximum: Math.max(minimum, most), field }
}

/** By the workload that they scale; those of the manifests replace those of the inventory. */
export function mapAutoscalers(
  cluster: Cluster,
  manifests: readonly JsonRecord[],
): ReadonlyMap<string, Autoscaler> {
  const present = ['HorizontalPodAutoscaler', 'ScaledObject'].flatMap(it => cluster.others.get(it) ?? [])
  const autoscalers = [...present, ...manifests].map(toAutoscaler).filter(it => it !== undefined)
  return new Map(autoscalers.map(it => [it.target, it]))
}

/** The cluster as the scenario finds it: pods of the same workloads stay, or are taken away first. */
export function prepareCluster(
  cluster: Cluster,
  manifests: readonly JsonRecord[],
  scenario: Scenario,
): Cluster {
  if (scenario.running === 'fresh') return cluster
  // Only Deployments keep their old pods while new ones come; the others make room first.
  const isLeaving = (it: Workload): boolean => scenario.running === 'replace' || !isRolling(it)
  const own = new Map(manifests.flatMap(it => toWorkload(it) ?? []).map(it => [it.key, it]))
  const workloads = new Set<string>()
  const leaving = new Set<string>()
  const pods = cluster.pods.filter(pod => {
    const owners = listOwners(pod).filter(it => own.has(it))
    for (const it of owners) workloads.add(it)
    const isGoing = owners.some(it => isLeaving(own.get(it)!))
    if (isGoing) leaving.add(`${pod.namespace}/${pod.name}`)
    return !isGoing
  })
  // Those that wait are made anew whatever happens to the others.
  for (const pod of cluster.pending.map(it => cluster.podReader.read(it)))
    for (const it of listOwners(pod))
      if (own.has(it)) {
        workloads.add(it)
        leaving.add(`${pod.namespace}/${pod.name}`)
      }
  return releaseQuotas({ ...cluster, pods }, { pods: leaving, workloads })
}

function isRolling({ kind, spec }: Workload): boolean {
  return kind === 'Deployment' && readPath(spec.strategy, 'type') !== 'Recreate'
}

/** Pods in the inventory by the workload that they may belong to. */
const countRunning = memo((cluster: Cluster): ReadonlyMap<string, number> => {
  const running = new Map<string, number>()
  for (const pod of cluster.pods)
    if (!pod.terminating) for (const it of listOwners(pod)) running.set(it, (running.get(it) ?? 0) + 1)
  return running
})

/** Pods of others that wait in the inventory already, and so come before anything new. */
export function listWaiting(cluster: Cluster, manifests: readonly JsonRecord[]): readonly JsonRecord[] {
  const own = new Set(manifests.map(it => toWorkload(it)?.key))
  return cluster.pending
    .filter(it => !listOwners(cluster.podReader.read(it)).some(owner => own.has(owner)))
    .map(it => ({ ...it, kind: 'Pod' }))
}

/** Parts behind a CronJob's name that may be those of a run, which people may have started by hand. */
const MOST_PARTS = 3

/** Keys of the workloads that a running pod may belong to, by its controller's name. */
function listOwners({ namespace, name, shape }: SchedulerPod): string[] {
  return listOwnerNames(name, shape.owner).map(([kind, owner]) => `${kind} ${namespace}/${owner}`)
}

function listOwnerNames(
  name: string,
  owner: SchedulerPod['shape']['owner'],
): (readonly [kind: string, name: string])[] {
  const self = ['Pod', name] as const
  if (owner === undefined) return [self]
  const own = [self, [owner.kind, owner.name]] as (readonly [string, string])[]
  // A ReplicaSet has the hash of its template behind the name of its Deployment, a Job the time of its run.
  if (owner.kind === 'ReplicaSet')
    own.push(['Deployment', owner.name.slice(0, Math.max(0, owner.name.lastIndexOf('-')))])
  if (owner.kind === 'Job')
    for (let left = owner.name, i = 0; i < MOST_PARTS && left.includes('-'); i++) {
      left = left.slice(0, left.lastIndexOf('-'))
      own.push(['CronJob', left])
    }
  return own
}

/** Workloads that seem to run already in another namespace than the manifests say: their pods would count twice. */
export function listElsewhere(cluster: Cluster, manifests: readonly JsonRecord[]): string[] {
  const wanted = manifests.map(toWorkload).filter(it => it !== undefined && it.kind !== 'Pod')
  if (wanted.length === 0) return []
  const namespaces = new Map<string, Set<string>>(wanted.map(it => [`${it!.kind} ${it!.name}`, new Set()]))
  for (const { namespace, name, shape } of cluster.pods)
    for (const [kind, owner] of listOwnerNames(name, shape.owner))
      namespaces.get(`${kind} ${owner}`)?.add(namespace)
  return wanted.flatMap(it => {
    const { kind, name, namespace } = it!
    const running = namespaces.get(`${kind} ${name}`)!
    const [other] = running
    if (other === undefined || running.has(namespace)) return []
    return [
      `${kind} "${name}" is placed in namespace "${namespace}", and runs in "${other}" already; if that is the same one, \`namespace\` in plimsoll.yaml says so, or else its pods count twice`,
    ]
  })
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
