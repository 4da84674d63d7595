/** Snapshot to findings: every rule over every unit. Pure. */
import type { Resource } from '../kube/resource.ts'
import type { Rule } from '../rule.ts'
import type { Location } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import { listChartFindings, mergeRenderings, mergeSets } from './chart-findings.ts'
import { compareFindings, type Finding, leaveOutSame } from './finding.ts'
import { checkDocument, checkResource, planRules, type RulePlan, type Surroundings } from './run-rules.ts'
import { type Entry, isJudged, resourcesOf, type Snapshot, type Unit } from './snapshot.ts'

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
  const all = [...mergeRenderings(found), ...ofCharts, ...listChartFindings(snapshot)]
  return leaveOutSame(all.sort(compareFindings))
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
