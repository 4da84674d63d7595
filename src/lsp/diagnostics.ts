/** Findings as diagnostics of the protocol, with result ids that are equal exactly when the diagnostics are. */
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver'
import type { RuleInfo } from '../config/catalogue.ts'
import type { Finding, RelatedPlace } from '../engine/finding.ts'
import { formatValues } from '../report/reporter.ts'
import type { Severity } from '../rule.ts'
import { hashText } from '../text/hash.ts'
import type { Client } from './client.ts'
import { toRange } from './positions.ts'
import type { Check } from './project.ts'
import { verdictsOf } from './verdicts.ts'

const diagnosticSource = 'plimsoll'

export interface Wording {
  readonly client: Client
  readonly rules: ReadonlyMap<string, RuleInfo>
  uriOf(id: string): string
}

/** Diagnostics of one version of one file. */
export interface FileDiagnostics {
  readonly resultId: string
  readonly items: Diagnostic[]
}

/** Ids of all files that have something to say. */
export const listFilesWithFindings = ({ snapshot, problem }: Check): string[] => [
  ...new Set([...verdictsOf(snapshot).all().keys(), ...(problem?.file === undefined ? [] : [problem.file])]),
]

export function buildDiagnostics(check: Check, id: string, wording: Wording): FileDiagnostics {
  const { snapshot, problem } = check
  const items = verdictsOf(snapshot)
    .of(id)
    .map(it => toDiagnostic(it, wording, snapshot.config.kubernetes))
  if (problem?.file === id) items.push(toConfigDiagnostic(problem))
  return { resultId: hashText(JSON.stringify(items)), items }
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
}

/** One finding in the words of the protocol, as far as the client can show them. `checked`: the minors of the run. */
export function toDiagnostic(
  finding: Finding,
  { client, rules, uriOf }: Wording,
  checked: readonly string[],
): Diagnostic {
  const link = rules.get(finding.rule)?.see[0]
  const tags = listTags(finding.rule).filter(it => client.tags.has(it))
  const related = client.related ? listRelated(finding) : []
  return {
    range: toRange(finding.location, client.encoding),
    severity: severities[finding.severity],
    code: finding.rule,
    source: diagnosticSource,
    message: finding.message + formatVersions(finding.kubernetes, checked) + formatValues(finding),
    ...(client.codeLinks && link !== undefined && { codeDescription: { href: link } }),
    ...(tags.length > 0 && { tags }),
    ...(related.length > 0 && {
      relatedInformation: related.map(({ location, message }) => ({
        location: { uri: uriOf(location.source.id), range: toRange(location, client.encoding) },
        message,
      })),
    }),
  }
}

/** Named only where the finding does not hold for all versions that are checked. */
const formatVersions = (kubernetes: readonly string[], checked: readonly string[]): string =>
  kubernetes.length === 0 || kubernetes.length >= checked.length
    ? ''
    : ` (Kubernetes ${kubernetes.join(', ')})`

/** Ids name the fault, so their last word tells what may be struck through or faded. */
function listTags(rule: string): DiagnosticTag[] {
  if (/-unused$/.test(rule)) return [DiagnosticTag.Unnecessary]
  return /-(?:deprecated|removed)$/.test(rule) ? [DiagnosticTag.Deprecated] : []
}

function listRelated({ related, origins }: Finding): RelatedPlace[] {
  const places = origins.map(({ kind, path, location }) => ({
    location,
    message:
      kind === 'values' && path !== undefined ? `the value comes from ${path}` : `comes from this ${kind}`,
  }))
  return [...related, ...places]
}

function toConfigDiagnostic({ message, line, column }: NonNullable<Check['problem']>): Diagnostic {
  const start = { line, character: column }
  return {
    range: { start, end: { line, character: column + 1 } },
    severity: DiagnosticSeverity.Error,
    code: 'config-invalid',
    source: diagnosticSource,
    message,
  }
}
