/** The report of `plimsoll schedule` for people: what does not fit and why, what does, the nodes, what is left. */
import type { Fit, PlacedFit } from '../../engine/fit.ts'
import type { FitPlace, PlacedEdit } from '../../rule.ts'
import { describeEdit } from '../../schedule/verdict/describe-edit.ts'
import { describeProof, formatGroup, groupNodes } from '../../schedule/verdict/describe-proof.ts'
import type { Proof } from '../../schedule/verdict/impossibility.ts'
import type { DocumentOrigin } from '../../yaml/document.ts'
import { formatFrame } from '../code-frame.ts'
import { toLine } from '../escape.ts'
import { formatInventoryProblems } from '../inventory-problems.ts'
import { formatLocation } from '../pretty.ts'
import { formatCount } from '../reporter.ts'
import { formatNodes } from './bars.ts'
import { listNodeUse } from './node-use.ts'
import { listPeakTexts, type PeakText } from './peak-wording.ts'
import { describeVerdict, formatRoom, listFacts } from './wording.ts'

type Style = 'red' | 'yellow' | 'green' | 'cyan' | 'bold' | 'dim'
type Paint = (text: string, style: Style) => string

/** The codes of ECMA-48 for a colour or weight, and back. */
const codes: Readonly<Record<Style, readonly [number, number]>> = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
  bold: [1, 22],
  dim: [2, 22],
}
const colors = { schedules: 'green', stranded: 'yellow', impossible: 'red', undecided: 'yellow' } as const

export function formatFitPretty(fit: Fit, color: boolean): string {
  const paint: Paint = (text, style) =>
    color ? `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m` : text
  const { report, workloads } = fit
  const isBad = (it: PlacedFit): boolean => it.verdict !== 'schedules' || it.rolloutBlock !== undefined
  const groups = groupBlocked(workloads)
  const nodes = listNodeUse(fit)
  const byShare = (text: string, share: number): string =>
    paint(text, share > 0.95 ? 'red' : share > 0.8 ? 'yellow' : 'green')
  const sections = [
    ...workloads.filter(it => isBad(it) && !isIn(groups, it)).map(it => formatBad(it, paint)),
    ...groups.map(it => formatBlocked(it, paint)),
    formatGood(
      fit,
      workloads.filter(it => !isBad(it)),
      paint,
    ),
    nodes.length > 0 ? formatNodes(nodes, byShare) : [],
    ...listPeakTexts(fit).map(it => formatPeak(it, paint)),
    formatFacts(fit),
    formatInventoryProblems(fit.inventory),
    [`${paint(report.verdict, colors[report.verdict])}: ${toLine(describeVerdict(fit))}`],
  ]
  return sections
    .filter(it => it.length > 0)
    .map(it => `${it.join('\n')}\n`)
    .join('\n')
}

/** Workloads whose rollouts would hang for the same reason are told together. */
function groupBlocked(workloads: readonly PlacedFit[]): (readonly PlacedFit[])[] {
  const groups = new Map<string, PlacedFit[]>()
  for (const it of workloads) {
    if (it.rolloutBlock === undefined) continue
    const group = groups.get(it.rolloutBlock)
    if (group) group.push(it)
    else groups.set(it.rolloutBlock, [it])
  }
  return [...groups.values()].filter(it => it.length > 1)
}

const isIn = (groups: readonly (readonly PlacedFit[])[], it: PlacedFit): boolean =>
  groups.some(group => group.includes(it))

function formatBlocked(group: readonly PlacedFit[], paint: Paint): string[] {
  const longest = Math.max(...group.map(it => toLine(it.workload).length))
  return [
    `${paint('rollouts hang', 'yellow')} of ${group.length} workloads: none of the pods may be missing, and for one more ${formatMessage(group[0]!.rolloutBlock!, paint)}`,
    ...group.map(it => {
      const place = paint(formatLocation(it.at.locate(it.part)), 'cyan')
      return `  ${toLine(it.workload).padEnd(longest)}  ${it.scheduled} of ${it.desired}  ${place}`
    }),
    `  ${paint('edit:', 'green')} set spec.strategy.rollingUpdate.maxUnavailable to 1, or leave room for one more pod`,
  ]
}

function formatBad(it: PlacedFit, paint: Paint): string[] {
  const { verdict, scheduled, desired, created, messages, refusals, nearestMiss, rolloutBlock } = it
  const count = `${scheduled} of ${formatCount(desired, 'pod')} placed`
  const isBlocked = rolloutBlock !== undefined
  const word = isBlocked ? paint('rollout hangs', 'yellow') : paint(verdict, colors[verdict])
  const location = it.at.locate(it.part)
  const lines = [
    `${word} ${paint(toLine(it.workload), 'bold')}: ${count}`,
    `  ${paint(formatLocation(location), 'cyan')}`,
    ...formatFrame(location, 0, {
      gutter: text => paint(text, 'dim'),
      mark: text => paint(text, isBlocked ? 'yellow' : colors[verdict]),
    }),
    ...listOrigins(it, paint),
  ]
  if (created < desired && refusals.length === 0)
    lines.push(`  only ${created} are created until those are ready`)
  for (const text of messages) lines.push(`  ${formatMessage(text, paint)}`)
  for (const text of refusals) lines.push(`  ${toLine(text)}`)
  if (it.proof && it.proof.kind !== 'refused') lines.push(...formatProof(it.proof, it.workload))
  if (it.elsewhere)
    lines.push(
      `  another order has a place for all its pods, on ${formatPlaces(it.elsewhere)}; nothing guarantees that it comes about`,
    )
  if (nearestMiss) lines.push(`  nearest: node "${toLine(nearestMiss.node)}", ${toLine(nearestMiss.detail)}`)
  if (isBlocked)
    lines.push(
      `  its next rollout would hang: none of its pods may be missing, and for one more ${formatMessage(rolloutBlock, paint)}`,
    )
  for (const edit of it.edits) lines.push(formatEdit(edit, paint))
  return lines
}

/** What preemption would do is said behind the reasons, and matters less. */
function formatMessage(text: string, paint: Paint): string {
  const end = text.indexOf('. ') + 1
  return end > 0 ? toLine(text.slice(0, end)) + paint(toLine(text.slice(end)), 'dim') : toLine(text)
}

/** By name as long as that is a short text. */
const formatPlaces = (nodes: ReadonlyMap<string, number>): string => {
  const names = [...nodes].map(([node, count]) => (count > 1 ? `${node} ×${count}` : node))
  const text = names.join(', ')
  return names.length > 1 && (names.length > mostNodesNamed || text.length > longestPlaces)
    ? `${names.length} nodes`
    : toLine(text)
}

/** Of a chart the values that made the text. */
function listOrigins(place: FitPlace, paint: Paint): string[] {
  return listValues(place).map(
    it => `  from ${paint(formatLocation(it.location), 'cyan')} ${toLine(it.path?.join('.') ?? '')}`,
  )
}

const listValues = ({ at, part }: FitPlace): readonly DocumentOrigin[] =>
  (at.document.origins?.(at.span(part)) ?? []).filter(it => it.kind === 'values')

function formatEdit(edit: PlacedEdit, paint: Paint): string {
  const values = listValues(edit).map(
    it => ` (${toLine(`${formatLocation(it.location)} ${it.path?.join('.') ?? ''}`)})`,
  )
  const place = formatLocation(edit.at.locate(edit.part))
  return `  ${paint('edit:', 'green')} ${place}  ${toLine(describeEdit(edit))}${values.join('')}`
}

const mostGroups = 12

function formatProof(proof: Proof, workload: string): string[] {
  if (proof.kind === 'refused') return []
  if (proof.kind === 'count') {
    return [`  proof: ${toLine(describeProof(proof, workload))}`]
  }
  const groups = groupNodes(proof.nodes)
  const shown = groups.slice(0, mostGroups).map(it => ({ ...it, names: toLine(formatGroup(it.nodes)) }))
  const longest = Math.max(...shown.map(it => it.names.length))
  const more = groups.slice(mostGroups).reduce((sum, it) => sum + it.nodes.length, 0)
  return [
    '  proof: every node turns such a pod down, even with no other pod on it',
    ...shown.map(it => `    ${it.names.padEnd(longest)}  ${toLine(it.detail)}`),
    ...(more > 0 ? [`    … and ${more} more nodes`] : []),
  ]
}

const mostGood = 40
const mostNodesNamed = 6
const longestPlaces = 80

function formatGood({ facts }: Fit, workloads: readonly PlacedFit[], paint: Paint): string[] {
  if (workloads.length === 0) return []
  const shown = workloads.slice(0, mostGood)
  const longest = Math.max(...shown.map(it => toLine(it.workload).length))
  const rows = shown.map(it => {
    const on = it.nodes.size > 0 ? `  on ${formatPlaces(it.nodes)}` : ''
    const room = facts.more.get(it.workload)
    const more = room === undefined ? '' : paint(`  ${formatRoom(room)}`, 'dim')
    return `  ${toLine(it.workload).padEnd(longest)}  ${it.scheduled} of ${it.desired}${on}${more}`
  })
  const more = workloads.length - shown.length
  return [
    `${paint('schedules', 'green')} ${formatCount(workloads.length, 'workload')}`,
    ...rows,
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ]
}

const mostShort = 10

function formatPeak({ name, verdict, text, short }: PeakText, paint: Paint): string[] {
  const shown = short.slice(0, mostShort)
  const longest = Math.max(0, ...shown.map(it => toLine(it.fit.workload).length))
  const more = short.length - shown.length
  return [
    `${name}: ${paint(verdict, colors[verdict])}, ${text}`,
    ...shown.flatMap(({ fit, count, reason }) => [
      `  ${toLine(fit.workload).padEnd(longest)}  ${count}  ${paint(formatLocation(fit.at.locate(fit.part)), 'cyan')}`,
      `    ${toLine(reason)}`,
      ...fit.edits.map(it => `  ${formatEdit(it, paint)}`),
    ]),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ]
}

function formatFacts(fit: Fit): string[] {
  const facts = listFacts(fit)
  const longest = Math.max(0, ...facts.map(it => it.name.length))
  return facts.map(it => `  ${`${it.name}:`.padEnd(longest + 1)} ${toLine(it.text)}`)
}
