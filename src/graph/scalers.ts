/** Who decides how many replicas a workload has. */
import type { Resource } from '../kube/resource.ts'
import { memo } from '../text/memo.ts'
import type { At } from '../yaml/cursor.ts'
import type { Graph } from './graph.ts'
import { listLinks } from './links.ts'

const KINDS = ['HorizontalPodAutoscaler', 'ScaledObject'] as const

/** HorizontalPodAutoscalers and ScaledObjects that target a workload. */
export const listScalers = (graph: Graph, workload: Resource): readonly Resource[] =>
  indexScalers(graph).get(workload) ?? []

const indexScalers = memo((graph: Graph): ReadonlyMap<Resource, readonly Resource[]> => {
  const scalers = new Map<Resource, Resource[]>()
  for (const scaler of KINDS.flatMap(it => graph.ofKind(it)))
    for (const target of listScaleTargets(graph, scaler)) {
      const list = scalers.get(target)
      if (list) list.push(scaler)
      else scalers.set(target, [scaler])
    }
  return scalers
})

/** The workloads in the unit that a scaler targets; none where several of the name are equally near, so that one must guess. */
export const listScaleTargets = (graph: Graph, scaler: Resource): readonly Resource[] =>
  listLinks(scaler)
    .filter(it => it.relation === 'scales')
    .map(it => graph.follow(scaler, it).resources)
    .flatMap(it => (it.length === 1 ? it : []))

export interface Replicas {
  /** The fewest that run; undefined when that cannot be told. */
  readonly count: number | undefined
  /** Where the number is written. */
  readonly at: At | undefined
}

/** The fewest replicas of a workload: of its autoscaler, or its own, of which there is one where none are written. */
export function readReplicas(graph: Graph, workload: Resource): Replicas {
  const [scaler] = listScalers(graph, workload)
  const at = scaler
    ? scaler.root.get('spec', scaler.kind === 'ScaledObject' ? 'minReplicaCount' : 'minReplicas')
    : workload.root.get('spec', 'replicas')
  const absent = scaler?.kind === 'ScaledObject' ? 0 : 1
  const value = at === undefined ? absent : at.value
  return { count: typeof value === 'number' ? value : undefined, at }
}
