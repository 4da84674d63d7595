/** Which checks belong to which kind. */
import type { Check } from './field.ts'
import { checkCronJob, checkJob, warnAboutCronJob, warnAboutJob } from './jobs.ts'
import type { Obj } from './object.ts'
import { checkPod, warnAboutPod } from './pod.ts'
import { checkStatefulSet, warnAboutStatefulSet } from './stateful-set.ts'
import {
  checkControllerRevision,
  checkDaemonSet,
  checkDeployment,
  checkPodTemplateObject,
  checkReplicaSet,
  checkReplicationController,
  warnAboutPodTemplate,
  warnAboutTemplate,
  warnAboutWorkload,
} from './workloads.ts'

export interface KindChecks {
  /** Causes of a refusal; `old` is there for updates. */
  readonly check: (check: Check, object: Obj, old: Obj | undefined) => void
  readonly warn?: (check: Check, object: Obj, old: Obj | undefined) => void
}

/** By `group/Kind`; versions of one group share their internal type. */
const KINDS: ReadonlyMap<string, KindChecks> = new Map<string, KindChecks>([
  ['/Pod', { check: checkPod, warn: warnAboutPod }],
  ['/PodTemplate', { check: checkPodTemplateObject, warn: warnAboutPodTemplate }],
  ['/ReplicationController', { check: checkReplicationController, warn: warnAboutWorkload }],
  ['apps/Deployment', { check: checkDeployment, warn: warnAboutWorkload }],
  ['apps/ReplicaSet', { check: checkReplicaSet, warn: warnAboutWorkload }],
  ['apps/DaemonSet', { check: checkDaemonSet, warn: warnAboutTemplate }],
  ['apps/StatefulSet', { check: checkStatefulSet, warn: warnAboutStatefulSet }],
  ['apps/ControllerRevision', { check: checkControllerRevision }],
  ['batch/Job', { check: checkJob, warn: warnAboutJob }],
  ['batch/CronJob', { check: checkCronJob, warn: warnAboutCronJob }],
])

export function findKind(apiVersion: string, kind: string): KindChecks | undefined {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  return KINDS.get(`${group}/${kind}`)
}
