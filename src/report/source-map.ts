/**
 * Where each line of a rendered chart comes from, for programs: one JSON object a line of the output.
 * `parts` are runs of characters with one origin: the template, the includes that led there (the nearest first), the
 * values that were printed. `conditions` are further values that decided what these runs are: conditions around them,
 * variables, what was hashed. `document` are those that decide how the file is split and which of its parts are there.
 */
import type { MappedDocument, MappedOutput } from '../helm/output.ts'
import { listOrigins, type OriginPlace } from '../helm/problems.ts'
import { listDependencies } from '../helm/template/derivation.ts'
import type { ValueOrigin } from '../helm/template/origin.ts'
import { type Segment, segmentIndex, type Text } from '../helm/template/text.ts'
import { positionAt } from '../text/lines.ts'
import type { Location } from '../text/source.ts'
import { formatPath } from '../yaml/json.ts'
import { toJsonLine } from './escape.ts'

/** Lines of JSON, in blocks that are not too large for one string. */
export function* formatSourceMap({ text, documents }: MappedOutput): Generator<string> {
  const decided = documents.map(({ decided }) => (decided ? listDependencies([decided]).values : NONE))
  let block = ''
  let document = 0
  for (let at = 0, line = 1; at < text.text.length; line++) {
    const newline = text.text.indexOf('\n', at)
    const end = newline < 0 ? text.text.length : newline
    while (documents[document] && documents[document]!.end <= at) document++
    block += `${toJsonLine({ line, ...describeLine(text, at, end), ...describeDocument(documents[document], decided[document]) })}\n`
    if (block.length > BLOCK) {
      yield block
      block = ''
    }
    at = end + 1
  }
  yield block
}

const BLOCK = 1 << 20
const NONE: ReadonlySet<ValueOrigin> = new Set()

function describeLine(text: Text, start: number, end: number) {
  const { segments } = text
  const parts: object[] = []
  const pieces = []
  const printed = new Set<string>()
  // The line break belongs to the line: an empty line has an origin, too.
  for (let i = segmentIndex(segments, start); i >= 0 && i < segments.length && segments[i]!.at <= end; i++) {
    pieces.push(segments[i]!.piece)
    const from = Math.max(start, segments[i]!.at)
    const to = Math.min(end, segments[i + 1]?.at ?? end)
    if (from >= to && (parts.length > 0 || start !== end)) continue
    const origins = listOrigins(text, { start: from, end: Math.max(to, from) })
    for (const it of origins) if (it.kind === 'values') printed.add(keyOf(it))
    parts.push({
      columns: [from - start + 1, to - start + 1],
      ...describeOrigins(origins),
      literal: isLiteral(segments[i]!),
    })
  }
  const conditions = [...listDependencies(pieces).values].map(placeOfValue)
  return {
    text: text.text.slice(start, end),
    parts,
    conditions: sortPlaces(conditions.filter(it => !printed.has(keyOfPlace(it)))),
  }
}

const isLiteral = ({ piece, offset }: Segment): true | undefined =>
  piece.literal && offset >= 0 ? true : undefined

function describeDocument(
  document: MappedDocument | undefined,
  decided: ReadonlySet<ValueOrigin> | undefined,
) {
  return document
    ? { source: document.path, document: sortPlaces([...(decided ?? [])].map(placeOfValue)) }
    : {}
}

function describeOrigins(origins: readonly OriginPlace[]) {
  const only = (kind: OriginPlace['kind']) => origins.filter(it => it.kind === kind)
  const [template] = only('template')
  return {
    template: template && toPlace(template.location),
    includes: orNothing(only('include').map(it => ({ ...toPlace(it.location), message: it.message }))),
    values: orNothing(
      only('values').map(it => ({ ...toPlace(it.location), path: formatPath(it.path ?? []) })),
    ),
    literals: orNothing(only('literal').map(it => toPlace(it.location))),
  }
}

const orNothing = <T>(items: readonly T[]): readonly T[] | undefined => (items.length > 0 ? items : undefined)

interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

interface ValuePlace extends Place {
  readonly path: string
}

function toPlace({ source, span }: Location): Place {
  const { line, column } = positionAt(source, span.start)
  return { file: source.id, line: line + 1, column: column + 1 }
}

const placeOfValue = ({ source, value, path }: ValueOrigin): ValuePlace => ({
  ...toPlace({ source, span: value }),
  path: formatPath(path),
})

const keyOf = ({ location, path = [] }: OriginPlace): string => `${location.source.id}\0${formatPath(path)}`
const keyOfPlace = ({ file, path }: ValuePlace): string => `${file}\0${path}`

/** By place; the same key twice where an anchor is used again is said once. */
function sortPlaces(places: readonly ValuePlace[]): ValuePlace[] {
  const known = new Map(places.map(it => [keyOfPlace(it), it]))
  return [...known.values()].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column,
  )
}
