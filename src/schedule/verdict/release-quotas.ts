/** Quotas of the inventory without what the manifests' own workloads hold already: they would be charged twice. */

import type { Cluster } from '../cluster.ts'
import { type JsonRecord, readPath, readRecord } from '../json-fields.ts'
import { subtractAmounts } from '../resource-amount.ts'
import { formatQuantity, toQuantity } from '../workload/quantity-text.ts'
import { isInScope, measureObject, measurePod, toQuota } from '../workload/resource-quota.ts'
import { WORKLOAD_RESOURCES } from '../workload/simulation.ts'

export interface Released {
  /** Pods that go, by `namespace/name`. */
  readonly pods: ReadonlySet<string>
  /** Workloads that are there already: `Deployment shop/web`. */
  readonly workloads: ReadonlySet<string>
}

export function releaseQuotas(cluster: Cluster, released: Released): Cluster {
  const quotas = cluster.others.get('ResourceQuota') ?? []
  if (quotas.length === 0 || released.workloads.size === 0) return cluster
  const others = new Map(cluster.others)
  others.set(
    'ResourceQuota',
    quotas.map(it => releaseQuota(it, cluster, released)),
  )
  return { ...cluster, others }
}

function releaseQuota(
  object: JsonRecord,
  { listCharged }: Cluster,
  { pods, workloads }: Released,
): JsonRecord {
  const quota = toQuota(object)
  const usages: ReturnType<typeof measurePod>[] = []
  for (const [name, pod] of listCharged(quota.namespace))
    if (pods.has(name) && isInScope(quota, pod)) usages.push(measurePod(pod))
  for (const it of quota.scopes.length === 0 ? workloads : []) {
    const [kind = '', name = ''] = it.split(' ')
    const resource = WORKLOAD_RESOURCES[kind]
    if (resource === undefined || !name.startsWith(`${quota.namespace}/`)) continue
    usages.push(measureObject(resource))
    if (kind === 'Deployment') usages.push(measureObject('replicasets.apps'))
  }
  const used = { ...readRecord(readPath(object.status, 'used')) }
  for (const usage of usages)
    for (const [key, less] of usage) {
      const now = Object.hasOwn(used, key) ? toQuantity(used[key]) : undefined
      if (now !== undefined)
        used[key] = formatQuantity({ ...now, amount: subtractAmounts(now.amount, less.amount) })
    }
  return { ...object, status: { ...readRecord(object.status), used } }
}
