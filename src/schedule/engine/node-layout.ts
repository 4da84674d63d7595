/** The nodes that a class may use, put side by side as they resemble each other, in blocks whose best score is kept. */

/** Nodes a block: few enough to look through, so many that there are few blocks. */
export const BLOCK = 64
export const BLOCK_SHIFT = 6

/** Nodes that are alike to a class for ever, in order of their index. */
export interface Segment {
  readonly firstBlock: number
  readonly blocks: number
}

export interface NodeLayout {
  /** By node: the segment, −1 for nodes that are out. */
  readonly segmentOf: Int32Array
  /** By node, −1 for nodes that are out. */
  readonly positionOf: Int32Array
  /** By position, −1 where a segment does not fill its last block. */
  readonly nodeAt: Int32Array
  /** By position. */
  readonly segmentAt: Int32Array
  readonly segments: readonly Segment[]
}

/** Most classes see the nodes in the same few ways. */
export interface LayoutCache {
  /** By a hash of their segments. */
  readonly byHash: Map<number, NodeLayout[]>
  /** By what segments are made from: what is fixed for a pod, and the domains that it counts by. */
  readonly bySource: WeakMap<
    object,
    { readonly domains: readonly Int32Array[]; readonly layout: NodeLayout }[]
  >
}

export function createLayoutCache(): LayoutCache {
  return { byHash: new Map(), bySource: new WeakMap() }
}

/** `build`: the segment of each node, numbered from 0 without gaps. */
export function getLayout(
  cache: LayoutCache,
  source: { readonly fixed: object; readonly domains: readonly Int32Array[] },
  build: () => Int32Array,
): NodeLayout {
  const { fixed, domains } = source
  const known = cache.bySource.get(fixed) ?? []
  const isSame = (it: readonly Int32Array[]): boolean =>
    it.length === domains.length && it.every((domain, index) => domain === domains[index])
  const found = known.find(it => isSame(it.domains))
  if (found !== undefined) return found.layout
  const layout = internLayout(cache.byHash, build())
  cache.bySource.set(fixed, [...known, { domains, layout }])
  return layout
}

function internLayout(cache: Map<number, NodeLayout[]>, segmentOf: Int32Array): NodeLayout {
  let hash = 2166136261
  for (let i = 0; i < segmentOf.length; i++) hash = Math.imul(hash ^ segmentOf[i]!, 16777619)
  const known = cache.get(hash) ?? []
  const found = known.find(it => it.segmentOf.every((segment, node) => segment === segmentOf[node]))
  if (found !== undefined) return found
  const layout = buildLayout(segmentOf)
  cache.set(hash, [...known, layout])
  return layout
}

function buildLayout(segmentOf: Int32Array): NodeLayout {
  const sizes: number[] = []
  for (const it of segmentOf) if (it >= 0) sizes[it] = (sizes[it] ?? 0) + 1
  const segments: Segment[] = []
  let firstBlock = 0
  for (const size of sizes) {
    const blocks = (size + BLOCK - 1) >> BLOCK_SHIFT
    segments.push({ firstBlock, blocks })
    firstBlock += blocks
  }
  const positionOf = new Int32Array(segmentOf.length).fill(-1)
  const nodeAt = new Int32Array(firstBlock * BLOCK).fill(-1)
  const segmentAt = new Int32Array(firstBlock * BLOCK).fill(-1)
  const next = segments.map(it => it.firstBlock * BLOCK)
  for (let node = 0; node < segmentOf.length; node++) {
    const segment = segmentOf[node]!
    if (segment < 0) continue
    const position = next[segment]!++
    positionOf[node] = position
    nodeAt[position] = node
    segmentAt[position] = segment
  }
  return { segmentOf, positionOf, nodeAt, segmentAt, segments }
}
