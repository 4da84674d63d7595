/** Terms of pod affinity of the pod that is being placed, which kube-scheduler reads otherwise than those of pods that run. */

import type { PodTerm } from './pod.ts'
import type { SchedulerVersion } from './scheduler-version.ts'
import { buildSelector } from './selector.ts'

const EVERY_NAMESPACE = buildSelector([])

/**
 * `mergeAffinityTermNamespacesIfNotEmpty` lists the namespaces that the selector selects and means to empty it, but
 * since 1.34 empties a copy: the selector is then asked about pods as if their namespaces had no labels, and one that
 * only excludes (`NotIn`, `DoesNotExist`) lets in every namespace.
 */
export function toIncomingTerm(term: PodTerm, version: SchedulerVersion): PodTerm {
  const { nothing, requirements } = term.namespaceSelector
  if (!version.keepsNamespaceSelectors || nothing) return term
  const excludesOnly = requirements.every(it => it.operator === 'NotIn' || it.operator === 'DoesNotExist')
  return excludesOnly ? { ...term, namespaceSelector: EVERY_NAMESPACE } : term
}
