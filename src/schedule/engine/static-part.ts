/** What the nodes' own fields say to a pod: who may use them, and how they are preferred. */

import { matchesRequirement } from '../../kube/values/label-selector.ts'
import type { Cluster } from '../cluster.ts'
import type { SchedulerNode } from '../node.ts'
import { narrowNodes } from '../node-narrowing.ts'
import type { PodShape } from '../pod.ts'
import { isNodeTermMet } from '../selector.ts'
import { countUnpreferred, findUntolerated, isTolerated, type Taint, UNSCHEDULABLE_TAINT } from '../taints.ts'
import { type NodeRejection, REASONS } from '../unschedulable-message.ts'
import { type ImageIndex, scoreImages } from './image-index.ts'
import type { NodeTable } from './node-table.ts'

/** By node, and the same for pods that differ in labels and requests alone. */
export interface StaticPart {
  /** Indices of the nodes worth a look. */
  readonly candidates: Int32Array
  readonly narrowed: boolean
  /** Why the whole cluster is out, decided before any node is looked at. */
  readonly conflict: boolean
  /** Per node: undefined, or the static filter that turns it down. */
  readonly fixed: readonly (NodeRejection | undefined)[]
  /** Per node: taints the pod would rather avoid, weights of preferred terms, image score. */
  readonly unpreferred: Int32Array
  readonly preferred: Int32Array
  readonly images: Int32Array
}

export interface StaticContext {
  readonly cluster: Cluster
  readonly table: NodeTable
  readonly images: ImageIndex
  readonly rejections: RejectionCache
  /** By all that they depend on. */
  readonly statics: Map<string, StaticPart>
}

/** Rejections are many and equal; one object each is enough. */
export type RejectionCache = Map<string, NodeRejection>

export function internRejection(
  cache: RejectionCache,
  plugin: string,
  reasons: readonly string[],
  resolvable: boolean,
): NodeRejection {
  const key = `${plugin} ${resolvable} ${reasons.join('\n')}`
  let rejection = cache.get(key)
  if (rejection === undefined) cache.set(key, (rejection = { plugin, reasons, resolvable }))
  return rejection
}

export function getStaticPart(shape: PodShape, context: StaticContext): StaticPart {
  const key = JSON.stringify([
    [shape.nodeSelector, shape.nodeTerms ?? 0, shape.preferredNodes],
    [shape.tolerations, shape.images, shape.containerCount],
  ])
  let part = context.statics.get(key)
  if (part === undefined) {
    part = buildStaticPart(shape, context)
    // A pod that names its nodes is mostly the only one of its kind.
    if (!part.narrowed) context.statics.set(key, part)
  }
  return part
}

function buildStaticPart(shape: PodShape, context: StaticContext): StaticPart {
  const { table } = context
  const { nodes } = table
  const names = narrowNodes(shape)
  const conflict = names === 'conflict'
  const candidates = conflict ? new Int32Array() : listCandidates(table, names)
  const fixed: (NodeRejection | undefined)[] = new Array(nodes.length).fill(undefined)
  const unpreferred = new Int32Array(nodes.length)
  const preferred = new Int32Array(nodes.length)
  const images = new Int32Array(nodes.length)
  const check = createStaticCheck(shape, context)
  for (const i of candidates) {
    const node = nodes[i]!
    fixed[i] = check(node)
    if (fixed[i] !== undefined) continue
    if (node.taints.length > 0) unpreferred[i] = countUnpreferred(node.taints, shape.tolerations)
    for (const it of shape.preferredNodes) if (isNodeTermMet(it.term, node)) preferred[i]! += it.weight
    images[i] = scoreImages(context.images, shape, i)
  }
  return {
    candidates,
    narrowed: names !== undefined && !conflict,
    conflict,
    fixed,
    unpreferred,
    preferred,
    images,
  }
}

/** The nodes' indices, in order; all of them unless the pod names its nodes. */
function listCandidates(table: NodeTable, names: ReadonlySet<string> | undefined): Int32Array {
  if (names !== undefined) {
    const indices = [...names].map(it => table.indexOf.get(it) ?? -1)
    return Int32Array.from(indices.filter(it => it >= 0)).sort()
  }
  const all = new Int32Array(table.nodes.length)
  for (let i = 0; i < all.length; i++) all[i] = i
  return all
}

/** NodeUnschedulable, TaintToleration and NodeAffinity; taint lists repeat, so each is judged once. */
function createStaticCheck(
  shape: PodShape,
  context: StaticContext,
): (node: SchedulerNode) => NodeRejection | undefined {
  const cordonTolerated = isTolerated(UNSCHEDULABLE_TAINT, shape.tolerations)
  const verdicts = new Map<string, NodeRejection | undefined>()
  const reject = (plugin: string, reason: string): NodeRejection =>
    internRejection(context.rejections, plugin, [reason], false)
  const checkTaints = (taints: readonly Taint[]): NodeRejection | undefined => {
    if (taints.length === 0) return undefined
    const text = taints.map(it => `${it.key}=${it.value}:${it.effect}`).join(',')
    if (!verdicts.has(text)) {
      const taint = findUntolerated(taints, shape.tolerations)
      const reason = taint === undefined ? '' : context.cluster.version.formatTaint(taint)
      verdicts.set(text, taint === undefined ? undefined : reject('TaintToleration', reason))
    }
    return verdicts.get(text)
  }
  const mismatch = reject('NodeAffinity', REASONS.nodeAffinity)
  const cordoned = reject('NodeUnschedulable', REASONS.unschedulable)
  return node => {
    if (node.unschedulable && !cordonTolerated) return cordoned
    return checkTaints(node.taints) ?? (isNodeSelected(shape, node) ? undefined : mismatch)
  }
}

/** nodeSelector and required node affinity together. */
export function isNodeSelected(shape: PodShape, node: SchedulerNode): boolean {
  for (const it of shape.nodeSelector) if (!matchesRequirement(it, node.labels)) return false
  return shape.nodeTerms === undefined || shape.nodeTerms.some(it => isNodeTermMet(it, node))
}
