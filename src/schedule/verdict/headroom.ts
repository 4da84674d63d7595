/** What a cluster has left: more replicas, the largest pod, room nobody can use, and what node-local agents cost. */

import type { Cluster } from '../cluster.ts'
import { createScheduler, type Scheduler } from '../engine/scheduler.ts'
import type { SchedulerNode } from '../node.ts'
import type { SchedulerPod } from '../pod.ts'

/** Counted amounts: cpu in thousandths, memory in bytes. */
export interface Room {
  readonly cpu: number
  readonly memory: number
}

export interface Headroom {
  readonly allocatable: Room
  readonly free: Room
  /** Free on nodes where another resource, or the number of pods, is used up. */
  readonly stranded: Room
  /** Free on nodes that are cordoned or have taints which keep ordinary pods away. */
  readonly reserved: Room
  /** What DaemonSets' pods ask for altogether. */
  readonly daemons: Room
  /** The node with the most room for a single ordinary pod, by its smaller free share of cpu and memory. */
  readonly largestPod: (Room & { readonly node: string }) | undefined
}

/** Below this share of a node a resource counts as used up. */
const USED_UP = 0.02

/** Of a cluster with the pods that run on it. */
export function measureHeadroom(cluster: Cluster): Headroom {
  const { table } = createScheduler(cluster)
  const sum = { allocatable: zero(), free: zero(), stranded: zero(), reserved: zero(), daemons: zero() }
  let largestPod: Headroom['largestPod']
  let widest = 0
  cluster.nodes.forEach((node, index) => {
    const free = {
      cpu: Math.max(0, table.cpu[index]! - table.usedCpu[index]!),
      memory: Math.max(0, table.memory[index]! - table.usedMemory[index]!),
    }
    add(sum.allocatable, { cpu: table.cpu[index]!, memory: table.memory[index]! })
    add(sum.free, free)
    const shares = [share(free.cpu, table.cpu[index]!), share(free.memory, table.memory[index]!)]
    const isReserved = node.unschedulable || node.taints.some(it => it.effect !== 'PreferNoSchedule')
    if (isReserved) add(sum.reserved, free)
    const slots = table.allowedPods[index]! - table.podCount[index]!
    if (slots < 1) add(sum.stranded, free)
    else {
      if (shares[0]! < USED_UP) sum.stranded.memory += free.memory
      if (shares[1]! < USED_UP) sum.stranded.cpu += free.cpu
    }
    const smaller = Math.min(...shares)
    if (slots >= 1 && !isReserved && smaller > widest) {
      widest = smaller
      largestPod = { node: node.name, ...free }
    }
  })
  for (const it of cluster.pods) if (it.shape.owner?.kind === 'DaemonSet') add(sum.daemons, it.shape.requests)
  return { ...sum, largestPod }
}

function zero(): { cpu: number; memory: number } {
  return { cpu: 0, memory: 0 }
}

function add(sum: { cpu: number; memory: number }, more: Room): void {
  sum.cpu += more.cpu
  sum.memory += more.memory
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

/** How many more pods like this one fit, up to `limit`; the scheduler keeps them. */
export function countMore(scheduler: Scheduler, pod: SchedulerPod, limit = 100_000): number {
  for (let count = 0; count < limit; count++) {
    if (scheduler.schedule({ ...pod, name: `${pod.name}+${count}`, nodeName: '' }) === undefined) return count
  }
  return limit
}

export interface LossReport {
  /** The node, or `zone z1`. */
  readonly lost: string
  readonly moved: number
  /** Pods that find no other place. */
  readonly homeless: readonly SchedulerPod[]
}

/**
 * What happens to the pods of nodes that go away: each is offered to the remaining nodes, the most important first.
 * DaemonSets' pods and static ones go with their node.
 */
export function measureLoss(
  cluster: Cluster,
  lost: { readonly name: string; readonly nodes: ReadonlySet<string> },
): LossReport {
  const { pods } = cluster
  const nodes = cluster.nodes.filter(it => !lost.nodes.has(it.name))
  const remaining: Cluster = {
    ...cluster,
    nodes,
    listedNodes: cluster.listedNodes.filter(it => !lost.nodes.has(it.name)),
  }
  const scheduler = createScheduler(
    remaining,
    pods.filter(it => !lost.nodes.has(it.nodeName)),
  )
  const moving = pods
    .filter(it => lost.nodes.has(it.nodeName) && !NODE_BOUND.has(it.shape.owner?.kind) && !it.terminating)
    .sort((left, right) => right.shape.priority - left.shape.priority)
  const homeless = moving.filter(it => scheduler.schedule({ ...it, nodeName: '' }) === undefined)
  return { lost: lost.name, moved: moving.length, homeless }
}

/** Owners of pods that belong to one node; kubelet mirrors static pods with the node as their owner. */
const NODE_BOUND: ReadonlySet<string | undefined> = new Set(['DaemonSet', 'Node'])

/** The loss of each value of a topology key, such as each zone. */
export function listDomainLosses(cluster: Cluster, key: string): LossReport[] {
  const domains = new Map<string, Set<string>>()
  for (const it of cluster.nodes) {
    const value = it.labels.get(key)
    if (value === undefined) continue
    const names = domains.get(value) ?? new Set<string>()
    names.add(it.name)
    domains.set(value, names)
  }
  return [...domains].map(([value, nodes]) => measureLoss(cluster, { name: value, nodes }))
}

/** The loss of single nodes, those with the most pods first; `limit` bounds how many are tried. */
export function listNodeLosses(cluster: Cluster, limit: number): LossReport[] {
  const counts = new Map<string, number>()
  for (const it of cluster.pods) counts.set(it.nodeName, (counts.get(it.nodeName) ?? 0) + 1)
  return [...cluster.nodes]
    .sort((left, right) => (counts.get(right.name) ?? 0) - (counts.get(left.name) ?? 0))
    .slice(0, limit)
    .map(it => measureLoss(cluster, { name: it.name, nodes: new Set([it.name]) }))
}

export interface NodeCount {
  readonly nodes: number
  readonly limitedBy: 'cpu' | 'memory' | 'pods'
}

export interface NodeCountOptions {
  /** Pods that every node runs besides, such as agents. */
  readonly daemons?: readonly SchedulerPod[]
  /** More nodes are not tried. */
  readonly limit?: number
}

/**
 * The fewest nodes of a template that hold the pods, tried upward from the lower bound with kube-scheduler's placing;
 * undefined when some pod does not fit on such a node at all, or the limit is not enough.
 */
export function countNodesNeeded(
  cluster: Cluster,
  machine: SchedulerNode,
  pods: readonly SchedulerPod[],
  options: NodeCountOptions = {},
): NodeCount | undefined {
  const template = reserveDaemons(machine, options.daemons ?? [])
  const limit = options.limit ?? 1000
  let cpu = 0
  let memory = 0
  for (const it of pods) {
    cpu += it.shape.requests.cpu
    memory += it.shape.requests.memory
  }
  const bounds = [
    ['cpu', Math.ceil(share(cpu, template.allocatable.get('cpu') ?? 0))],
    ['memory', Math.ceil(share(memory, template.allocatable.get('memory') ?? 0))],
    ['pods', Math.ceil(share(pods.length, template.allocatable.get('pods') ?? 0))],
  ] as const
  const top = bounds.reduce((most, it) => (it[1] > most[1] ? it : most))
  const sorted = [...pods].sort(
    (left, right) =>
      right.shape.requests.cpu - left.shape.requests.cpu ||
      right.shape.requests.memory - left.shape.requests.memory,
  )
  for (
    let nodes = Math.max(1, top[1]);
    nodes <= limit;
    nodes = nodes < 20 ? nodes + 1 : Math.ceil(nodes * 1.05)
  ) {
    const grown = growCluster(cluster, template, nodes)
    const scheduler = createScheduler(grown, [])
    if (sorted.every(it => scheduler.schedule({ ...it, nodeName: '' }) !== undefined)) {
      return { nodes, limitedBy: top[0] }
    }
  }
  return undefined
}

/** What is left of a node once its agents run. */
function reserveDaemons(node: SchedulerNode, daemons: readonly SchedulerPod[]): SchedulerNode {
  const allocatable = new Map(node.allocatable)
  const reserve = (resource: string, amount: number): void => {
    allocatable.set(resource, Math.max(0, (allocatable.get(resource) ?? 0) - amount))
  }
  for (const { shape } of daemons) {
    reserve('cpu', shape.requests.cpu)
    reserve('memory', shape.requests.memory)
    reserve('pods', 1)
  }
  return { ...node, allocatable }
}

/** A cluster of equal nodes. */
function growCluster(cluster: Cluster, template: SchedulerNode, count: number): Cluster {
  const nodes = Array.from({ length: count }, (_, index) => {
    const name = `${template.name}-${String(index + 1).padStart(4, '0')}`
    const labels = new Map(template.labels)
    labels.set('kubernetes.io/hostname', name)
    return { ...template, name, labels }
  })
  return { ...cluster, nodes, listedNodes: nodes, pods: [] }
}
