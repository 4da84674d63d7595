/** The Deployment controller: rolling updates and re-creation, one reconciliation at a time. */

import { readPath, readRecord } from '../json-fields.ts'
import { addRequirements, toSelector } from '../selector.ts'
import { type ControllerState, syncReplicas } from './controllers.ts'
import { scaleDown, scaleUp } from './int-or-percent.ts'
import { getReplicas, type Workload } from './workload.ts'
import type { World } from './world.ts'

/** How many pods more, and how many fewer, than asked for an update may lead to. */
export interface RolloutBounds {
  readonly surge: number
  readonly unavailable: number
}

/** `ResolveFenceposts`: surge rounds up, unavailability down, and both cannot be zero. */
export function getRolloutBounds(workload: Workload): RolloutBounds {
  const rolling = readRecord(readPath(workload.spec.strategy, 'rollingUpdate'))
  const replicas = getReplicas(workload)
  const surge = scaleUp(rolling.maxSurge ?? '25%', replicas)
  const unavailable = scaleDown(rolling.maxUnavailable ?? '25%', replicas)
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas) }
}

export function stepDeployment(world: World, state: ControllerState): boolean {
  const { workload, scale } = state
  const before = [...scale].join()
  const versions = listVersions(state)
  const old = versions.filter(it => it.revision !== workload.revision && (scale.get(it.revision) ?? 0) > 0)
  const desired = getReplicas(workload)
  const isPaused = workload.spec.paused === true
  if (isPaused || (state.replicas ?? desired) !== desired) scaleActive(state, old)
  else if (startRevision(world, state)) {
    if (readPath(workload.spec.strategy, 'type') === 'Recreate') recreate(world, state, old)
    else if (old.length === 0) scale.set(workload.revision, desired)
    else roll(world, state, old)
  }
  state.replicas = desired
  let moved = before !== [...scale].join()
  for (const it of versions) {
    if (syncReplicas(world, state, { workload: it, wanted: scale.get(it.revision) ?? 0 })) moved = true
  }
  return moved
}

/** One object for each template, the newest last. */
function listVersions({ previous, workload }: ControllerState): readonly Workload[] {
  const versions = new Map<string, Workload>()
  for (const it of [...previous, workload]) {
    versions.delete(it.revision)
    versions.set(it.revision, it)
  }
  return [...versions.values()]
}

/** A change of replicas comes before any rollout, and is all that a paused Deployment does (`scale`). */
function scaleActive({ workload, scale }: ControllerState, old: readonly Workload[]): void {
  const active = [...old, workload].filter(it => (scale.get(it.revision) ?? 0) > 0)
  const only =
    active.length > 1 ? undefined : (active[0] ?? (scale.has(workload.revision) ? workload : undefined))
  if (only !== undefined) scale.set(only.revision, getReplicas(workload))
}

/** Makes the ReplicaSet of the newest template; false when a quota refuses it. */
function startRevision(world: World, { workload, scale }: ControllerState): boolean {
  if (scale.has(workload.revision)) return true
  if (world.admitObject('replicasets.apps', workload.namespace) !== undefined) return false
  scale.set(workload.revision, 0)
  const selector = toSelector(workload.spec.selector)
  const hash = { key: 'pod-template-hash', operator: 'In' as const, values: [workload.revision] }
  world.addOwner(
    `ReplicaSet ${workload.namespace}/${workload.name}-${workload.revision}`,
    addRequirements(selector, [hash]),
  )
  return true
}

function recreate(world: World, state: ControllerState, old: readonly Workload[]): void {
  for (const it of old) state.scale.set(it.revision, 0)
  const remaining = world
    .podsOf(state.workload.key)
    .some(it => it.workload.revision !== state.workload.revision)
  if (!remaining) state.scale.set(state.workload.revision, getReplicas(state.workload))
}

function roll(world: World, state: ControllerState, old: readonly Workload[]): void {
  const { workload, scale } = state
  const { surge, unavailable } = getRolloutBounds(workload)
  const desired = getReplicas(workload)
  const current = scale.get(workload.revision)!
  let total = current
  for (const it of old) total += scale.get(it.revision)!
  if (current > desired) scale.set(workload.revision, desired)
  else if (current < desired && total < desired + surge) {
    scale.set(workload.revision, current + Math.min(desired + surge - total, desired - current))
    return
  }
  const countReady = (revision: string): number =>
    world.podsOf(workload.key).filter(it => it.workload.revision === revision && world.isReady(it)).length
  const minimum = desired - unavailable
  let spare = total - minimum - (scale.get(workload.revision)! - countReady(workload.revision))
  if (spare <= 0) return
  for (const it of old) {
    const broken = scale.get(it.revision)! - countReady(it.revision)
    const removed = Math.max(0, Math.min(broken, spare))
    scale.set(it.revision, scale.get(it.revision)! - removed)
    spare -= removed
  }
  let ready = countReady(workload.revision)
  for (const it of old) ready += countReady(it.revision)
  let removable = ready - minimum
  for (const it of old) {
    if (removable <= 0) break
    const removed = Math.min(scale.get(it.revision)!, removable)
    scale.set(it.revision, scale.get(it.revision)! - removed)
    removable -= removed
  }
}
