/** The part of a node's score that other nodes have no say in. */

import { hasPortConflict, hasRoom } from './node-check.ts'
import { scoreBalance, scoreFit } from './node-scores.ts'
import { HOT, HOT_STRIDE, type NodeTable } from './node-table.ts'
import type { PodClass } from './pod-class.ts'

/** No room. */
export const NOWHERE = -1

/** What a class asks of a node by itself: resources and ports, then fit, balance and images. */
export interface LocalScore {
  readonly table: NodeTable
  readonly podClass: PodClass
  /** How the version scores balance. */
  readonly byChange: boolean
  readonly cpu: number
  readonly memory: number
  /** What fit takes the pod to ask for. */
  readonly scoredCpu: number
  readonly scoredMemory: number
  /** Nothing counts but cpu, memory and the number of pods. */
  readonly simple: boolean
  readonly images: Int32Array | undefined
}

export function createLocalScore(table: NodeTable, podClass: PodClass, byChange: boolean): LocalScore {
  const { ports, requests, incoming } = podClass.shape
  return {
    table,
    podClass,
    byChange,
    cpu: requests.cpu,
    memory: requests.memory,
    scoredCpu: incoming.cpu,
    scoredMemory: incoming.memory,
    simple: ports.length === 0 && podClass.scalars.length === 0 && requests.ephemeral === 0,
    images: podClass.images.some(score => score > 0) ? podClass.images : undefined,
  }
}

/** A whole number, or `NOWHERE`. */
export function scoreLocally(local: LocalScore, hot: Float64Array, node: number): number {
  const at = node * HOT_STRIDE
  const allCpu = hot[at + HOT.cpu]!
  const allMemory = hot[at + HOT.memory]!
  const usedCpu = hot[at + HOT.usedCpu]! + local.cpu
  const usedMemory = hot[at + HOT.usedMemory]! + local.memory
  if (hot[at + HOT.freePods]! < 1) return NOWHERE
  if ((usedCpu > allCpu && local.cpu > 0) || (usedMemory > allMemory && local.memory > 0)) return NOWHERE
  if (!local.simple && !hasOtherRoom(local, node)) return NOWHERE
  const images = local.images === undefined ? 0 : local.images[node]!
  if (allCpu === 0 || allMemory === 0) return images + scoreOneSided(local, node)
  const scoredCpu = hot[at + HOT.scoredCpu]! + local.scoredCpu
  const scoredMemory = hot[at + HOT.scoredMemory]! + local.scoredMemory
  const freeCpu = scoredCpu > allCpu ? 0 : (((allCpu - scoredCpu) * 100) / allCpu) | 0
  const freeMemory = scoredMemory > allMemory ? 0 : (((allMemory - scoredMemory) * 100) / allMemory) | 0
  const score = images + ((freeCpu + freeMemory) >> 1)
  if (!local.podClass.balanced) return score
  const drift = (Math.min(1, usedCpu / allCpu) - Math.min(1, usedMemory / allMemory)) / 2
  const balance = ((1 - Math.abs(drift)) * 100) | 0
  return local.byChange ? score + 50 + (((50 + balance - hot[at + HOT.balance]!) / 2) | 0) : score + balance
}

function hasOtherRoom({ podClass, table }: LocalScore, node: number): boolean {
  return hasRoom(table, podClass, node) && !hasPortConflict(table, podClass.shape.ports, node)
}

/** A node without cpu or without memory, which is rare. */
function scoreOneSided({ podClass, table, byChange }: LocalScore, node: number): number {
  const score = scoreFit(table, podClass, node)
  return podClass.balanced ? score + scoreBalance(table, podClass, node, byChange) : score
}
