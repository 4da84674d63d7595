/** Does it still fit when it takes most: in the middle of a rollout, and with every autoscaler at its maximum? */

import type { Cluster } from '../cluster.ts'
import { type JsonRecord, readRecord } from '../json-fields.ts'
import { decideFit, type FitReport, type Verdict, type WorkloadFit } from './decide-fit.ts'
import { countCost, type FitOptions, prepareSet } from './prepare-set.ts'
import { DECLARED, type Scenario, toAutoscaler } from './scenario.ts'

/**
 * `rollout`: every Deployment begins a rolling update at once, its old pods in their places. `maximum`: every autoscaler
 * is at its upper bound.
 */
export type Peak = 'rollout' | 'maximum'

export interface PeakFit {
  readonly peak: Peak
  /** The worst of what becomes of workloads that are whole in the steady state; the others do not grow. */
  readonly verdict: Verdict
  readonly report: FitReport
  /** Pods that are asked for on top of those of the steady state. */
  readonly more: number
  /** Workloads that are whole in the steady state, and short of pods now. */
  readonly short: readonly ShortAtPeak[]
}

export interface ShortAtPeak {
  readonly fit: WorkloadFit
  /** Replicas that all have a place, at the maximum: tried for all autoscalers together. */
  readonly mostReplicas: number | undefined
}

const SCENARIOS: Readonly<Record<Peak, Scenario>> = {
  rollout: { ...DECLARED, phase: 'rollout', running: 'rolling' },
  maximum: { ...DECLARED, scale: 'maximum' },
}

interface Asked {
  readonly inventory: Cluster
  readonly manifests: readonly JsonRecord[]
}

/** Undefined where the peak asks for nothing more than the steady state, which `steady` is about. */
export function findPeak(
  peak: Peak,
  steady: FitReport,
  { inventory, manifests }: Asked,
): PeakFit | undefined {
  if (!steady.settled) return undefined
  const whole = steady.workloads.filter(it => it.verdict === 'schedules').map(it => it.workload)
  const scenario = { ...SCENARIOS[peak], growing: new Set(whole) }
  const options: FitOptions = { scenario, orders: 0, advice: 'none' }
  const { more } = prepareSet(inventory, manifests, options)
  if (more <= 0) return undefined
  const report = decideFit(inventory, manifests, options)
  const short = report.workloads.filter(it => scenario.growing.has(it.workload) && it.scheduled < it.desired)
  const most =
    peak === 'maximum'
      ? findMostReplicas({ inventory, manifests, scenario }, short)
      : new Map<string, number>()
  return {
    peak,
    verdict: WORST_FIRST.find(it => short.some(({ verdict }) => verdict === it)) ?? 'schedules',
    report,
    more,
    short: short.map(fit => ({ fit, mostReplicas: most.get(fit.workload) })),
  }
}

const WORST_FIRST: readonly Verdict[] = ['impossible', 'stranded', 'undecided']

/** Placements that the trial may cost. */
const BUDGET = 150_000

/** The replicas that found a place, if with these as maxima everything has one. */
function findMostReplicas(
  { inventory, manifests, scenario }: Asked & { readonly scenario: Scenario },
  short: readonly WorkloadFit[],
): ReadonlyMap<string, number> {
  const autoscalers = new Map(manifests.flatMap(it => toAutoscaler(it) ?? []).map(it => [it.target, it]))
  const most = new Map(
    short
      .filter(it => it.scheduled > 0 && it.scheduled >= (autoscalers.get(it.workload)?.minimum ?? Infinity))
      .map(it => [it.workload, it.scheduled]),
  )
  const nothing = new Map<string, number>()
  if (most.size === 0) return nothing
  const lowered = manifests.map(it => lowerMaximum(it, most))
  const set = prepareSet(inventory, lowered, { scenario })
  if (countCost(set) > BUDGET) return nothing
  const isEnough = set
    .simulate(set.objects)
    .describe()
    .every(it => !most.has(it.workload.key) || it.scheduled >= it.desired)
  return isEnough ? most : nothing
}

function lowerMaximum(object: JsonRecord, most: ReadonlyMap<string, number>): JsonRecord {
  const autoscaler = toAutoscaler(object)
  const maximum = autoscaler && most.get(autoscaler.target)
  if (autoscaler === undefined || maximum === undefined) return object
  const [, field] = autoscaler.field
  return { ...object, spec: { ...readRecord(object.spec), [field]: maximum } }
}
