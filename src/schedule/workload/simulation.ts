/** Manifests applied to a cluster until nothing moves any more. */

import type { Cluster } from '../cluster.ts'
import { type JsonRecord, readPath, readRecord, readString, readStringMap } from '../json-fields.ts'
import type { PodShape } from '../pod.ts'
import { buildLabelSelector, toSelector } from '../selector.ts'
import { readClaimSpec } from '../storage.ts'
import { compareText } from '../unschedulable-message.ts'
import {
  buildControllerState,
  type ControllerState,
  listDaemonNodes,
  stepDaemonSet,
  stepJob,
  stepReplicas,
  stepStatefulSet,
} from './controllers.ts'
import { stepDeployment } from './deployment.ts'
import { joinProblems } from './limit-range.ts'
import { listInvalidResources } from './resource-validation.ts'
import { GENERATED, getReplicas, toWorkload, type Workload } from './workload.ts'
import { createWorld, type LivePod, type World, type WorldOptions } from './world.ts'

export interface PendingGroup {
  readonly count: number
  /** Null where nobody has looked at the pod yet, as with foreign schedulers. */
  readonly reason: 'Unschedulable' | 'SchedulingGated' | null
  readonly message: string | null
}

export interface WorkloadOutcome {
  readonly workload: Workload
  readonly desired: number
  readonly pods: readonly LivePod[]
  readonly scheduled: number
  readonly pending: readonly PendingGroup[]
  /** Events about pods that the API server would not take. */
  readonly createFailed: readonly string[]
}

export interface Rejection {
  readonly object: string
  readonly code: number
  readonly message: string
}

export interface SimulationOptions extends WorldOptions {
  /** CronJobs of which a run is under way; all that are not suspended when absent. */
  isRunning?(workload: Workload): boolean
}

export interface Simulation {
  readonly world: World
  /** Objects that the API server refused. */
  readonly rejections: readonly Rejection[]
  /** Applies one object and lets the cluster settle. */
  apply(object: JsonRecord): void
  /** Applies objects at once: all their pods wait before the first is placed, as with `kubectl apply -f folder`. */
  applyAll(objects: readonly JsonRecord[]): void
  describe(): readonly WorkloadOutcome[]
}

/** Reconciliations until a cluster counts as restless. */
const MAX_ROUNDS = 10_000

/** `objects`: everything that will be applied, for policies that hold from the start. */
export function createSimulation(
  cluster: Cluster,
  objects: readonly JsonRecord[],
  options: SimulationOptions = {},
): Simulation {
  const world = createWorld(cluster, objects, options)
  const states = new Map<string, ControllerState>()
  const rejections: Rejection[] = []
  /** Controllers that had nothing to do, and what they had seen by then. */
  const quiet = new WeakMap<ControllerState, number>()
  const settle = (): void => {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let moved = false
      for (const [key, state] of states) {
        const changes = world.countChanges(key)
        if (quiet.get(state) === changes) continue
        if (stepWorkload(world, state, options)) moved = true
        else quiet.set(state, changes)
      }
      if (world.schedulePending()) moved = true
      if (world.finishPods()) moved = true
      if (world.recountQuotas()) moved = true
      if (!moved) return
    }
  }
  const admit = ({ kind, namespace, key, shownName }: Workload): boolean => {
    const resource = WORKLOAD_RESOURCES[kind]
    if (resource === undefined) return true
    const refused = world.admitObject(resource, namespace)
    if (refused === undefined) return true
    rejections.push({
      object: key,
      code: 403,
      message: `${resource} "${shownName}" is forbidden: ${refused}`,
    })
    return false
  }
  const add = (object: JsonRecord): void => {
    const workload = toWorkload(object)
    if (workload === undefined) {
      applyClaim(world, object, rejections)
      return
    }
    const { kind } = workload
    const state = states.get(workload.key)
    const invalid = kind === 'Pod' ? undefined : findInvalidTemplate(workload)
    if (invalid !== undefined) rejections.push(invalid)
    else if (state !== undefined) {
      state.previous.push(state.workload)
      state.workload = workload
      quiet.delete(state)
    } else if (kind === 'Pod') {
      const refused = createBarePod(world, workload)
      if (refused !== undefined) rejections.push(refused)
      else states.set(workload.key, buildControllerState(workload))
    } else if (admit(workload)) {
      states.set(workload.key, buildControllerState(workload))
      addOwner(world, workload)
    }
  }
  const applyAll = (batch: readonly JsonRecord[]): void => {
    for (const it of batch) add(it)
    settle()
  }
  return {
    world,
    rejections,
    applyAll,
    apply: object => applyAll([object]),
    describe: () => [...states.values()].map(it => describeWorkload(world, it)),
  }
}

/** Resources of kinds, as quotas count them. */
export const WORKLOAD_RESOURCES: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
  Job: 'jobs.batch',
  CronJob: 'cronjobs.batch',
}

/** Validation looks at a template before defaults are set that pods alone get. */
function findInvalidTemplate({ kind, key, shownName, template }: Workload): Rejection | undefined {
  const place = kind === 'CronJob' ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec'
  const problems = listInvalidResources(readRecord(template.spec), place)
  const reason = joinProblems(problems)
  if (reason === undefined) return undefined
  const group = WORKLOAD_RESOURCES[kind]?.split('.')[1]
  const message = `${group === undefined ? kind : `${kind}.${group}`} "${shownName}" is invalid: ${reason}`
  return { object: key, code: 422, message }
}

function stepWorkload(world: World, state: ControllerState, options: SimulationOptions): boolean {
  switch (state.workload.kind) {
    case 'Deployment':
      return stepDeployment(world, state)
    case 'StatefulSet':
      return stepStatefulSet(world, state)
    case 'DaemonSet':
      return stepDaemonSet(world, state)
    case 'Job':
      return stepJob(world, state)
    case 'CronJob':
      return (options.isRunning?.(state.workload) ?? true) && stepJob(world, state)
    case 'Pod':
      return false
    default:
      return stepReplicas(world, state)
  }
}

/** The controllers whose selectors make pods spread by default. */
function addOwner(world: World, { kind, namespace, name, spec }: Workload): void {
  const key = `${kind} ${namespace}/${name}`
  if (kind === 'ReplicaSet' || kind === 'StatefulSet') world.addOwner(key, toSelector(spec.selector))
  else if (kind === 'ReplicationController')
    world.addOwner(key, buildLabelSelector(readStringMap(spec.selector)))
}

function createBarePod(world: World, workload: Workload): Rejection | undefined {
  const { name, shownName } = workload
  const isGenerated = shownName.endsWith(GENERATED)
  const created = world.createPod(workload, {
    shownName,
    earlyName: isGenerated ? shownName.slice(0, -GENERATED.length) : shownName,
    name,
    ordinal: undefined,
    node: undefined,
  })
  if ('pod' in created) return undefined
  const message = created[0] ?? ''
  return { object: workload.key, code: message.startsWith('Pod ') ? 422 : 403, message }
}

function applyClaim(world: World, object: JsonRecord, rejections: Rejection[]): void {
  if (object.kind !== 'PersistentVolumeClaim') return
  const namespace = readString(readPath(object.metadata, 'namespace')) || 'default'
  const name = readString(readPath(object.metadata, 'name'))
  const refused = world.createClaim(namespace, name, readClaimSpec(object))
  if (refused !== undefined) {
    rejections.push({ object: `PersistentVolumeClaim ${namespace}/${name}`, code: 403, message: refused })
  }
}

function describeWorkload(world: World, state: ControllerState): WorkloadOutcome {
  const { workload } = state
  const pods = world.podsOf(workload.key)
  const isPlaced = (it: LivePod): boolean => it.pod.nodeName !== '' && !it.waiting
  return {
    workload,
    desired: workload.kind === 'DaemonSet' ? listDaemonNodes(world, workload).length : getReplicas(workload),
    pods,
    scheduled: pods.filter(isPlaced).length,
    pending: groupPending(
      world,
      pods.filter(it => !it.finished && !isPlaced(it)),
    ),
    createFailed: [...state.failures].sort(compareText),
  }
}

function groupPending(world: World, pods: readonly LivePod[]): PendingGroup[] {
  const groups = new Map<string, PendingGroup>()
  // Equal pods are told the same.
  const known = new Map<PodShape, ReturnType<typeof explainPending>>()
  for (const it of pods) {
    const said = it.waiting
      ? explainPending(world, it)
      : (known.get(it.pod.shape) ?? explainPending(world, it))
    if (!it.waiting) known.set(it.pod.shape, said)
    const { reason, message } = said
    const key = `${reason} ${message}`
    groups.set(key, { count: (groups.get(key)?.count ?? 0) + 1, reason, message })
  }
  return [...groups.values()]
}

/** What the pod's PodScheduled condition says. */
function explainPending(world: World, live: LivePod): Pick<PendingGroup, 'reason' | 'message'> {
  if (live.waiting || readPath(live.object.spec, 'schedulerName') !== 'default-scheduler') {
    return { reason: null, message: null }
  }
  if (live.pod.shape.gates.length > 0) {
    return { reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' }
  }
  return { reason: 'Unschedulable', message: world.scheduler.explain(live.pod).message ?? null }
}
