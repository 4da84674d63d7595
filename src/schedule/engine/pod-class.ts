/** Everything about pods of one shape that does not change while others are placed. */

import { matchesRequirement } from '../../kube/values/label-selector.ts'
import type { Cluster } from '../cluster.ts'
import { listDefaultSpread } from '../default-spread.ts'
import { HOSTNAME_KEY, type SchedulerNode } from '../node.ts'
import { narrowNodes } from '../node-narrowing.ts'
import type { PodShape, SpreadConstraint } from '../pod.ts'
import { isNodeTermMet, isSelected } from '../selector.ts'
import { countUnpreferred, findUntolerated, isTolerated, type Taint, UNSCHEDULABLE_TAINT } from '../taints.ts'
import { type NodeRejection, REASONS } from '../unschedulable-message.ts'
import type { DomainCounter } from './domain-counter.ts'
import { type ImageIndex, scoreImages } from './image-index.ts'
import { getScalarColumn, type NodeTable, type ScalarColumn } from './node-table.ts'
import type { OwnedTerm, TermIndex } from './term-index.ts'

export interface RequiredSpread {
  readonly counter: DomainCounter
  readonly constraint: SpreadConstraint
  /** 1 when the pod counts among those it spreads from. */
  readonly self: number
}

export interface ScoredSpread {
  readonly counter: DomainCounter
  readonly maxSkew: number
  readonly byNode: boolean
}

export interface ScalarRequest {
  readonly resource: string
  readonly amount: number
  readonly column: ScalarColumn
}

export interface PodClass {
  readonly shape: PodShape
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
  readonly scalars: readonly ScalarRequest[]
  readonly requiredSpread: readonly RequiredSpread[]
  readonly scoredSpread: readonly ScoredSpread[]
  /** Nodes that lack a key of an explicit constraint score nothing; undefined when none is explicit. */
  readonly spreadKeys: readonly string[] | undefined
  readonly affinity: readonly DomainCounter[]
  /** The pod matches its own affinity, so it may be the first of its kind. */
  readonly selfAffine: boolean
  readonly antiAffinity: readonly DomainCounter[]
  readonly preferences: readonly { readonly counter: DomainCounter; readonly weight: number }[]
  /** Terms of running pods that match this pod, and how many terms were looked at. */
  readonly avoiders: DomainCounter[]
  readonly attractors: { readonly counter: DomainCounter; readonly weight: number }[]
  ownedSeen: number
  readonly balanced: boolean
  /** Rejections by NodeResourcesFit that were worded already, by what is short. */
  readonly shortages: Map<number, NodeRejection>
}

/** What classes are built from. */
export interface ClassContext {
  readonly cluster: Cluster
  readonly table: NodeTable
  readonly terms: TermIndex
  readonly images: ImageIndex
  readonly rejections: RejectionCache
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

export function buildPodClass(shape: PodShape, context: ClassContext): PodClass {
  const { table, terms } = context
  const { nodes } = table
  const narrowed = narrowNodes(shape)
  const conflict = narrowed === 'conflict'
  const names = narrowed === undefined || narrowed === 'conflict' ? undefined : narrowed
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
  const required = shape.spread.filter(it => it.required)
  const optional =
    shape.spread.length > 0
      ? shape.spread.filter(it => !it.required)
      : listDefaultSpread(shape, context.cluster)
  const explicit = shape.spread.length > 0
  let scoredSpread: readonly ScoredSpread[] | undefined
  return {
    shape,
    candidates,
    narrowed: names !== undefined,
    conflict,
    fixed,
    unpreferred,
    preferred,
    images,
    scalars: [...shape.requests.scalars].map(([resource, amount]) => {
      return { resource, amount, column: getScalarColumn(table, resource) }
    }),
    requiredSpread: required.map(it => watchRequired(it, { shape, required, context })),
    // Watching costs a look at every node and pod, which a pod with a single node to go to can do without.
    get scoredSpread() {
      scoredSpread ??= optional.map(it => watchScored(it, { shape, keys: explicit ? optional : [], context }))
      return scoredSpread
    },
    spreadKeys: explicit && optional.length > 0 ? optional.map(it => it.topologyKey) : undefined,
    affinity: shape.affinity.map(it => terms.watchTerms(shape.affinity, it.topologyKey)),
    selfAffine: shape.affinity.every(it => terms.isTermMet(it, shape)),
    antiAffinity: shape.antiAffinity.map(it => terms.watchTerms([it], it.topologyKey)),
    preferences: [
      ...shape.preferredAffinity.map(it => ({
        counter: terms.watchTerms([it], it.topologyKey),
        weight: it.weight,
      })),
      ...shape.preferredAntiAffinity.map(it => ({
        counter: terms.watchTerms([it], it.topologyKey),
        weight: -it.weight,
      })),
    ],
    avoiders: [],
    attractors: [],
    ownedSeen: 0,
    balanced: shape.requests.cpu !== 0 || shape.requests.memory !== 0,
    shortages: new Map(),
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

/** Takes notice of terms that pods have brought since; says whether any concerns this class. */
export function noticeOwnedTerms(podClass: PodClass, terms: TermIndex): boolean {
  let changed = false
  for (; podClass.ownedSeen < terms.owned.length; podClass.ownedSeen++) {
    const it: OwnedTerm = terms.owned[podClass.ownedSeen]!
    if (!terms.isTermMet(it.term, podClass.shape)) continue
    changed = true
    if (it.kind === 'anti') podClass.avoiders.push(it.counter)
    else podClass.attractors.push({ counter: it.counter, weight: it.weight })
  }
  return changed
}

/** NodeUnschedulable, TaintToleration and NodeAffinity; taint lists repeat, so each is judged once. */
function createStaticCheck(
  shape: PodShape,
  context: ClassContext,
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

function isNodeSelected(shape: PodShape, node: SchedulerNode): boolean {
  for (const it of shape.nodeSelector) if (!matchesRequirement(it, node.labels)) return false
  return shape.nodeTerms === undefined || shape.nodeTerms.some(it => isNodeTermMet(it, node))
}

/** Nodes that take part in a spread: all keys present and the constraint's policies met. */
function buildSpreadMask(
  constraint: SpreadConstraint,
  keys: readonly SpreadConstraint[],
  it: { shape: PodShape; table: NodeTable },
): { mask: Uint8Array; maskText: string } {
  const { shape, table } = it
  const mask = Uint8Array.from(table.nodes, node => {
    for (const { topologyKey } of keys) if (!node.labels.has(topologyKey)) return 0
    if (constraint.honorAffinity && !isNodeSelected(shape, node)) return 0
    if (constraint.honorTaints && findUntolerated(node.taints, shape.tolerations) !== undefined) return 0
    return 1
  })
  const maskText = JSON.stringify([
    keys.map(key => key.topologyKey).sort(),
    constraint.honorAffinity ? [shape.nodeSelector, shape.nodeTerms] : 0,
    constraint.honorTaints ? shape.tolerations : 0,
  ])
  return { mask, maskText }
}

function watchRequired(
  constraint: SpreadConstraint,
  it: { shape: PodShape; required: readonly SpreadConstraint[]; context: ClassContext },
): RequiredSpread {
  const { shape, required, context } = it
  const masked = buildSpreadMask(constraint, required, { shape, table: context.table })
  const watch = { constraint, namespace: shape.namespace, ...masked, use: 'filter' as const }
  return {
    counter: context.terms.watchSpread(watch),
    constraint,
    self: isSelected(constraint.selector, shape.labels) ? 1 : 0,
  }
}

function watchScored(
  constraint: SpreadConstraint,
  it: { shape: PodShape; keys: readonly SpreadConstraint[]; context: ClassContext },
): ScoredSpread {
  const { shape, keys, context } = it
  const byNode = constraint.topologyKey === HOSTNAME_KEY
  const masked = byNode
    ? { mask: undefined, maskText: '' }
    : buildSpreadMask(constraint, keys, { shape, table: context.table })
  const watch = {
    constraint,
    namespace: shape.namespace,
    ...masked,
    use: byNode ? ('node' as const) : ('score' as const),
  }
  return { counter: context.terms.watchSpread(watch), maxSkew: constraint.maxSkew, byNode }
}
