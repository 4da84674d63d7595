/** A cluster that lives: pods are admitted, placed, evicted and deleted, claims bound, quotas spent. */

import { type Budget, type Cluster, toBudget } from '../cluster.ts'
import { createScheduler, type Scheduler } from '../engine/scheduler.ts'
import { type JsonRecord, readPath, readRecord } from '../json-fields.ts'
import type { PodShape, SchedulerPod } from '../pod.ts'
import type { Selector } from '../selector.ts'
import type { Storage } from '../storage.ts'
import { applyObjects } from './apply-objects.ts'
import { refreshBudgets, spendBudgets } from './budget-status.ts'
import { type Claims, createClaims, type Provisioning } from './claims.ts'
import { checkClaimLimits } from './limit-range.ts'
import { type AdmissionPolicies, admitPod, buildPolicies, type Refusal } from './pod-admission.ts'
import { toQuota } from './resource-quota.ts'
import { createUsageBook, type UsageBook } from './usage-book.ts'
import { buildPodObject, type PodIdentity, type Workload } from './workload.ts'

export interface LivePod {
  readonly workload: Workload
  readonly identity: PodIdentity
  /** After defaulting and admission. */
  readonly object: JsonRecord
  /** With its node once it has one. */
  pod: SchedulerPod
  readonly sequence: number
  /** It holds a node but waits for a volume, so it does not count as placed. */
  waiting: boolean
  finished: boolean
}

export interface WorldOptions {
  readonly provisioning?: Provisioning
  /** Whether a placed pod becomes ready; every pod does when absent. */
  isReady?(object: JsonRecord): boolean
  /** Whether a placed pod ends well by itself. */
  finishes?(object: JsonRecord): boolean
}

export interface World {
  readonly scheduler: Scheduler
  /** Workload → pods that were evicted for more important ones. */
  readonly evicted: Map<string, number>
  /** Of these, where kube-scheduler may well evict others: it takes what it comes upon first, and leaves ties to chance. */
  readonly guessed: Map<string, number>
  podsOf(key: string): readonly LivePod[]
  /** Grows whenever anything has changed that the controller of a workload may act on. */
  countChanges(key: string): number
  isReady(pod: LivePod): boolean
  /** Creates a pod; texts say why the API server refused, one for each quota that would. */
  createPod(workload: Workload, identity: PodIdentity): LivePod | readonly string[]
  /** Creates a claim unless it exists; a text says why it was refused. */
  createClaim(namespace: string, name: string, spec: JsonRecord): string | undefined
  deletePod(pod: LivePod): void
  /** Counts an object against `count/…` quotas; a text says why it was refused. */
  admitObject(resource: string, namespace: string): string | undefined
  addOwner(key: string, selector: Selector): void
  /** Offers every pending pod to the scheduler, the most important first; says whether anything moved. */
  schedulePending(): boolean
  /** Lets placed pods that end by themselves end. */
  finishPods(): boolean
  /**
   * Gives quotas back what deleted pods held; says whether any is still to come. The quota controller lags behind the
   * workloads' controllers, so that a rollout may be refused room that its old pods have already left.
   */
  recountQuotas(): boolean
  /** The storage with all claims that were made, as if no pod had been placed yet. */
  buildUnusedStorage(): Storage
}

interface WorldState {
  readonly cluster: Cluster
  readonly scheduler: Scheduler
  readonly options: WorldOptions
  readonly policies: AdmissionPolicies
  readonly claims: Claims
  readonly usage: UsageBook
  readonly budgets: Budget[]
  readonly budgetObjects: readonly JsonRecord[]
  readonly pods: Set<LivePod>
  /** Those without a node. */
  readonly waiting: Set<LivePod>
  readonly byWorkload: Map<string, LivePod[]>
  readonly evicted: Map<string, number>
  readonly guessed: Map<string, number>
  readonly prototypes: Map<string, Prototype>
  /** Pods deleted since quotas were last recounted, and those of the time before. */
  deleted: JsonRecord[]
  due: readonly JsonRecord[]
  created: number
  started: number
  /** How often a pod went or a claim came, and how often a pod found its node. */
  freed: number
  placed: number
  /** By workload: how often a pod of it was created, or found its node. */
  readonly changes: Map<string, number>
  /** Shapes that found no node, and their chances then. */
  readonly failed: Map<PodShape, number>
  /** No pod matters less, so that one of this priority can evict nobody. */
  lowestPriority: number
}

/** `objects`: everything that will be applied; what is neither workload nor claim takes part from the start. */
export function createWorld(
  base: Cluster,
  objects: readonly JsonRecord[],
  options: WorldOptions = {},
): World {
  const applied = applyObjects(base, objects)
  const listKind = (kind: string): readonly JsonRecord[] => applied.others.get(kind) ?? []
  const owners = new Map(base.owners)
  const budgetObjects = listKind('PodDisruptionBudget')
  const budgets = budgetObjects.map(toBudget)
  const cluster: Cluster = { ...applied, owners, budgets }
  const scheduler = createScheduler(cluster)
  const state: WorldState = {
    cluster,
    scheduler,
    options,
    policies: buildPolicies(listKind),
    claims: createClaims(scheduler, listKind('StorageClass'), options.provisioning ?? 'zone'),
    usage: createUsageBook(listKind('ResourceQuota').map(toQuota), applied),
    budgets,
    budgetObjects,
    pods: new Set(),
    waiting: new Set(),
    byWorkload: new Map(),
    evicted: new Map(),
    guessed: new Map(),
    prototypes: new Map(),
    deleted: [],
    due: [],
    created: 0,
    started: 0,
    freed: 0,
    placed: 0,
    changes: new Map(),
    failed: new Map(),
    lowestPriority: base.pods.reduce(
      (least, it) => Math.min(least, it.shape.priority),
      Number.POSITIVE_INFINITY,
    ),
  }
  return {
    scheduler,
    evicted: state.evicted,
    guessed: state.guessed,
    podsOf: key => state.byWorkload.get(key) ?? [],
    countChanges: key => state.freed + (state.changes.get(key) ?? 0),
    isReady: pod => isReady(state, pod),
    createPod: (workload, identity) => createPod(state, workload, identity),
    createClaim: (namespace, name, spec) => createClaim(state, { namespace, name, spec }),
    deletePod: pod => deletePod(state, pod),
    admitObject: (resource, namespace) => state.usage.chargeObject(namespace, resource)[0],
    addOwner: (key, selector) => void owners.set(key, selector),
    schedulePending: () => schedulePending(state),
    finishPods: () => finishPods(state),
    recountQuotas: () => recountQuotas(state),
    buildUnusedStorage: () => state.claims.buildUnused(),
  }
}

function isReady(state: WorldState, pod: LivePod): boolean {
  if (pod.pod.nodeName === '' || pod.waiting || pod.finished) return false
  return state.options.isReady?.(pod.object) ?? true
}

function createPod(
  state: WorldState,
  workload: Workload,
  identity: PodIdentity,
): LivePod | readonly string[] {
  const prototype = getPrototype(state, workload, identity)
  if ('refusal' in prototype) return [formatRefusal(prototype.refusal, identity)]
  // What the inventory recorded as used holds pods that are there already.
  const refused = isAdmitted(workload) ? [] : state.usage.charge(workload.namespace, prototype.object)
  if (refused.length > 0) return refused.map(it => `pods "${identity.shownName}" is forbidden: ${it}`)
  const pod: SchedulerPod = { ...prototype.pod, name: identity.name }
  const { object } = prototype
  const live: LivePod = {
    workload,
    identity,
    object,
    pod,
    sequence: state.created++,
    waiting: false,
    finished: false,
  }
  state.lowestPriority = Math.min(state.lowestPriority, pod.shape.priority)
  state.pods.add(live)
  const siblings = state.byWorkload.get(workload.key)
  if (siblings === undefined) state.byWorkload.set(workload.key, [live])
  else siblings.push(live)
  noteChange(state, live)
  if (pod.nodeName !== '') {
    setPlaced(state, live, stampStart(state, pod))
    state.scheduler.place(live.pod)
  } else state.waiting.add(live)
  state.claims.createEphemeral(live)
  return live
}

function createClaim(
  state: WorldState,
  it: { namespace: string; name: string; spec: JsonRecord },
): string | undefined {
  const { claims, policies, usage } = state
  const { namespace, name } = it
  if (claims.has(namespace, name)) return undefined
  const spec = claims.applyDefaultClass(it.spec)
  const reason = checkClaimLimits(spec, policies.limitsOf(namespace)) ?? usage.chargeClaim(namespace, spec)[0]
  if (reason !== undefined) return `persistentvolumeclaims "${name}" is forbidden: ${reason}`
  claims.create(namespace, name, spec)
  state.freed++
  return undefined
}

function deletePod(state: WorldState, pod: LivePod): void {
  if (!state.pods.delete(pod)) return
  state.freed++
  state.waiting.delete(pod)
  const siblings = state.byWorkload.get(pod.workload.key)!
  siblings.splice(siblings.indexOf(pod), 1)
  if (!pod.finished) {
    if (pod.pod.nodeName !== '') state.scheduler.remove(pod.pod)
    state.deleted.push(pod.object)
  }
  state.claims.releaseEphemeral(pod)
}

function recountQuotas(state: WorldState): boolean {
  for (const it of state.due) state.usage.release(it)
  state.freed += state.due.length
  state.due = state.deleted
  state.deleted = []
  return state.due.length > 0
}

/** Later than any time an inventory can hold, and in the order of placing. */
function stampStart(state: WorldState, pod: SchedulerPod): SchedulerPod {
  return { ...pod, startTime: `9999-${String(state.started++).padStart(9, '0')}` }
}

function noteChange({ changes }: WorldState, { workload }: LivePod): void {
  changes.set(workload.key, (changes.get(workload.key) ?? 0) + 1)
}

function setPlaced(state: WorldState, live: LivePod, placed: SchedulerPod): void {
  state.placed++
  noteChange(state, live)
  live.pod = placed
  state.waiting.delete(live)
  live.waiting = !state.claims.provision(placed)
}

function schedulePending(state: WorldState): boolean {
  refreshBudgets(state.budgets, state.budgetObjects, {
    pods: state.pods,
    isReady: pod => isReady(state, pod),
  })
  const waiting = [...state.waiting].filter(isOurs)
  waiting.sort(
    (left, right) => right.pod.shape.priority - left.pod.shape.priority || left.sequence - right.sequence,
  )
  // Equal pods fail alike until something gives one of them another chance.
  let moved = false
  for (const it of waiting) {
    const { shape } = it.pod
    if (state.failed.get(shape) === countChances(state, shape) || !state.waiting.has(it)) continue
    if (tryPod(state, it)) moved = true
    else state.failed.set(shape, countChances(state, shape))
  }
  return moved
}

/**
 * Grows whenever a pod of the shape that found no node may find one: room and claims only come with what goes, but
 * company, evenness and volumes may also come with other pods that find their place.
 */
function countChances({ freed, placed }: WorldState, shape: PodShape): number {
  const isSocial =
    shape.affinity.length > 0 || shape.volumes.length > 0 || shape.spread.some(it => it.required)
  return isSocial ? freed + placed : freed
}

/** Places the pod, or evicts for it; false when neither is possible. */
function tryPod(state: WorldState, live: LivePod): boolean {
  const { pods, scheduler } = state
  const placed = scheduler.schedule(stampStart(state, live.pod))
  if (placed !== undefined) {
    setPlaced(state, live, placed)
    return true
  }
  if (live.pod.shape.priority <= state.lowestPriority) return false
  const { eviction } = scheduler.explain(live.pod)
  if (eviction === undefined) return false
  const countVictim = (key: string): void => {
    for (const it of eviction.certain ? [state.evicted] : [state.evicted, state.guessed])
      it.set(key, (it.get(key) ?? 0) + 1)
  }
  const names = new Set(eviction.victims.map(it => `${it.namespace}/${it.name}`))
  for (const victim of [...pods]) {
    const { name, namespace, nodeName } = victim.pod
    if (nodeName !== eviction.node || !names.has(`${namespace}/${name}`)) continue
    countVictim(victim.workload.key)
    deletePod(state, victim)
    names.delete(`${namespace}/${name}`)
  }
  for (const victim of eviction.victims) {
    const name = `${victim.namespace}/${victim.name}`
    if (!names.has(name)) continue
    countVictim(`Pod ${name}`)
    scheduler.remove(victim)
    state.freed++
    spendBudgets(state.budgets, victim)
  }
  const nominated = scheduler.placeOn(stampStart(state, live.pod), eviction.node)
  if (nominated !== undefined) setPlaced(state, live, nominated)
  return true
}

function finishPods(state: WorldState): boolean {
  let moved = false
  for (const it of state.pods) {
    if (it.finished || it.waiting || it.pod.nodeName === '') continue
    if (state.options.finishes?.(it.object) !== true) continue
    it.finished = true
    state.usage.release(it.object)
    state.scheduler.remove(it.pod)
    state.freed++
    moved = true
  }
  return moved
}

/** Pods of foreign schedulers and gated pods are not offered. */
function isOurs(live: LivePod): boolean {
  return (
    live.pod.shape.gates.length === 0 && readPath(live.object.spec, 'schedulerName') === 'default-scheduler'
  )
}

function formatRefusal(refusal: Refusal, identity: PodIdentity): string {
  const name = refusal.stage === 'mutating' ? identity.earlyName : identity.shownName
  return refusal.code === 422
    ? `Pod "${name}" is invalid: ${refusal.reason}`
    : `pods "${name}" is forbidden: ${refusal.reason}`
}

/** A pod of the inventory that waits for a node: the API server has seen it. */
function isAdmitted({ kind, object }: Workload): boolean {
  return (
    kind === 'Pod' &&
    typeof readPath(object.status, 'phase') === 'string' &&
    typeof readPath(object.spec, 'priority') === 'number'
  )
}

type Prototype = { readonly object: JsonRecord; readonly pod: SchedulerPod } | { readonly refusal: Refusal }

/** Pods of one template differ by name alone, unless they have an ordinal, a node or a volume of their own. */
function getPrototype(state: WorldState, workload: Workload, identity: PodIdentity): Prototype {
  const own = readRecord(workload.template.spec).volumes !== undefined || identity.ordinal !== undefined
  const key = `${workload.key} ${workload.revision} ${own ? identity.name : (identity.node ?? '')}`
  let prototype = state.prototypes.get(key)
  if (prototype === undefined) {
    const object = buildPodObject(workload, identity)
    const admission = isAdmitted(workload) ? { pod: object } : admitPod(object, state.policies)
    prototype =
      'refusal' in admission
        ? admission
        : { object: admission.pod, pod: state.cluster.podReader.read(admission.pod) }
    state.prototypes.set(key, prototype)
  }
  return prototype
}
