/** All counters that running pods feed: who matches which selector, and who carries which term. */

import type { PodShape, PodTerm, SchedulerPod, SpreadConstraint } from '../pod.ts'
import { isSelected, type Labels } from '../selector.ts'
import { addToDomain, buildDomainCounter, type DomainCounter } from './domain-counter.ts'
import type { NodeTable } from './node-table.ts'
import { buildNodeTopology, buildTopology, type Topology } from './topology.ts'

/** Counts pods whose labels match; which pods do is decided once per shape. */
interface Watcher {
  readonly counter: DomainCounter
  readonly ignoresTerminating: boolean
  matches(shape: PodShape): boolean
}

/** What running pods' own terms do to others. */
export type OwnedKind = 'anti' | 'score'

export interface OwnedTerm {
  readonly kind: OwnedKind
  readonly term: PodTerm
  /** What a match adds to the score. */
  readonly weight: number
  readonly counter: DomainCounter
}

interface ShapeEffects {
  readonly watchers: DomainCounter[]
  /** Those that do not count terminating pods, too. */
  readonly livingWatchers: DomainCounter[]
  seen: number
  readonly owned: readonly DomainCounter[]
}

export interface TermIndex {
  readonly owned: readonly OwnedTerm[]
  getTopology(key: string): Topology
  /** Pods that match every one of the terms, counted by the topology of one of them. */
  watchTerms(terms: readonly PodTerm[], topologyKey: string): DomainCounter
  watchSpread(watch: SpreadWatch): DomainCounter
  apply(pod: SchedulerPod, node: number, by: number): void
  isTermMet(term: PodTerm, shape: PodShape): boolean
}

export interface SpreadWatch {
  readonly constraint: SpreadConstraint
  readonly namespace: string
  readonly mask: Uint8Array | undefined
  /** Identifies the mask. */
  readonly maskText: string
  /** `filter` needs the smallest count, `score` counts by domain, `node` counts each node by itself. */
  readonly use: 'filter' | 'score' | 'node'
}

export function createTermIndex(table: NodeTable, namespaces: ReadonlyMap<string, Labels>): TermIndex {
  const topologies = new Map<string, Topology>()
  const counters = new Map<string, DomainCounter>()
  const watchers: Watcher[] = []
  const owned: OwnedTerm[] = []
  const ownedByText = new Map<string, OwnedTerm>()
  const effects = new Map<PodShape, ShapeEffects>()
  let nodeTopology: Topology | undefined

  const isTermMet = (term: PodTerm, shape: PodShape): boolean => {
    const inside =
      term.namespaces.includes(shape.namespace) ||
      isSelected(term.namespaceSelector, namespaces.get(shape.namespace) ?? NO_LABELS)
    return inside && isSelected(term.selector, shape.labels)
  }
  const getTopology = (key: string): Topology => {
    let topology = topologies.get(key)
    if (topology === undefined) topologies.set(key, (topology = buildTopology(table.nodes, key)))
    return topology
  }
  const addOwned = (kind: OwnedKind, term: PodTerm, weight: number): DomainCounter => {
    const text = `${kind} ${weight} ${term.text}`
    let entry = ownedByText.get(text)
    if (entry === undefined) {
      entry = { kind, term, weight, counter: buildDomainCounter(getTopology(term.topologyKey)) }
      ownedByText.set(text, entry)
      owned.push(entry)
    }
    return entry.counter
  }
  const getEffects = (shape: PodShape): ShapeEffects => {
    let entry = effects.get(shape)
    if (entry === undefined) {
      entry = {
        watchers: [],
        livingWatchers: [],
        seen: 0,
        owned: [
          ...shape.antiAffinity.map(it => addOwned('anti', it, 0)),
          // A required term of a running pod pulls with the default hardPodAffinityWeight of 1.
          ...shape.affinity.map(it => addOwned('score', it, 1)),
          ...shape.preferredAffinity.map(it => addOwned('score', it, it.weight)),
          ...shape.preferredAntiAffinity.map(it => addOwned('score', it, -it.weight)),
        ],
      }
      effects.set(shape, entry)
    }
    for (; entry.seen < watchers.length; entry.seen++) {
      const watcher = watchers[entry.seen]!
      if (!watcher.matches(shape)) continue
      entry.livingWatchers.push(watcher.counter)
      if (!watcher.ignoresTerminating) entry.watchers.push(watcher.counter)
    }
    return entry
  }
  const addWatcher = (text: string, watcher: Watcher): DomainCounter => {
    counters.set(text, watcher.counter)
    const matching = new Set([...effects.keys()].filter(it => watcher.matches(it)))
    if (matching.size > 0) {
      table.podsOn.forEach((pods, node) => {
        for (const { shape, terminating } of pods) {
          if (matching.has(shape) && !(terminating && watcher.ignoresTerminating))
            addToDomain(watcher.counter, node, 1)
        }
      })
    }
    watchers.push(watcher)
    return watcher.counter
  }

  return {
    owned,
    getTopology,
    isTermMet,
    watchTerms(terms, topologyKey) {
      const text = `terms ${topologyKey} ${terms.map(formatTerm).join(' ')}`
      const counter = counters.get(text)
      if (counter !== undefined) return counter
      return addWatcher(text, {
        counter: buildDomainCounter(getTopology(topologyKey)),
        ignoresTerminating: false,
        matches: shape => terms.every(it => isTermMet(it, shape)),
      })
    },
    watchSpread(watch) {
      const { constraint, namespace, use } = watch
      const { selector, topologyKey } = constraint
      const mask = use === 'node' ? undefined : watch.mask
      const text = `spread ${use} ${JSON.stringify([namespace, selector.text, selector.nothing, topologyKey, mask && watch.maskText])}`
      const counter = counters.get(text)
      if (counter !== undefined) return counter
      if (use === 'node') nodeTopology ??= buildNodeTopology(table.nodes)
      const topology = use === 'node' ? nodeTopology! : getTopology(topologyKey)
      // An empty selector counts nothing: `countPodsMatchSelector`.
      const counts = !selector.nothing && selector.requirements.length > 0
      return addWatcher(text, {
        counter: buildDomainCounter(topology, mask, use === 'filter' ? 'minimum' : 'counts'),
        ignoresTerminating: true,
        matches: shape => counts && shape.namespace === namespace && isSelected(selector, shape.labels),
      })
    },
    apply(pod, node, by) {
      const entry = getEffects(pod.shape)
      for (const it of pod.terminating ? entry.watchers : entry.livingWatchers) addToDomain(it, node, by)
      for (const it of entry.owned) addToDomain(it, node, by)
    },
  }
}

const NO_LABELS: Labels = new Map()

/** A term without its weight, which does not change whom it matches. */
function formatTerm(term: PodTerm): string {
  return JSON.stringify([
    term.selector.text,
    term.selector.nothing,
    term.namespaces,
    term.namespaceSelector.text,
    term.namespaceSelector.nothing,
  ])
}
