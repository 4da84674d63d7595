/** Takes out what users have allowed by comment or annotation, and reports suppressions that do nothing. */
import { findNearestRule, type RuleInfo } from '../config/catalogue.ts'
import type { Config } from '../config/config.ts'
import type { ResourceId } from '../kube/resource.ts'
import { hashText } from '../text/hash.ts'
import { lineStarts, positionAt } from '../text/lines.ts'
import { memo } from '../text/memo.ts'
import type { Edit, Location, Source } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import {
  type Directive,
  findAnnotation,
  listAllowingLines,
  listComments,
  type Name,
  placeOf,
} from './directives.ts'
import { compareFindings, type Finding } from './finding.ts'
import { suppressionUnknownRule, suppressionUnused } from './own-rules.ts'
import { resourcesOf, type Snapshot } from './snapshot.ts'

export interface Suppressing {
  readonly snapshot: Pick<Snapshot, 'sources' | 'units' | 'config'>
  /** All rules whose names may be written, whether they run or not. */
  readonly rules: readonly RuleInfo[]
  /** The day of the run, `2026-11-21`: the engine has no clock. */
  readonly today: string
}

export interface Suppressed {
  /** What is left, with findings about suppressions among it, in report order. */
  readonly findings: readonly Finding[]
  /** How many findings were taken out. */
  readonly suppressed: number
}

/** `findings` are those of the whole snapshot: what is out of focus still uses its suppressions. */
export function suppress(findings: readonly Finding[], suppressing: Suppressing): Suppressed {
  const directives = listDirectives(suppressing.snapshot)
  if (directives.all.length === 0) return { findings, suppressed: 0 }
  const used = new Map<Directive, Set<string>>()
  const index = indexDirectives(directives.all)
  const kept: Finding[] = []
  for (const finding of findings) {
    const directive = findDirective(index, finding)
    if (!directive) {
      kept.push(finding)
      continue
    }
    const names = used.get(directive) ?? new Set()
    used.set(directive, names.add(finding.rule))
    if (isExpired(directive, suppressing.today)) kept.push(tellExpired(finding, directive))
  }
  const about = listIdle({ ...suppressing, directives, used }).filter(it => !findDirective(index, it))
  return {
    findings: about.length === 0 ? kept : [...kept, ...about].sort(compareFindings),
    suppressed: findings.length - kept.length,
  }
}

interface Directives {
  readonly all: readonly Directive[]
  /** Sources that rules have looked at as a whole: elsewhere nothing can be called unused. */
  readonly judged: ReadonlySet<Source>
}

function listDirectives({ sources, units }: Suppressing['snapshot']): Directives {
  const documents = new Map<Source, Set<Document>>()
  const judged = new Set<Source>()
  const broken = new Set<Source>()
  const all: Directive[] = []
  for (const entry of units.flatMap(it => it.entries)) {
    const { document, role } = entry
    const { source } = document
    // A rendering is another text; what its template would yield with other values is not known.
    const isRendered = document.table.text !== source.text
    const some = documents.get(source)
    if (some?.has(document)) continue
    if (some) some.add(document)
    else documents.set(source, new Set([document]))
    if (document.problems.some(it => it.code === 'syntax')) broken.add(source)
    if (role !== 'manifest' && role !== 'base') continue
    if (!isRendered) judged.add(source)
    if (!(isRendered ? hasAnnotation(document.table.text) : mayHaveAnnotations(source))) continue
    for (const resource of resourcesOf(document)) {
      const annotation = findAnnotation(resource)
      if (annotation) all.push(annotation)
    }
  }
  for (const source of sources.values()) all.push(...listComments(source, [...(documents.get(source) ?? [])]))
  for (const source of broken) judged.delete(source)
  return { all, judged }
}

const hasAnnotation = (text: string): boolean => text.includes('plimsoll/ignore')

/** One look at a text, and not one for each of its documents. */
const mayHaveAnnotations = memo(({ text }: Source): boolean => hasAnnotation(text))

type Index = ReadonlyMap<string, readonly Directive[]>

const lineKey = (source: Source, line: number, rule: string): string => `${source.id}\0${line}\0${rule}`
const fileKey = (source: Source, rule: string): string => `${source.id}\0\0${rule}`
const resourceKey = (source: Source, it: ResourceId, rule: string): string =>
  [source.id, it.apiVersion, it.kind, it.namespace ?? '', it.name, rule].join('\0')

function indexDirectives(directives: readonly Directive[]): Index {
  const index = new Map<string, Directive[]>()
  for (const directive of directives)
    for (const name of directive.names) {
      const { scope, source } = directive
      const key =
        scope === 'file'
          ? fileKey(source, name.text)
          : 'line' in scope
            ? lineKey(source, scope.line, name.text)
            : resourceKey(scope.root.document.source, scope, name.text)
      const some = index.get(key)
      if (some) some.push(directive)
      else index.set(key, [directive])
    }
  return index
}

/** The narrowest suppression of a finding: at its own place, or at one where its text comes from. */
function findDirective(index: Index, { rule, location, origins, resource }: Finding): Directive | undefined {
  for (const { source, span } of [location, ...origins.map(it => it.location)]) {
    const [line, begun = line] = listAllowingLines(source, span.start)
    const found =
      index.get(lineKey(source, line, rule)) ??
      index.get(lineKey(source, begun, rule)) ??
      (resource && index.get(resourceKey(source, resource, rule))) ??
      index.get(fileKey(source, rule))
    if (found) return found[0]
  }
  return undefined
}

/** It holds to the end of its day. */
const isExpired = ({ until }: Directive, today: string): boolean =>
  until !== undefined && isDate(until) && until < today

const isDate = (text: string): boolean => /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(text)

const tellExpired = (finding: Finding, directive: Directive): Finding => ({
  ...finding,
  related: [
    ...finding.related,
    { location: placeOf(directive), message: `the suppression expired on ${directive.until}` },
  ],
})

interface Idle extends Suppressing {
  readonly directives: Directives
  readonly used: ReadonlyMap<Directive, ReadonlySet<string>>
}

/** Findings about suppressions that name no rule, or that nothing needs. */
function listIdle({ snapshot, rules, directives, used }: Idle): Finding[] {
  const known = new Set(rules.map(it => it.id))
  const wordUnknown = createWording(rules)
  const found: Finding[] = []
  for (const directive of directives.all) {
    const report = reporter(snapshot.config, directive, found)
    const { until, names, source } = directive
    if (names.length === 0) report(suppressionUnknownRule, undefined, 'this suppression names no rule')
    if (until !== undefined && !isDate(until))
      report(suppressionUnknownRule, undefined, `"${until}" is no date, which reads 2027-03-01`)
    const idle = names.filter(it => known.has(it.text) && !used.get(directive)?.has(it.text))
    const settings = snapshot.config.settingsFor(source.id)
    for (const name of names) {
      if (!known.has(name.text)) report(suppressionUnknownRule, name, wordUnknown(name.text))
      else if (idle.includes(name) && directives.judged.has(source) && settings.level(name.text) !== 'off')
        report(suppressionUnused, name, `nothing here needs the suppression of ${name.text}`, idle)
    }
  }
  return found
}

/** A text full of wrong names does not get a suggestion for each. */
const mostSuggestions = 100

function createWording(rules: readonly RuleInfo[]): (text: string) => string {
  const known = new Map<string, string>()
  return text => {
    let message = known.get(text)
    if (message !== undefined) return message
    const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text
    const [first = ''] = text.split(/\s/, 1)
    const nearest = known.size < mostSuggestions ? findNearestRule(rules, text) : undefined
    if (first !== text && rules.some(it => it.id === first))
      message = `"${shown}" is no rule: write -- before the reason`
    else
      message = `no rule is called "${shown}"${nearest === undefined ? '' : `, did you mean "${nearest}"?`}`
    known.set(text, message)
    return message
  }
}

function reporter(config: Config, directive: Directive, found: Finding[]) {
  return (rule: string, name: Name | undefined, message: string, idle: readonly Name[] = []): void => {
    const severity = config.settingsFor(directive.source.id).level(rule)
    if (severity === 'off') return
    const location: Location = placeOf(directive, name)
    const edits = idle.length > 0 ? listEdits(directive, idle) : []
    found.push({
      rule,
      severity,
      message,
      location,
      kubernetes: config.kubernetes,
      origins: [],
      related: [],
      fixes: edits.length > 0 ? [{ title: 'Remove the suppression', safe: true, edits }] : [],
      fingerprint: hashText([rule, directive.source.id, name?.text ?? '', message].join('\0')),
    })
  }
}

/** Removes the comment with the white space before it, or the line that it has to itself; only idle names when others are in use. */
function listEdits(directive: Directive, idle: readonly Name[]): Edit[] {
  const { source, names, span, form } = directive
  if (form === 'annotation') return []
  const starts = lineStarts(source)
  const { line } = positionAt(source, span.start)
  if (idle.length < names.length) {
    const kept = names.filter(it => !idle.includes(it)).map(it => it.text)
    const list = { start: names[0]!.span.start, end: names.at(-1)!.span.end }
    return [{ source, span: list, text: kept.join(', ') }]
  }
  const before = source.text.slice(starts[line], span.start)
  const after = source.text.slice(span.end, starts[line + 1] ?? source.text.length)
  const alone = (before + after).trim() === ''
  const start = alone ? starts[line]! : span.start - (before.length - before.trimEnd().length)
  return [{ source, span: { start, end: alone ? span.end + after.length : span.end }, text: '' }]
}
