/** Topology keys as numbers: each node's domain, without a string in sight when pods are counted. */

import { HOSTNAME_KEY, type SchedulerNode } from '../node.ts'

export interface Topology {
  /** Domain of each node, −1 where the node lacks the label. */
  readonly domainOf: Int32Array
  /** Number of domains. */
  readonly size: number
  /** No domain has two nodes, so a count belongs to a node. */
  readonly unique: boolean
}

export function buildTopology(nodes: readonly SchedulerNode[], key: string): Topology {
  const ids = new Map<string, number>()
  const domainOf = new Int32Array(nodes.length).fill(-1)
  let labelled = 0
  nodes.forEach((node, index) => {
    const value = node.labels.get(key)
    if (value === undefined) return
    labelled++
    let id = ids.get(value)
    if (id === undefined) ids.set(value, (id = ids.size))
    domainOf[index] = id
  })
  return { domainOf, size: ids.size, unique: ids.size === labelled }
}

/** Every labelled node a domain of its own: how hostname spread is scored, whatever the label says. */
export function buildNodeTopology(nodes: readonly SchedulerNode[]): Topology {
  const domainOf = new Int32Array(nodes.length)
  nodes.forEach((node, index) => {
    domainOf[index] = node.labels.has(HOSTNAME_KEY) ? index : -1
  })
  return { domainOf, size: nodes.length, unique: true }
}
