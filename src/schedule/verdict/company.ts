/** Pods whose required affinity asks for company that cannot come before they do. */

import type { Cluster } from '../cluster.ts'
import type { PodShape, PodTerm } from '../pod.ts'
import { isSelected } from '../selector.ts'
import type { Demand } from './impossibility.ts'

/**
 * Demands of which no pod can ever be the first: each waits for pods that are not there and that wait themselves, or for
 * pods that nobody makes. A pod that matches all of its own terms may come first.
 */
export function listLonely(cluster: Cluster, demands: readonly Demand[]): Demand[] {
  let lonely = demands.filter(it => needsCompany(it.pod.shape))
  if (lonely.length === 0) return lonely
  const present = new Set<PodShape>()
  for (const it of cluster.pods) present.add(it.shape)
  for (const it of cluster.pending) present.add(cluster.podReader.read(it).shape)
  for (const it of demands) if (!lonely.includes(it)) present.add(it.pod.shape)
  for (let before = -1; before !== lonely.length; ) {
    before = lonely.length
    const waiting = lonely.filter(it => !it.pod.shape.affinity.every(term => isMet(term, present)))
    for (const it of lonely) if (!waiting.includes(it)) present.add(it.pod.shape)
    lonely = waiting
  }
  return lonely
}

const needsCompany = (shape: PodShape): boolean =>
  shape.affinity.length > 0 && !shape.affinity.every(it => mayMatch(it, shape))

function isMet(term: PodTerm, present: ReadonlySet<PodShape>): boolean {
  for (const it of present) if (mayMatch(term, it)) return true
  return false
}

/** Labels of namespaces may come with the manifests, so any namespace may be selected. */
const mayMatch = (term: PodTerm, shape: PodShape): boolean =>
  (!term.namespaceSelector.nothing || term.namespaces.includes(shape.namespace)) &&
  isSelected(term.selector, shape.labels)
