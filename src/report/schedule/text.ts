/** The report of `plimsoll schedule` for people: the verdict, each workload, the nodes, what is left. */
import type { Fit, PlacedFit } from '../../engine/fit.ts'
import { formatCounted } from '../../schedule/resource-amount.ts'
import type { FitReport } from '../../schedule/verdict/decide-fit.ts'
import type { Proof } from '../../schedule/verdict/impossibility.ts'
import { toLine } from '../escape.ts'
import { formatLocation } from '../pretty.ts'
import { formatCount } from '../reporter.ts'
import { formatNodes, listNodeUse } from './bars.ts'

type Color = 'red' | 'yellow' | 'green'
type Paint = (text: string, color: Color) => string

const codes: Readonly<Record<Color, number>> = { red: 31, yellow: 33, green: 32 }
const colors = { schedules: 'green', stranded: 'yellow', impossible: 'red', undecided: 'yellow' } as const

export function formatFitText(fit: Fit, color: boolean): string {
  const paint: Paint = (text, name) => (color ? `\u001b[${codes[name]}m${text}\u001b[39m` : text)
  const { report } = fit
  const sections = [
    ...fit.workloads.map(it => formatWorkload(it, paint)),
    ...(report.settled ? [formatNodes(listNodeUse(report.settled), paintShare(paint))] : []),
    formatRest(fit),
    [`${paint(report.verdict, colors[report.verdict])}: ${describeVerdict(report)}`],
  ]
  return sections
    .filter(it => it.length > 0)
    .map(it => `${it.join('\n')}\n`)
    .join('\n')
}

const paintShare =
  (paint: Paint) =>
  (text: string, share: number): string =>
    paint(text, share > 0.95 ? 'red' : share > 0.8 ? 'yellow' : 'green')

function formatWorkload(it: PlacedFit, paint: Paint): string[] {
  const { verdict, scheduled, desired, created, messages, refusals, nearestMiss, rolloutBlock } = it
  const count = `${scheduled} of ${formatCount(desired, 'pod')} placed`
  const lines = [
    `${paint(verdict, colors[verdict])} ${toLine(it.workload)}: ${count}`,
    `  ${formatLocation(it.location)}`,
  ]
  if (created < desired && refusals.length === 0)
    lines.push(`  only ${created} are created until those are ready`)
  for (const text of [...messages, ...refusals]) lines.push(`  ${toLine(text)}`)
  if (nearestMiss) lines.push(`  nearest: node "${toLine(nearestMiss.node)}", ${toLine(nearestMiss.detail)}`)
  for (const { location, path, from, to } of it.edits) {
    const change = from === '' ? `add ${to}` : `${from} → ${to}`
    lines.push(`  ${paint('edit:', 'green')} ${formatLocation(location)}  ${toLine(`${path}: ${change}`)}`)
  }
  if (rolloutBlock !== undefined)
    lines.push(
      `  ${paint('its next rollout would hang:', 'red')} no pod may be missing, and the first new one waits: ${toLine(rolloutBlock)}`,
    )
  return lines
}

function formatRest({ report, headroom, losses, notes }: Fit): string[] {
  const lines: string[] = []
  if (headroom) {
    const { free, allocatable, stranded, largestPod } = headroom
    const format = (resource: 'cpu' | 'memory'): string =>
      `${formatCounted(resource, free[resource])} of ${formatCounted(resource, allocatable[resource])} ${resource}`
    lines.push(`  free: ${format('cpu')}, ${format('memory')}`)
    if (stranded.cpu > 0 || stranded.memory > 0)
      lines.push(
        `  of that out of reach: ${formatCounted('cpu', stranded.cpu)} cpu, ${formatCounted('memory', stranded.memory)} memory on nodes that lack something else`,
      )
    if (largestPod)
      lines.push(
        `  most room for one pod: ${formatCounted('cpu', largestPod.cpu)} cpu and ${formatCounted('memory', largestPod.memory)} memory on ${toLine(largestPod.node)}`,
      )
  }
  const bad = losses.filter(it => it.homeless.length > 0)
  for (const { lost, moved, homeless } of bad)
    lines.push(
      `  without node "${toLine(lost)}": ${homeless.length} of its ${formatCount(moved, 'pod')} find no other place`,
    )
  if (losses.length > 0 && bad.length === 0)
    lines.push(`  without any one of ${formatCount(losses.length, 'node')}: its pods find another place`)
  for (const [workload, count] of report.evictions) lines.push(`  evicted: ${toLine(workload)} (${count})`)
  for (const it of [...report.unknowns, ...notes]) lines.push(`  note: ${toLine(it)}`)
  return lines
}

function describeVerdict(report: FitReport): string {
  const { verdict, proof, held, assignment, tried } = report
  if (verdict === 'schedules') {
    const orders = held.of > 0 ? `; held in ${held.orders} of ${held.of} random orders` : ''
    return `every pod finds a node in the order kube-scheduler takes${orders}`
  }
  if (verdict === 'stranded')
    return `kube-scheduler's order leaves pods over, though ${formatCount(assignment?.length ?? 0, 'pod')} can be placed (${tried.at(-1)}); nothing guarantees that it comes about`
  if (proof) return toLine(describeProof(proof))
  return toLine(`neither an assignment nor a proof was found; tried ${tried.join('; ')}`)
}

const mostNodes = 5

export function describeProof(proof: Proof): string {
  if (proof.kind === 'refused') return `${proof.workload} is refused: ${proof.message}`
  if (proof.kind === 'count')
    return `${proof.workload}: at most ${proof.most} of ${proof.wanted}, because ${proof.because}`
  const nodes = proof.nodes.slice(0, mostNodes).map(it => `${it.node}: ${it.reasons.join(', ')}`)
  const more = proof.nodes.length - nodes.length
  return `${proof.workload} has no node even in an empty cluster (${nodes.join('; ')}${more > 0 ? `; and ${more} more` : ''})`
}
