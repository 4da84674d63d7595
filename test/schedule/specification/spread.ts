/** PodTopologySpread, counted from scratch. */

import { listDefaultSpread } from '../../../src/schedule/default-spread.ts'
import { HOSTNAME_KEY, type SchedulerNode } from '../../../src/schedule/node.ts'
import type { PodShape, SchedulerPod, SpreadConstraint } from '../../../src/schedule/pod.ts'
import { isSelected } from '../../../src/schedule/selector.ts'
import { findUntolerated } from '../../../src/schedule/taints.ts'
import { type NodeRejection, REASONS } from '../../../src/schedule/unschedulable-message.ts'
import { isNodeSelected, listPodsOn, type View } from './view.ts'

/** `Filter` of PodTopologySpread. */
export function checkSpread(view: View, node: SchedulerNode): NodeRejection | undefined {
  const { shape } = view.pod
  const constraints = shape.spread.filter(it => it.required)
  for (const constraint of constraints) {
    const value = node.labels.get(constraint.topologyKey)
    const reject = (reason: string, resolvable: boolean): NodeRejection => {
      return { plugin: 'PodTopologySpread', reasons: [reason], resolvable }
    }
    if (value === undefined) return reject(REASONS.spreadLabel, false)
    const counts = countDomains(view, constraints, constraint)
    const minimum = counts.size < constraint.minDomains ? 0 : Math.min(...counts.values())
    const self = isSelected(constraint.selector, shape.labels) ? 1 : 0
    if ((counts.get(value) ?? 0) + self - minimum > constraint.maxSkew) return reject(REASONS.spread, true)
  }
  return undefined
}

function countDomains(
  view: View,
  constraints: readonly SpreadConstraint[],
  constraint: SpreadConstraint,
): Map<string, number> {
  const counts = new Map<string, number>()
  const { shape } = view.pod
  for (const node of view.cluster.nodes) {
    if (!hasKeys(node, constraints) || !isIncluded(shape, constraint, node)) continue
    const value = node.labels.get(constraint.topologyKey)!
    let count = countMatching([...listPodsOn(view, node), ...listRemovedFrom(view, node)], constraint, shape)
    for (const it of listRemovedFrom(view, node)) {
      // Taking a pod away subtracts it even where it was never counted, as a terminating pod.
      if (it.namespace === shape.namespace && isSelected(constraint.selector, it.shape.labels)) count--
    }
    counts.set(value, (counts.get(value) ?? 0) + count)
  }
  return counts
}

function listRemovedFrom(view: View, node: SchedulerNode): readonly SchedulerPod[] {
  return view.removed.filter(it => it.nodeName === node.name)
}

function hasKeys(node: SchedulerNode, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.every(it => node.labels.has(it.topologyKey))
}

/** `matchNodeInclusionPolicies`. */
function isIncluded(shape: PodShape, constraint: SpreadConstraint, node: SchedulerNode): boolean {
  if (constraint.honorAffinity && !isNodeSelected(shape, node)) return false
  return !constraint.honorTaints || findUntolerated(node.taints, shape.tolerations) === undefined
}

/** `countPodsMatchSelector`: an empty selector counts nothing, and so do terminating pods. */
function countMatching(pods: readonly SchedulerPod[], constraint: SpreadConstraint, shape: PodShape): number {
  if (constraint.selector.nothing || constraint.selector.requirements.length === 0) return 0
  return pods.filter(
    it =>
      !it.terminating && it.namespace === shape.namespace && isSelected(constraint.selector, it.shape.labels),
  ).length
}

/** Scores before the weight, by node; undefined when the plugin skips the pod. */
export function scoreSpread(view: View, feasible: readonly SchedulerNode[]): Map<string, number> | undefined {
  const { shape } = view.pod
  const explicit = shape.spread.length > 0
  const constraints = explicit
    ? shape.spread.filter(it => !it.required)
    : listDefaultSpread(shape, view.cluster)
  if (constraints.length === 0) return undefined
  const ignored = new Set(explicit ? feasible.filter(it => !hasKeys(it, constraints)) : [])
  const scored = feasible.filter(it => !ignored.has(it))
  const terms = constraints.map(constraint => {
    const values = new Set(scored.map(it => it.labels.get(constraint.topologyKey) ?? ''))
    const size = constraint.topologyKey === HOSTNAME_KEY ? scored.length : values.size
    return {
      constraint,
      weight: Math.log(size + 2),
      counts: countForScore(view, constraint, explicit ? constraints : []),
    }
  })
  const raw = new Map<string, number>()
  for (const node of scored) {
    let sum = 0
    for (const { constraint, weight, counts } of terms) {
      const value = node.labels.get(constraint.topologyKey)
      if (value === undefined) continue
      const count =
        constraint.topologyKey === HOSTNAME_KEY
          ? countMatching(listPodsOn(view, node), constraint, shape)
          : (counts.get(value) ?? 0)
      sum += count * weight + (constraint.maxSkew - 1)
    }
    raw.set(node.name, Math.round(sum))
  }
  return normaliseSpread(raw, feasible)
}

function countForScore(
  view: View,
  constraint: SpreadConstraint,
  needed: readonly SpreadConstraint[],
): Map<string, number> {
  const counts = new Map<string, number>()
  for (const node of view.cluster.nodes) {
    if (!hasKeys(node, needed) || !isIncluded(view.pod.shape, constraint, node)) continue
    const value = node.labels.get(constraint.topologyKey) ?? ''
    const count = countMatching(listPodsOn(view, node), constraint, view.pod.shape)
    counts.set(value, (counts.get(value) ?? 0) + count)
  }
  return counts
}

function normaliseSpread(
  raw: ReadonlyMap<string, number>,
  feasible: readonly SchedulerNode[],
): Map<string, number> {
  const minimum = Math.min(...raw.values())
  const maximum = Math.max(0, ...raw.values())
  const scores = new Map<string, number>()
  for (const node of feasible) {
    const score = raw.get(node.name)
    if (score === undefined) scores.set(node.name, 0)
    else if (maximum === 0) scores.set(node.name, 100)
    else scores.set(node.name, Math.trunc((100 * (maximum + minimum - score)) / maximum))
  }
  return scores
}
