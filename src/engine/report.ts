/** From a snapshot, or those of all parts of a run, to the report: suppressions, what is told once, the summary. */
import type { RuleInfo } from '../config/catalogue.ts'
import type { Apis } from '../kube/apis.ts'
import type { Rule } from '../rule.ts'
import type { Document } from '../yaml/document.ts'
import { listFindings } from './check.ts'
import { compareFindings, type Finding, leaveOutSame, type Report, type Skipped } from './finding.ts'
import { isJudged, resourcesOf, type Snapshot } from './snapshot.ts'
import { suppress } from './suppress.ts'

export interface Judging {
  /** All rules whose names may be written, whether they run or not. */
  readonly rules: readonly RuleInfo[]
  /** The day of the run, `2026-11-21`: the engine has no clock. */
  readonly today: string
  /** Findings of those who have read the files. */
  readonly others?: readonly Finding[]
}

export interface Found {
  /** In report order, without those that are suppressed. */
  readonly findings: readonly Finding[]
  readonly suppressed: number
}

/** What there is to tell of a snapshot: plain data, which can be handed from thread to thread. */
export interface Judged extends Found {
  readonly tally: Tally
}

/** What a snapshot holds, for the summary. */
export interface Tally {
  /** Ids of the files read, whatever was in them. */
  readonly files: ReadonlySet<string>
  readonly resources: number
  readonly charts: number
  readonly skipped: readonly Skipped[]
  readonly incomplete: readonly string[]
}

/** Runs every rule over a snapshot and takes out what is suppressed. */
export function judge(snapshot: Snapshot, { rules, today, others = [] }: Judging): Found {
  const own = listFindings(snapshot)
  const all = others.length === 0 ? own : [...own, ...others].sort(compareFindings)
  const { findings, suppressed } = suppress(all, { snapshot, rules, today })
  return { findings: tellOnce(findings, snapshot.rules), suppressed }
}

/** Parts may have read the same file, and say the same of it. */
export function joinParts(parts: readonly Judged[], rules: readonly Rule[]): Judged {
  const sorted = parts.flatMap(it => it.findings).sort(compareFindings)
  const tallies = parts.map(it => it.tally)
  const add = (numbers: readonly number[]): number => numbers.reduce((sum, it) => sum + it, 0)
  return {
    findings: tellOnce(leaveOutSame(sorted), rules),
    suppressed: add(parts.map(it => it.suppressed)),
    tally: {
      files: new Set(tallies.flatMap(it => [...it.files])),
      resources: add(tallies.map(it => it.resources)),
      charts: add(tallies.map(it => it.charts)),
      skipped: tallies.flatMap(it => it.skipped),
      incomplete: tallies.flatMap(it => it.incomplete),
    },
  }
}

/** Each unit tells what holds for all of them. */
function tellOnce(findings: readonly Finding[], rules: readonly Rule[]): readonly Finding[] {
  const once = new Set(rules.filter(it => 'isToldOnce' in it && it.isToldOnce).map(it => it.id))
  const told = new Set<string>()
  return findings.filter(({ rule, message }) => {
    if (!once.has(rule)) return true
    const words = `${rule}\0${message}`
    const isNew = !told.has(words)
    told.add(words)
    return isNew
  })
}

/** Only findings that touch one of these files, by their own place or a related one. */
export const focusOn = (findings: readonly Finding[], focus: ReadonlySet<string>): Finding[] =>
  findings.filter(
    it => focus.has(it.location.source.id) || it.related.some(to => focus.has(to.location.source.id)),
  )

export function buildReport(
  { config, inventory }: Pick<Snapshot, 'config' | 'inventory'>,
  { findings, suppressed, tally }: Judged,
): Report {
  const { files, resources, charts, skipped, incomplete } = tally
  return {
    findings,
    summary: {
      files: files.size,
      resources,
      charts,
      kubernetes: config.kubernetes,
      kubernetesGiven: config.kubernetesGiven,
      skipped: sortSkipped([...skipped, ...listWithoutFixes(findings)]),
      ...(inventory ? { inventory } : {}),
      incomplete: [...new Set(incomplete)].sort(),
      suppressed,
    },
  }
}

/** Files with so many faults that not all fixes were worked out, each said once. */
function listWithoutFixes(findings: readonly Finding[]): Skipped[] {
  const counts = new Map<string, number>()
  for (const { lacksFixes, location } of findings)
    if (lacksFixes) counts.set(location.source.id, (counts.get(location.source.id) ?? 0) + 1)
  return [...counts].map(([path, count]) => ({
    path,
    reason: `fixes of ${count} ${count === 1 ? 'finding' : 'findings'} not worked out: a document so long was read too often for those of others`,
  }))
}

/** In the same order however the run was divided; each said once. */
function sortSkipped(skipped: readonly Skipped[]): Skipped[] {
  const known = new Map(skipped.map(it => [`${it.path}\0${it.reason}`, it]))
  return [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it)
}

/** Counts what a snapshot holds, and lists what in it was not checked. */
export function tallyOf({ apis, sources, units, skipped, charts }: Snapshot): Tally {
  const judged = units.flatMap(it => it.entries.filter(isJudged).map(entry => entry.document))
  // Renderings share documents, and each of them installs all of its own.
  const documents = new Set(judged)
  let resources = 0
  for (const document of judged) resources += resourcesOf(document).length
  return {
    files: new Set(sources.keys()),
    resources,
    charts,
    skipped: [
      ...skipped,
      ...[...apis.unusable].map(([path, reason]) => ({ path, reason })),
      ...listUnevaluated(documents, apis),
      ...listFilledIn(documents, apis),
    ],
    incomplete: units.flatMap(it => it.graph.incomplete),
  }
}

/** Files with values like `${NAME}`, each said once. */
function listFilledIn(documents: ReadonlySet<Document>, apis: Apis): Skipped[] {
  const paths = new Set<string>()
  for (const document of documents)
    if (resourcesOf(document).some(apis.isFilledIn)) paths.add(document.source.id)
  return [...paths].map(path => ({ path, reason: 'values that are filled in later are not judged' }))
}

/** Kinds whose definitions have rules that do not compile; each said once. */
function listUnevaluated(documents: ReadonlySet<Document>, apis: Apis): Skipped[] {
  const kinds = new Map<string, Skipped | undefined>()
  for (const document of documents)
    for (const { apiVersion, kind } of resourcesOf(document)) {
      const path = `${apiVersion} ${kind}`
      if (kinds.has(path)) continue
      const broken = apis.hasRules(apiVersion, kind) ? apis.listBrokenRules(apiVersion, kind) : []
      kinds.set(path, broken.length === 0 ? undefined : { path, reason: wordBroken(broken) })
    }
  return [...kinds.values()].filter(it => it !== undefined)
}

/** Source positions are left to those who look at the definition. */
function wordBroken(broken: readonly string[]): string {
  const [first] = broken[0]!.split('\n')
  const count = broken.length === 1 ? 'a CEL rule' : `${broken.length} CEL rules`
  return `${count} of its definition cannot be evaluated: ${first!.replace('compilation failed: ERROR: <input>:', '')}`
}
