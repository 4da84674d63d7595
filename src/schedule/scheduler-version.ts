/** What differs between kube-scheduler's minors: texts, formulas and default gates. */

import type { StatusCounting } from './running-requests.ts'
import type { Taint } from './taints.ts'

export interface SchedulerVersion {
  readonly minor: number
  /** NodeResourcesBalancedAllocation scores the change of balance (1.36) and not the balance. */
  readonly balanceByChange: boolean
  /** The weight of DynamicResources in the total; undefined where it does not score. */
  readonly dynamicResources: boolean
  /** The reason of TaintToleration. */
  formatTaint(taint: Taint): string
  /** What precedes `preemption: …` in a message. */
  readonly postFilterPrefix: string
  /** VolumeBinding scores by free storage capacity. */
  readonly storageCapacityScoring: boolean
  /** A pod needs the CSI drivers that insist on it installed on its node. */
  readonly demandsDrivers: boolean
  /** A node that is too small even when empty is beyond the help of evictions. */
  readonly hopelessShortages: boolean
  /** Namespace selectors of the pod being placed are asked about namespaces without labels, too. */
  readonly keepsNamespaceSelectors: boolean
  /** Requests of the pod as such count; before 1.34 the API server drops them. */
  readonly podLevelResources: boolean
  /** How running pods count whose status reports resources. */
  readonly statusCounting: StatusCounting
}

const OLDEST_MINOR = 33
const NEWEST_MINOR = 37

/** The scheduler of Kubernetes 1.`minor`; minors beyond the known ones are read as the nearest known. */
export function buildSchedulerVersion(minor: number = NEWEST_MINOR): SchedulerVersion {
  const known = Math.min(Math.max(Math.trunc(minor), OLDEST_MINOR), NEWEST_MINOR)
  return {
    minor: known,
    balanceByChange: known >= 36,
    dynamicResources: known >= 34,
    formatTaint: known >= 35 ? formatConstantTaint : formatNamedTaint,
    postFilterPrefix: known >= 34 ? 'no new claims to deallocate, ' : '',
    storageCapacityScoring: known >= 37,
    demandsDrivers: known >= 37,
    hopelessShortages: known >= 34,
    keepsNamespaceSelectors: known >= 34,
    podLevelResources: known >= 34,
    statusCounting: known >= 37 ? 'whole-pod' : known === 36 ? 'each-container-and-pod' : 'each-container',
  }
}

function formatConstantTaint(): string {
  return 'node(s) had untolerated taint(s)'
}

function formatNamedTaint(taint: Taint): string {
  return `node(s) had untolerated taint {${taint.key}: ${taint.value}}`
}
