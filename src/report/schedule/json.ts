/** The report of `plimsoll schedule` for programs; within a version things are only added. */
import type { Fit, PlacedFit } from '../../engine/fit.ts'
import type { Location } from '../../text/source.ts'
import { toJsonText } from '../escape.ts'
import { toRange } from '../reporter.ts'
import { listNodeUse } from './bars.ts'

export function formatFitJson(fit: Fit, version: string): string {
  const { report, inventory, headroom, losses, notes } = fit
  const { verdict, proof, tried, held, evictions, unknowns, rejections, settled, assignment } = report
  const json = {
    version: 1,
    tool: { name: 'plimsoll', version },
    verdict,
    proof,
    workloads: fit.workloads.map(toJson),
    rejections,
    assignment: assignment?.map(({ namespace, name, nodeName }) => ({ namespace, name, node: nodeName })),
    tried,
    held,
    evictions: [...evictions].map(([workload, pods]) => ({ workload, pods })),
    nodes: settled ? listNodeUse(settled) : [],
    headroom,
    losses: losses.map(({ lost, moved, homeless }) => ({ lost, moved, homeless: homeless.length })),
    unknowns,
    notes,
    problems: inventory.problems.map(it => ({ message: it.message, ...place(it.location) })),
  }
  return `${toJsonText(json)}\n`
}

const toJson = ({ location, edits, ...fit }: PlacedFit) => ({
  ...fit,
  ...place(location),
  edits: edits.map(({ location: at, ...edit }) => ({ ...edit, ...place(at) })),
})

const place = (location: Location) => ({ file: location.source.id, range: toRange(location) })
