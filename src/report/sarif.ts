/** SARIF 2.1.0 as GitHub code scanning wants it: rules with help, one place a result, paths from the repository's root. */
import type { RuleInfo } from '../config/catalogue.ts'
import type { Finding, FindingFix, Report } from '../engine/finding.ts'
import type { Category, Severity } from '../rule.ts'
import type { Edit, Location } from '../text/source.ts'
import { toJsonText, toUri } from './escape.ts'
import { formatMessage, fromRoot, type Reporter, type ReportOptions, toRange } from './reporter.ts'
import { severities } from './severities.ts'

/** GitHub refuses a run with more results. */
const mostResults = 25_000

export const formatSarif: Reporter = (report, options) => {
  const { rules } = options
  const indices = new Map(rules.map((it, i) => [it.id, i]))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'plimsoll',
            semanticVersion: options.version,
            ...(options.homepage === undefined ? {} : { informationUri: options.homepage }),
            rules: rules.map(toRule),
          },
        },
        automationDetails: { id: 'plimsoll/' },
        invocations: [toInvocation(report, options)],
        columnKind: 'utf16CodeUnits',
        results: chooseResults(report.findings).map(it =>
          toResult(it, { report, options, index: indices.get(it.rule)! }),
        ),
      },
    ],
  }
  return `${toJsonText(log)}\n`
}

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }
const problemSeverities: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
}
/** GitHub's bands: high, medium, low. */
const securitySeverities: Readonly<Record<Severity, string>> = { error: '8.0', warning: '5.5', info: '3.0' }

function toRule({ id, title, why, see, severity, category }: RuleInfo) {
  const help = `${outdent(why)}${see.map(it => `\n\n${it}`).join('')}`
  const markdown = `${outdent(why)}${see.map(it => `\n- [${it}](${it})`).join('')}`
  return {
    id,
    shortDescription: { text: clip(sentence(title)) },
    fullDescription: { text: clip(sentence(title)) },
    help: { text: help, markdown },
    ...(see[0] === undefined ? {} : { helpUri: see[0] }),
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: listTags(category),
      precision: 'very-high',
      'problem.severity': problemSeverities[severity],
      ...(category === 'security' ? { 'security-severity': securitySeverities[severity] } : {}),
    },
  }
}

const listTags = (category: Category): string[] => ['kubernetes', category]

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
/** GitHub takes no longer descriptions. */
const mostCharacters = 1024
const clip = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text

/** Text of a rule file without its indentation. */
function outdent(text: string): string {
  return text
    .trim()
    .split('\n')
    .map(it => it.trim())
    .join('\n')
}

interface Notification {
  readonly level: 'note' | 'warning'
  readonly message: { readonly text: string }
  readonly locations: readonly { readonly physicalLocation: object }[]
}

function toInvocation({ findings, summary }: Report, options: ReportOptions) {
  const notes: Notification[] = summary.skipped.map(it => ({
    level: 'note',
    message: { text: sentence(`Not checked: ${it.reason}`) },
    locations: [{ physicalLocation: { artifactLocation: toArtifact(it.path, options) } }],
  }))
  for (const it of summary.inventory?.problems ?? [])
    notes.push({
      level: 'warning',
      message: { text: sentence(`In the inventory: ${it.message}`) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: toArtifact(it.file, options),
            region: { startLine: it.line + 1, startColumn: it.column + 1 },
          },
        },
      ],
    })
  const cut = findings.length - mostResults
  if (cut > 0)
    notes.unshift({
      level: 'warning',
      message: { text: `${cut} of ${findings.length} results were left out.` },
      locations: [],
    })
  return {
    executionSuccessful: true,
    ...(notes.length > 0 ? { toolExecutionNotifications: notes } : {}),
  }
}

/** All, in order; the most severe when there are more than GitHub takes. */
function chooseResults(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= mostResults) return findings
  return severities.flatMap(it => findings.filter(some => some.severity === it)).slice(0, mostResults)
}

interface ResultContext {
  readonly report: Report
  readonly options: ReportOptions
  readonly index: number
}

function toResult(finding: Finding, { report, options, index }: ResultContext) {
  const { rule, severity, location, resource, path, fingerprint } = finding
  const fixes = finding.fixes.filter(it => it.edits.length > 0)
  const places = [
    ...finding.related,
    ...finding.origins.map(it => ({
      location: it.location,
      message: `${it.kind}${it.path ? ` ${it.path}` : ''}`,
    })),
  ]
  // GitHub shows related places only where the message links to them.
  const links = places.map((it, i) => ` [${escapeLink(it.message)}](${i + 1}).`)
  const name = resource && [resource.namespace, resource.kind, resource.name, path].filter(it => it).join('/')
  return {
    ruleId: rule,
    ruleIndex: index,
    level: levels[severity],
    message: { text: escapeLink(sentence(formatMessage(finding, report))) + links.join('') },
    locations: [
      {
        physicalLocation: toPhysical(location, options),
        ...(name ? { logicalLocations: [{ fullyQualifiedName: name, kind: 'resource' }] } : {}),
      },
    ],
    ...(places.length > 0
      ? {
          relatedLocations: places.map((it, i) => ({
            id: i + 1,
            physicalLocation: toPhysical(it.location, options),
            message: { text: it.message },
          })),
        }
      : {}),
    partialFingerprints: { 'plimsoll/v1': fingerprint },
    ...(fixes.length > 0 ? { fixes: fixes.map(it => toFix(it, options)) } : {}),
  }
}

/** Brackets begin links in messages. */
const escapeLink = (text: string): string => text.replaceAll(/[\\[\]]/g, it => `\\${it}`)

const toArtifact = (file: string, options: ReportOptions) => ({ uri: toUri(fromRoot(file, options)) })

const toPhysical = (location: Location, options: ReportOptions) => ({
  artifactLocation: toArtifact(location.source.id, options),
  region: toRegion(location),
})

function toRegion(location: Location) {
  const { start, end } = toRange(location)
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  }
}

function toFix({ title, edits }: FindingFix, options: ReportOptions) {
  const byFile = new Map<string, Edit[]>()
  for (const edit of edits) byFile.set(edit.source.id, [...(byFile.get(edit.source.id) ?? []), edit])
  return {
    description: { text: sentence(title) },
    artifactChanges: [...byFile].map(([file, some]) => ({
      artifactLocation: toArtifact(file, options),
      replacements: some.map(it => ({ deletedRegion: toRegion(it), insertedContent: { text: it.text } })),
    })),
  }
}
