/** A proof of impossibility in one sentence, for a message. */

import type { Proof } from './impossibility.ts'

const MOST_NODES = 4

/** No full stop; `of` is the workload that the reader is told about already. */
export function describeProof(proof: Proof, of = ''): string {
  if (proof.kind === 'refused') return `the API server refuses its pods: ${proof.message}`
  if (proof.kind === 'count') {
    return `at most ${proof.most} of ${proof.wanted} pods${describeOthers(proof, of)} can be placed: ${proof.because}`
  }
  const nodes = proof.nodes
    .slice(0, MOST_NODES)
    .map(it => `${it.node}: ${it.detail || it.reasons.join(', ')}`)
  const more = proof.nodes.length - nodes.length
  const rest = more > 0 ? `; and ${more} more` : ''
  return `no node takes such a pod even when it is empty (${nodes.join('; ')}${rest})`
}

/** Those that are counted together with the workload at hand. */
export function describeOthers({ workloads }: Proof, of: string): string {
  const others = workloads.filter(it => it !== of)
  return others.length > 0 ? ` (with those of ${formatSome(others)})` : ''
}

const formatSome = (names: readonly string[]): string =>
  names.length > MOST_NODES
    ? `${names.slice(0, MOST_NODES).join(', ')} and ${names.length - MOST_NODES} more`
    : names.join(', ')
