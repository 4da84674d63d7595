/** What the reports of `plimsoll schedule` say about rollouts and autoscalers at their peak. */
import type { Fit, PlacedFit, PlacedPeak } from '../../engine/fit.ts'
import type { Verdict } from '../../schedule/verdict/decide-fit.ts'
import { describeCause } from '../../schedule/verdict/describe-proof.ts'

export interface PeakText {
  /** `at the rollout peak`. */
  readonly name: string
  /** The worst verdict on what comes on top of the steady state. */
  readonly verdict: Verdict
  /** No full stop. */
  readonly text: string
  readonly short: readonly ShortText[]
}

export interface ShortText {
  readonly fit: PlacedFit
  /** How many of its pods have no place. */
  readonly count: string
  readonly reason: string
}

const names = { rollout: 'at the rollout peak', maximum: "at the autoscalers' maximum" } as const

export const listPeakTexts = (fit: Fit): PeakText[] => fit.peaks.map(it => describePeak(fit, it))

function describePeak({ workloads, report }: Fit, it: PlacedPeak): PeakText {
  const { peak, verdict, more, short } = it
  const steady = new Map(workloads.map(it => [it.workload, it]))
  const left = short.reduce((sum, fit) => sum + countLeft(fit), 0)
  const isEvicting = [...it.report.evictions].some(([key, pods]) => pods > (report.evictions.get(key) ?? 0))
  const [one, many] =
    peak === 'rollout' ? ['pod of the surge', 'pods of the surge'] : ['further pod', 'further pods']
  const beside = peak === 'rollout' ? ' beside the old ones' : ''
  const hangs = (fit: PlacedFit): boolean => steady.get(fit.workload)?.rolloutBlock !== undefined
  const rest = peak === 'rollout' && !short.every(hangs) ? '; these rollouts take turns' : ''
  const who =
    more === 1
      ? `the ${one}`
      : left === 0
        ? `all ${more} ${many}`
        : left === more
          ? `none of ${more} ${many}`
          : `${left} of ${more} ${many}`
  const finds = more === 1 || left === 1 || left === more ? 'finds' : 'find'
  const place = left === 0 || (left === more && more > 1) ? 'a node' : 'no node'
  return {
    name: names[peak],
    verdict,
    text: `${who} ${finds} ${place}${beside}${left > 0 ? rest : isEvicting ? ', once others are evicted' : ''}`,
    short: short.map(fit => describeShort(fit, peak, hangs(fit))),
  }
}

const countLeft = ({ desired, scheduled }: PlacedFit): number => desired - scheduled

function describeShort(fit: PlacedFit, peak: PlacedPeak['peak'], isHanging: boolean): ShortText {
  const count = peak === 'rollout' ? `${countLeft(fit)} left over` : `${fit.scheduled} of ${fit.desired}`
  if (peak === 'rollout' && isHanging) return { fit, count, reason: 'its rollout hangs' }
  return { fit, count, reason: `${fit.verdict}: ${describeCause(fit)}` }
}
