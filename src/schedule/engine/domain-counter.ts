/** Counts of pods by topology domain, kept up to date as pods come and go. */

import type { Topology } from './topology.ts'

export interface DomainCounter {
  readonly topology: Topology
  readonly counts: Int32Array
  /** Nodes whose pods count; undefined for all. */
  readonly mask: Uint8Array | undefined
  /** Domains with at least one node that counts. */
  readonly domains: number
  /** Sum of all counts. */
  total: number
  /** The smallest count of a domain with counting nodes; tracked only where `levels` exists. */
  minimum: number
  /** How many domains have each count. */
  readonly levels: number[] | undefined
  /** Nodes whose pods changed a count, in order; kept once somebody asks for it. */
  changes: number[] | undefined
}

export function buildDomainCounter(
  topology: Topology,
  mask?: Uint8Array,
  tracking: 'minimum' | 'counts' = 'counts',
): DomainCounter {
  const present = new Uint8Array(topology.size)
  for (let i = 0; i < topology.domainOf.length; i++) {
    const domain = topology.domainOf[i]!
    if (domain >= 0 && (mask === undefined || mask[i] === 1)) present[domain] = 1
  }
  let domains = 0
  for (const it of present) domains += it
  return {
    topology,
    counts: new Int32Array(topology.size),
    mask,
    domains,
    total: 0,
    minimum: 0,
    levels: tracking === 'minimum' ? [domains] : undefined,
    changes: undefined,
  }
}

/** Adds `by` (1 or −1) pods on a node. */
export function addToDomain(counter: DomainCounter, node: number, by: number): void {
  if (counter.mask !== undefined && counter.mask[node] === 0) return
  const domain = counter.topology.domainOf[node]!
  if (domain < 0) return
  const before = counter.counts[domain]!
  const after = before + by
  counter.counts[domain] = after
  counter.total += by
  counter.changes?.push(node)
  const { levels } = counter
  if (levels === undefined) return
  // A pod that terminates is taken away without having been counted, which can lead below zero.
  levels[before] = (levels[before] ?? 0) - 1
  levels[after] = (levels[after] ?? 0) + 1
  if (after < counter.minimum) counter.minimum = after
  else while (counter.domains > 0 && (levels[counter.minimum] ?? 0) === 0) counter.minimum++
}

/** The count of the node's domain; 0 without the label. */
export function getCount(counter: DomainCounter, node: number): number {
  const domain = counter.topology.domainOf[node]!
  return domain < 0 ? 0 : counter.counts[domain]!
}
