/** Values that templates name and nobody sets: misspelt, or forgotten in values.yaml. */
import { memo } from '../../text/memo.ts'
import type { Location, Source } from '../../text/source.ts'
import { sourceOf } from '../chart.ts'
import type { Origin } from '../template/origin.ts'
import { type Dict, isDict } from '../template/value.ts'
import { parseValuesFile } from '../values-yaml.ts'
import type { ChartParts } from './chart-parts.ts'
import type { RunningTemplate } from './chart-templates.ts'
import { hasPath, readArguments } from './given-values.ts'
import { listMentioned } from './mentioned-words.ts'
import { createKeys, findKeys, isNear, type NamedKeys, openKeys } from './named-keys.ts'
import type { NamedValues } from './named-values.ts'
import { hasGuard, hasManyGuards, type ValueRead } from './value-reads.ts'

export interface UndefinedValue {
  /** The action's operand. */
  readonly location: Location
  /** As far as the first key that is not there. */
  readonly path: readonly string[]
  /** Keys beside it that no template reads, and where they are written: one of a like name was meant. */
  readonly idle: ReadonlyMap<string, Location>
  /** Nothing in the chart allows for its absence. */
  readonly isSure: boolean
  /** More keys follow in the template, so that rendering fails there. */
  readonly fails: boolean
}

export function listUndefinedValues(parts: ChartParts, named: NamedValues): UndefinedValue[] {
  const { chart, sets } = parts
  if (!chart || chart.metadata.type === 'library') return []
  const failed = sets.flatMap(it => it.rendering.problems.map(problem => problem.location))
  const found: UndefinedValue[] = []
  const own = new Set(chart.templates.map(it => sourceOf(it).id))
  for (const { template, tree } of named.own) {
    const { file } = template.source
    if (!file || !own.has(file.id)) continue
    for (let i = 0; i < tree.reads.length; i++) {
      const read = tree.reads[i]!
      const gap = read.isPlain ? findGap(chart.values, read.path) : undefined
      if (!gap || isForOthers(parts, read.path)) continue
      const { changed, judged } = readOthers(named)
      if (isNear(changed, gap.path)) continue
      const isSure = isSurelyMissed(read, gap, judged)
      const idle = listIdle(gap, named.keys)
      if (!isSure && idle.size === 0) continue
      const fails = gap.path.length < read.path.length
      if (!fails && isInComment(file, read.start)) continue
      const location = { source: file, span: { start: read.start, end: read.end } }
      if (!failed.some(it => it && isWithin(location, it)))
        found.push({ location, path: gap.path, idle, isSure, fails })
    }
  }
  return found.length === 0 ? found : withoutMentioned(found, parts)
}

/** What is printed into a comment is missed by nobody. */
function isInComment({ text }: Source, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return text.slice(start, offset).trimStart().startsWith('#')
}

interface OtherReads {
  /** Where templates set keys. */
  readonly changed: NamedKeys
  /** What the chart does more with than print it. */
  readonly judged: NamedKeys
}

const readOthers = memo(
  ({ own, all }: NamedValues): OtherReads => ({
    changed: listKeys(all, it => it.use === 'changed'),
    judged: listKeys(own, it => it.use !== 'printed'),
  }),
)

function listKeys(templates: readonly RunningTemplate[], test: (read: ValueRead) => boolean): NamedKeys {
  const keys = createKeys()
  for (const { tree } of templates)
    for (let i = 0; i < tree.reads.length; i++) {
      const it = tree.reads[i]!
      if (test(it)) openKeys(keys, it.path).isNamed = true
    }
  return keys
}

/** Said already: rendering fails there. */
const isWithin = ({ source, span }: Location, around: Location): boolean =>
  source.id === around.source.id && span.start >= around.span.start && span.end <= around.span.end

interface Gap {
  /** The keys to the one that is not there, and it. */
  readonly path: readonly string[]
  readonly key: string
  readonly holder: Dict
}

/** The first key that a map lacks; nothing where the way leads through an empty map or what is no map: it may hold anything. */
function findGap(values: Dict, path: readonly string[]): Gap | undefined {
  let holder = values
  for (let i = 0; i < path.length; i++) {
    const key = path[i]!
    if (holder.entries.size === 0) return undefined
    if (!holder.entries.has(key)) return { path: path.slice(0, i + 1), key, holder }
    const next = holder.entries.get(key)
    if (!isDict(next)) return undefined
    holder = next
  }
  return undefined
}

/** What sub-charts bring along, and what charts above this one may set. */
const isForOthers = ({ chart, missing }: ChartParts, [first = '']: readonly string[]): boolean =>
  first === 'global' ||
  first === 'tags' ||
  missing.includes(first) ||
  (chart?.metadata.dependencies ?? []).some(it => first === it.name || first === it.alias) ||
  (chart?.charts ?? []).some(it => first === it.metadata.name)

/** Values that other files and the command line set, or that users are told of: few charts have a gap worth this look. */
function withoutMentioned(
  gaps: readonly UndefinedValue[],
  { chart, defaults, valuesFiles, arguments: given }: ChartParts,
): UndefinedValue[] {
  const others = [...valuesFiles.map(it => parseValuesFile(it).values), readArguments(given)]
  const readme = chart?.files.find(it => /^readme\.md(?:\.gotmpl)?$/i.test(it.name))
  const texts = [
    ...listComments(defaults?.document.source.text ?? ''),
    chart?.schema ? sourceOf(chart.schema).text : '',
    readme ? sourceOf(readme).text : '',
  ]
  const mentioned = listMentioned(texts, new Set(gaps.map(it => it.path.at(-1)!)))
  return gaps.filter(
    ({ path }) => !mentioned.has(path.at(-1)!) && !others.some(values => hasPath(values, path)),
  )
}

/** Whole lines. */
function listComments(text: string): string[] {
  const lines: string[] = []
  for (let at = text.indexOf('#'); at >= 0; ) {
    const start = text.lastIndexOf('\n', at) + 1
    const end = text.indexOf('\n', at)
    lines.push(text.slice(start, end < 0 ? undefined : end))
    at = end < 0 ? -1 : text.indexOf('#', end)
  }
  return lines
}

/** Among more keys nobody looks for the one that was meant. */
const MOST_KEYS = 500

function listIdle({ path, key: wanted, holder }: Gap, named: NamedKeys): Map<string, Location> {
  const beside = findKeys(named, path.slice(0, -1))
  const idle = new Map<string, Location>()
  // Short names are near to anything.
  if (wanted.length < 3) return idle
  if (holder.entries.size > MOST_KEYS || beside?.isNamed) return idle
  holder.origins.forEach((origin, key) => {
    const place = beside?.below?.has(key) ? undefined : placeOf(origin)
    if (place) idle.set(key, place)
  })
  return idle
}

const placeOf = (origin: Origin | undefined): Location | undefined =>
  origin?.kind === 'values' && origin.key ? { source: origin.source, span: origin.key } : undefined

/** Printed without any condition on it, here or elsewhere; or on the way to a key below, which fails. */
function isSurelyMissed(read: ValueRead, { path }: Gap, judged: NamedKeys): boolean {
  // A function may have asked for the key: `.Values.map | dig "key" ""`, `hasKey .Values.map "key"`.
  const isAsked = (it: ValueRead): boolean => it.use === 'used' && startsWith(path, it.path)
  if (hasManyGuards(read) || hasGuard(read, it => startsWith(it.path, path) || isAsked(it))) return false
  if (path.length < read.path.length) return true
  return read.use === 'printed' && !findKeys(judged, path)
}

const startsWith = (path: readonly string[], beginning: readonly string[]): boolean =>
  beginning.every((it, i) => path[i] === it)
