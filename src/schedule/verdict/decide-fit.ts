/** Does it fit? The verdict on a set of manifests against a cluster, with what was tried and why not. */

import type { Cluster } from '../cluster.ts'
import { createScheduler } from '../engine/scheduler.ts'
import type { JsonRecord } from '../json-fields.ts'
import type { SchedulerPod } from '../pod.ts'
import { compareText } from '../unschedulable-message.ts'
import type { Rejection, Simulation, WorkloadOutcome } from '../workload/simulation.ts'
import { getReplicas, toWorkload } from '../workload/workload.ts'
import { type Edit, listEdits } from './edits.ts'
import { explainFailure, type Failure } from './explain-failure.ts'
import type { Proof } from './impossibility.ts'
import { findNearestMiss, type NearestMiss } from './nearest-miss.ts'
import { shuffle } from './packing.ts'
import { countCost, type FitOptions, prepareSet } from './prepare-set.ts'
import { findRolloutBlock, listRolloutEdits } from './rollout-block.ts'
import { listElsewhere, listUnknowns } from './scenario.ts'
import { createTrials, type Trials } from './trials.ts'

/**
 * `schedules`: placed in the order kube-scheduler would take; `stranded`: that order fails but some assignment exists;
 * `impossible`: none does, with proof; `undecided`: neither was found.
 */
export type Verdict = 'schedules' | 'stranded' | 'impossible' | 'undecided'

export interface WorkloadFit {
  /** `Deployment shop/web`. */
  readonly workload: string
  readonly verdict: Verdict
  /** Why it is impossible. */
  readonly proof: Proof | undefined
  readonly desired: number
  readonly created: number
  readonly scheduled: number
  /** How many of its pods are on which node, by name. */
  readonly nodes: ReadonlyMap<string, number>
  /** The same in the assignment that was found in another order; undefined when there is none. */
  readonly elsewhere: ReadonlyMap<string, number> | undefined
  /** kube-scheduler's own texts about the pods that wait. */
  readonly messages: readonly string[]
  /** The API server's texts about pods it would not take. */
  readonly refusals: readonly string[]
  readonly nearestMiss: NearestMiss | undefined
  readonly edits: readonly Edit[]
  /** Why the next rollout would never begin, in the words of kube-scheduler or the API server. */
  readonly rolloutBlock: string | undefined
}

export interface FitReport {
  readonly verdict: Verdict
  readonly workloads: readonly WorkloadFit[]
  readonly rejections: readonly Rejection[]
  readonly proofs: readonly Proof[]
  /**
   * An assignment of what no proof is about that kube-scheduler's order does not find; nothing guarantees that it comes
   * about.
   */
  readonly assignment: readonly SchedulerPod[] | undefined
  /** Orders that were tried, in a few words each. */
  readonly tried: readonly string[]
  /** Of how many random orders all pods were placed. */
  readonly held: { readonly orders: number; readonly of: number }
  /** Workload → pods that would be evicted to make room. */
  readonly evictions: ReadonlyMap<string, number>
  /** Of these, how many where kube-scheduler may well choose others. */
  readonly guessedEvictions: ReadonlyMap<string, number>
  readonly unknowns: readonly string[]
  /** Workloads of the pods that the manifests make, by `namespace/name` of the pod. */
  readonly workloadOf: ReadonlyMap<string, string>
  /** The cluster once nothing moves any more, with the pods that found a node; undefined when nothing was tried. */
  readonly settled: Cluster | undefined
}

const DEFAULT_ORDERS = 5
/** Placements that random orders may cost altogether. */
const ORDER_BUDGET = 200_000

export function decideFit(
  inventory: Cluster,
  manifests: readonly JsonRecord[],
  options: FitOptions = {},
): FitReport {
  const set = prepareSet(inventory, manifests, options)
  const { cluster, objects, asked, simulate, waiting } = set
  const isBrief = options.advice === 'none'
  if (asked > MAX_PODS) return declineDemand(manifests, asked)
  const simulation = simulate(objects)
  const foreign = new Set(waiting.map(it => toWorkload(it)?.key))
  const outcomes = simulation.describe().filter(it => !foreign.has(it.workload.key))
  const rejections = simulation.rejections.filter(it => !foreign.has(it.object))
  const { table, storage: bound } = simulation.world.scheduler
  const base = {
    rejections,
    evictions: simulation.world.evicted,
    guessedEvictions: simulation.world.guessed,
    held: { orders: 0, of: 0 },
    workloadOf: mapPods(outcomes),
    settled: { ...cluster, storage: bound, pods: table.podsOn.flat() },
  }
  const unknowns = [...set.assumed, ...listUnknowns(manifests), ...listElsewhere(inventory, manifests)]
  if (rejections.length === 0 && outcomes.every(it => judge(it, NO_FAILURE) === 'schedules')) {
    const workloads = outcomes.map(it => describeFit(simulation, it, { ...NO_FAILURE, isBrief }))
    const more = { workloads, unknowns, proofs: [], assignment: undefined, tried: [GREEDY] }
    const pods = outcomes.flatMap(it => it.pods.map(live => ({ ...live.pod, nodeName: '' })))
    const isQuiet = simulation.world.evicted.size === 0
    const held = isQuiet ? countHeld(cluster, pods, options.orders ?? DEFAULT_ORDERS) : base.held
    return { ...base, ...more, verdict: 'schedules', held }
  }
  const failure = explainFailure(cluster, simulation, outcomes)
  const { proofs, assignment, tried } = failure
  const trials = isBrief ? undefined : createTrials({ simulate, objects, outcomes, cost: countCost(set) })
  const facts = { ...failure, trials, scaled: set.scaled, isBrief }
  const workloads = [
    ...outcomes.map(it => describeFit(simulation, it, facts)),
    ...listRefused(objects, rejections, outcomes),
  ]
  const verdict = proofs.length > 0 ? 'impossible' : assignment ? 'stranded' : 'undecided'
  const untried = trials?.isSpent() ? ['edits were not tried for every workload: the set is too large'] : []
  const more = { workloads, unknowns: [...unknowns, ...untried], proofs, assignment }
  return { ...base, ...more, verdict, tried: [GREEDY, ...tried] }
}

const GREEDY = 'highest priority first, then in order of the manifests'

function mapPods(outcomes: readonly WorkloadOutcome[]): ReadonlyMap<string, string> {
  const workloads = new Map<string, string>()
  for (const { workload, pods } of outcomes)
    for (const { pod } of pods) workloads.set(`${pod.namespace}/${pod.name}`, workload.key)
  return workloads
}

/** As many pods as the largest clusters are made for, and some more. */
const MAX_PODS = 200_000

function declineDemand(manifests: readonly JsonRecord[], asked: number): FitReport {
  return {
    verdict: 'undecided',
    workloads: [],
    rejections: [],
    proofs: [],
    assignment: undefined,
    tried: [`nothing: ${asked} pods are asked for, and sets of more than ${MAX_PODS} are not tried`],
    held: { orders: 0, of: 0 },
    evictions: new Map(),
    guessedEvictions: new Map(),
    unknowns: listUnknowns(manifests),
    workloadOf: new Map(),
    settled: undefined,
  }
}

interface FailureFacts {
  readonly proofs: readonly Proof[]
  readonly assignment: readonly SchedulerPod[] | undefined
  readonly assigned?: Failure['assigned']
  readonly trials?: Trials | undefined
  readonly scaled?: ReadonlySet<string>
  /** The verdict alone is asked for. */
  readonly isBrief?: boolean
}

const NO_FAILURE: FailureFacts = { proofs: [], assignment: undefined }

function judge(
  { workload, pods, desired, scheduled }: WorkloadOutcome,
  { proofs, assignment }: FailureFacts,
): Verdict {
  if (pods.length >= desired && scheduled >= desired) return 'schedules'
  if (proofs.some(it => it.workloads.includes(workload.key))) return 'impossible'
  return assignment ? 'stranded' : 'undecided'
}

function describeFit(simulation: Simulation, outcome: WorkloadOutcome, facts: FailureFacts): WorkloadFit {
  const { workload, scheduled, pods } = outcome
  const waiting = pods.find(it => it.pod.nodeName === '' && it.pod.shape.gates.length === 0)
  const { scheduler } = simulation.world
  const works = facts.trials?.of(workload)
  const isShort = scheduled < outcome.desired && works !== undefined
  const rolloutBlock = facts.isBrief ? undefined : findRolloutBlock(simulation.world, outcome)
  const verdict = judge(outcome, facts)
  const edits = isShort
    ? listEdits({ scheduler, workload, scheduled, waiting: waiting?.object, works })
    : listRolloutEdits(workload, rolloutBlock)
  return {
    workload: workload.key,
    verdict,
    proof:
      verdict === 'impossible' ? facts.proofs.find(it => it.workloads.includes(workload.key)) : undefined,
    desired: outcome.desired,
    created: pods.length,
    scheduled,
    nodes: countByNode(pods.map(it => it.pod.nodeName)),
    elsewhere: verdict === 'stranded' ? facts.assigned?.get(workload.key) : undefined,
    messages: [...new Set(outcome.pending.map(it => it.message).filter(it => it !== null))],
    refusals: outcome.createFailed,
    nearestMiss: waiting === undefined ? undefined : findNearestMiss(scheduler, waiting.pod),
    // An autoscaler would take other replicas back.
    edits: facts.scaled?.has(workload.key) ? edits.filter(it => it.path !== 'spec.replicas') : edits,
    rolloutBlock,
  }
}

function countByNode(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const it of [...names].sort(compareText)) if (it !== '') counts.set(it, (counts.get(it) ?? 0) + 1)
  return counts
}

/** Workloads that the API server would not take at all. */
function listRefused(
  manifests: readonly JsonRecord[],
  rejections: readonly Rejection[],
  outcomes: readonly WorkloadOutcome[],
): WorkloadFit[] {
  const known = new Set(outcomes.map(it => it.workload.key))
  const workloads = new Map(manifests.flatMap(it => toWorkload(it) ?? []).map(it => [it.key, it]))
  return rejections.flatMap(({ object, message }): WorkloadFit[] => {
    const workload = workloads.get(object)
    if (workload === undefined || known.has(object)) return []
    return [
      {
        workload: object,
        verdict: 'impossible',
        proof: { kind: 'refused', workloads: [object], message },
        desired: getReplicas(workload),
        created: 0,
        scheduled: 0,
        nodes: new Map(),
        elsewhere: undefined,
        messages: [],
        refusals: [message],
        nearestMiss: undefined,
        edits: [],
        rolloutBlock: undefined,
      },
    ]
  })
}

/** In how many random orders of equal priority all pods find a node. */
function countHeld(cluster: Cluster, pods: readonly SchedulerPod[], wanted: number): FitReport['held'] {
  const of = Math.min(wanted, Math.floor(ORDER_BUDGET / Math.max(1, pods.length)))
  let orders = 0
  for (let seed = 1; seed <= of; seed++) {
    const scheduler = createScheduler(cluster)
    const order = shuffle(pods, seed).sort((left, right) => right.shape.priority - left.shape.priority)
    // Pods with volumes were bound by the first run, and say nothing new here.
    const free = order.filter(it => it.shape.volumes.length === 0)
    if (free.every(it => scheduler.schedule(it) !== undefined)) orders++
  }
  return { orders, of }
}
