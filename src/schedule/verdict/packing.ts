/** Looks for any assignment at all, in other orders than kube-scheduler's and packing tightly. */

import type { Cluster } from '../cluster.ts'
import { createScheduler, type Scheduler } from '../engine/scheduler.ts'
import type { SchedulerPod } from '../pod.ts'
import { compareText } from '../unschedulable-message.ts'

export interface PackingAttempt {
  /** How it was tried, in a few words. */
  readonly order: string
  readonly placed: readonly SchedulerPod[]
  readonly failed: number
}

/** Pod-on-node checks that looking for an assignment may cost. */
const CHECK_BUDGET = 20_000_000
/** Orders by chance that are tried after those with a reason. */
const SHUFFLES = 8

/** Tries orders until one places every pod; the last attempt says how close it came. */
export function searchAssignment(cluster: Cluster, pods: readonly SchedulerPod[]): readonly PackingAttempt[] {
  const attempts: PackingAttempt[] = []
  const cost = Math.max(1, pods.length * cluster.nodes.length)
  const limit = Math.max(1, Math.floor(CHECK_BUDGET / cost))
  const share = (pod: SchedulerPod): number => getDominantShare(cluster, pod)
  const orders: (readonly [string, () => SchedulerPod[]])[] = [
    ['fewest possible nodes first', () => sortByChoices(cluster, pods, share)],
    ['largest first', () => [...pods].sort((left, right) => share(right) - share(left))],
    ['smallest first', () => [...pods].sort((left, right) => share(left) - share(right))],
  ]
  for (let seed = 1; seed <= SHUFFLES; seed++) orders.push([`shuffle ${seed}`, () => shuffle(pods, seed)])
  for (const [order, sort] of orders.slice(0, limit)) {
    const attempt = pack(createScheduler(cluster), sort(), order)
    attempts.push(attempt)
    if (attempt.failed === 0) break
  }
  return attempts
}

/** Places each pod on the fullest node that takes it. */
function pack(scheduler: Scheduler, pods: readonly SchedulerPod[], order: string): PackingAttempt {
  const placed: SchedulerPod[] = []
  for (const pod of pods) {
    const node = pickFullest(scheduler, scheduler.listFeasible(pod))
    const done = node < 0 ? undefined : scheduler.placeOn(pod, scheduler.cluster.nodes[node]!.name)
    if (done !== undefined) placed.push(done)
  }
  return { order, placed, failed: pods.length - placed.length }
}

function pickFullest(scheduler: Scheduler, nodes: Int32Array): number {
  const { table } = scheduler
  let best = -1
  let most = Number.NEGATIVE_INFINITY
  for (const node of nodes) {
    const cpu = table.cpu[node]! === 0 ? 0 : table.usedCpu[node]! / table.cpu[node]!
    const memory = table.memory[node]! === 0 ? 0 : table.usedMemory[node]! / table.memory[node]!
    if (cpu + memory > most) {
      most = cpu + memory
      best = node
    }
  }
  return best
}

/** The largest share of an average node that the pod asks of any resource. */
function getDominantShare(cluster: Cluster, pod: SchedulerPod): number {
  let cpu = 0
  let memory = 0
  for (const it of cluster.nodes) {
    cpu += it.allocatable.get('cpu') ?? 0
    memory += it.allocatable.get('memory') ?? 0
  }
  const { requests } = pod.shape
  return Math.max(cpu === 0 ? 0 : requests.cpu / cpu, memory === 0 ? 0 : requests.memory / memory)
}

function sortByChoices(
  cluster: Cluster,
  pods: readonly SchedulerPod[],
  share: (pod: SchedulerPod) => number,
): SchedulerPod[] {
  const scheduler = createScheduler(cluster)
  const choices = new Map(pods.map(it => [it.shape, 0]))
  for (const it of pods)
    if (choices.get(it.shape) === 0) choices.set(it.shape, scheduler.listFeasible(it).length)
  return [...pods].sort(
    (left, right) =>
      choices.get(left.shape)! - choices.get(right.shape)! ||
      share(right) - share(left) ||
      compareText(left.name, right.name),
  )
}

/** The same shuffle for the same seed, on every machine. */
export function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items]
  let state = (seed * 2654435761) >>> 0
  for (let i = shuffled.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const j = Math.floor((state / 2 ** 32) * (i + 1))
    ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
  }
  return shuffled
}
