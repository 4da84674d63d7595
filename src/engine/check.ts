/** Snapshot to report: every rule over every unit, then suppressions and focus. Pure. */
import type { Apis } from '../kube/apis.ts'
import type { Resource } from '../kube/resource.ts'
import type { Rule } from '../rule.ts'
import type { Location } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import { listChartFindings, mergeRenderings, mergeSets } from './chart-findings.ts'
import { compareFindings, type Finding, type Report, type Skipped } from './finding.ts'
import { checkDocument, checkResource, planRules, type RulePlan, type Surroundings } from './run-rules.ts'
import { type Entry, resourcesOf, type Snapshot, type Unit } from './snapshot.ts'

/** All findings, in report order; suppressions are not applied yet. */
export function listFindings(snapshot: Snapshot): Finding[] {
  const plans = plansOf(snapshot.rules)
  const found = snapshot.units.map(unit => {
    const ofUnit: Finding[] = []
    for (const entry of unit.entries) checkEntry(snapshot, unit, entry, plans, ofUnit)
    return [unit, ofUnit] as const
  })
  const ofCharts = snapshot.checkedCharts.flatMap(it => [
    ...mergeSets(it.findings, it.setNames),
    ...it.files.flatMap(document => checkText(snapshot, document, plans.own)),
  ])
  const all = [...mergeRenderings(found), ...ofCharts, ...listChartFindings(snapshot)].sort(compareFindings)
  const different = all.filter((it, i) => i === 0 || !sameFinding(it, all[i - 1]!))
  return dropRepeated(different, snapshot.rules)
}

/** Each unit tells what holds for all of them. */
function dropRepeated(findings: readonly Finding[], rules: readonly Rule[]): Finding[] {
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

export function buildReport(snapshot: Snapshot, findings: readonly Finding[], suppressed: number): Report {
  const { apis, config, sources, units, skipped } = snapshot
  const judged = units.flatMap(it => it.entries.filter(isJudged).map(entry => entry.document))
  // Renderings share documents, and each of them installs all of its own.
  const documents = new Set(judged)
  let resources = 0
  for (const document of judged) resources += resourcesOf(document).length
  return {
    findings,
    summary: {
      files: sources.size,
      resources,
      charts: snapshot.charts,
      kubernetes: config.kubernetes,
      kubernetesGiven: config.kubernetesGiven,
      skipped: [
        ...skipped,
        ...[...apis.unusable].map(([path, reason]) => ({ path, reason })),
        ...listUnevaluated(documents, apis),
        ...listFilledIn(documents, apis),
      ],
      ...(snapshot.inventory ? { inventory: snapshot.inventory } : {}),
      incomplete: [...new Set(units.flatMap(it => it.graph.incomplete))],
      suppressed,
    },
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

interface Plans {
  readonly own: RulePlan
  readonly graph: RulePlan
  /** For resources that a kustomization completes: without the rules about what is missing. */
  readonly ownOfBases: RulePlan
  readonly graphOfBases: RulePlan
}

const planned = new WeakMap<readonly Rule[], Plans>()

function plansOf(rules: readonly Rule[]): Plans {
  let plans = planned.get(rules)
  if (!plans) {
    const own = rules.filter(it => it.scope !== 'graph' && it.scope !== 'chart')
    const graph = rules.filter(it => it.scope === 'graph')
    const notAbsence = (it: Rule): boolean => !('aboutAbsence' in it && it.aboutAbsence)
    plans = {
      own: planRules(own),
      graph: planRules(graph),
      ownOfBases: planRules(own.filter(notAbsence)),
      graphOfBases: planRules(graph.filter(notAbsence)),
    }
    planned.set(rules, plans)
  }
  return plans
}

const isJudged = (entry: Entry): boolean => entry.role === 'manifest' || entry.role === 'base'

/** Chart.yaml and values files hold no resources, but the same faults of YAML. */
function checkText({ apis, config }: Snapshot, document: Document, plan: RulePlan): Finding[] {
  const isBroken = document.problems.some(it => it.code === 'syntax')
  return isBroken
    ? []
    : checkDocument(document, plan, { apis, settings: config.settingsFor(document.source.id) })
}

function checkEntry(snapshot: Snapshot, unit: Unit, entry: Entry, plans: Plans, found: Finding[]): void {
  const { document, role } = entry
  if (role === 'other') return
  const around: Surroundings = {
    apis: snapshot.apis,
    graph: unit.graph,
    settings: snapshot.config.settingsFor(document.source.id),
    findFit: resource => snapshot.findFit?.(unit, resource),
  }
  for (const it of checkDocument(document, plans.own, around)) found.push(it)
  if (!isJudged(entry)) return
  const own = role === 'base' ? plans.ownOfBases : plans.own
  const graph = role === 'base' ? plans.graphOfBases : plans.graph
  const breaks = document.problems.filter(it => it.code === 'syntax').map(it => document.place(it.span))
  for (const resource of resourcesOf(document)) {
    for (const findings of [checkOwn(resource, own, around), checkResource(resource, graph, around)])
      for (const it of findings) if (breaks.length === 0 || !isFollowUp(it, breaks)) found.push(it)
  }
}

/** What a line seems to say that cannot be read is no fault of its own. */
const isFollowUp = ({ location }: Finding, breaks: readonly Location[]): boolean =>
  breaks.some(({ source, span }) => {
    const [start, end] = [
      Math.min(span.start, location.span.start),
      Math.max(span.start, location.span.start),
    ]
    return source === location.source && !source.text.slice(start, end).includes('\n')
  })

interface OwnFindings {
  readonly plan: RulePlan
  readonly apis: Surroundings['apis']
  readonly settings: Surroundings['settings']
  readonly findings: readonly Finding[]
}

const ownFindings = new WeakMap<Resource, OwnFindings>()

/** What a resource's own content gives is kept as long as its document lives and the settings stay. */
function checkOwn(resource: Resource, plan: RulePlan, around: Surroundings): readonly Finding[] {
  const known = ownFindings.get(resource)
  if (known?.plan === plan && known.apis === around.apis && known.settings === around.settings)
    return known.findings
  const findings = checkResource(resource, plan, around)
  ownFindings.set(resource, { plan, apis: around.apis, settings: around.settings, findings })
  return findings
}

/** A document may belong to several units; what all of them say is said once. */
const sameFinding = (a: Finding, b: Finding): boolean =>
  a.rule === b.rule &&
  a.message === b.message &&
  a.location.source === b.location.source &&
  a.location.span.start === b.location.span.start &&
  a.location.span.end === b.location.span.end
