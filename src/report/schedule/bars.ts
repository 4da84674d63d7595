/** How full the nodes of a settled cluster are, in numbers and in bars of blocks. */
import type { Cluster } from '../../schedule/cluster.ts'
import { formatCounted } from '../../schedule/resource-amount.ts'
import { toLine } from '../escape.ts'

export interface NodeUse {
  readonly node: string
  readonly resource: 'cpu' | 'memory' | 'pods'
  /** Counted: cpu in thousandths, memory in bytes. */
  readonly used: number
  readonly allocatable: number
}

const resources = ['cpu', 'memory', 'pods'] as const

/** Three entries a node, in order of the nodes' names. */
export function listNodeUse({ nodes, pods }: Cluster): NodeUse[] {
  const used = new Map(nodes.map(it => [it.name, { cpu: 0, memory: 0, pods: 0 }]))
  for (const { nodeName, shape } of pods) {
    const sum = used.get(nodeName)
    if (!sum) continue
    sum.cpu += shape.requests.cpu
    sum.memory += shape.requests.memory
    sum.pods += 1
  }
  return nodes.flatMap(({ name, allocatable }) =>
    resources.map(resource => ({
      node: name,
      resource,
      used: used.get(name)![resource],
      allocatable: allocatable.get(resource) ?? 0,
    })),
  )
}

const width = 20
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of fixed width; anything in use shows, and only a full node has a full bar. */
export function formatBar(used: number, allocatable: number): string {
  const share = allocatable > 0 ? Math.min(1, used / allocatable) : 0
  const exact = Math.floor(share * width * 8)
  const units = used > 0 && allocatable > 0 ? Math.max(1, exact) : 0
  return `${'█'.repeat(Math.floor(units / 8))}${eighths[units % 8]}`.padEnd(width, '·')
}

/** Larger clusters are shown by their fullest nodes. */
const mostNodes = 20

export function formatNodes(
  use: readonly NodeUse[],
  paint: (text: string, share: number) => string,
): string[] {
  const share = (it: NodeUse): number => (it.allocatable > 0 ? it.used / it.allocatable : 0)
  const nodes = Array.from({ length: use.length / 3 }, (_, i) => use.slice(i * 3, i * 3 + 3))
  const fullest = (some: readonly NodeUse[]): number => Math.max(...some.map(share))
  const shown =
    nodes.length > mostNodes ? [...nodes].sort((a, b) => fullest(b) - fullest(a)).slice(0, mostNodes) : nodes
  const names = Math.max(...shown.map(it => it[0]!.node.length))
  const lines = shown.flatMap(some =>
    some.map((it, i) => {
      const name = (i === 0 ? toLine(it.node) : '').padEnd(names)
      const amounts = `${formatCounted(it.resource, it.used)} of ${formatCounted(it.resource, it.allocatable)}`
      return `  ${name}  ${it.resource.padEnd(6)} ${paint(formatBar(it.used, it.allocatable), share(it))} ${amounts}`
    }),
  )
  const more = nodes.length - shown.length
  return more > 0 ? [...lines, `  … and ${more} nodes less full`] : lines
}
