/** Why pods are left over: a proof for each workload that no order could place, and for the rest another order. */

import type { Cluster } from '../cluster.ts'
import { readPath } from '../json-fields.ts'
import type { SchedulerPod } from '../pod.ts'
import { compareText } from '../unschedulable-message.ts'
import type { Simulation, WorkloadOutcome } from '../workload/simulation.ts'
import { buildPodObject } from '../workload/workload.ts'
import { type Demand, listProofs, type Proof } from './impossibility.ts'
import { searchAssignment } from './packing.ts'

export interface Failure {
  readonly proofs: readonly Proof[]
  /** Places for all pods of the workloads that no proof is about; nothing guarantees that they come about. */
  readonly assignment: readonly SchedulerPod[] | undefined
  /** The same by workload and node. */
  readonly assigned: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** Orders that were tried, in a few words each. */
  readonly tried: readonly string[]
}

export function explainFailure(
  cluster: Cluster,
  simulation: Simulation,
  outcomes: readonly WorkloadOutcome[],
): Failure {
  const refusals = listRefusals(simulation, outcomes)
  const refused = new Set(refusals.flatMap(it => it.workloads))
  const demands = outcomes.filter(it => !refused.has(it.workload.key)).flatMap(it => listDemands(cluster, it))
  const found = listProofs({ ...cluster, storage: simulation.world.buildUnusedStorage() }, demands)
  const proofs = [...refusals, ...found]
  const proven = new Set(proofs.flatMap(it => it.workloads))
  const rest = outcomes.filter(it => !proven.has(it.workload.key))
  if (rest.every(it => it.scheduled >= it.desired))
    return { proofs, assignment: undefined, assigned: new Map(), tried: [] }
  const open = demands.filter(it => !proven.has(it.workload))
  const pods = open.flatMap(listPods)
  const attempts = searchAssignment({ ...cluster, storage: simulation.world.scheduler.storage }, pods)
  const last = attempts.at(-1)
  const assignment = last?.failed === 0 ? last.placed : undefined
  return {
    proofs,
    assignment,
    assigned: groupByWorkload(open, assignment ?? []),
    tried: attempts.map(it => `${it.order}: ${it.failed} left over`),
  }
}

function groupByWorkload(
  demands: readonly Demand[],
  placed: readonly SchedulerPod[],
): Map<string, Map<string, number>> {
  const workloadOf = new Map(demands.map(it => [it.pod.shape, it.workload]))
  const groups = new Map<string, Map<string, number>>()
  for (const { shape, nodeName } of [...placed].sort((a, b) => compareText(a.nodeName, b.nodeName))) {
    const workload = workloadOf.get(shape) ?? ''
    const nodes = groups.get(workload) ?? new Map<string, number>()
    nodes.set(nodeName, (nodes.get(nodeName) ?? 0) + 1)
    groups.set(workload, nodes)
  }
  return groups
}

function listPods({ pod, count }: Demand): SchedulerPod[] {
  return Array.from({ length: count }, (_, k) => ({ ...pod, name: `${pod.name}#${k}`, nodeName: '' }))
}

function listRefusals({ rejections }: Simulation, outcomes: readonly WorkloadOutcome[]): Proof[] {
  const ofObjects = rejections.map(({ object, message }): Proof => {
    return { kind: 'refused', workloads: [object], message }
  })
  const ofPods = outcomes.flatMap(({ workload, pods, desired, createFailed }): Proof[] => {
    const [message] = createFailed
    const isShort = message !== undefined && pods.length < desired
    return isShort ? [{ kind: 'refused', workloads: [workload.key], message }] : []
  })
  return [...ofObjects, ...ofPods]
}

/** The pods a workload wants by shape; those not created yet look like the first one. */
function listDemands(cluster: Cluster, outcome: WorkloadOutcome): Demand[] {
  const { workload, pods, desired } = outcome
  if (pods.length === 0) {
    if (desired === 0 || workload.kind === 'DaemonSet') return []
    const identity = { shownName: '', earlyName: '', name: `${workload.name}-0`, ordinal: 0, node: undefined }
    const pod = cluster.podReader.read(buildPodObject(workload, identity))
    return [{ workload: workload.key, pod, count: desired }]
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
  const isMet = outcome.scheduled >= desired
  return [...byShape.values()].map(it => ({ workload: workload.key, isMet, ...it }))
}
