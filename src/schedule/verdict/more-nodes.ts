/** How many more nodes like those of the cluster a set of manifests needs before every pod finds a place. */

import type { Cluster } from '../cluster.ts'
import type { JsonRecord } from '../json-fields.ts'
import { HOSTNAME_KEY, type SchedulerNode } from '../node.ts'
import { countCost, type PreparedSet, prepareSet } from './prepare-set.ts'

export interface MoreNodes {
  /** The first node of the cluster that is made like them. */
  readonly like: string
  readonly count: number
}

/** More are no advice. */
const MOST = 64
const MOST_TEMPLATES = 4
/** Placements that the search may cost. */
const BUDGET = 150_000

/** The fewest nodes of one template that help, and undefined when none of the templates does. */
export function findMoreNodes(inventory: Cluster, manifests: readonly JsonRecord[]): MoreNodes | undefined {
  const set = prepareSet(inventory, manifests, {})
  const cost = Math.max(50, countCost(set))
  const templates = listTemplates(set.cluster).slice(0, MOST_TEMPLATES)
  const search: Search = { set, tries: Math.floor(BUDGET / cost) }
  let best: MoreNodes | undefined
  for (const template of templates) {
    const count = countNeeded(search, template, best === undefined ? MOST : best.count - 1)
    if (count !== undefined) best = { like: template.name, count }
  }
  return best
}

interface Search {
  readonly set: PreparedSet
  tries: number
}

/** Doubles until everything fits, then halves the gap. */
function countNeeded(search: Search, template: SchedulerNode, most: number): number | undefined {
  let low = 0
  let high = 1
  while (high <= most && !fits(search, template, high)) {
    low = high
    high = high === most ? most + 1 : Math.min(most, high * 2)
  }
  if (high > most) return undefined
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (fits(search, template, middle)) high = middle
    else low = middle
  }
  return high
}

function fits(search: Search, template: SchedulerNode, count: number): boolean {
  if (search.tries-- <= 0) return false
  const { set } = search
  const simulation = set.simulate(set.objects, addNodes(set.cluster, template, count))
  const isWhole = simulation.describe().every(it => it.scheduled >= it.desired)
  return isWhole && simulation.rejections.length === 0
}

/** One node of each kind: equal but for its name. Cordoned nodes are no example. */
function listTemplates({ nodes }: Cluster): SchedulerNode[] {
  const kinds = new Map<string, SchedulerNode>()
  for (const it of nodes) {
    if (it.unschedulable) continue
    const labels = [...it.labels].filter(([key]) => key !== HOSTNAME_KEY)
    const key = JSON.stringify([labels.sort(), [...it.allocatable].sort(), it.taints])
    if (!kinds.has(key)) kinds.set(key, it)
  }
  return [...kinds.values()]
}

function addNodes(cluster: Cluster, template: SchedulerNode, count: number): Cluster {
  const added = Array.from({ length: count }, (_, index): SchedulerNode => {
    const name = `${template.name}+${String(index + 1).padStart(3, '0')}`
    return { ...template, name, labels: new Map(template.labels).set(HOSTNAME_KEY, name) }
  })
  const nodes = [...cluster.nodes, ...added].sort((left, right) => (left.name < right.name ? -1 : 1))
  return { ...cluster, nodes, listedNodes: [...cluster.listedNodes, ...added] }
}
