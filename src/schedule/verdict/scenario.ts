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
  // Only Deployments keep their old pods while new ones come; the others make room first.
  const isLeaving = (it: Workload): boolean =>
    scenario.running === 'replace' || it.kind !== 'Deployment' || !isRolling(it)
  const leaving = new Set(
    manifests.flatMap(it => {
      const workload = toWorkload(it)
      return workload !== undefined && isLeaving(workload) ? [workload.key] : []
    }),
  )
  const isOld = (pod: SchedulerPod): boolean => listOwners(pod).some(it => leaving.has(it))
  return { ...cluster, pods: cluster.pods.filter(it => !isOld(it)) }
}

function isRolling(workload: Workload): boolean {
  return readPath(workload.spec.strategy, 'type') !== 'Recreate'
}

/** In a rolling update only the surge is new at first; without surge, as many as may be missing. */
export function listRollingDemand(cluster: Cluster, manifests: readonly JsonRecord[]): readonly JsonRecord[] {
  const running = new Map<string, number>()
  for (const pod of cluster.pods)
    for (const it of listOwners(pod)) running.set(it, (running.get(it) ?? 0) + 1)
  return manifests.map(object => {
    const workload = toWorkload(object)
    if (workload?.kind !== 'Deployment' || !isRolling(workload)) return object
    const old = running.get(workload.key) ?? 0
    if (old === 0) return object
    const { surge } = getRolloutBounds(workload)
    const missing = Math.max(0, getReplicas(workload) - old)
    return { ...object, spec: { ...readRecord(object.spec), replicas: surge + missing } }
  })
}

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
