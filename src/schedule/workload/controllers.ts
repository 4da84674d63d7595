/** One step of each workload controller: which pods to create and which to delete next. */

import { matchesRequirement } from '../../kube/values/label-selector.ts'
import type { JsonRecord } from '../json-fields.ts'
import { readInteger, readPath, readRecord, readString } from '../json-fields.ts'
import { isNodeTermMet } from '../selector.ts'
import { findUntolerated } from '../taints.ts'
import { scaleUp } from './int-or-percent.ts'
import { applyDaemon, getReplicas, listClaimTemplates, type PodIdentity, type Workload } from './workload.ts'
import type { LivePod, World } from './world.ts'

/** What a controller keeps between its steps. */
export interface ControllerState {
  /** The newest object. */
  workload: Workload
  /** Older versions that may still have pods, oldest first. */
  readonly previous: Workload[]
  /** Revision → replicas its ReplicaSet asks for. */
  readonly scale: Map<string, number>
  /** Texts of the last refusals, as events would carry them. */
  readonly failures: Set<string>
  created: number
  /** Replicas that a Deployment asked for when its controller last looked. */
  replicas: number | undefined
}

export function buildControllerState(workload: Workload): ControllerState {
  return { workload, previous: [], scale: new Map(), failures: new Set(), created: 0, replicas: undefined }
}

/** Creates a pod and notes what was refused; true when there is a new pod. */
function createReplica(
  world: World,
  state: ControllerState,
  identity: PodIdentity,
  workload = state.workload,
): boolean {
  const created = world.createPod(workload, identity)
  if ('pod' in created) return true
  const head =
    workload.kind === 'StatefulSet'
      ? `Create Pod ${identity.name} in StatefulSet ${workload.name} failed error`
      : 'Error creating'
  for (const it of created) state.failures.add(`FailedCreate: ${head}: ${it}`)
  return false
}

/** The identity of the next pod with a random name; what stands for that is no other's, whatever workloads are called. */
function nextIdentity(state: ControllerState, workload: Workload, node?: string): PodIdentity {
  const shown = workload.shownName
  const prefix = workload.kind === 'Deployment' ? `${shown}-<hash>-` : `${shown}-`
  const stem = workload.kind === 'Deployment' ? `${workload.name}-${workload.revision}` : workload.name
  return {
    shownName: `${prefix}<x>`,
    earlyName: prefix,
    name: `${stem}-${nameRandom(state)}`,
    ordinal: undefined,
    node,
  }
}

const nameRandom = (state: ControllerState): string =>
  `<${state.workload.kind.toLowerCase()}-${state.created++}>`

/** ReplicaSets and ReplicationControllers: as many pods as asked for. */
export function stepReplicas(world: World, state: ControllerState): boolean {
  return syncReplicas(world, state, { workload: state.workload, wanted: getReplicas(state.workload) })
}

/** Makes or deletes pods of one version of a workload until there are as many as wanted; true when something was done. */
export function syncReplicas(
  world: World,
  state: ControllerState,
  it: { workload: Workload; wanted: number },
): boolean {
  const { workload, wanted } = it
  const pods = world.podsOf(workload.key).filter(pod => pod.workload.revision === workload.revision)
  if (pods.length > wanted) {
    for (const pod of rankForDeletion(world, pods).slice(0, pods.length - wanted)) world.deletePod(pod)
    return true
  }
  let moved = false
  for (let count = pods.length; count < wanted; count++) {
    if (!createReplica(world, state, nextIdentity(state, workload), workload)) break
    moved = true
  }
  return moved
}

/** `ActivePodsWithRanks`: pending before running, crowded nodes first, then the youngest. */
function rankForDeletion(world: World, pods: readonly LivePod[]): LivePod[] {
  const crowd = new Map<string, number>()
  for (const it of pods)
    if (world.isReady(it)) crowd.set(it.pod.nodeName, (crowd.get(it.pod.nodeName) ?? 0) + 1)
  return [...pods].sort(
    (left, right) =>
      Number(left.pod.nodeName !== '') - Number(right.pod.nodeName !== '') ||
      Number(world.isReady(left)) - Number(world.isReady(right)) ||
      (crowd.get(right.pod.nodeName) ?? 0) - (crowd.get(left.pod.nodeName) ?? 0) ||
      right.sequence - left.sequence,
  )
}

/** OrderedReady waits at each ordinal, Parallel does not; updates go from the highest ordinal down, one at a time. */
export function stepStatefulSet(world: World, state: ControllerState): boolean {
  const { workload } = state
  const replicas = getReplicas(workload)
  const start = readInteger(readPath(workload.spec.ordinals, 'start'), 0)
  const ordered = workload.spec.podManagementPolicy !== 'Parallel'
  const pods = new Map(world.podsOf(workload.key).map(it => [it.identity.ordinal!, it]))
  const surplus = [...pods.keys()]
    .filter(it => it < start || it >= start + replicas)
    .sort((left, right) => right - left)
  let moved = false
  for (let ordinal = start; ordinal < start + replicas; ordinal++) {
    const pod = pods.get(ordinal)
    if (pod === undefined) {
      if (createOrdinal(world, state, ordinal)) moved = true
      if (!ordered) continue
      // The next ordinal waits until this one is ready, which it is as soon as it has a node.
      world.schedulePending()
      const created = world.podsOf(workload.key).at(-1)
      if (created?.identity.ordinal !== ordinal || !world.isReady(created)) return moved
    } else if (ordered && !world.isReady(pod)) return moved
  }
  if (moved) return true
  for (const ordinal of surplus) {
    world.deletePod(pods.get(ordinal)!)
    moved = true
    if (ordered) return true
  }
  return moved || updateOrdinals(world, state, { pods, start, replicas })
}

function createOrdinal(world: World, state: ControllerState, ordinal: number): boolean {
  const { workload } = state
  const name = `${workload.name}-${ordinal}`
  for (const it of listClaimTemplates(workload)) {
    const claim = `${it.name}-${name}`
    const refused = world.createClaim(workload.namespace, claim, it.spec)
    if (refused === undefined) continue
    const head = `FailedCreate: Create Claim ${claim} for Pod ${name} in StatefulSet ${workload.name}`
    state.failures.add(`${head} failed error: ${refused}`)
    state.failures.add(
      `FailedCreate: Create Pod ${name} in StatefulSet ${workload.name} failed error: failed to create PVC ${claim}: ${refused}`,
    )
    return false
  }
  const identity = { shownName: name, earlyName: name, name, ordinal, node: undefined }
  return createReplica(world, state, identity, findOrdinalVersion(world, state, ordinal))
}

/** `newVersionedStatefulSetPod`: below the partition of a rolling update pods are made from the version before. */
function findOrdinalVersion(
  world: World,
  { workload, previous }: ControllerState,
  ordinal: number,
): Workload {
  const { updateStrategy, ordinals } = workload.spec
  if (previous.length === 0 || readRecord(updateStrategy).type === 'OnDelete') return workload
  const start = readInteger(readPath(ordinals, 'start'), 0)
  const bound = start + readInteger(readPath(updateStrategy, 'rollingUpdate', 'partition'), 0)
  if (ordinal >= bound) return workload
  const sibling = world.podsOf(workload.key).find(it => it.identity.ordinal! < bound)
  return sibling?.workload ?? previous[0]!
}

function updateOrdinals(
  world: World,
  state: ControllerState,
  it: { pods: ReadonlyMap<number, LivePod>; start: number; replicas: number },
): boolean {
  const { updateStrategy } = state.workload.spec
  if (readRecord(updateStrategy).type === 'OnDelete') return false
  const partition = readInteger(readPath(updateStrategy, 'rollingUpdate', 'partition'), 0)
  for (let ordinal = it.start + it.replicas - 1; ordinal >= it.start + partition; ordinal--) {
    const pod = it.pods.get(ordinal)
    if (pod === undefined) return false
    if (pod.workload.revision !== state.workload.revision) {
      world.deletePod(pod)
      return true
    }
    if (!world.isReady(pod)) return false
  }
  return false
}

/** Nodes that a DaemonSet wants a pod on: room does not matter, selectors and taints do. */
export function listDaemonNodes(world: World, workload: Workload): readonly string[] {
  return listTolerantNodes(world, workload, ['NoSchedule', 'NoExecute'])
}

/** Nodes that the DaemonSet's selectors name and whose taints of these effects it tolerates. */
function listTolerantNodes(world: World, workload: Workload, effects: readonly string[]): readonly string[] {
  const spec = { ...readRecord(workload.template.spec) }
  applyDaemon(spec, undefined)
  const metadata = { namespace: workload.namespace, name: workload.name }
  const probe = world.scheduler.cluster.podReader.read({ metadata, spec })
  const { nodeSelector, nodeTerms, tolerations } = probe.shape
  const named = readString(readPath(workload.template.spec, 'nodeName'))
  return world.scheduler.cluster.nodes
    .filter(node => {
      if (named !== '' && named !== node.name) return false
      if (!nodeSelector.every(it => matchesRequirement(it, node.labels))) return false
      if (nodeTerms !== undefined && !nodeTerms.some(it => isNodeTermMet(it, node))) return false
      const taints = node.taints.filter(it => effects.includes(it.effect))
      return findUntolerated(taints, tolerations) === undefined
    })
    .map(it => it.name)
}

/** A pod on every wanted node; updates replace as many at a time as the strategy allows. */
export function stepDaemonSet(world: World, state: ControllerState): boolean {
  const { workload } = state
  const wanted = listDaemonNodes(world, workload)
  const byNode = new Map<string, LivePod[]>()
  for (const it of world.podsOf(workload.key))
    byNode.set(it.identity.node!, [...(byNode.get(it.identity.node!) ?? []), it])
  let moved = false
  // A pod that is there already stays on a node that new ones are kept off (`shouldContinueRunning`).
  const kept = listTolerantNodes(world, workload, ['NoExecute'])
  for (const [node, pods] of byNode) {
    if (kept.includes(node)) continue
    for (const it of pods) world.deletePod(it)
    moved = true
  }
  for (const node of wanted) {
    if (!byNode.has(node) && createReplica(world, state, nextIdentity(state, workload, node))) moved = true
  }
  return moved || updateDaemons(world, state, { wanted, byNode })
}

function updateDaemons(
  world: World,
  state: ControllerState,
  it: { wanted: readonly string[]; byNode: ReadonlyMap<string, readonly LivePod[]> },
): boolean {
  const { workload } = state
  const strategy: JsonRecord = readRecord(workload.spec.updateStrategy)
  if (strategy.type === 'OnDelete') return false
  const rolling = readRecord(strategy.rollingUpdate)
  const maxSurge = scaleUp(rolling.maxSurge ?? 0, it.wanted.length)
  const maxUnavailable =
    maxSurge > 0 ? 0 : Math.max(1, scaleUp(rolling.maxUnavailable ?? 1, it.wanted.length))
  let busy = 0
  const ready: LivePod[] = []
  const broken: LivePod[] = []
  const superseded: LivePod[] = []
  for (const node of it.wanted) {
    const pods = it.byNode.get(node) ?? []
    const current = pods.find(pod => pod.workload.revision === workload.revision)
    const old = pods.find(pod => pod.workload.revision !== workload.revision)
    if (current !== undefined) {
      if (!world.isReady(current)) busy++
      else if (old !== undefined) superseded.push(old)
    } else if (old !== undefined) {
      if (world.isReady(old)) ready.push(old)
      else {
        broken.push(old)
        if (maxSurge === 0) busy++
      }
    } else busy++
  }
  if (maxSurge > 0) {
    for (const pod of superseded) world.deletePod(pod)
    const next = [...broken, ...ready].slice(0, Math.max(0, maxSurge - busy))
    const created = next.filter(pod =>
      createReplica(world, state, nextIdentity(state, workload, pod.identity.node)),
    )
    return superseded.length + created.length > 0
  }
  const doomed = [...broken, ...ready.slice(0, Math.max(0, maxUnavailable - busy))]
  for (const pod of doomed) world.deletePod(pod)
  return doomed.length > 0
}

/** Jobs keep as many pods active as parallelism and what is left to complete allow. */
export function stepJob(world: World, state: ControllerState): boolean {
  const { workload } = state
  if (workload.spec.suspend === true) return false
  const pods = world.podsOf(workload.key)
  const succeeded = pods.filter(it => it.finished).length
  const active = pods.length - succeeded
  const wanted = countWantedActive(workload, succeeded, active)
  const indices =
    workload.spec.completionMode === 'Indexed' ? new Set(pods.map(it => it.identity.ordinal)) : undefined
  let moved = false
  for (let count = active; count < wanted; count++) {
    if (!createReplica(world, state, nextJobIdentity(state, indices))) break
    moved = true
  }
  return moved
}

/** Without completions a Job starts no more pods once one has succeeded. */
function countWantedActive(workload: Workload, succeeded: number, active: number): number {
  const { completions } = workload.spec
  if (typeof completions !== 'number') return succeeded > 0 ? active : getReplicas(workload)
  return Math.min(getReplicas(workload), Math.max(0, completions - succeeded))
}

/** Pods of an Indexed Job carry the lowest index that is missing; it is added to those in use. */
function nextJobIdentity(state: ControllerState, indices: Set<number | undefined> | undefined): PodIdentity {
  const { workload } = state
  const identity = nextIdentity(state, workload)
  if (indices === undefined) return identity
  let ordinal = 0
  while (indices.has(ordinal)) ordinal++
  indices.add(ordinal)
  const prefix = `${workload.shownName}-${ordinal}-`
  return {
    ...identity,
    shownName: `${prefix}<x>`,
    earlyName: prefix,
    name: `${workload.name}-${ordinal}-${nameRandom(state)}`,
    ordinal,
  }
}
