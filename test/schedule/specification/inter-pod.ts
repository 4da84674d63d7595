/** InterPodAffinity, counted from scratch. */

import { toIncomingTerm } from '../../../src/schedule/incoming-term.ts'
import type { SchedulerNode } from '../../../src/schedule/node.ts'
import type { PodShape, PodTerm } from '../../../src/schedule/pod.ts'
import { type NodeRejection, REASONS } from '../../../src/schedule/unschedulable-message.ts'
import { isTermMet, listPodsOn, type View } from './view.ts'

type DomainCounts = Map<string, number>

function formatDomain(key: string, value: string): string {
  return `${key}\n${value}`
}

function addDomain(counts: DomainCounts, node: SchedulerNode, key: string, by: number): void {
  const value = node.labels.get(key)
  if (value === undefined) return
  const domain = formatDomain(key, value)
  counts.set(domain, (counts.get(domain) ?? 0) + by)
}

/** `Filter` of InterPodAffinity: own affinity, own anti-affinity, then the anti-affinity of pods that run. */
export function checkInterPod(view: View, node: SchedulerNode): NodeRejection | undefined {
  const reject = (reason: string, resolvable: boolean): NodeRejection => {
    return { plugin: 'InterPodAffinity', reasons: [reason], resolvable }
  }
  if (!isAffinityMet(view, node)) return reject(REASONS.affinity, false)
  const { shape } = view.pod
  const { namespaces, nodes, version } = view.cluster
  const own = shape.antiAffinity.map(it => toIncomingTerm(it, version))
  const avoided: DomainCounts = new Map()
  const avoiding: DomainCounts = new Map()
  for (const other of nodes) {
    for (const { shape: existing } of listPodsOn(view, other)) {
      for (const term of own) {
        if (isTermMet(term, existing, namespaces)) addDomain(avoided, other, term.topologyKey, 1)
      }
      for (const term of existing.antiAffinity) {
        if (isTermMet(term, shape, namespaces)) addDomain(avoiding, other, term.topologyKey, 1)
      }
    }
  }
  for (const { topologyKey } of shape.antiAffinity) {
    const value = node.labels.get(topologyKey)
    if (value !== undefined && avoided.has(formatDomain(topologyKey, value)))
      return reject(REASONS.antiAffinity, true)
  }
  for (const [key, value] of node.labels) {
    if (avoiding.has(formatDomain(key, value))) return reject(REASONS.existingAntiAffinity, true)
  }
  return undefined
}

/** An existing pod counts when it matches every term; a pod that matches its own terms may be the first. */
function isAffinityMet(view: View, node: SchedulerNode): boolean {
  const terms = view.pod.shape.affinity.map(it => toIncomingTerm(it, view.cluster.version))
  if (terms.length === 0) return true
  const { namespaces, nodes } = view.cluster
  const isWanted = (shape: PodShape): boolean => terms.every(it => isTermMet(it, shape, namespaces))
  const counts: DomainCounts = new Map()
  for (const other of nodes) {
    for (const { shape } of listPodsOn(view, other)) {
      if (isWanted(shape)) for (const it of terms) addDomain(counts, other, it.topologyKey, 1)
    }
  }
  if (!terms.every(it => node.labels.has(it.topologyKey))) return false
  if (terms.every(it => counts.has(formatDomain(it.topologyKey, node.labels.get(it.topologyKey)!))))
    return true
  return counts.size === 0 && isWanted(view.pod.shape)
}

/** Scores before the weight, by node; undefined when the plugin skips the pod. */
export function scoreInterPod(
  view: View,
  feasible: readonly SchedulerNode[],
): Map<string, number> | undefined {
  const { shape } = view.pod
  const { namespaces, version } = view.cluster
  const preferred = shape.preferredAffinity.map(it => toIncomingTerm(it, version))
  const avoided = shape.preferredAntiAffinity.map(it => toIncomingTerm(it, version))
  const weights: DomainCounts = new Map()
  for (const node of view.cluster.nodes) {
    const add = (terms: readonly PodTerm[], target: PodShape, sign: number): void => {
      for (const it of terms) {
        if (isTermMet(it, target, namespaces))
          addDomain(weights, node, it.topologyKey, sign * (it.weight || 1))
      }
    }
    for (const { shape: existing } of listPodsOn(view, node)) {
      add(preferred, existing, 1)
      add(avoided, existing, -1)
      add(existing.affinity, shape, 1)
      add(existing.preferredAffinity, shape, 1)
      add(existing.preferredAntiAffinity, shape, -1)
    }
  }
  if (weights.size === 0) return undefined
  const raw = feasible.map(node => {
    let sum = 0
    for (const [key, value] of node.labels) sum += weights.get(formatDomain(key, value)) ?? 0
    return sum
  })
  const minimum = Math.min(...raw)
  const range = Math.max(...raw) - minimum
  return new Map(
    feasible.map((node, index) => [
      node.name,
      range > 0 ? Math.trunc(100 * ((raw[index]! - minimum) / range)) : 0,
    ]),
  )
}
