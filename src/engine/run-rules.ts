/** Runs rules over resources and documents, and turns what they report into findings. */
import type { RuleSettings } from '../config/config.ts'
import type { Graph } from '../graph/graph.ts'
import type { Apis } from '../kube/apis.ts'
import { formatResource, type Resource } from '../kube/resource.ts'
import type { Selector } from '../kube/selectors.ts'
import type { Context, DocumentRule, Fix, ResourceFit, ResourceRule, Rule, Severity } from '../rule.ts'
import { hashText } from '../text/hash.ts'
import { memo } from '../text/memo.ts'
import type { Edit, Location } from '../text/source.ts'
import type { At } from '../yaml/cursor.ts'
import type { Document, Lowered, Part } from '../yaml/document.ts'
import { formatPath, type Json } from '../yaml/json.ts'
import type { Finding, FindingFix, Origin } from './finding.ts'
import { isPacked } from './project.ts'

/** Rules grouped so that a resource meets only those its kind can wake and that are on, and each selector runs once. */
export interface RulePlan {
  documentRules(settings: RuleSettings): readonly Planned<DocumentRule>[]
  groupsFor(kind: string, settings: RuleSettings): readonly SelectorGroup[]
}

interface SelectorGroup {
  readonly selector: Selector
  readonly rules: readonly Planned<ResourceRule>[]
}

interface Planned<R extends Rule> {
  readonly rule: R
  readonly severity: Severity
  readonly options: Json
}

export interface Surroundings {
  readonly apis: Apis
  readonly graph: Graph
  readonly settings: RuleSettings
  readonly findFit: (resource: Resource) => ResourceFit | undefined
}

/** Raised by nothing: a bug in one rule becomes one finding with this rule id, and the run ends with exit code 3. */
export const internalError = 'internal-error'

/** Puts rules together that look at the same cursors. */
export function planRules(rules: readonly Rule[]): RulePlan {
  const documentRules = rules.filter(it => it.scope === 'document')
  const bySelector = new Map<Selector, ResourceRule[]>()
  for (const rule of rules) {
    if (rule.scope === 'document' || rule.scope === 'chart') continue
    const group = bySelector.get(rule.on)
    if (group) group.push(rule)
    else bySelector.set(rule.on, [rule])
  }
  const groups = memo((settings: RuleSettings): readonly SelectorGroup[] =>
    [...bySelector]
      .map(([selector, rules]) => ({ selector, rules: listOn(rules, settings) }))
      .filter(it => it.rules.length > 0),
  )
  const byKind = memo((_: RuleSettings) => new Map<string, readonly SelectorGroup[]>())
  return {
    documentRules: memo((settings: RuleSettings) => listOn(documentRules, settings)),
    groupsFor(kind, settings) {
      const planned = byKind(settings)
      let known = planned.get(kind)
      if (!known) {
        known = groups(settings).filter(it => it.selector.kinds?.includes(kind) ?? true)
        planned.set(kind, known)
      }
      return known
    },
  }
}

/** Those that are not off, with their settings. */
function listOn<R extends Rule>(rules: readonly R[], settings: RuleSettings): readonly Planned<R>[] {
  const on: Planned<R>[] = []
  for (const rule of rules) {
    const severity = settings.level(rule.id)
    if (severity !== 'off') on.push({ rule, severity, options: settings.options(rule.id) })
  }
  return on
}

/** All findings of the planned rules about one resource; severity `off` is not run. */
export function checkResource(resource: Resource, plan: RulePlan, around: Surroundings): Finding[] {
  const found: Finding[] = []
  const groups = plan.groupsFor(resource.kind, around.settings)
  let run: Run | undefined
  for (let i = 0; i < groups.length; i++) {
    const { selector, rules } = groups[i]!
    let places: readonly At[] | undefined
    for (let k = 0; k < rules.length; k++) {
      const planned = rules[k]!
      try {
        places ??= toArray(selector(resource))
        if (places.length === 0) break
        if (run) run.planned = planned
        else run = createRun(planned, resource, around, found)
        for (let at = 0; at < places.length; at++) planned.rule.check(places[at]!, run.context)
      } catch (error) {
        found.push(bugFinding(planned.rule, resource, error))
      }
    }
  }
  return found
}

const toArray = (places: Iterable<At>): readonly At[] => (Array.isArray(places) ? places : [...places])

/** Findings of the rules about the text of documents. */
export function checkDocument(
  document: Document,
  plan: RulePlan,
  around: Pick<Surroundings, 'apis' | 'settings'>,
): Finding[] {
  const found: Finding[] = []
  for (const { rule, severity, options } of plan.documentRules(around.settings)) {
    rule.check(document, {
      options,
      report: (span, message, related = []) =>
        found.push({
          rule: rule.id,
          severity,
          message,
          location: document.place(span),
          kubernetes: around.apis.versions,
          origins: [],
          related: related.map(it => ({ location: document.place(it.span), message: it.message })),
          fixes: [],
          fingerprint: hashText([rule.id, document.source.id, message].join('\0')),
        }),
    })
  }
  return found
}

/** The rules of one resource, one behind the other: they share one context, since most have nothing to report. */
interface Run {
  planned: Planned<ResourceRule>
  readonly context: Context
}

function createRun(
  planned: Planned<ResourceRule>,
  resource: Resource,
  around: Surroundings,
  found: Finding[],
): Run {
  const run: Run = {
    planned,
    context: {
      resource,
      get options() {
        return run.planned.options
      },
      apis: around.apis,
      graph: around.graph,
      findFit: () => around.findFit(resource),
      isOn: id => around.settings.level(id) !== 'off',
      report(at, message, details = {}) {
        const { rule, severity } = run.planned
        const path = formatPath(at.path.slice(resource.root.path.length))
        const location = at.locate(details.part)
        found.push({
          rule: rule.id,
          severity,
          message,
          location,
          resource: identityOf(resource),
          path,
          kubernetes: details.kubernetes ?? around.apis.versions,
          origins: listOrigins(at, location, details.part),
          related: (details.related ?? []).map(it => ({
            location: it.at.locate(it.part),
            message: it.message,
          })),
          ...lowerFixes(at.document, details.fixes ?? []),
          ...(details.server && { server: details.server }),
          fingerprint: fingerprintOf(rule.id, resource, path),
        })
      },
    },
  }
  return run
}

/**
 * How the text came there; the finding's own place is not repeated. What is wrong with
 * `resources: {{ toYaml .Values.resources }}` as a whole is mended at the key of the values.
 */
function listOrigins(at: At, own: Location, part: Part | undefined): Origin[] {
  const places = at.document.origins?.(at.span(part)) ?? []
  const isBare = part === 'key' && !places.some(it => it.kind === 'values')
  const whole = isBare || at.isMap || at.isList ? at.document.whole?.(at.path) : undefined
  const others = whole ? places.filter(it => !isSamePlace(it.location, whole.location)) : places
  return [...(whole ? [whole] : []), ...others]
    .filter(it => it.kind !== 'literal' && !isSamePlace(it.location, own))
    .map(({ kind, location, path }) => ({
      kind: kind as Origin['kind'],
      location,
      ...(path && { path: formatPath(path) }),
    }))
}

const isSamePlace = (a: Location, b: Location): boolean =>
  a.source.id === b.source.id && a.span.start === b.span.start && a.span.end === b.span.end

export type LoweredFixes = Pick<Finding, 'fixes' | 'lacksFixes'>

/** Fixes as edits; one that cannot be written is left out. */
export function lowerFixes(document: Document, fixes: readonly Fix[]): LoweredFixes {
  if (isPacked(document.source.id)) return { fixes: [] }
  const lowered: FindingFix[] = []
  let isUntried = false
  for (const { title, safe, patch } of fixes) {
    const edits: Edit[] = []
    let some: Lowered = edits
    for (let i = 0; i < patch.length && some && some !== 'untried'; i++) {
      some = document.lower(patch[i]!)
      if (some && some !== 'untried') edits.push(...some)
    }
    if (some === 'untried') isUntried = true
    else if (some) lowered.push({ title, safe, edits })
  }
  return { fixes: lowered, ...(isUntried && { lacksFixes: true }) }
}

const identityOf = ({ apiVersion, kind, namespace, name }: Resource) => ({
  apiVersion,
  kind,
  namespace,
  name,
})

const fingerprintOf = (rule: string, { group, kind, namespace, name }: Resource, path: string): string =>
  hashText([rule, group, kind, namespace ?? '', name, path].join('\0'))

function bugFinding(rule: Rule, resource: Resource, error: unknown): Finding {
  return {
    rule: internalError,
    severity: 'error',
    message: `rule ${rule.id} failed on ${formatResource(resource)}: ${String(error)}`,
    location: resource.root.locate(),
    resource: identityOf(resource),
    kubernetes: [],
    origins: [],
    related: [],
    fixes: [],
    fingerprint: fingerprintOf(internalError, resource, rule.id),
  }
}
