/**
 * Measures of source maps, on charts as they are: every character has an origin; literal lines are where the map says;
 * what changes with a key of values.yaml has that key among its origins.
 */
import path from 'node:path'
import type { Chart } from '../../../helm/chart.ts'
import { loadChart } from '../../../helm/load-chart.ts'
import type { MappedOutput } from '../../../helm/output.ts'
import { placeInText } from '../../../helm/problems.ts'
import { listDependencies } from '../../../helm/template/derivation.ts'
import type { Origin, ValueOrigin } from '../../../helm/template/origin.ts'
import { segmentIndex, type Text } from '../../../helm/template/text.ts'
import { isDict, isList, type Value } from '../../../helm/template/value.ts'
import { parseFile } from '../../../helm/values-yaml.ts'
import type { Span } from '../../../text/source.ts'
import { formatPath, type Path } from '../../../yaml/json.ts'
import type { Measures } from '../measures.ts'
import { listChanges } from './changed-spans.ts'
import { readFiles, renderAs } from './charts.ts'

export const SOURCE_MEASURES = ['renderings with all origins', 'literal lines', 'changed spans'] as const

const LINES = 20
const KEYS = 5
const TRIES = 15

export type Random = (below: number) => number

/** A small generator (mulberry32), so that two runs look at the same lines and keys. */
export function createRandom(seed: number): Random {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) % 0x7fffffff) % below
  }
}

/** Every character of a rendering is covered by segments that lead to a file. */
export function countCovered(output: Text, label: string, measures: Measures): void {
  const { text, segments } = output
  let known = 0
  segments.forEach((it, i) => {
    const end = segments[i + 1]?.at ?? text.length
    if (placeInText(output, { start: it.at, end: it.at }) !== undefined) known += end - it.at
  })
  measures.count(
    SOURCE_MEASURES[0],
    known === text.length && (text === '' || segments[0]?.at === 0),
    () => `${label}: ${text.length - known} of ${text.length} characters have no origin`,
  )
}

/** Lines that one text node of a template made: the mapped line of the template holds the same text. */
export function countLiteralLines(output: Text, label: string, random: Random, measures: Measures): void {
  const lines = listLiteralLines(output)
  for (let i = 0; i < LINES && lines.length > 0; i++) {
    const [line] = lines.splice(random(lines.length), 1)
    const { start, end } = line!
    const text = output.text.slice(start, end)
    const place = placeInText(output, { start, end })
    const found = place && lineAt(place.source.text, place.span.start)
    measures.count(
      SOURCE_MEASURES[1],
      found?.includes(text) === true,
      () => `${label}: "${text}" leads to ${place?.source.id} "${found}"`,
    )
  }
}

/** Spans of lines without their indentation. */
function listLiteralLines({ text, segments }: Text): Span[] {
  const lines: Span[] = []
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline
    let start = at
    while (text[start] === ' ') start++
    const index = segmentIndex(segments, start)
    const whole = (segments[index + 1]?.at ?? text.length) >= end
    if (end > start && whole && segments[index]!.piece.literal) lines.push({ start, end })
    at = end + 1
  }
  return lines
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', offset)
  return text.slice(start, end < 0 ? text.length : end)
}

/** Changes scalars of values.yaml one by one and looks at what changes with each. */
export function countChangedKeys(place: string, random: Random, measures: Measures): void {
  const files = readFiles(place)
  const data = files.get('values.yaml')
  if (!data) return
  const text = Buffer.from(data).toString('utf8')
  const before = render(files, place)
  if (!before) return
  const scalars = listScalars(text)
  for (let tries = 0, used = 0; tries < TRIES && used < KEYS && scalars.length > 0; tries++) {
    const [scalar] = scalars.splice(random(scalars.length), 1)
    const { span, changed } = scalar!
    const edited = text.slice(0, span.start) + changed + text.slice(span.end)
    const after = render(new Map(files).set('values.yaml', Buffer.from(edited)), place)
    if (!after || after.text.text === before.text.text) continue
    used++
    for (const it of listChanges(before.text.text, after.text.text)) {
      const looked = { scalar: scalar!, chart: path.basename(place) }
      countSpan(before, it.before, { ...looked, label: `${place} before` }, measures)
      countSpan(after, it.after, { ...looked, label: `${place} after` }, measures)
    }
  }
}

function render(files: ReadonlyMap<string, Uint8Array>, place: string): MappedOutput | undefined {
  const chart: Chart | undefined = loadChart(files, path.basename(place)).chart
  return chart && renderAs(chart, []).mapped()
}

/** What was changed, and which of the two renderings is looked at. */
interface Looked {
  readonly scalar: Scalar
  readonly label: string
  /** The folder of the chart. */
  readonly chart: string
}

interface Scalar {
  /** More than one where an anchor is used again. */
  readonly paths: Path[]
  readonly span: Span
  /** Another value of the same type. */
  readonly changed: string
}

function listScalars(text: string): Scalar[] {
  if (/^---/m.test(text.slice(1))) return []
  const scalars = new Map<number, Scalar>()
  const source = { id: 'values.yaml', text }
  for (const { path: where, value } of listSlots(parseFile(source).value)) {
    const written = text.slice(value.start, value.end)
    const changed = changeScalar(written)
    const known = scalars.get(value.start)
    if (known) known.paths.push(where)
    else if (changed !== undefined) scalars.set(value.start, { paths: [where], span: value, changed })
  }
  return [...scalars.values()]
}

/** The origins of all keys and items, each before those below it. */
function listSlots(value: Value): ValueOrigin[] {
  const slots: ValueOrigin[] = []
  const add = (origin: Origin | undefined, inner: Value): void => {
    if (origin?.kind === 'values') slots.push(origin)
    slots.push(...listSlots(inner))
  }
  if (isDict(value)) for (const [key, it] of value.entries) add(value.origins.get(key), it)
  else if (isList(value)) for (const [i, it] of value.items.entries()) add(value.origins?.[i], it)
  return slots
}

function changeScalar(written: string): string | undefined {
  if (/^(?:true|false)$/.test(written)) return written === 'true' ? 'false' : 'true'
  if (/^[0-9]{1,9}$/.test(written)) return String(Number(written) + 1)
  if (/^"[^"\\\n]*"$/.test(written)) return `${written.slice(0, -1)}x"`
  if (/^'[^'\n]*'$/.test(written)) return `${written.slice(0, -1)}x'`
  return /^[A-Za-z][A-Za-z0-9./_-]*$/.test(written) && !/^(?:null|yes|no|on|off)$/i.test(written)
    ? `${written}x`
    : undefined
}

function countSpan(
  { text, documents }: MappedOutput,
  span: Span,
  { scalar: { paths }, label, chart }: Looked,
  measures: Measures,
): void {
  if (span.end <= span.start) return
  const { segments } = text
  const keys = new Set(paths.map(formatPath))
  let good = 0
  let total = 0
  let example = ''
  for (let i = segmentIndex(segments, span.start); i < segments.length && segments[i]!.at < span.end; i++) {
    const start = Math.max(span.start, segments[i]!.at)
    const end = Math.min(span.end, segments[i + 1]?.at ?? text.text.length)
    const { decided } = documents.find(it => it.end > start) ?? {}
    const { values, unstable } = listDependencies([segments[i]!.piece, ...(decided ? [decided] : [])])
    if (unstable) continue
    const known = [...values].some(
      it => it.source.id === `${chart}/values.yaml` && keys.has(formatPath(it.path)),
    )
    total += end - start
    if (known) good += end - start
    else if (example === '') example = text.text.slice(start, end)
  }
  if (total === 0) return
  const show = () => `${label} ${[...keys][0]}: ${JSON.stringify(example.slice(0, 200))}`
  measures.count(SOURCE_MEASURES[2], good === total, show)
}
