/** What a quota that is new finds in its namespace: the quota controller counts pods and claims that are there already. */

import type { Cluster } from '../cluster.ts'
import { type JsonRecord, readPath, readString } from '../json-fields.ts'
import { readClaimSpec } from '../storage.ts'
import { formatQuantity } from './quantity-text.ts'
import { isInScope, measureClaim, measurePod, sumUsage, toQuota } from './resource-quota.ts'

/** Amounts of what the quota bounds, as its status would carry them. */
export function measureUsed(object: JsonRecord, { listCharged, others }: Cluster): JsonRecord {
  const quota = toQuota(object)
  const pods = [...listCharged(quota.namespace).values()].filter(it => isInScope(quota, it))
  const claims = (quota.scopes.length > 0 ? [] : (others.get('PersistentVolumeClaim') ?? [])).filter(
    it => (readString(readPath(it.metadata, 'namespace')) || 'default') === quota.namespace,
  )
  const usage = sumUsage([...pods.map(measurePod), ...claims.map(it => measureClaim(readClaimSpec(it)))])
  const bounded = [...usage].filter(([name]) => quota.hard.has(name))
  return Object.fromEntries(bounded.map(([name, it]) => [name, formatQuantity(it)]))
}
