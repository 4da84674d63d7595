/** What a settled cluster tells besides verdicts: room for more, what a loss would do, how few nodes would do. */

import type { Cluster } from '../schedule/cluster.ts'
import { createScheduler } from '../schedule/engine/scheduler.ts'
import { ZONE_KEY } from '../schedule/node.ts'
import type { SchedulerPod } from '../schedule/pod.ts'
import type { FitReport } from '../schedule/verdict/decide-fit.ts'
import {
  countMore,
  countNodesNeeded,
  type LossReport,
  listDomainLosses,
  listNodeLosses,
} from '../schedule/verdict/headroom.ts'

export interface FitFacts {
  /** Workload → how many more pods like its own find a place beside everything else. */
  readonly more: ReadonlyMap<string, number>
  /** The loss of each of the nodes with the most pods. */
  readonly nodeLosses: readonly LossReport[]
  readonly zoneLosses: readonly LossReport[]
  /** The pods of the manifests alone, on empty nodes that are all like one of the cluster. */
  readonly fewestNodes: FewestNodes | undefined
  /** What was not tried because the set or the cluster is large. */
  readonly untried: string | undefined
}

export interface FewestNodes {
  readonly like: string
  readonly count: number
  readonly limitedBy: 'cpu' | 'memory' | 'pods'
}

/** Larger sets cost too much for what only rounds a report off. */
const LARGE = { nodes: 500, pods: 10_000, workloads: 100 } as const
/** More are called "at least". */
export const MOST_MORE = 200

/** Nothing but the losses of the fullest nodes is tried on a large cluster. Losses cost what is placed now. */
export function listFacts(report: FitReport): FitFacts {
  const { settled, verdict, workloads } = report
  if (!settled) return NO_FACTS
  const isLarge = settled.nodes.length > LARGE.nodes || settled.pods.length > LARGE.pods
  const nodeLosses = listNodeLosses(settled, isLarge ? 3 : 20)
  if (isLarge || workloads.length > LARGE.workloads)
    return {
      ...NO_FACTS,
      nodeLosses,
      untried:
        'room for more pods of each kind, the loss of zones and the fewest nodes are not tried for a set so large',
    }
  const samples = listSamples(report, settled)
  return {
    more: countRoom(settled, samples),
    nodeLosses,
    zoneLosses: listDomainLosses(settled, ZONE_KEY),
    untried: undefined,
    fewestNodes: verdict === 'schedules' ? countFewest(report, settled) : undefined,
  }
}

const NO_FACTS: FitFacts = {
  more: new Map(),
  nodeLosses: [],
  zoneLosses: [],
  fewestNodes: undefined,
  untried: undefined,
}

/** A pod of each workload; those of DaemonSets belong to their nodes. */
function listSamples({ workloadOf }: FitReport, { pods }: Cluster): ReadonlyMap<string, SchedulerPod> {
  const samples = new Map<string, SchedulerPod>()
  for (const it of pods) {
    const workload = workloadOf.get(`${it.namespace}/${it.name}`)
    const isPlain = it.shape.owner?.kind !== 'DaemonSet' && it.shape.volumes.length === 0
    if (workload !== undefined && isPlain && !samples.has(workload)) samples.set(workload, it)
  }
  return samples
}

function countRoom(
  settled: Cluster,
  samples: ReadonlyMap<string, SchedulerPod>,
): ReadonlyMap<string, number> {
  const room = new Map<string, number>()
  for (const [workload, pod] of samples)
    room.set(workload, countMore(createScheduler(settled), pod, MOST_MORE))
  return room
}

/** By the node that can hold most, with the agents that it runs. */
function countFewest({ workloadOf }: FitReport, settled: Cluster): FewestNodes | undefined {
  const [machine] = settled.nodes
    .filter(it => !it.unschedulable && it.taints.every(taint => taint.effect === 'PreferNoSchedule'))
    .sort((left, right) => (right.allocatable.get('cpu') ?? 0) - (left.allocatable.get('cpu') ?? 0))
  const isDaemon = (it: SchedulerPod): boolean => it.shape.owner?.kind === 'DaemonSet'
  const own = settled.pods.filter(it => workloadOf.has(`${it.namespace}/${it.name}`) && !isDaemon(it))
  if (!machine || own.length === 0) return undefined
  const daemons = settled.pods.filter(it => it.nodeName === machine.name && isDaemon(it))
  const needed = countNodesNeeded(settled, machine, own, { daemons, limit: LARGE.nodes })
  return needed && { like: machine.name, count: needed.nodes, limitedBy: needed.limitedBy }
}
