/** Does it fit? The verdict on a set of manifests against a cluster, with what was tried and why not. */

import type { Cluster, InventoryProblem } from '../cluster.ts'
import { createScheduler } from '../engine/scheduler.ts'
import { type JsonRecord, readPath } from '../json-fields.ts'
import type { SchedulerPod } from '../pod.ts'
import type { Provisioning } from '../workload/claims.ts'
import {
  createSimulation,
  type Rejection,
  type Simulation,
  type WorkloadOutcome,
} from '../workload/simulation.ts'
import { buildPodObject, getReplicas, toWorkload } from '../workload/workload.ts'
import { assumeStorage } from './assumed-storage.ts'
import { type Demand, findProof, type Proof } from './impossibility.ts'
import { type Edit, findNearestMiss, listEdits, type NearestMiss } from './nearest-miss.ts'
import { searchAssignment, shuffle } from './packing.ts'
import { findRolloutBlock } from './rollout-block.ts'
import {
  applyScenario,
  DECLARED,
  listRollingDemand,
  listUnknowns,
  listWaiting,
  prepareCluster,
  type Scenario,
} from './scenario.ts'

/**
 * `schedules`: placed in the order kube-scheduler would take; `stranded`: that order fails but some assignment exists;
 * `impossible`: none does, with proof; `undecided`: neither was found.
 */
export type Verdict = 'schedules' | 'stranded' | 'impossible' | 'undecided'

export interface WorkloadFit {
  /** `Deployment shop/web`. */
  readonly workload: string
  readonly desired: number
  readonly created: number
  readonly scheduled: number
  /** kube-scheduler's own texts about the pods that wait. */
  readonly messages: readonly string[]
  /** The API server's texts about pods it would not take. */
  readonly refusals: readonly string[]
  readonly nearestMiss: NearestMiss | undefined
  readonly edits: readonly Edit[]
  /** Why the next rollout would never begin, in kube-scheduler's words. */
  readonly rolloutBlock: string | undefined
}

export interface FitReport {
  readonly verdict: Verdict
  readonly workloads: readonly WorkloadFit[]
  readonly rejections: readonly Rejection[]
  readonly proof: Proof | undefined
  /** An assignment that kube-scheduler's order does not find; nothing guarantees that it comes about. */
  readonly assignment: readonly SchedulerPod[] | undefined
  /** Orders that were tried, in a few words each. */
  readonly tried: readonly string[]
  /** Of how many random orders all pods were placed. */
  readonly held: { readonly orders: number; readonly of: number }
  /** Workload → pods that would be evicted to make room. */
  readonly evictions: ReadonlyMap<string, number>
  readonly unknowns: readonly string[]
  readonly problems: readonly InventoryProblem[]
  /** The cluster once nothing moves any more, with the pods that found a node; undefined when nothing was tried. */
  readonly settled: Cluster | undefined
}

export interface FitOptions {
  readonly scenario?: Scenario
  readonly provisioning?: Provisioning
  /** Claims and classes that the inventory does not show are taken to work, or to be missing. */
  readonly storage?: 'assume-provisioned' | 'strict'
  /** Random orders to try for a set that fits. */
  readonly orders?: number
}

const DEFAULT_ORDERS = 5
/** Placements that random orders may cost altogether. */
const ORDER_BUDGET = 200_000

export function decideFit(
  inventory: Cluster,
  manifests: readonly JsonRecord[],
  options: FitOptions = {},
): FitReport {
  const scenario = options.scenario ?? DECLARED
  const strict = { cluster: inventory, assumed: [] }
  const storage = options.storage === 'strict' ? strict : assumeStorage(inventory, manifests)
  const cluster = prepareCluster(storage.cluster, manifests, scenario)
  const scaled = applyScenario(
    inventory,
    scenario.running === 'rolling' ? listRollingDemand(inventory, manifests) : manifests,
    scenario,
  )
  const asked = countDemand(cluster, scaled)
  if (asked > MAX_PODS) return declineDemand(inventory, manifests, asked)
  const simulation = createSimulation(cluster, scaled, { provisioning: options.provisioning ?? 'zone' })
  const waiting = listWaiting(inventory, manifests)
  for (const it of [...waiting, ...scaled]) simulation.apply(it)
  const foreign = new Set(waiting.map(it => toWorkload(it)?.key))
  const outcomes = simulation.describe().filter(it => !foreign.has(it.workload.key))
  const rejections = simulation.rejections.filter(it => !foreign.has(it.object))
  const { table, storage: bound } = simulation.world.scheduler
  const base = {
    workloads: outcomes.map(it => describeFit(simulation, it)),
    rejections,
    evictions: simulation.world.evicted,
    unknowns: [...storage.assumed, ...listUnknowns(manifests)],
    problems: inventory.problems,
    proof: undefined,
    assignment: undefined,
    held: { orders: 0, of: 0 },
    settled: { ...cluster, storage: bound, pods: table.podsOn.flat() },
  }
  const greedy = 'highest priority first, then in order of the manifests'
  if (rejections.length === 0 && outcomes.every(isPlaced)) {
    const pods = outcomes.flatMap(it => it.pods.map(live => ({ ...live.pod, nodeName: '' })))
    const held =
      simulation.world.evicted.size > 0
        ? base.held
        : countHeld(cluster, pods, options.orders ?? DEFAULT_ORDERS)
    return { ...base, verdict: 'schedules', tried: [greedy], held }
  }
  return { ...base, ...explainFailure(cluster, simulation, { outcomes, rejections, greedy }) }
}

/** As many pods as the largest clusters are made for, and some more. */
const MAX_PODS = 200_000

function countDemand(cluster: Cluster, manifests: readonly JsonRecord[]): number {
  let pods = 0
  for (const it of manifests) {
    const workload = toWorkload(it)
    if (workload !== undefined)
      pods += workload.kind === 'DaemonSet' ? cluster.nodes.length : getReplicas(workload)
  }
  return pods
}

function declineDemand(inventory: Cluster, manifests: readonly JsonRecord[], asked: number): FitReport {
  return {
    verdict: 'undecided',
    workloads: [],
    rejections: [],
    proof: undefined,
    assignment: undefined,
    tried: [`nothing: ${asked} pods are asked for, and sets of more than ${MAX_PODS} are not tried`],
    held: { orders: 0, of: 0 },
    evictions: new Map(),
    unknowns: listUnknowns(manifests),
    problems: inventory.problems,
    settled: undefined,
  }
}

function isPlaced(outcome: WorkloadOutcome): boolean {
  return (
    outcome.pods.length >= Math.min(outcome.desired, outcome.pods.length + 1) &&
    outcome.scheduled >= outcome.desired
  )
}

function explainFailure(
  cluster: Cluster,
  simulation: Simulation,
  it: { outcomes: readonly WorkloadOutcome[]; rejections: readonly Rejection[]; greedy: string },
): Pick<FitReport, 'verdict' | 'proof' | 'assignment' | 'tried'> {
  const nothing = { proof: undefined, assignment: undefined, tried: [it.greedy] }
  const refused = findRefusal(it.rejections, it.outcomes)
  if (refused !== undefined) return { ...nothing, verdict: 'impossible', proof: refused }
  const demands = it.outcomes.flatMap(outcome => listDemands(cluster, outcome))
  const proof = findProof(cluster, demands)
  if (proof !== undefined) return { ...nothing, verdict: 'impossible', proof }
  const pods = demands.flatMap(demand =>
    Array.from({ length: demand.count }, (_, k) => ({
      ...demand.pod,
      name: `${demand.pod.name}#${k}`,
      nodeName: '',
    })),
  )
  const attempts = searchAssignment({ ...cluster, storage: simulation.world.scheduler.storage }, pods)
  const tried = [it.greedy, ...attempts.map(attempt => `${attempt.order}: ${attempt.failed} left over`)]
  const found = attempts.at(-1)
  if (found?.failed === 0) return { verdict: 'stranded', proof: undefined, assignment: found.placed, tried }
  return { ...nothing, verdict: 'undecided', tried }
}

function findRefusal(
  rejections: readonly Rejection[],
  outcomes: readonly WorkloadOutcome[],
): Proof | undefined {
  const [rejection] = rejections
  if (rejection !== undefined)
    return { kind: 'refused', workload: rejection.object, message: rejection.message }
  for (const it of outcomes) {
    const [message] = it.createFailed
    if (message !== undefined && it.pods.length < it.desired) {
      return { kind: 'refused', workload: it.workload.key, message }
    }
  }
  return undefined
}

/** The pods a workload wants by shape; those not created yet look like the first one. */
function listDemands(cluster: Cluster, outcome: WorkloadOutcome): Demand[] {
  const { workload, pods, desired } = outcome
  if (pods.length === 0) {
    if (desired === 0 || workload.kind === 'DaemonSet') return []
    const identity = { shownName: '', earlyName: '', name: `${workload.name}-0`, ordinal: 0, node: undefined }
    return [
      {
        workload: workload.key,
        pod: cluster.podReader.read(buildPodObject(workload, identity)),
        count: desired,
      },
    ]
  }
  const byShape = new Map<unknown, { pod: SchedulerPod; count: number }>()
  for (const { pod, object } of pods) {
    // A pod whose node is written into its spec is not the scheduler's to place.
    if (readPath(object.spec, 'nodeName') !== undefined) continue
    const entry = byShape.get(pod.shape) ?? { pod: { ...pod, nodeName: '' }, count: 0 }
    entry.count++
    byShape.set(pod.shape, entry)
  }
  const [first] = byShape.values()
  if (first !== undefined) first.count += Math.max(0, desired - pods.length)
  return [...byShape.values()].map(it => ({ workload: workload.key, ...it }))
}

function describeFit(simulation: Simulation, outcome: WorkloadOutcome): WorkloadFit {
  const waiting = outcome.pods.find(it => it.pod.nodeName === '' && it.pod.shape.gates.length === 0)
  const { scheduler } = simulation.world
  return {
    workload: outcome.workload.key,
    desired: outcome.desired,
    created: outcome.pods.length,
    scheduled: outcome.scheduled,
    messages: [...new Set(outcome.pending.map(it => it.message).filter(it => it !== null))],
    refusals: outcome.createFailed,
    nearestMiss: waiting === undefined ? undefined : findNearestMiss(scheduler, waiting.pod),
    edits: waiting === undefined ? [] : listEdits(scheduler, waiting.object),
    rolloutBlock: findRolloutBlock(scheduler, outcome),
  }
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
