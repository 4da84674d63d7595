/** What a living cluster's pods, claims and objects are charged against quotas. */

import type { Cluster } from '../cluster.ts'
import { type JsonRecord, readPath, readString } from '../json-fields.ts'
import {
  checkNamed,
  checkQuota,
  isInScope,
  measureClaim,
  measureObject,
  measurePod,
  type Quota,
  sumUsage,
  toQuota,
} from './resource-quota.ts'

export interface UsageBook {
  charge(namespace: string, object: JsonRecord): readonly string[]
  chargeClaim(namespace: string, spec: JsonRecord): readonly string[]
  chargeObject(namespace: string, resource: string): readonly string[]
  /** Gives back what one pod of this object was charged. */
  release(object: JsonRecord): void
}

/** What each namespace's quotas have been charged; the inventory's recorded use counts from the start. */
export function createUsageBook(quotas: readonly Quota[], base: Cluster): UsageBook {
  const charges = new Map<Quota, Map<unknown, ReturnType<typeof measurePod>>>(
    quotas.map(it => [it, new Map()]),
  )
  for (const it of base.others.get('ResourceQuota') ?? []) {
    const recorded = quotas.find(
      quota =>
        quota.name === readString(readPath(it.metadata, 'name')) &&
        quota.namespace === (readString(readPath(it.metadata, 'namespace')) || 'default'),
    )
    const status = { metadata: it.metadata, spec: { hard: readPath(it.status, 'used') } }
    if (recorded !== undefined) charges.get(recorded)!.set('recorded', toQuota(status).hard)
  }
  const inNamespace = (namespace: string): Quota[] => quotas.filter(it => it.namespace === namespace)
  const charge = (
    relevant: readonly Quota[],
    token: unknown,
    wanted: ReturnType<typeof measurePod>,
  ): readonly string[] => {
    const refused = relevant.flatMap(it => checkQuota(it, sumUsage(charges.get(it)!.values()), wanted) ?? [])
    if (refused.length === 0) for (const quota of relevant) charges.get(quota)!.set(token, wanted)
    return refused
  }
  const tokens = new WeakMap<JsonRecord, object[]>()
  return {
    charge(namespace, object) {
      const relevant = inNamespace(namespace).filter(it => isInScope(it, object))
      for (const quota of relevant) {
        const unnamed = checkNamed(quota, object)
        if (unnamed !== undefined) return [unnamed]
      }
      const token = {}
      const refused = charge(relevant, token, relevant.length === 0 ? new Map() : measurePod(object))
      if (refused.length === 0 && relevant.length > 0)
        tokens.set(object, [...(tokens.get(object) ?? []), token])
      return refused
    },
    chargeClaim: (namespace, spec) =>
      charge(
        inNamespace(namespace).filter(it => it.scopes.length === 0),
        {},
        measureClaim(spec),
      ),
    chargeObject: (namespace, resource) =>
      charge(
        inNamespace(namespace).filter(it => it.scopes.length === 0),
        {},
        measureObject(resource),
      ),
    release(object) {
      const token = tokens.get(object)?.pop()
      if (token !== undefined) for (const it of charges.values()) it.delete(token)
    },
  }
}
