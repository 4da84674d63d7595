/** The report of `plimsoll schedule` for programs; within a version things are only added. */
import type { Fit, PlacedFit } from '../../engine/fit.ts'
import type { FitPlace } from '../../rule.ts'
import type { FitReport } from '../../schedule/verdict/decide-fit.ts'
import type { LossReport } from '../../schedule/verdict/headroom.ts'
import { toJsonText } from '../escape.ts'
import { toPlace } from '../json.ts'
import { toRange } from '../reporter.ts'
import { listNodeUse } from './node-use.ts'

export function formatFitJson(fit: Fit, version: string): string {
  const { report, inventory, headroom, facts, moreNodes, notes } = fit
  const { verdict, proofs, tried, held, unknowns, rejections, assignment } = report
  const json = {
    version: 1,
    tool: { name: 'plimsoll', version },
    verdict,
    proofs,
    workloads: fit.workloads.map(it => toJson(it, facts.more.get(it.workload))),
    rejections,
    assignment: assignment?.map(({ namespace, name, nodeName }) => ({ namespace, name, node: nodeName })),
    tried,
    held,
    evictions: listEvictions(report),
    peaks: fit.peaks.map(({ peak, verdict, more, report, short }) => ({
      peak,
      verdict,
      more,
      evictions: listEvictions(report),
      short: short.map(it => toJson(it, undefined)),
    })),
    nodes: listNodeUse(fit),
    headroom,
    moreNodes,
    fewestNodes: facts.fewestNodes,
    losses: { nodes: facts.nodeLosses.map(toLoss), zones: facts.zoneLosses.map(toLoss) },
    unknowns,
    notes: facts.untried === undefined ? notes : [...notes, facts.untried],
    problems: inventory.problems.map(toPlace),
  }
  return `${toJsonText(json)}\n`
}

/** `guessed` of the pods stand for others that kube-scheduler may choose. */
const listEvictions = ({ evictions, guessedEvictions }: FitReport) =>
  [...evictions].map(([workload, pods]) => ({
    workload,
    pods,
    guessed: guessedEvictions.get(workload) ?? 0,
  }))

const toLoss = ({ lost, moved, homeless }: LossReport) => ({ lost, moved, homeless: homeless.length })

function toJson(fit: PlacedFit, room: number | undefined) {
  const { at, part, resource, edits, nodes, elsewhere, ...facts } = fit
  return {
    ...facts,
    nodes: Object.fromEntries(nodes),
    elsewhere: elsewhere && Object.fromEntries(elsewhere),
    roomForMore: room,
    ...place({ at, part }),
    origins: (at.document.origins?.(at.span(part)) ?? [])
      .filter(it => it.kind === 'values')
      .map(({ location, path }) => ({
        kind: 'values',
        file: location.source.id,
        range: toRange(location),
        path: path?.join('.'),
      })),
    edits: edits.map(({ at, part, patch: _, ...edit }) => ({ ...edit, ...place({ at, part }) })),
  }
}

function place({ at, part }: FitPlace) {
  const location = at.locate(part)
  return { file: location.source.id, range: toRange(location) }
}
