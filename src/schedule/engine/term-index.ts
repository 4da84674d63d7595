/** All counters that running pods feed: who matches which selector, and who carries which term. */

import { getNamespaceLabels } from '../namespace-labels.ts'
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

interface IndexState {
  readonly table: NodeTable
  readonly namespaces: ReadonlyMap<string, Labels>
  readonly topologies: Map<string, Topology>
  readonly counters: Map<string, DomainCounter>
  readonly watchers: Watcher[]
  readonly owned: OwnedTerm[]
  readonly ownedByText: Map<string, OwnedTerm>
  readonly effects: Map<PodShape, ShapeEffects>
  nodeTopology: Topology | undefined
}

export function createTermIndex(table: NodeTable, namespaces: ReadonlyMap<string, Labels>): TermIndex {
  const state: IndexState = {
    table,
    namespaces,
    topologies: new Map(),
    counters: new Map(),
    watchers: [],
    owned: [],
    ownedByText: new Map(),
    effects: new Map(),
    nodeTopology: undefined,
  }
  return {
    owned: state.owned,
    isTermMet: (term, shape) => isTermMet(state, term, shape),
    watchTerms: (terms, topologyKey) => watchTerms(state, terms, topologyKey),
    watchSpread: watch => watchSpread(state, watch),
    apply(pod, node, by) {
      const effects = getEffects(state, pod.shape)
      for (const it of pod.terminating ? effects.watchers : effects.livingWatchers) addToDomain(it, node, by)
      for (const it of effects.owned) addToDomain(it, node, by)
    },
  }
}

function isTermMet(state: IndexState, term: PodTerm, shape: PodShape): boolean {
  const inside =
    term.namespaces.includes(shape.namespace) ||
    isSelected(term.namespaceSelector, getNamespaceLabels(state.namespaces, shape.namespace))
  return inside && isSelected(term.selector, shape.labels)
}

function getTopology(state: IndexState, key: string): Topology {
  let topology = state.topologies.get(key)
  if (topology === undefined) state.topologies.set(key, (topology = buildTopology(state.table.nodes, key)))
  return topology
}

/** What a pod of the shape adds to when it is placed; counters that came since are noticed. */
function getEffects(state: IndexState, shape: PodShape): ShapeEffects {
  let effects = state.effects.get(shape)
  if (effects === undefined) {
    const add = (kind: OwnedKind, term: PodTerm, weight: number): DomainCounter =>
      addOwned(state, { kind, term, weight })
    effects = {
      watchers: [],
      livingWatchers: [],
      seen: 0,
      owned: [
        ...shape.antiAffinity.map(it => add('anti', it, 0)),
        // A required term of a running pod pulls with the default hardPodAffinityWeight of 1.
        ...shape.affinity.map(it => add('score', it, 1)),
        ...shape.preferredAffinity.map(it => add('score', it, it.weight)),
        ...shape.preferredAntiAffinity.map(it => add('score', it, -it.weight)),
      ],
    }
    state.effects.set(shape, effects)
  }
  for (; effects.seen < state.watchers.length; effects.seen++) {
    const watcher = state.watchers[effects.seen]!
    if (!watcher.matches(shape)) continue
    effects.livingWatchers.push(watcher.counter)
    if (!watcher.ignoresTerminating) effects.watchers.push(watcher.counter)
  }
  return effects
}

function addOwned(state: IndexState, it: Omit<OwnedTerm, 'counter'>): DomainCounter {
  const text = `${it.kind} ${it.weight} ${it.term.text}`
  let entry = state.ownedByText.get(text)
  if (entry === undefined) {
    entry = { ...it, counter: buildDomainCounter(getTopology(state, it.term.topologyKey)) }
    state.ownedByText.set(text, entry)
    state.owned.push(entry)
  }
  return entry.counter
}

function watchTerms(state: IndexState, terms: readonly PodTerm[], topologyKey: string): DomainCounter {
  const text = `terms ${topologyKey} ${terms.map(formatTerm).join(' ')}`
  return (
    state.counters.get(text) ??
    addWatcher(state, text, {
      counter: buildDomainCounter(getTopology(state, topologyKey)),
      ignoresTerminating: false,
      matches: shape => terms.every(it => isTermMet(state, it, shape)),
    })
  )
}

function watchSpread(state: IndexState, watch: SpreadWatch): DomainCounter {
  const { constraint, namespace, use } = watch
  const { selector, topologyKey } = constraint
  const mask = use === 'node' ? undefined : watch.mask
  const identity = [namespace, selector.text, selector.nothing, topologyKey, mask && watch.maskText]
  const text = `spread ${use} ${JSON.stringify(identity)}`
  const counter = state.counters.get(text)
  if (counter !== undefined) return counter
  if (use === 'node') state.nodeTopology ??= buildNodeTopology(state.table.nodes)
  const topology = use === 'node' ? state.nodeTopology! : getTopology(state, topologyKey)
  // An empty selector counts nothing: `countPodsMatchSelector`.
  const counts = !selector.nothing && selector.requirements.length > 0
  return addWatcher(state, text, {
    counter: buildDomainCounter(topology, mask, use === 'filter' ? 'minimum' : 'counts'),
    ignoresTerminating: true,
    matches: shape => counts && shape.namespace === namespace && isSelected(selector, shape.labels),
  })
}

/** Starts a counter with the pods that are there. */
function addWatcher(state: IndexState, text: string, watcher: Watcher): DomainCounter {
  state.counters.set(text, watcher.counter)
  const matching = new Set([...state.effects.keys()].filter(it => watcher.matches(it)))
  if (matching.size > 0) {
    state.table.podsOn.forEach((pods, node) => {
      for (const { shape, terminating } of pods) {
        if (matching.has(shape) && !(terminating && watcher.ignoresTerminating))
          addToDomain(watcher.counter, node, 1)
      }
    })
  }
  state.watchers.push(watcher)
  return watcher.counter
}

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
