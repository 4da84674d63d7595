/** Deployments that run and can never be updated: no pod may be missing, and no further one finds a node. */

import { formatCanonical, readPath } from '../json-fields.ts'
import { getRolloutBounds } from '../workload/deployment.ts'
import type { WorkloadOutcome } from '../workload/simulation.ts'
import type { Workload } from '../workload/workload.ts'
import type { World } from '../workload/world.ts'
import type { Edit } from './edits.ts'

/**
 * What the API server or kube-scheduler says about the first new pod of a rollout while all old ones stay, or undefined
 * when the rollout begins. Pods that differ from their successors by `matchLabelKeys` are not judged, nor those that
 * would evict others.
 */
export function findRolloutBlock(world: World, outcome: WorkloadOutcome): string | undefined {
  const { workload, pods, desired, scheduled } = outcome
  if (workload.kind !== 'Deployment' || desired === 0 || scheduled < desired) return undefined
  if (readPath(workload.spec.strategy, 'type') === 'Recreate') return undefined
  if (getRolloutBounds(workload).unavailable > 0) return undefined
  const sample = pods.find(it => it.pod.nodeName !== '')
  if (sample === undefined || readPath(sample.object.spec, 'nodeName')) return undefined
  if (formatCanonical(workload.template).includes('"matchLabelKeys"')) return undefined
  const refusal = findRefusal(world, workload)
  if (refusal !== undefined) return `the API server says: ${refusal}`
  const { message, eviction } = world.scheduler.explain({
    ...sample.pod,
    name: `${workload.name}-next`,
    nodeName: '',
  })
  return eviction === undefined ? message : undefined
}

/** A quota may have no room for one more; the pod is created on trial. */
function findRefusal(world: World, workload: Workload): string | undefined {
  const prefix = `${workload.name}-<hash>-`
  const identity = { shownName: `${prefix}<x>`, earlyName: prefix, name: `${workload.name}-next` }
  const created = world.createPod(workload, { ...identity, ordinal: undefined, node: undefined })
  if (!('pod' in created)) return created[0]
  world.deletePod(created)
  // Once for pods that were deleted since the last time, once for this one.
  world.recountQuotas()
  world.recountQuotas()
  return undefined
}

/** One pod may be missing: then the rollout begins with taking one away. */
export function listRolloutEdits(workload: Workload, block: string | undefined): Edit[] {
  if (block === undefined) return []
  const now = readPath(workload.spec.strategy, 'rollingUpdate', 'maxUnavailable')
  const from = typeof now === 'string' || typeof now === 'number' ? String(now) : ''
  return [{ within: 'object', path: 'spec.strategy.rollingUpdate.maxUnavailable', from, to: '1', value: 1 }]
}
