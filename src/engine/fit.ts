/** Manifests of a snapshot against an inventory: the verdict, at the lines to edit. */
import type { Resource } from '../kube/resource.ts'
import type { ResourceFit } from '../rule.ts'
import { decideFit, type FitReport } from '../schedule/verdict/decide-fit.ts'
import { type Headroom, measureHeadroom } from '../schedule/verdict/headroom.ts'
import { findMoreNodes, type MoreNodes } from '../schedule/verdict/more-nodes.ts'
import { type FitFacts, listFacts } from './fit-facts.ts'
import { placeFit } from './fit-place.ts'
import { isOtherRendering, listFree, listNotes, listRejected, listSet } from './fit-set.ts'
import type { Inventory } from './inventory.ts'
import type { Snapshot, Unit } from './snapshot.ts'

export interface Fit {
  readonly report: FitReport
  readonly workloads: readonly PlacedFit[]
  readonly inventory: Inventory
  /** Undefined when nothing was tried. */
  readonly headroom: Headroom | undefined
  /** Nothing unless everything fits. */
  readonly facts: FitFacts
  /** Nodes to add so that everything fits; undefined when it does, or when no number of them helps. */
  readonly moreNodes: MoreNodes | undefined
  /** What was left out of the manifests, and what was taken for granted. */
  readonly notes: readonly string[]
}

export interface PlacedFit extends ResourceFit {
  readonly resource: Resource
}

/** Undefined when there is no workload among the manifests. */
export function buildFit(snapshot: Snapshot, inventory: Inventory): Fit | undefined {
  const { resources, objects } = listSet(snapshot, inventory)
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
    moreNodes: settled && !fits ? findMoreNodes(inventory.cluster, objects) : undefined,
    notes: [
      ...inventory.notes,
      ...listNotes(snapshot, inventory),
      ...listFree(report),
      ...listRejected(report, resources),
    ],
  }
}

/** What becomes of the pods of a resource of a unit; undefined for what makes none. */
export type FindFit = (unit: Unit, resource: Resource) => ResourceFit | undefined

/** Each set is placed once, when the first of its resources is asked for. */
export function createFits(snapshot: Snapshot, inventory: Inventory): FindFit {
  const known = new Map<Unit | undefined, ReadonlyMap<Resource, ResourceFit>>()
  return (unit, resource) => {
    if (unit.name !== '' && !unit.chart) return undefined
    const instead = isOtherRendering(snapshot, unit) ? unit : undefined
    let fits = known.get(instead)
    if (!fits) known.set(instead, (fits = placeSet(snapshot, inventory, instead)))
    return fits.get(resource)
  }
}

function placeSet(
  snapshot: Snapshot,
  inventory: Inventory,
  instead: Unit | undefined,
): ReadonlyMap<Resource, ResourceFit> {
  const { resources, objects } = listSet(snapshot, inventory, instead)
  const fits = new Map<Resource, ResourceFit>()
  for (const it of decideFit(inventory.cluster, objects, { orders: 0 }).workloads) {
    const resource = resources.get(it.workload)!
    fits.set(resource, placeFit(it, resource))
  }
  return fits
}
