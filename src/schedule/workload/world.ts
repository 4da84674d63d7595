/** A cluster that lives: pods are admitted, placed, evicted and deleted, claims bound, quotas spent. */

import { type Cluster, toBudget } from '../cluster.ts'
import { createScheduler, type Scheduler } from '../engine/scheduler.ts'
import {
  type JsonRecord,
  readInteger,
  readPath,
  readRecord,
  readString,
  readStringMap,
} from '../json-fields.ts'
import type { PodShape, SchedulerPod } from '../pod.ts'
import { isSelected, type Selector, toSelector } from '../selector.ts'
import { createClaims, type Provisioning } from './claims.ts'
import { checkClaimLimits } from './limit-range.ts'
import { type AdmissionPolicies, admitPod, buildPolicies, type Refusal } from './pod-admission.ts'
import {
  checkNamed,
  checkQuota,
  isInScope,
  measureClaim,
  measureObject,
  measurePod,
  type Quota,
  sumUsage,
  toQuota,
} from './resource-quota.ts'
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
  readonly options: WorldOptions
  readonly pods: ReadonlySet<LivePod>
  /** Workload → pods that were evicted for more important ones. */
  readonly evicted: Map<string, number>
  podsOf(key: string): readonly LivePod[]
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
}

/** `objects`: every object that manifests bring besides workloads, for policies and quotas. */
export function createWorld(
  base: Cluster,
  objects: readonly JsonRecord[],
  options: WorldOptions = {},
): World {
  const listKind = (kind: string): readonly JsonRecord[] => [
    ...(base.others.get(kind) ?? []),
    ...objects.filter(it => it.kind === kind),
  ]
  const owners = new Map(base.owners)
  const budgets = listKind('PodDisruptionBudget').map(toBudget)
  const cluster: Cluster = { ...base, owners, budgets }
  const scheduler = createScheduler(cluster)
  const policies = buildPolicies(listKind)
  const quotas = listKind('ResourceQuota').map(toQuota)
  const claims = createClaims(scheduler, listKind('StorageClass'), options.provisioning ?? 'zone')
  const pods = new Set<LivePod>()
  const byWorkload = new Map<string, LivePod[]>()
  const evicted = new Map<string, number>()
  const used = createUsage(quotas, base)
  const prototypes = new Map<string, Prototype>()
  let sequence = 0
  let started = 0

  const isReady = (pod: LivePod): boolean =>
    pod.pod.nodeName !== '' && !pod.waiting && !pod.finished && (options.isReady?.(pod.object) ?? true)
  const deletePod = (pod: LivePod): void => {
    if (!pods.delete(pod)) return
    const siblings = byWorkload.get(pod.workload.key)!
    siblings.splice(siblings.indexOf(pod), 1)
    if (pod.pod.nodeName !== '' && !pod.finished) scheduler.remove(pod.pod)
    if (!pod.finished) used.release(pod)
    claims.releaseEphemeral(pod)
  }
  const bindPod = (live: LivePod, placed: SchedulerPod): void => {
    live.pod = placed
    live.waiting = !claims.provision(placed)
  }
  // Later than any time an inventory can hold, and in the order of placing.
  const stampStart = (pod: SchedulerPod): SchedulerPod => {
    return { ...pod, startTime: `9999-${String(started++).padStart(9, '0')}` }
  }
  const tryPod = (live: LivePod): boolean => {
    const placed = scheduler.schedule(stampStart(live.pod))
    if (placed !== undefined) {
      bindPod(live, placed)
      return true
    }
    const { eviction } = scheduler.explain(live.pod)
    if (eviction === undefined) return false
    const names = new Set(eviction.victims.map(it => `${it.namespace}/${it.name}`))
    for (const victim of [...pods]) {
      if (victim.pod.nodeName !== eviction.node || !names.has(`${victim.pod.namespace}/${victim.pod.name}`))
        continue
      evicted.set(victim.workload.key, (evicted.get(victim.workload.key) ?? 0) + 1)
      deletePod(victim)
    }
    for (const victim of eviction.victims) scheduler.remove(victim)
    const nominated = scheduler.placeOn(stampStart(live.pod), eviction.node)
    if (nominated !== undefined) bindPod(live, nominated)
    return true
  }

  return {
    scheduler,
    options,
    pods,
    evicted,
    podsOf: key => byWorkload.get(key) ?? [],
    isReady,
    deletePod,
    createPod(workload, identity) {
      const prototype = getPrototype(prototypes, { workload, identity, policies, cluster })
      if ('refusal' in prototype) return [formatRefusal(prototype.refusal, identity)]
      const refused = used.charge(workload.namespace, prototype.object)
      if (refused.length > 0) return refused.map(it => `pods "${identity.shownName}" is forbidden: ${it}`)
      const pod: SchedulerPod = { ...prototype.pod, name: identity.name }
      const live: LivePod = {
        workload,
        identity,
        object: prototype.object,
        pod,
        sequence: sequence++,
        waiting: false,
        finished: false,
      }
      pods.add(live)
      const siblings = byWorkload.get(workload.key)
      if (siblings === undefined) byWorkload.set(workload.key, [live])
      else siblings.push(live)
      if (pod.nodeName !== '') {
        bindPod(live, stampStart(pod))
        scheduler.place(live.pod)
      }
      claims.createEphemeral(live)
      return live
    },
    createClaim(namespace, name, spec) {
      if (claims.has(namespace, name)) return undefined
      const complete = claims.applyDefaultClass(spec)
      const reason =
        checkClaimLimits(complete, policies.limitsOf(namespace)) ?? used.chargeClaim(namespace, complete)[0]
      if (reason !== undefined) return `persistentvolumeclaims "${name}" is forbidden: ${reason}`
      claims.create(namespace, name, complete)
      return undefined
    },
    admitObject: (resource, namespace) => used.chargeObject(namespace, resource)[0],
    addOwner(key, selector) {
      owners.set(key, selector)
    },
    schedulePending() {
      refreshBudgets(budgets, listKind('PodDisruptionBudget'), { pods, isReady })
      const waiting = [...pods].filter(it => it.pod.nodeName === '' && isOurs(it))
      waiting.sort(
        (left, right) => right.pod.shape.priority - left.pod.shape.priority || left.sequence - right.sequence,
      )
      // Equal pods fail alike until somebody moves.
      const failed = new Set<PodShape>()
      let moved = false
      for (const it of waiting) {
        if (failed.has(it.pod.shape) || !pods.has(it)) continue
        if (tryPod(it)) {
          moved = true
          failed.clear()
        } else failed.add(it.pod.shape)
      }
      return moved
    },
    finishPods() {
      let moved = false
      for (const it of pods) {
        if (it.finished || it.waiting || it.pod.nodeName === '' || options.finishes?.(it.object) !== true)
          continue
        it.finished = true
        used.release(it)
        scheduler.remove(it.pod)
        moved = true
      }
      return moved
    },
  }
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

type Prototype = { readonly object: JsonRecord; readonly pod: SchedulerPod } | { readonly refusal: Refusal }

/** Pods of one template differ by name alone, unless they have an ordinal, a node or a volume of their own. */
function getPrototype(
  known: Map<string, Prototype>,
  it: { workload: Workload; identity: PodIdentity; policies: AdmissionPolicies; cluster: Cluster },
): Prototype {
  const { workload, identity } = it
  const own = readRecord(workload.template.spec).volumes !== undefined || identity.ordinal !== undefined
  const key = `${workload.key} ${workload.revision} ${own ? identity.name : (identity.node ?? '')}`
  let prototype = known.get(key)
  if (prototype === undefined) {
    const admission = admitPod(buildPodObject(workload, identity), it.policies)
    prototype =
      'refusal' in admission
        ? admission
        : { object: admission.pod, pod: it.cluster.podReader.read(admission.pod) }
    known.set(key, prototype)
  }
  return prototype
}

interface UsageBook {
  charge(namespace: string, object: JsonRecord): readonly string[]
  chargeClaim(namespace: string, spec: JsonRecord): readonly string[]
  chargeObject(namespace: string, resource: string): readonly string[]
  release(pod: LivePod): void
}

/** What each namespace's quotas have been charged; the inventory's recorded use counts from the start. */
function createUsage(quotas: readonly Quota[], base: Cluster): UsageBook {
  const charges = new Map<Quota, Map<unknown, ReturnType<typeof measurePod>>>(
    quotas.map(it => [it, new Map()]),
  )
  for (const it of base.others.get('ResourceQuota') ?? []) {
    const recorded = quotas.find(
      quota =>
        quota.name === readString(readPath(it.metadata, 'name')) &&
        quota.namespace === (readString(readPath(it.metadata, 'namespace')) || 'default'),
    )
    const status = { metadata: it.metadata, spec: { hard: readPath(it.status, 'used') } }
    if (recorded !== undefined) charges.get(recorded)!.set('recorded', toQuota(status).hard)
  }
  const inNamespace = (namespace: string): Quota[] => quotas.filter(it => it.namespace === namespace)
  const charge = (
    relevant: readonly Quota[],
    token: unknown,
    wanted: ReturnType<typeof measurePod>,
  ): readonly string[] => {
    const refused = relevant.flatMap(it => checkQuota(it, sumUsage(charges.get(it)!.values()), wanted) ?? [])
    if (refused.length === 0) for (const quota of relevant) charges.get(quota)!.set(token, wanted)
    return refused
  }
  const tokens = new WeakMap<JsonRecord, object[]>()
  return {
    charge(namespace, object) {
      const relevant = inNamespace(namespace).filter(it => isInScope(it, object))
      for (const quota of relevant) {
        const unnamed = checkNamed(quota, object)
        if (unnamed !== undefined) return [unnamed]
      }
      const token = {}
      const refused = charge(relevant, token, relevant.length === 0 ? new Map() : measurePod(object))
      if (refused.length === 0 && relevant.length > 0)
        tokens.set(object, [...(tokens.get(object) ?? []), token])
      return refused
    },
    chargeClaim: (namespace, spec) =>
      charge(
        inNamespace(namespace).filter(it => it.scopes.length === 0),
        {},
        measureClaim(spec),
      ),
    chargeObject: (namespace, resource) =>
      charge(
        inNamespace(namespace).filter(it => it.scopes.length === 0),
        {},
        measureObject(resource),
      ),
    release(pod) {
      const token = tokens.get(pod.object)?.pop()
      if (token !== undefined) for (const it of charges.values()) it.delete(token)
    },
  }
}

/** What the disruption controller would write into budgets that carry no status of their own. */
function refreshBudgets(
  budgets: ReturnType<typeof toBudget>[],
  objects: readonly JsonRecord[],
  it: { pods: ReadonlySet<LivePod>; isReady(pod: LivePod): boolean },
): void {
  objects.forEach((object, index) => {
    if (readPath(object.status, 'disruptionsAllowed') !== undefined) return
    const spec = readRecord(object.spec)
    const selector = toSelector(spec.selector)
    const namespace = readString(readPath(object.metadata, 'namespace')) || 'default'
    const guarded = [...it.pods].filter(
      live =>
        live.pod.namespace === namespace &&
        isSelected(selector, readStringMap(readPath(live.object.metadata, 'labels'))),
    )
    const healthy = guarded.filter(live => it.isReady(live)).length
    const workloads = new Map(guarded.map(live => [live.workload.key, live.workload]))
    let expected = 0
    for (const workload of workloads.values())
      expected += workload.kind === 'Pod' ? 1 : readInteger(workload.spec.replicas, 1)
    const desired =
      spec.maxUnavailable === undefined
        ? scaleUp(spec.minAvailable, guarded.length > 0 ? expected : 0)
        : expected - scaleUp(spec.maxUnavailable, expected)
    budgets[index] = { ...budgets[index]!, disruptionsAllowed: Math.max(0, healthy - Math.max(0, desired)) }
  })
}

/** `GetScaledValueFromIntOrPercent`, rounding up. */
export function scaleUp(value: unknown, total: number): number {
  return scaleBy(value, total, Math.ceil)
}

export function scaleDown(value: unknown, total: number): number {
  return scaleBy(value, total, Math.floor)
}

function scaleBy(value: unknown, total: number, round: (it: number) => number): number {
  if (typeof value === 'number') return value
  const percent = typeof value === 'string' ? /^(\d{1,6})%$/.exec(value)?.[1] : undefined
  return percent === undefined ? 0 : round((Number(percent) * total) / 100)
}
