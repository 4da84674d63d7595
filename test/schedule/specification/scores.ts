/** The scores of the default profile, weighted, over the nodes that passed the filters. */

import type { SchedulerNode } from '../../../src/schedule/node.ts'
import { isNodeTermMet } from '../../../src/schedule/selector.ts'
import { countUnpreferred } from '../../../src/schedule/taints.ts'
import { type PodVolumes, scoreVolumes } from '../../../src/schedule/volume-filters.ts'
import { scoreInterPod } from './inter-pod.ts'
import { scoreSpread } from './spread.ts'
import { listPodsOn, type View } from './view.ts'

/** Plugin → weighted score; `total` is their sum. */
export type NodeScores = ReadonlyMap<string, number>

/** Scores of every feasible node, by name. */
export function scoreNodes(
  view: View,
  feasible: readonly SchedulerNode[],
  volumes: PodVolumes,
): Map<string, NodeScores> {
  const { shape } = view.pod
  const taints = scoreTaints(view, feasible)
  const affinity = scoreNodeAffinity(view, feasible)
  const spread = scoreSpread(view, feasible)
  const interPod = scoreInterPod(view, feasible)
  const balanced = shape.requests.cpu !== 0 || shape.requests.memory !== 0
  const scores = new Map<string, NodeScores>()
  feasible.forEach(node => {
    const own = new Map<string, number>()
    own.set('TaintToleration', 3 * taints.get(node.name)!)
    if (affinity !== undefined) own.set('NodeAffinity', 2 * affinity.get(node.name)!)
    own.set('NodeResourcesFit', scoreLeastAllocated(view, node))
    if (spread !== undefined) own.set('PodTopologySpread', 2 * spread.get(node.name)!)
    if (interPod !== undefined) own.set('InterPodAffinity', 2 * interPod.get(node.name)!)
    if (view.cluster.version.dynamicResources) own.set('DynamicResources', 0)
    if (balanced) own.set('NodeResourcesBalancedAllocation', scoreBalance(view, node))
    own.set('ImageLocality', scoreImages(view, node))
    if (view.cluster.version.storageCapacityScoring && shape.volumes.length > 0) {
      own.set('VolumeBinding', scoreVolumes(volumes, node, view.storage))
    }
    let total = 0
    for (const it of own.values()) total += it
    own.set('total', total)
    scores.set(node.name, own)
  })
  return scores
}

function scoreTaints(view: View, feasible: readonly SchedulerNode[]): Map<string, number> {
  const counts = feasible.map(it => countUnpreferred(it.taints, view.pod.shape.tolerations))
  const maximum = Math.max(...counts)
  return new Map(
    feasible.map((node, index) => [
      node.name,
      maximum === 0 ? 100 : 100 - Math.trunc((100 * counts[index]!) / maximum),
    ]),
  )
}

function scoreNodeAffinity(view: View, feasible: readonly SchedulerNode[]): Map<string, number> | undefined {
  const preferred = view.pod.shape.preferredNodes
  if (preferred.length === 0) return undefined
  const sums = feasible.map(node => {
    let sum = 0
    for (const it of preferred) if (isNodeTermMet(it.term, node)) sum += it.weight
    return sum
  })
  const maximum = Math.max(...sums)
  return new Map(
    feasible.map((node, index) => [
      node.name,
      maximum === 0 ? 0 : Math.trunc((100 * sums[index]!) / maximum),
    ]),
  )
}

/** LeastAllocated: free share after placing, with the floor for containers that ask for nothing. */
function scoreLeastAllocated(view: View, node: SchedulerNode): number {
  const pods = listPodsOn(view, node)
  let sum = 0
  let resources = 0
  for (const resource of ['cpu', 'memory'] as const) {
    const allocatable = node.allocatable.get(resource) ?? 0
    if (allocatable === 0) continue
    let used = view.pod.shape.incoming[resource]
    for (const it of pods) used += it.shape.placed[resource]
    sum += used > allocatable ? 0 : Math.trunc(((allocatable - used) * 100) / allocatable)
    resources++
  }
  return resources === 0 ? 0 : Math.trunc(sum / resources)
}

function scoreBalance(view: View, node: SchedulerNode): number {
  const pods = listPodsOn(view, node)
  const { requests } = view.pod.shape
  let cpu = 0
  let memory = 0
  for (const it of pods) {
    cpu += it.shape.requests.cpu
    memory += it.shape.requests.memory
  }
  const after = balance(node, cpu + requests.cpu, memory + requests.memory)
  if (!view.cluster.version.balanceByChange) return after
  return 50 + Math.trunc((50 + after - balance(node, cpu, memory)) / 2)
}

function balance(node: SchedulerNode, cpu: number, memory: number): number {
  const fractions: number[] = []
  const allocatable = [node.allocatable.get('cpu') ?? 0, node.allocatable.get('memory') ?? 0]
  if (allocatable[0]! > 0) fractions.push(Math.min(1, cpu / allocatable[0]!))
  if (allocatable[1]! > 0) fractions.push(Math.min(1, memory / allocatable[1]!))
  const deviation = fractions.length === 2 ? Math.abs((fractions[0]! - fractions[1]!) / 2) : 0
  return Math.trunc((1 - deviation) * 100)
}

const MEBIBYTE = 1024 * 1024
const IMAGE_FLOOR = 23 * MEBIBYTE
const IMAGE_CEILING = 1000 * MEBIBYTE

function scoreImages(view: View, node: SchedulerNode): number {
  const { images, containerCount } = view.pod.shape
  const { listedNodes } = view.cluster
  const hasImage = (it: SchedulerNode, name: string): boolean =>
    it.images.some(image => image.names.includes(name))
  let sum = 0
  for (const name of images) {
    if (!hasImage(node, name)) continue
    const holders = listedNodes.filter(it => hasImage(it, name))
    const size = holders[0]!.images.find(it => it.names.includes(name))!.size
    sum += Math.trunc(size * (holders.length / listedNodes.length))
  }
  const ceiling = IMAGE_CEILING * containerCount
  if (ceiling <= IMAGE_FLOOR) return 0
  const clamped = Math.min(Math.max(sum, IMAGE_FLOOR), ceiling)
  return Math.trunc((100 * (clamped - IMAGE_FLOOR)) / (ceiling - IMAGE_FLOOR))
}
