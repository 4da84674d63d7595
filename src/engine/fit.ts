/** Manifests of a snapshot against an inventory: the verdict, at the lines to edit. */
import type { Resource } from '../kube/resource.ts'
import type { ResourceFit } from '../rule.ts'
import { decideFit, type FitReport } from '../schedule/verdict/decide-fit.ts'
import { type Headroom, measureHeadroom } from '../schedule/verdict/headroom.ts'
import { findMoreNodes, type MoreNodes } from '../schedule/verdict/more-nodes.ts'
import { findPeak, type Peak, type PeakFit } from '../schedule/verdict/peaks.ts'
import { type FitFacts, listFacts } from './fit-facts.ts'
import { placeFit, placeMaximum, placeShortRollout } from './fit-place.ts'
import { type FitSet, isOtherRendering, listFree, listNotes, listRejected, listSet } from './fit-set.ts'
import type { Inventory } from './inventory.ts'
import type { Snapshot, Unit } from './snapshot.ts'

export interface Fit {
  readonly report: FitReport
  readonly workloads: readonly PlacedFit[]
  readonly inventory: Inventory
  /** Undefined when nothing was tried. */
  readonly headroom: Headroom | undefined
  readonly facts: FitFacts
  /** The set when it takes most, where that is more than in the steady state. */
  readonly peaks: readonly PlacedPeak[]
  /** Nodes to add so that everything fits; undefined when it does, or when no number of them helps. */
  readonly moreNodes: MoreNodes | undefined
  /** What was left out of the manifests, and what was taken for granted. */
  readonly notes: readonly string[]
}

export interface PlacedFit extends ResourceFit {
  readonly resource: Resource
}

export interface PlacedPeak extends Omit<PeakFit, 'short'> {
  /** Workloads that are short of more pods than in the steady state. */
  readonly short: readonly PlacedFit[]
}

/** Undefined when there is no workload among the manifests. */
export function buildFit(snapshot: Snapshot, inventory: Inventory): Fit | undefined {
  const set = listSet(snapshot, inventory)
  const { resources, objects } = set
  if (resources.size === 0) return undefined
  const report = decideFit(inventory.cluster, objects)
  const { settled, verdict } = report
  const fits = settled !== undefined && verdict === 'schedules'
  return {
    report,
    inventory,
    workloads: report.workloads.map(it => {
      const resource = resources.get(it.workload)!
      return { ...placeFit(it, resource), resource }
    }),
    headroom: settled && measureHeadroom(settled),
    facts: listFacts(report),
    peaks: (['rollout', 'maximum'] as const).flatMap(it => placePeak(it, report, { inventory, set }) ?? []),
    moreNodes: settled && !fits ? findMoreNodes(inventory.cluster, objects) : undefined,
    notes: [
      ...inventory.notes,
      ...listNotes(snapshot, inventory),
      ...set.twins,
      ...listFree(report),
      ...listRejected(report, resources),
    ],
  }
}

/** At its maximum a workload is edited at its autoscaler, if that is among the manifests. */
function placePeak(
  peak: Peak,
  report: FitReport,
  { inventory, set }: { readonly inventory: Inventory; readonly set: FitSet },
): PlacedPeak | undefined {
  const { resources, objects, autoscalers } = set
  const found = findPeak(peak, report, { inventory: inventory.cluster, manifests: objects })
  return (
    found && {
      ...found,
      short: found.short.map(it => {
        const { workload } = it.fit
        const resource = resources.get(workload)!
        const autoscaler = peak === 'maximum' ? autoscalers.get(workload) : undefined
        const placed = autoscaler ? placeMaximum(it, autoscaler) : placeShortRollout(it, resource)
        return { ...placed, resource: autoscaler ?? resource }
      }),
    }
  )
}

/**
 * What becomes of the pods of a resource of a unit; of an autoscaler, of those of its workload at the maximum, if that
 * leaves some over. Undefined for anything else.
 */
export type FindFit = (unit: Unit, resource: Resource) => ResourceFit | undefined

/** Each set is placed once, when the first of its resources is asked for. */
export function createFits(snapshot: Snapshot, inventory: Inventory): FindFit {
  const known = new Map<Unit | undefined, (resource: Resource) => ResourceFit | undefined>()
  return (unit, resource) => {
    if (unit.name !== '' && !unit.chart) return undefined
    const instead = isOtherRendering(snapshot, unit) ? unit : undefined
    let find = known.get(instead)
    if (!find) known.set(instead, (find = placeSet(inventory, listSet(snapshot, inventory, instead))))
    return find(resource)
  }
}

function placeSet(inventory: Inventory, set: FitSet): (resource: Resource) => ResourceFit | undefined {
  const report = decideFit(inventory.cluster, set.objects, { orders: 0 })
  const index = (placed: readonly PlacedFit[]): ReadonlyMap<Resource, ResourceFit> =>
    new Map(placed.map(it => [it.resource, it]))
  const fits = index(
    report.workloads.map(it => {
      const resource = set.resources.get(it.workload)!
      return { ...placeFit(it, resource), resource }
    }),
  )
  const autoscalers = new Set(set.autoscalers.values())
  let maxima: ReadonlyMap<Resource, ResourceFit> | undefined
  return resource => {
    if (!autoscalers.has(resource)) return fits.get(resource)
    maxima ??= index(placePeak('maximum', report, { inventory, set })?.short ?? [])
    return maxima.get(resource)
  }
}
