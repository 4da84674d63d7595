/** The nodes' resources in columns, one slot a node, in order of name. */

import type { SchedulerNode } from '../node.ts'
import type { PodShape, SchedulerPod } from '../pod.ts'

export interface NodeTable {
  readonly nodes: readonly SchedulerNode[]
  readonly indexOf: ReadonlyMap<string, number>
  readonly cpu: Float64Array
  readonly memory: Float64Array
  readonly ephemeral: Float64Array
  readonly allowedPods: Float64Array
  readonly usedCpu: Float64Array
  readonly usedMemory: Float64Array
  readonly usedEphemeral: Float64Array
  /** What the least-allocated score takes as used. */
  readonly scoredCpu: Float64Array
  readonly scoredMemory: Float64Array
  readonly podCount: Int32Array
  /** What a node's score reads, side by side, `HOT_STRIDE` numbers a node: see `HOT`. */
  readonly hot: Float64Array
  /** Balance of cpu and memory as it stands, 0 to 100. */
  readonly balance: Int32Array
  readonly scalars: Map<string, ScalarColumn>
  readonly podsOn: SchedulerPod[][]
  /** Nodes that changed, in order; classes catch up from where they stopped. */
  log: Int32Array
  logged: number
}

/** Places inside a node's stretch of `hot`; one stretch is one cache line. */
export const HOT = {
  cpu: 0,
  memory: 1,
  usedCpu: 2,
  usedMemory: 3,
  scoredCpu: 4,
  scoredMemory: 5,
  balance: 6,
  freePods: 7,
} as const
export const HOT_STRIDE = 8

export interface ScalarColumn {
  readonly allocatable: Float64Array
  readonly used: Float64Array
}

export function buildNodeTable(nodes: readonly SchedulerNode[]): NodeTable {
  const column = (resource: string): Float64Array =>
    Float64Array.from(nodes, it => it.allocatable.get(resource) ?? 0)
  const zeros = (): Float64Array => new Float64Array(nodes.length)
  const table: NodeTable = {
    nodes,
    indexOf: new Map(nodes.map((it, index) => [it.name, index])),
    cpu: column('cpu'),
    memory: column('memory'),
    ephemeral: column('ephemeral-storage'),
    allowedPods: column('pods'),
    usedCpu: zeros(),
    usedMemory: zeros(),
    usedEphemeral: zeros(),
    scoredCpu: zeros(),
    scoredMemory: zeros(),
    podCount: new Int32Array(nodes.length),
    hot: new Float64Array(nodes.length * HOT_STRIDE),
    balance: new Int32Array(nodes.length),
    scalars: new Map(),
    podsOn: nodes.map(() => []),
    log: new Int32Array(1024),
    logged: 0,
  }
  for (let i = 0; i < nodes.length; i++) settleNode(table, i)
  return table
}

/** Brings what is derived from a node's columns up to date. */
function settleNode(table: NodeTable, node: number): void {
  const { hot } = table
  const balance = balanceOf(table, node, table.usedCpu[node]!, table.usedMemory[node]!)
  const at = node * HOT_STRIDE
  table.balance[node] = balance
  hot[at + HOT.cpu] = table.cpu[node]!
  hot[at + HOT.memory] = table.memory[node]!
  hot[at + HOT.usedCpu] = table.usedCpu[node]!
  hot[at + HOT.usedMemory] = table.usedMemory[node]!
  hot[at + HOT.scoredCpu] = table.scoredCpu[node]!
  hot[at + HOT.scoredMemory] = table.scoredMemory[node]!
  hot[at + HOT.balance] = balance
  hot[at + HOT.freePods] = table.allowedPods[node]! - table.podCount[node]!
}

/** What nodes have of an extended resource and what is used of it, listed when first asked for. */
export function getScalarColumn(table: NodeTable, resource: string): ScalarColumn {
  let column = table.scalars.get(resource)
  if (column === undefined) {
    const allocatable = Float64Array.from(table.nodes, it => it.allocatable.get(resource) ?? 0)
    column = { allocatable, used: new Float64Array(table.nodes.length) }
    table.scalars.set(resource, column)
  }
  return column
}

/** 100 when cpu and memory are used alike, less the further they drift apart; a node without one of them is 100. */
export function balanceOf(table: NodeTable, node: number, cpu: number, memory: number): number {
  const allCpu = table.cpu[node]!
  const allMemory = table.memory[node]!
  if (allCpu === 0 || allMemory === 0) return 100
  let cpuShare = cpu / allCpu
  let memoryShare = memory / allMemory
  if (cpuShare > 1) cpuShare = 1
  if (memoryShare > 1) memoryShare = 1
  return Math.trunc((1 - Math.abs((cpuShare - memoryShare) / 2)) * 100)
}

/** Adds (1) or takes away (−1) a pod's use of a node and notes the change. */
export function chargeNode(table: NodeTable, node: number, shape: PodShape, sign: number): void {
  const { requests, placed } = shape
  table.usedCpu[node]! += sign * requests.cpu
  table.usedMemory[node]! += sign * requests.memory
  table.usedEphemeral[node]! += sign * requests.ephemeral
  table.scoredCpu[node]! += sign * placed.cpu
  table.scoredMemory[node]! += sign * placed.memory
  table.podCount[node]! += sign
  for (const [resource, amount] of requests.scalars) {
    const column = getScalarColumn(table, resource)
    column.used[node]! += sign * amount
  }
  settleNode(table, node)
  if (table.logged === table.log.length) {
    const longer = new Int32Array(table.log.length * 2)
    longer.set(table.log)
    table.log = longer
  }
  table.log[table.logged++] = node
}
