/** What the reports of `plimsoll schedule` say in common: the verdict in words, edits, and facts about what is left. */
import type { Fit } from '../../engine/fit.ts'
import { MOST_MORE } from '../../engine/fit-facts.ts'
import { formatCounted } from '../../schedule/resource-amount.ts'
import type { FitReport } from '../../schedule/verdict/decide-fit.ts'
import { formatSome } from '../../schedule/verdict/describe-proof.ts'
import type { LossReport, Room } from '../../schedule/verdict/headroom.ts'
import { formatCount } from '../reporter.ts'
import { nameOwner } from './node-use.ts'

export const formatRoom = (more: number): string =>
  more === 0 ? 'no room for more' : `room for ${more}${more >= MOST_MORE ? '+' : ''} more`

/** No full stop. */
export function describeVerdict({ report, workloads }: Fit): string {
  const { verdict, held, tried, proofs, evictions } = report
  const short = workloads.filter(it => it.verdict !== 'schedules')
  const left = countLeft(short)
  const pods = formatCount(left, 'pod')
  switch (verdict) {
    case 'schedules': {
      const orders =
        held.orders < held.of
          ? `, but in ${held.of - held.orders} of ${held.of} random orders some pod is left over`
          : held.of > 0
            ? `; held in ${held.orders} of ${held.of} random orders`
            : ''
      const cost = evictions.size > 0 ? ', once others are evicted' : ''
      return `every pod finds a node in the order kube-scheduler takes${cost}${orders}`
    }
    case 'stranded':
      return `kube-scheduler's order leaves ${pods} over, though there is a place for every pod (${tried.at(-1)}); nothing guarantees that it comes about`
    case 'impossible': {
      const never = countLeft(short.filter(it => it.verdict === 'impossible'))
      const rest = left > never ? `; ${formatCount(left - never, 'other pod')} left over by this order` : ''
      return `${formatCount(never, 'pod')} without a node in any order (${formatCount(proofs.length, 'proof')})${rest}`
    }
    default:
      return left > 0
        ? `${pods} left over, and neither an assignment nor a proof was found`
        : `tried ${tried.join('; ')}`
  }
}

const countLeft = (workloads: Fit['workloads']): number =>
  workloads.reduce((sum, it) => sum + Math.max(0, it.desired - it.scheduled), 0)

export interface Fact {
  readonly name: string
  readonly text: string
}

/** What is left and what else is to be known, in the order in which it is told. */
export function listFacts(fit: Fit): Fact[] {
  const { report, headroom, facts, moreNodes, notes } = fit
  const list: Fact[] = []
  const say = (name: string, text: string | undefined): void => {
    if (text !== undefined) list.push({ name, text })
  }
  if (moreNodes)
    say('to make it fit', `${formatCount(moreNodes.count, 'more node')} like "${moreNodes.like}"`)
  if (report.tried.length > 1) say('tried', report.tried.join('; '))
  if (headroom) {
    const { free, allocatable, stranded, reserved, daemons, largestPod } = headroom
    const of = (name: 'cpu' | 'memory'): string =>
      `${formatAmount(name, free[name])} of ${formatAmount(name, allocatable[name])} ${name}`
    say('free', `${of('cpu')}, ${of('memory')}`)
    if (stranded.cpu > 0 || stranded.memory > 0)
      say('out of reach', `${formatAmounts(stranded)} of that, on nodes where something else is used up`)
    if (reserved.cpu > 0 || reserved.memory > 0)
      say('behind taints', `${formatAmounts(reserved)} of that, on tainted or cordoned nodes`)
    say('largest pod', largestPod && `${formatAmounts(largestPod)}, on "${largestPod.node}"`)
    if (daemons.cpu > 0 || daemons.memory > 0) say('DaemonSets take', formatAmounts(daemons))
  }
  const { fewestNodes } = facts
  if (fewestNodes)
    say(
      'fewest nodes',
      `the manifests alone need ${fewestNodes.count} like "${fewestNodes.like}", by ${fewestNodes.limitedBy}`,
    )
  const nodes = report.settled?.nodes.length ?? 0
  say('if a node goes', describeLosses(report, facts.nodeLosses, formatWhich(facts.nodeLosses.length, nodes)))
  say('if a zone goes', describeLosses(report, facts.zoneLosses, `${facts.zoneLosses.length} zones`))
  for (const [workload, count] of report.evictions)
    say('evicted', `${formatCount(count, 'pod')} of ${workload}${describeGuess(report, workload)}`)
  for (const it of [...report.unknowns, ...notes]) say('note', it)
  say('note', facts.untried)
  return list
}

/** Where kube-scheduler's choice is not known from what it sees. */
function describeGuess({ evictions, guessedEvictions }: Fit['report'], workload: string): string {
  const guessed = guessedEvictions.get(workload) ?? 0
  if (guessed === 0) return ''
  const some = guessed < evictions.get(workload)! ? `for ${guessed} of them ` : ''
  return `; ${some}kube-scheduler may well choose others`
}

function formatAmounts({ cpu, memory }: Room): string {
  const parts = [
    ...(cpu > 0 ? [`${formatAmount('cpu', cpu)} cpu`] : []),
    ...(memory > 0 ? [`${formatAmount('memory', memory)} memory`] : []),
  ]
  return parts.join(' and ') || 'nothing'
}

/** Thousandths of a processor say nothing among hundreds. */
const formatAmount = (name: 'cpu' | 'memory', amount: number): string =>
  name === 'cpu' && amount >= 100_000 ? String(Math.floor(amount / 1000)) : formatCounted(name, amount)

const mostLosses = 3

const formatWhich = (tried: number, all: number): string =>
  tried < all ? `the ${tried} fullest of ${all} nodes` : `${tried} nodes`

function describeLosses(
  { workloadOf }: FitReport,
  losses: readonly LossReport[],
  which: string,
): string | undefined {
  if (losses.length < 2) return undefined
  const bad = losses.filter(it => it.homeless.length > 0)
  if (bad.length === 0) return `whichever of ${which} it is, its pods find another place`
  const homeless = bad.flatMap(it => it.homeless)
  const whose = homeless.map(it => workloadOf.get(`${it.namespace}/${it.name}`) ?? nameOwner(it))
  const named = bad.slice(0, mostLosses).map(it => `${it.homeless.length} of ${it.moved} of "${it.lost}"`)
  const more = bad.length - named.length
  return `pods of ${formatSome([...new Set(whose)])} find no other place: ${named.join(', ')}${more > 0 ? `, and some of ${more} more` : ''}`
}
