/** Runs the rules about charts, each over all renderings of a chart together. */
import type { Config } from '../config/config.ts'
import type { ChartFacts } from '../helm/facts/chart-facts.ts'
import type { ChartReportDetails, ChartRule, Fix, Rule, TextFix } from '../rule.ts'
import { hashText } from '../text/hash.ts'
import type { Location } from '../text/source.ts'
import type { At } from '../yaml/cursor.ts'
import type { Document } from '../yaml/document.ts'
import type { Finding } from './finding.ts'
import { chartFileOf, isPacked } from './project.ts'
import { internalError, type LoweredFixes, lowerFixes } from './run-rules.ts'

/** What is found about a chart itself, and its own files, whose text is judged as that of manifests is. */
export interface CheckedChart {
  readonly setNames: readonly string[]
  readonly files: readonly Document[]
  readonly findings: readonly Finding[]
}

/** Findings about one chart; `values` of each names the sets that show it, as far as the rule knows. */
export function checkChart(chart: ChartFacts, rules: readonly Rule[], config: Config): CheckedChart {
  const { setNames, files } = chart
  const found: Finding[] = []
  for (const rule of rules) {
    if (rule.scope !== 'chart') continue
    try {
      checkRule(rule, chart, config, found)
    } catch (error) {
      found.push(bugFinding(rule, chart, error))
    }
  }
  return { setNames, files, findings: found }
}

function checkRule(rule: ChartRule, chart: ChartFacts, config: Config, found: Finding[]): void {
  const about = config.settingsFor(chartFileOf(chart.folder))
  rule.check(chart, {
    options: about.options(rule.id),
    report(place, message, { part, related = [], fixes = [], values }: ChartReportDetails = {}) {
      const location = isCursor(place) ? place.locate(part) : place
      const severity = config.settingsFor(location.source.id).level(rule.id)
      if (severity === 'off') return
      found.push({
        rule: rule.id,
        severity,
        message,
        location,
        kubernetes: config.kubernetes,
        ...(values && { values }),
        origins: [],
        related,
        ...lowerAll(fixes, place),
        fingerprint: hashText([rule.id, chart.folder, location.source.id, message].join('\0')),
      })
    },
  })
}

/** Of a patch that cannot be written nothing. */
function lowerAll(fixes: readonly (Fix | TextFix)[], place: At | Location): LoweredFixes {
  const lowered = fixes.map((fix): LoweredFixes => {
    if ('edits' in fix) return { fixes: fix.edits.some(it => isPacked(it.source.id)) ? [] : [fix] }
    return isCursor(place) ? lowerFixes(place.document, [fix]) : { fixes: [] }
  })
  return { ...lowered.find(it => it.lacksFixes), fixes: lowered.flatMap(it => it.fixes) }
}

const isCursor = (place: At | Location): place is At => 'document' in place

function bugFinding(rule: ChartRule, chart: ChartFacts, error: unknown): Finding {
  const id = chartFileOf(chart.folder)
  return {
    rule: internalError,
    severity: 'error',
    message: `rule ${rule.id} failed on the chart ${chart.folder || '.'}: ${String(error)}`,
    location: chart.about?.locate() ?? { source: { id, text: '' }, span: { start: 0, end: 0 } },
    kubernetes: [],
    origins: [],
    related: [],
    fixes: [],
    fingerprint: hashText([internalError, rule.id, id].join('\0')),
  }
}
