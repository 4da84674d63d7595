/** Findings about charts: what stops them from rendering, and what is found with some values only. */
import type { HelmProblemCode } from '../helm/chart.ts'
import { hashText } from '../text/hash.ts'
import { formatPath } from '../yaml/json.ts'
import type { Finding, FindingFix } from './finding.ts'
import {
  helmChartInvalid,
  helmDependencyMissing,
  helmTemplateFailed,
  helmValuesInvalid,
} from './own-rules.ts'
import { chartFileOf } from './project.ts'
import type { Snapshot, Unit } from './snapshot.ts'

const RULES: Readonly<Record<HelmProblemCode, string>> = {
  'chart-invalid': helmChartInvalid,
  'values-invalid': helmValuesInvalid,
  'values-schema': helmValuesInvalid,
  'schema-elsewhere': helmChartInvalid,
  'dependency-missing': helmDependencyMissing,
  'kubernetes-incompatible': helmChartInvalid,
  'library-chart': helmChartInvalid,
  'template-syntax': helmTemplateFailed,
  'template-error': helmTemplateFailed,
  'template-fail': helmTemplateFailed,
  'manifest-invalid': helmTemplateFailed,
  limit: helmTemplateFailed,
}

export function listChartFindings({ chartProblems, config, sources, units }: Snapshot): Finding[] {
  return chartProblems.flatMap(({ code, message, location, related, value, folder, values }): Finding[] => {
    const rule = RULES[code]
    const id = chartFileOf(folder)
    const place = location ?? { source: sources.get(id) ?? { id, text: '' }, span: { start: 0, end: 0 } }
    const severity = config.settingsFor(place.source.id).level(rule)
    if (severity === 'off') return []
    return [
      {
        rule,
        severity,
        message,
        location: place,
        kubernetes: config.kubernetes,
        ...someValues(values, setsOf(units, folder)),
        origins: value ? [{ kind: 'values', location: value.location, path: formatPath(value.path) }] : [],
        related,
        fixes: [],
        fingerprint: hashText([rule, folder, message].join('\0')),
      },
    ]
  })
}

type Rendering = NonNullable<Unit['chart']>

interface Merged {
  /** Index among the findings. */
  readonly at: number
  readonly sets: string[]
  readonly folder: string
  /** What all renderings that show it would mend in the same way. */
  fixes: readonly FindingFix[]
}

/** What the renderings of one chart agree on is said once, and what only some of them show names their values. */
export function mergeRenderings(found: readonly (readonly [Unit, readonly Finding[]])[]): Finding[] {
  const merged: Finding[] = []
  const known = new Map<string, Merged>()
  for (const [{ chart }, findings] of found)
    for (const finding of findings) {
      if (!chart) {
        merged.push(finding)
        continue
      }
      const key = `${chart.folder}\0${placeKey(finding)}`
      const first = known.get(key)
      if (!first) {
        const { fixes } = finding
        known.set(key, { at: merged.length, sets: [chart.values], folder: chart.folder, fixes })
        merged.push(finding)
      } else if (!first.sets.includes(chart.values)) {
        first.sets.push(chart.values)
        first.fixes = first.fixes.filter(it => finding.fixes.some(other => sameFix(it, other)))
        if (finding.lacksFixes) merged[first.at] = { ...merged[first.at]!, lacksFixes: true }
      }
    }
  const charts = found.flatMap(([{ chart }]) => chart ?? [])
  for (const { at, sets, folder, fixes } of known.values()) {
    const all = charts.filter(it => it.folder === folder)
    const others = all.filter(it => !sets.includes(it.values))
    merged[at] = {
      ...merged[at]!,
      ...someValues(
        sets,
        all.map(it => it.values),
      ),
      fixes: fixes.filter(it => !others.some(other => touches(it, other))),
    }
  }
  return merged
}

const sameFix = (a: FindingFix, b: FindingFix): boolean =>
  a.title === b.title &&
  a.edits.length === b.edits.length &&
  a.edits.every((it, i) => {
    const other = b.edits[i]!
    const { start, end } = other.span
    return (
      it.text === other.text && it.source === other.source && it.span.start === start && it.span.end === end
    )
  })

/** An edit of a template that would change a rendering which is right as it is. */
const touches = ({ edits }: FindingFix, { isRendered }: Rendering): boolean =>
  edits.some(it => isRendered(it.source, it.span.start))

/** What rules about a chart say of several sets of values at one place is one finding. */
export function mergeSets(findings: readonly Finding[], setNames: readonly string[]): Finding[] {
  const merged = new Map<string, { readonly finding: Finding; readonly sets: Set<string> }>()
  for (const finding of findings) {
    const key = placeKey(finding)
    const known = merged.get(key)
    const sets = finding.values ?? setNames
    if (known) for (const it of sets) known.sets.add(it)
    else merged.set(key, { finding, sets: new Set(sets) })
  }
  return [...merged.values()].map(({ finding: { values: _, ...finding }, sets }) => ({
    ...finding,
    ...someValues([...sets], setNames),
  }))
}

const placeKey = ({ rule, location: { source, span }, message }: Finding): string =>
  [rule, source.id, span.start, span.end, message].join('\0')

const setsOf = (units: readonly Unit[], folder: string): string[] =>
  units.flatMap(it => (it.chart?.folder === folder ? [it.chart.values] : []))

const someValues = (
  some: readonly string[],
  all: readonly string[],
): { readonly values?: readonly string[] } =>
  some.length === 0 || some.length === all.length ? {} : { values: some }
