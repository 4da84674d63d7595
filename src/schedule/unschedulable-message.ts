/** The text kube-scheduler leaves on a pod that fits nowhere. */

/** One node's verdict: reasons in the plugin's order, and whether evicting pods could change it. */
export interface NodeRejection {
  readonly plugin: string
  readonly reasons: readonly string[]
  readonly resolvable: boolean
}

export const REASONS = {
  unschedulable: 'node(s) were unschedulable',
  nodeName: "node(s) didn't match the requested node name",
  nodeAffinity: "node(s) didn't match Pod's node affinity/selector",
  ports: "node(s) didn't have free ports for the requested pod ports",
  tooManyPods: 'Too many pods',
  spreadLabel: "node(s) didn't match pod topology spread constraints (missing required label)",
  spread: "node(s) didn't match pod topology spread constraints",
  affinity: "node(s) didn't match pod affinity rules",
  antiAffinity: "node(s) didn't match pod anti-affinity rules",
  existingAntiAffinity: "node(s) didn't satisfy existing pods anti-affinity rules",
  excluded: "node(s) didn't satisfy plugin(s) [NodeAffinity]",
  conflict: 'pod affinity terms conflict',
  noVictims: 'No preemption victims found for incoming pod',
  notHelpful: 'Preemption is not helpful for scheduling',
} as const

export const NO_NODES_MESSAGE = 'no nodes available to schedule pods'

/** Reasons with the number of nodes that gave them. */
export type Histogram = Map<string, number>

/** Counts one node more for a reason. */
export function countReason(histogram: Histogram, reason: string): void {
  histogram.set(reason, (histogram.get(reason) ?? 0) + 1)
}

/** `FitError`: `0/N nodes are available: …`, reasons sorted as text with the count in front. */
export function formatHistogram(nodes: number, histogram: Histogram): string {
  const parts = [...histogram].map(([reason, count]) => `${count} ${reason}`).sort(compareText)
  const head = `0/${nodes} nodes are available:`
  return parts.length === 0 ? head : `${head} ${parts.join(', ')}.`
}

/** Byte order, as Go sorts strings; for the ASCII of reasons and names that is code-unit order. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** The message when PreFilter turned the pod away for the whole cluster. */
export function formatPreFilterMessage(nodes: number, rejection: string, postFilter: string): string {
  return `0/${nodes} nodes are available: ${rejection}. ${postFilter}`
}
