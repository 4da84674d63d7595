/** Findings of a snapshot by file, each computed when first asked for. */
import type { Finding } from '../engine/finding.ts'
import { ownRules } from '../engine/own-rules.ts'
import { judge } from '../engine/report.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { memo } from '../text/memo.ts'
import { pathBelow } from '../text/paths.ts'
import type { Document } from '../yaml/document.ts'

export interface Verdicts {
  /** Runs the rules over this file alone, unless they have run over everything: what is typed in waits for nothing else. */
  of(id: string): readonly Finding[]
  /** Findings of other files of a chart about text that comes from this one, a values file: placed where it comes from. */
  from(id: string): readonly Finding[]
  /** Files with findings. */
  all(): ReadonlyMap<string, readonly Finding[]>
}

export const verdictsOf = memo((snapshot: Snapshot): Verdicts => {
  let known: ReadonlyMap<string, readonly Finding[]> | undefined
  const single = new Map<string, readonly Finding[]>()
  const all = (): ReadonlyMap<string, readonly Finding[]> => {
    known ??= groupByFile(list(snapshot))
    return known
  }
  return {
    all,
    from: id =>
      isInChart(snapshot, id) ? [...all().values()].flat().flatMap(it => placeAtOrigin(it, id)) : [],
    of(id) {
      if (known || isInChart(snapshot, id)) return all().get(id) ?? []
      let found = single.get(id)
      if (!found) {
        found = list(narrow(snapshot, id)).filter(it => it.location.source.id === id)
        single.set(id, found)
      }
      return found
    },
  }
})

function placeAtOrigin(finding: Finding, id: string): Finding[] {
  if (finding.location.source.id === id) return []
  return finding.origins
    .filter(it => it.kind === 'values' && it.location.source.id === id)
    .map(({ location }) => ({ ...finding, location }))
}

const list = (snapshot: Snapshot): readonly Finding[] =>
  judge(snapshot, { rules: [...snapshot.rules, ...ownRules], today: formatDay(new Date()) }).findings

/** Rules report on the resource they are given, so the others need only be seen, through the graph. */
const narrow = (snapshot: Snapshot, id: string): Snapshot => ({
  ...snapshot,
  units: snapshot.units.map(unit => ({
    ...unit,
    entries: unit.entries.filter(it => it.document.source.id === id),
  })),
})

/** What is found in one template of a chart may stand in another file of it: a helper, the values. */
const isInChart = ({ units }: Snapshot, id: string): boolean =>
  units.some(({ chart }) => chart && pathBelow(chart.folder, id) !== undefined)

function groupByFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const byFile = new Map<string, Finding[]>()
  for (const finding of findings) {
    const { id } = finding.location.source
    const group = byFile.get(id)
    if (group) group.push(finding)
    else byFile.set(id, [finding])
  }
  return byFile
}

/** `2026-11-21`, in the time zone of the user. */
const formatDay = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(it => String(it).padStart(2, '0')).join('-')

/** The documents of a file, in order. */
export function listDocuments({ units }: Snapshot, id: string): Document[] {
  const documents = new Set<Document>()
  for (const { entries } of units)
    for (const { document } of entries) if (document.source.id === id) documents.add(document)
  return [...documents]
}
