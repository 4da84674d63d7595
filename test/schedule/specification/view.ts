/** What the specification looks at: a cluster, who runs where, and the pod that wants in. Nothing is remembered. */

import { matchesRequirement } from '../../../src/kube/values/label-selector.ts'
import type { Cluster } from '../../../src/schedule/cluster.ts'
import { getNamespaceLabels } from '../../../src/schedule/namespace-labels.ts'
import type { SchedulerNode } from '../../../src/schedule/node.ts'
import type { HostPort, PodShape, PodTerm, SchedulerPod } from '../../../src/schedule/pod.ts'
import { isNodeTermMet, isSelected, type Labels } from '../../../src/schedule/selector.ts'
import type { Storage } from '../../../src/schedule/storage.ts'

export interface View {
  readonly cluster: Cluster
  readonly storage: Storage
  /** Node name → its pods. */
  readonly running: ReadonlyMap<string, readonly SchedulerPod[]>
  /** Pods taken off their node on trial; spread counts treat these differently from pods that never were. */
  readonly removed: readonly SchedulerPod[]
  /** The ports of the node in question while pods are taken off it on trial. */
  readonly portsOnTrial?: readonly HostPort[]
  readonly pod: SchedulerPod
}

export function buildView(
  cluster: Cluster,
  pods: readonly SchedulerPod[],
  pod: SchedulerPod,
  storage: Storage = cluster.storage,
): View {
  const running = new Map<string, SchedulerPod[]>(cluster.nodes.map(it => [it.name, []]))
  for (const it of pods) running.get(it.nodeName)?.push(it)
  return { cluster, storage, running, removed: [], pod }
}

export function listPodsOn(view: View, node: SchedulerNode): readonly SchedulerPod[] {
  return view.running.get(node.name) ?? []
}

/** nodeSelector and required node affinity together. */
export function isNodeSelected(shape: PodShape, node: SchedulerNode): boolean {
  for (const it of shape.nodeSelector) if (!matchesRequirement(it, node.labels)) return false
  return shape.nodeTerms === undefined || shape.nodeTerms.some(it => isNodeTermMet(it, node))
}

/** `AffinityTerm.Matches`: namespaces are listed or chosen by their labels. */
export function isTermMet(term: PodTerm, shape: PodShape, namespaces: ReadonlyMap<string, Labels>): boolean {
  const inside =
    term.namespaces.includes(shape.namespace) ||
    isSelected(term.namespaceSelector, getNamespaceLabels(namespaces, shape.namespace))
  return inside && isSelected(term.selector, shape.labels)
}
