/** Everything about pods of one shape that does not change while others are placed. */

import { listDefaultSpread } from '../default-spread.ts'
import { toIncomingTerm } from '../incoming-term.ts'
import { HOSTNAME_KEY } from '../node.ts'
import type { PodShape, PodTerm, SpreadConstraint } from '../pod.ts'
import { isSelected } from '../selector.ts'
import { findUntolerated } from '../taints.ts'
import type { NodeRejection } from '../unschedulable-message.ts'
import type { DomainCounter } from './domain-counter.ts'
import { getScalarColumn, type ScalarColumn } from './node-table.ts'
import { getStaticPart, isNodeSelected, type StaticContext, type StaticPart } from './static-part.ts'
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

export interface PodClass extends StaticPart {
  readonly shape: PodShape
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
export interface ClassContext extends StaticContext {
  readonly terms: TermIndex
  /** Nodes that take part in a spread. */
  readonly masks: Map<string, Uint8Array>
}

export function buildPodClass(shape: PodShape, context: ClassContext): PodClass {
  const { table, terms } = context
  const part = getStaticPart(shape, context)
  const required = shape.spread.filter(it => it.required)
  const optional =
    shape.spread.length > 0
      ? shape.spread.filter(it => !it.required)
      : listDefaultSpread(shape, context.cluster)
  const explicit = shape.spread.length > 0
  const toOwn = (it: PodTerm): PodTerm => toIncomingTerm(it, context.cluster.version)
  const affinity = shape.affinity.map(toOwn)
  let scoredSpread: readonly ScoredSpread[] | undefined
  return {
    ...part,
    shape,
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
    affinity: affinity.map(it => terms.watchTerms(affinity, it.topologyKey)),
    selfAffine: affinity.every(it => terms.isTermMet(it, shape)),
    antiAffinity: shape.antiAffinity.map(it => terms.watchTerms([toOwn(it)], it.topologyKey)),
    preferences: [
      ...shape.preferredAffinity.map(it => ({
        counter: terms.watchTerms([toOwn(it)], it.topologyKey),
        weight: it.weight,
      })),
      ...shape.preferredAntiAffinity.map(it => ({
        counter: terms.watchTerms([toOwn(it)], it.topologyKey),
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

/** Masks worth keeping; pods that name their nodes have one each. */
const MAX_MASKS = 1000

/** Nodes that take part in a spread: all keys present and the constraint's policies met. */
function getSpreadMask(
  constraint: SpreadConstraint,
  keys: readonly SpreadConstraint[],
  it: { shape: PodShape; context: ClassContext },
): { mask: Uint8Array; maskText: string } {
  const { shape } = it
  const { masks, table } = it.context
  const maskText = JSON.stringify([
    keys.map(key => key.topologyKey).sort(),
    constraint.honorAffinity ? [shape.nodeSelector, shape.nodeTerms] : 0,
    constraint.honorTaints ? shape.tolerations : 0,
  ])
  let mask = masks.get(maskText)
  if (mask === undefined) {
    mask = Uint8Array.from(table.nodes, node => {
      for (const { topologyKey } of keys) if (!node.labels.has(topologyKey)) return 0
      if (constraint.honorAffinity && !isNodeSelected(shape, node)) return 0
      if (constraint.honorTaints && findUntolerated(node.taints, shape.tolerations) !== undefined) return 0
      return 1
    })
    if (masks.size < MAX_MASKS) masks.set(maskText, mask)
  }
  return { mask, maskText }
}

function watchRequired(
  constraint: SpreadConstraint,
  it: { shape: PodShape; required: readonly SpreadConstraint[]; context: ClassContext },
): RequiredSpread {
  const { shape, required, context } = it
  const masked = getSpreadMask(constraint, required, { shape, context })
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
    : getSpreadMask(constraint, keys, { shape, context })
  const watch = {
    constraint,
    namespace: shape.namespace,
    ...masked,
    use: byNode ? ('node' as const) : ('score' as const),
  }
  return { counter: context.terms.watchSpread(watch), maxSkew: constraint.maxSkew, byNode }
}
