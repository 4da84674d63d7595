/** How full nodes are, in bars of characters. */
import { toLine } from '../escape.ts'
import { type AmountName, formatUse, type NodeUse, shareOf, sortByFullness } from './node-use.ts'

const width = 20

/** Of fixed width: what runs already, what the manifests add, what is free. Anything in use shows. */
function formatBar(node: NodeUse, name: AmountName): string {
  const { allocatable, own, used } = node
  const whole = allocatable[name]
  const toCells = (amount: number): number => (whole > 0 ? Math.min(width, (amount / whole) * width) : 0)
  const others = used[name] - own[name]
  // Only a full node has a full bar, and only an empty one an empty bar.
  const exact = toCells(used[name])
  const filled = used[name] > 0 && whole > 0 ? Math.max(1, Math.floor(exact)) : 0
  const first = others > 0 ? Math.max(1, Math.round(toCells(others))) : 0
  const before = Math.min(first, own[name] > 0 && filled > 1 ? filled - 1 : filled)
  return `${'█'.repeat(before)}${'▒'.repeat(filled - before)}`.padEnd(width, '·')
}

/** Larger clusters are shown by their fullest nodes. */
const mostNodes = 20

export function formatNodes(
  nodes: readonly NodeUse[],
  paint: (text: string, share: number) => string,
): string[] {
  const shown = nodes.length > mostNodes ? sortByFullness(nodes).slice(0, mostNodes) : nodes
  const names = shown.map(it => toLine(it.node))
  const longest = Math.max('node'.length, ...names.map(it => it.length))
  const amounts = (['cpu', 'memory'] as const).map(name => {
    const texts = shown.map(it => formatUse(it, name))
    return { name, texts, width: Math.max(...texts.map(it => it.length)) }
  })
  const head = `  ${'node'.padEnd(longest)}${amounts.map(it => `  ${it.name.padEnd(width + 1 + it.width)}`).join('')}  pods`
  const lines = shown.map((it, i) => {
    const cells = amounts.map(
      ({ name, texts, width }) =>
        `  ${paint(formatBar(it, name), shareOf(it, name))} ${texts[i]!.padEnd(width)}`,
    )
    return `  ${names[i]!.padEnd(longest)}${cells.join('')}  ${paint(formatUse(it, 'pods'), shareOf(it, 'pods'))}`
  })
  const more = nodes.length - shown.length
  return [
    head,
    ...lines,
    ...(more > 0 ? [`  … and ${more} less full, of all nodes ${describeSpread(nodes)}`] : []),
    `  ${' '.repeat(longest)}  █ in the inventory  ▒ these manifests  · free`,
  ]
}

const steps = [0.95, 0.8, 0.5] as const

/** How many nodes are how full, by the resource of which each has least left: `3 over 95 %, 40 over 80 %, 7 below`. */
function describeSpread(nodes: readonly NodeUse[]): string {
  const counts = [...steps.map(() => 0), 0]
  for (const it of nodes) {
    const fullness = Math.max(shareOf(it, 'cpu'), shareOf(it, 'memory'), shareOf(it, 'pods'))
    const index = steps.findIndex(step => fullness > step)
    counts[index < 0 ? steps.length : index]!++
  }
  const parts = steps.flatMap((step, i) => (counts[i]! > 0 ? [`${counts[i]} over ${step * 100} %`] : []))
  return [...parts, `${counts.at(-1)} at most ${steps.at(-1)! * 100} %`].join(', ')
}
