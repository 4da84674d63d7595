/** Which nodes hold which images, for ImageLocality. */

import type { Cluster } from '../cluster.ts'
import type { PodShape } from '../pod.ts'

interface ImageState {
  /** The size that the first node listed with it reports. */
  readonly size: number
  readonly nodes: Uint8Array
  holders: number
}

export interface ImageIndex {
  readonly images: ReadonlyMap<string, ImageState>
  readonly nodeCount: number
}

export function buildImageIndex(cluster: Cluster): ImageIndex {
  const images = new Map<string, ImageState>()
  const indexOf = new Map(cluster.nodes.map((it, index) => [it.name, index]))
  for (const node of cluster.listedNodes) {
    const index = indexOf.get(node.name)!
    for (const image of node.images) {
      for (const name of image.names) {
        let state = images.get(name)
        if (state === undefined) {
          state = { size: image.size, nodes: new Uint8Array(cluster.nodes.length), holders: 0 }
          images.set(name, state)
        }
        if (state.nodes[index] === 0) {
          state.nodes[index] = 1
          state.holders++
        }
      }
    }
  }
  return { images, nodeCount: cluster.nodes.length }
}

const MEBIBYTE = 1024 * 1024
const FLOOR = 23 * MEBIBYTE
const CEILING = 1000 * MEBIBYTE

/** 0 to 100: how much of the pod's images the node has, images on many nodes counting for more. */
export function scoreImages(index: ImageIndex, shape: PodShape, node: number): number {
  let sum = 0
  for (const name of shape.images) {
    const state = index.images.get(name)
    if (state === undefined || state.nodes[node] === 0) continue
    sum += Math.trunc(state.size * (state.holders / index.nodeCount))
  }
  const ceiling = CEILING * shape.containerCount
  if (sum <= FLOOR || ceiling <= FLOOR) return 0
  return Math.trunc((100 * (Math.min(sum, ceiling) - FLOOR)) / (ceiling - FLOOR))
}
