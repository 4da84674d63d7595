/** ResourceQuota: what a pod, claim or object uses, and what a namespace has left. */

import { readAmounts } from '../container-requests.ts'
import { type JsonRecord, readList, readPath, readRecord, readString, readStrings } from '../json-fields.ts'
import { sumPodRequests } from '../pod-requests.ts'
import { addAmounts, isGreaterAmount, isZeroAmount, ZERO_AMOUNT } from '../resource-amount.ts'
import { compareText } from '../unschedulable-message.ts'
import { sumPod } from './container-sums.ts'
import { addQuantities, formatQuantity, type Quantity, toQuantity, ZERO_QUANTITY } from './quantity-text.ts'

type Usage = ReadonlyMap<string, Quantity>

interface Scope {
  readonly name: string
  readonly operator: string
  readonly values: readonly string[]
}

export interface Quota {
  readonly namespace: string
  readonly name: string
  readonly hard: Usage
  readonly scopes: readonly Scope[]
}

export function toQuota(value: JsonRecord): Quota {
  const hard = new Map<string, Quantity>()
  for (const [name, it] of Object.entries(readRecord(readPath(value, 'spec', 'hard')))) {
    const quantity = toQuantity(it)
    if (quantity !== undefined) hard.set(name, quantity)
  }
  const selected = readList(readPath(value, 'spec', 'scopeSelector', 'matchExpressions')).map(readRecord)
  return {
    namespace: readString(readPath(value, 'metadata', 'namespace')) || 'default',
    name: readString(readPath(value, 'metadata', 'name')),
    hard,
    scopes: [
      ...readStrings(readPath(value, 'spec', 'scopes')).map(name => ({
        name,
        operator: 'Exists',
        values: [],
      })),
      ...selected.map(it => ({
        name: readString(it.scopeName),
        operator: readString(it.operator),
        values: readStrings(it.values),
      })),
    ],
  }
}

/** Whether the quota is about this pod at all. */
export function isInScope(quota: Quota, pod: JsonRecord): boolean {
  const spec = readRecord(pod.spec)
  return quota.scopes.every(scope => {
    switch (scope.name) {
      case 'Terminating':
        return spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds !== null
      case 'NotTerminating':
        return spec.activeDeadlineSeconds === undefined || spec.activeDeadlineSeconds === null
      case 'BestEffort':
        return isBestEffort(spec)
      case 'NotBestEffort':
        return !isBestEffort(spec)
      case 'PriorityClass':
        return isPriorityInScope(scope, readString(spec.priorityClassName))
      case 'CrossNamespacePodAffinity':
        return usesOtherNamespaces(spec)
      default:
        return false
    }
  })
}

function isPriorityInScope(scope: Scope, priorityClass: string): boolean {
  if (scope.operator === 'In') return scope.values.includes(priorityClass)
  if (scope.operator === 'NotIn') return !scope.values.includes(priorityClass)
  return (scope.operator === 'DoesNotExist') === (priorityClass === '')
}

function usesOtherNamespaces(spec: JsonRecord): boolean {
  return ['podAffinity', 'podAntiAffinity'].some(kind => {
    const affinity = readRecord(readPath(spec.affinity, kind))
    const terms = [
      ...readList(affinity.requiredDuringSchedulingIgnoredDuringExecution),
      ...readList(affinity.preferredDuringSchedulingIgnoredDuringExecution).map(
        it => readRecord(it).podAffinityTerm,
      ),
    ].map(readRecord)
    return terms.some(it => readList(it.namespaces).length > 0 || it.namespaceSelector !== undefined)
  })
}

function isBestEffort(spec: JsonRecord): boolean {
  const resources = [
    spec,
    ...[...readList(spec.containers), ...readList(spec.initContainers)].map(readRecord),
  ]
  return resources.every(it => {
    const { requests, limits } = readRecord(it.resources)
    return [requests, limits].every(list =>
      ['cpu', 'memory'].every(name => {
        const quantity = toQuantity(readRecord(list)[name])
        return quantity === undefined || (quantity.amount.whole === 0 && quantity.amount.nano === 0)
      }),
    )
  })
}

const ONE: Quantity = { amount: { whole: 1, nano: 0 }, binary: false }

/** What a pod counts against quotas (`PodUsageFunc`). */
export function measurePod(pod: JsonRecord): Usage {
  const usage = new Map<string, Quantity>([
    ['pods', ONE],
    ['count/pods', ONE],
  ])
  const spec = readRecord(pod.spec)
  const asked = sumPod(spec, 'requests')
  const most = sumPod(spec, 'limits')
  for (const [name, amount] of sumPodRequests(pod)) {
    const quantity = { amount, binary: isBinary(name, asked) }
    usage.set(`requests.${name}`, quantity)
    if (['cpu', 'memory', 'ephemeral-storage'].includes(name) || name.startsWith('hugepages-'))
      usage.set(name, quantity)
  }
  const limited = {
    spec: {
      ...spec,
      overhead: undefined,
      containers: limitsAsRequests(spec.containers),
      initContainers: limitsAsRequests(spec.initContainers),
      resources: { requests: readPath(spec.resources, 'limits') },
    },
  }
  const overhead = readAmounts(spec.overhead)
  for (const [name, limit] of sumPodRequests(limited)) {
    // Overhead comes on top of limits that there are (`PodLimits`).
    const amount = isZeroAmount(limit) ? limit : addAmounts(limit, overhead.get(name) ?? ZERO_AMOUNT)
    usage.set(`limits.${name}`, { amount, binary: isBinary(name, most) })
  }
  return usage
}

/** What only overhead asks for is in the notation that people write it in. */
function isBinary(resource: string, named: Usage): boolean {
  const quantity = named.get(resource)
  if (quantity !== undefined && !isZeroAmount(quantity.amount)) return quantity.binary
  return resource === 'memory' || resource === 'ephemeral-storage' || resource.startsWith('hugepages-')
}

function limitsAsRequests(containers: unknown): unknown[] {
  return readList(containers).map(it => {
    const container = readRecord(it)
    return { ...container, resources: { requests: readPath(container.resources, 'limits') } }
  })
}

/** What a claim counts against quotas. */
export function measureClaim(spec: JsonRecord): Usage {
  const storage = toQuantity(readPath(spec.resources, 'requests', 'storage')) ?? ZERO_QUANTITY
  const usage = new Map<string, Quantity>([
    ['persistentvolumeclaims', ONE],
    ['count/persistentvolumeclaims', ONE],
    ['requests.storage', storage],
  ])
  const storageClass = readString(spec.storageClassName)
  if (storageClass !== '') {
    usage.set(`${storageClass}.storageclass.storage.k8s.io/requests.storage`, storage)
    usage.set(`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`, ONE)
  }
  return usage
}

/** What one object of a resource counts: `count/deployments.apps`. */
export function measureObject(resource: string): Usage {
  return new Map([[`count/${resource}`, ONE]])
}

const MUST_BE_NAMED = new Set([
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
])

/** `failed quota: q: must specify limits.cpu for: app`, when a container names no amount of what is bounded. */
export function checkNamed(quota: Quota, pod: JsonRecord): string | undefined {
  const required = [...quota.hard.keys()].filter(it => MUST_BE_NAMED.has(it)).sort(compareText)
  const spec = readRecord(pod.spec)
  if (required.length === 0 || spec.resources !== undefined) return undefined
  const missing = required.flatMap(key => {
    const part = key.startsWith('limits.') ? 'limits' : 'requests'
    const name = key.replace(/^(requests|limits)\./, '')
    const containers = [...readList(spec.containers), ...readList(spec.initContainers)].map(readRecord)
    const without = containers.filter(it => readPath(it.resources, part, name) === undefined)
    const names = [...new Set(without.map(it => readString(it.name)))].sort(compareText)
    return names.length === 0 ? [] : [`${key} for: ${names.join(',')}`]
  })
  return missing.length === 0 ? undefined : `failed quota: ${quota.name}: must specify ${missing.join('; ')}`
}

/** `exceeded quota: …` with the exceeded keys only, or undefined when there is room. */
export function checkQuota(quota: Quota, used: Usage, wanted: Usage): string | undefined {
  const exceeded = [...quota.hard]
    .filter(([key, hard]) => {
      const more = wanted.get(key)
      if (more === undefined) return false
      return isGreaterAmount(addQuantities(used.get(key) ?? ZERO_QUANTITY, more).amount, hard.amount)
    })
    .map(([key]) => key)
    .sort(compareText)
  if (exceeded.length === 0) return undefined
  const list = (of: Usage): string =>
    exceeded.map(key => `${key}=${formatQuantity(of.get(key) ?? ZERO_QUANTITY)}`).join(',')
  return `exceeded quota: ${quota.name}, requested: ${list(wanted)}, used: ${list(used)}, limited: ${list(quota.hard)}`
}

/** Key by key. */
export function sumUsage(usages: Iterable<Usage>): Usage {
  const sum = new Map<string, Quantity>()
  for (const usage of usages) {
    for (const [key, it] of usage) sum.set(key, addQuantities(sum.get(key) ?? ZERO_QUANTITY, it))
  }
  return sum
}
