/** The part of a node's score that other nodes have no say in. */

import { hasPortConflict, hasRoom } from './node-check.ts'
import { scoreBalance, scoreFit } from './node-scores.ts'
import { HOT, HOT_STRIDE, type NodeTable } from './node-table.ts'
import type { PodClass } from './pod-class.ts'

/** No room. */
export const NOWHERE = -1

/** What only the node decides: resources and ports, then fit, balance and images. */
export function createLocalScore(
  table: NodeTable,
  podClass: PodClass,
  byChange: boolean,
): (node: number) => number {
  const { hot } = table
  const { balanced, scalars, shape } = podClass
  const { ports, requests } = shape
  const { cpu, memory } = requests
  const { cpu: incomingCpu, memory: incomingMemory } = shape.incoming
  const images = podClass.images.some(score => score > 0) ? podClass.images : undefined
  const simple = ports.length === 0 && scalars.length === 0 && requests.ephemeral === 0
  return node => {
    const at = node * HOT_STRIDE
    const allCpu = hot[at + HOT.cpu]!
    const allMemory = hot[at + HOT.memory]!
    const usedCpu = hot[at + HOT.usedCpu]! + cpu
    const usedMemory = hot[at + HOT.usedMemory]! + memory
    if (hot[at + HOT.freePods]! < 1) return NOWHERE
    if ((cpu > 0 && usedCpu > allCpu) || (memory > 0 && usedMemory > allMemory)) return NOWHERE
    if (!simple && (!hasRoom(table, podClass, node) || hasPortConflict(table, ports, node))) return NOWHERE
    let score = images === undefined ? 0 : images[node]!
    if (allCpu === 0 || allMemory === 0) {
      score += scoreFit(table, podClass, node)
      return balanced ? score + scoreBalance(table, podClass, node, byChange) : score
    }
    const scoredCpu = hot[at + HOT.scoredCpu]! + incomingCpu
    const scoredMemory = hot[at + HOT.scoredMemory]! + incomingMemory
    const freeCpu = scoredCpu > allCpu ? 0 : (((allCpu - scoredCpu) * 100) / allCpu) | 0
    const freeMemory = scoredMemory > allMemory ? 0 : (((allMemory - scoredMemory) * 100) / allMemory) | 0
    score += (freeCpu + freeMemory) >> 1
    if (!balanced) return score
    const drift = (Math.min(1, usedCpu / allCpu) - Math.min(1, usedMemory / allMemory)) / 2
    const balance = ((1 - (drift < 0 ? -drift : drift)) * 100) | 0
    return byChange ? score + 50 + (((50 + balance - hot[at + HOT.balance]!) / 2) | 0) : score + balance
  }
}
