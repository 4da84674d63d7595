/**
 * The nodes of one bucket by their whole-number score: of each block of positions the best score. A node whose score
 * falls leaves its block's best as an upper bound, which is looked at again only if it could be the best of all.
 */

import { BLOCK, BLOCK_SHIFT, type Segment } from './node-layout.ts'

/** Scores by position, 1 more than the score; 0 for nodes without room and less for closed ones. */
export interface ScoreTable {
  readonly scores: Int16Array
  /** Bucket of each position. */
  readonly bucketAt: Int32Array
}

export interface ScoreBlocks {
  readonly bucket: number
  readonly firstBlock: number
  /** By block: no node of the bucket has a higher score. */
  readonly best: Int16Array
  /** By block: 1 where no node may have the best score any more. */
  readonly stale: Uint8Array
  /** No other blocks have nodes of the bucket. */
  low: number
  high: number
  /** The block where the best score was found last. */
  top: number
}

export function createScoreBlocks(bucket: number, segment: Segment): ScoreBlocks {
  return {
    bucket,
    firstBlock: segment.firstBlock,
    best: new Int16Array(segment.blocks),
    stale: new Uint8Array(segment.blocks),
    low: segment.blocks,
    high: -1,
    top: 0,
  }
}

/** Tells that a position's score goes from one value to another, both in the terms of the table. */
export function moveScore(blocks: ScoreBlocks, position: number, before: number, now: number): void {
  const { best, stale } = blocks
  const block = (position >> BLOCK_SHIFT) - blocks.firstBlock
  const bound = best[block]!
  if (now >= bound) {
    best[block] = now
    stale[block] = 0
    if (block < blocks.low) blocks.low = block
    if (block > blocks.high) blocks.high = block
  } else if (before === bound) stale[block] = 1
}

/** The best score in the terms of the table; 0 when no node has room. */
export function findTopScore(blocks: ScoreBlocks, table: ScoreTable): number {
  const { best, stale, high } = blocks
  let top = 0
  for (let block = blocks.low; block <= high; block++) {
    if (best[block]! <= top) continue
    if (stale[block] === 1) refreshBlock(blocks, table, block)
    if (best[block]! <= top) continue
    top = best[block]!
    blocks.top = block
  }
  return top
}

function refreshBlock(blocks: ScoreBlocks, { scores, bucketAt }: ScoreTable, block: number): void {
  const from = (block + blocks.firstBlock) << BLOCK_SHIFT
  let best = 0
  for (let at = from; at < from + BLOCK; at++) {
    if (scores[at]! > best && bucketAt[at] === blocks.bucket) best = scores[at]!
  }
  blocks.best[block] = best
  blocks.stale[block] = 0
}

/** The first position with the score that `findTopScore` found last. */
export function findTopPosition(blocks: ScoreBlocks, { scores, bucketAt }: ScoreTable): number {
  let at = (blocks.top + blocks.firstBlock) << BLOCK_SHIFT
  const top = blocks.best[blocks.top]!
  while (scores[at] !== top || bucketAt[at] !== blocks.bucket) at++
  return at
}
