/**
 * Nodes of one bucket by their whole-number score: one bit set a score. Moving a node costs two bits wherever it stands,
 * and the smallest index among the best is the first bit that is set.
 */

export interface ScoreLevels {
  readonly words: number
  /** By score; made when a node first has it. */
  readonly bits: (Uint32Array | undefined)[]
  /** Nodes by score. */
  readonly counts: Int32Array
  /** No node has a higher score. */
  top: number
}

/** Fit, balance and images add up to at most 300. */
const MAX_SCORE = 511

export function createScoreLevels(nodes: number): ScoreLevels {
  return { words: (nodes + 31) >> 5, bits: [], counts: new Int32Array(MAX_SCORE + 1), top: -1 }
}

export function addNode(levels: ScoreLevels, score: number, node: number): void {
  let bits = levels.bits[score]
  if (bits === undefined) {
    // Filled in order, so that the list never has holes.
    while (levels.bits.length < score) levels.bits.push(undefined)
    levels.bits[score] = bits = new Uint32Array(levels.words)
  }
  bits[node >> 5]! |= 1 << (node & 31)
  levels.counts[score]!++
  if (score > levels.top) levels.top = score
}

export function dropNode(levels: ScoreLevels, score: number, node: number): void {
  levels.bits[score]![node >> 5]! &= ~(1 << (node & 31))
  levels.counts[score]!--
}

/** The highest score that some node has, or −1. */
export function findTopScore(levels: ScoreLevels): number {
  while (levels.top >= 0 && levels.counts[levels.top] === 0) levels.top--
  return levels.top
}

/** The smallest index among the nodes with the score, of which there is one. */
export function findFirstNode(levels: ScoreLevels, score: number): number {
  const bits = levels.bits[score]!
  let word = 0
  while (bits[word] === 0) word++
  const value = bits[word]!
  return (word << 5) + 31 - Math.clz32(value & -value)
}
