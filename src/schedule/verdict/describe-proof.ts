/** A proof of impossibility in one sentence, for a message. */

import type { NodeProof, Proof } from './impossibility.ts'

const MOST_GROUPS = 4
const MOST_NAMES = 3

/** No full stop; `of` is the workload that the reader is told about already. */
export function describeProof(proof: Proof, of: string): string {
  if (proof.kind === 'refused') return `the API server refuses its pods: ${proof.message}`
  if (proof.kind === 'count')
    return `at most ${proof.most} of ${proof.wanted} pods${describeOthers(proof, of)} can be placed: ${proof.because}`
  const groups = groupNodes(proof.nodes)
  const nodes = groups.slice(0, MOST_GROUPS).map(it => `${formatGroup(it.nodes)}: ${it.detail}`)
  const more = groups.slice(MOST_GROUPS).reduce((sum, it) => sum + it.nodes.length, 0)
  const rest = more > 0 ? `; and ${more} more nodes` : ''
  return `no node takes such a pod even when it is empty (${nodes.join('; ')}${rest})`
}

interface ShortFit {
  readonly workload: string
  readonly proof: Proof | undefined
  readonly messages: readonly string[]
  readonly refusals: readonly string[]
}

/** Why pods of a workload find no node: the proof if there is one, else kube-scheduler's reasons. No full stop. */
export function describeCause({ workload, proof, messages, refusals }: ShortFit): string {
  if (proof) return describeProof(proof, workload)
  const [text = 'more important pods take their places'] = [...messages, ...refusals]
  return text.split('. ')[0]!.replace(/\.$/, '')
}

/** Those that are counted together with the workload at hand. */
function describeOthers({ workloads }: Proof, of: string): string {
  const others = workloads.filter(it => it !== of)
  return others.length > 0 ? ` (with those of ${formatSome(others)})` : ''
}

/** Nodes that turn a pod down for the same reason. */
export interface NodeGroup {
  readonly nodes: readonly string[]
  readonly detail: string
}

/** The largest group first. */
export function groupNodes(nodes: readonly NodeProof[]): NodeGroup[] {
  const groups = new Map<string, string[]>()
  for (const { node, detail, reasons } of nodes) {
    const text = detail || reasons.join(', ')
    const group = groups.get(text)
    if (group) group.push(node)
    else groups.set(text, [node])
  }
  return [...groups]
    .map(([detail, nodes]) => ({ nodes, detail }))
    .sort((left, right) => right.nodes.length - left.nodes.length)
}

/** `a, b, c`, or `10 nodes such as a`: names of nodes are long. */
export const formatGroup = (nodes: readonly string[]): string =>
  nodes.length > MOST_NAMES ? `${nodes.length} nodes such as ${nodes[0]}` : nodes.join(', ')

/** `a, b, c and 7 more`. */
export const formatSome = (names: readonly string[]): string =>
  names.length > MOST_NAMES
    ? `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`
    : names.join(', ')
