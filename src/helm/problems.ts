/** Places of rendered text and of template errors, followed back to the files of the chart. */
import type { Location, Span } from '../text/source.ts'
import { formatPath, type Path } from '../yaml/json.ts'
import type { HelmProblem } from './chart.ts'
import {
  ChartFailure,
  deepestError,
  formatHelmError,
  GoError,
  innermostCause,
  type TemplateError,
} from './template/errors.ts'
import type { Frame, Piece, PlainOrigin, TemplateSource, ValueOrigin } from './template/origin.ts'
import { segmentIndex, type Text } from './template/text.ts'

export interface Related {
  readonly message: string
  readonly location: Location
}

/** Texts made by `tpl` within `tpl` are followed this far. */
const MAX_HOPS = 20

/** Where a span of a template is written; of a text that `tpl` evaluates, where that text was made. */
export function placeInTemplate(template: TemplateSource, span: Span, hops = 0): Location | undefined {
  if (template.file) return { source: template.file, span }
  const { made } = template
  if (!made || hops > MAX_HOPS) return undefined
  const index = segmentIndex(made.segments, span.start)
  const value = made.segments[index]?.piece.value
  return value?.kind === 'values' ? placeInValue(made, index, span, value) : placeInText(made, span, hops + 1)
}

/** A template that stands in a values file: the characters there, or the whole value when they cannot be told apart. */
function placeInValue(made: Text, index: number, span: Span, { source, key, value }: ValueOrigin): Location {
  const { at, pad } = made.segments[index]!
  const text = made.text.slice(at + pad, made.segments[index + 1]?.at)
  const raw = source.text.slice(value.start, value.end)
  const offset = span.start - at - pad
  const length = Math.max(0, span.end - span.start)
  const name = key && source.text.slice(key.start, key.end)
  if (name && offset < name.length && text.startsWith(`${name}:`)) {
    const start = key.start + offset
    return { source, span: { start, end: Math.min(key.end, start + length) } }
  }
  // The dash of an item stands before it; one within is that of another.
  if (text.trim() === '-')
    return { source, span: { start: value.start, end: Math.min(value.end, value.start + length) } }
  const start = /^[|>]/.test(raw)
    ? offsetInBlock(text, raw, offset)
    : raw.indexOf(text) < 0
      ? -1
      : raw.indexOf(text) + offset
  if (start < 0) return { source, span: value }
  const from = value.start + start
  return { source, span: { start: from, end: Math.min(value.end, from + length) } }
}

/**
 * Where a character of a block scalar's text stands in the block as it is written; -1 when lines do not correspond. The text
 * is that of the value, or `toYaml` has made a block of it again, which begins with a line of its own and is indented anew.
 */
function offsetInBlock(text: string, raw: string, offset: number): number {
  const before = text.slice(0, offset)
  const line = before.split('\n').length - 1
  const own = text.split('\n')[line]!
  const lines = raw.split('\n')
  const isBlock = /^[^\n]*[|>][-+0-9]*\n/.test(text) && lines[line]?.endsWith(own.trimStart())
  const number = isBlock ? line : line + 1
  const wanted = lines[number]
  const content = isBlock ? own.trimStart() : own
  if (wanted === undefined || content === '' || !wanted.endsWith(content)) return -1
  const column = before.length - before.lastIndexOf('\n') - 1 - (own.length - content.length)
  const start = lines.slice(0, number).reduce((sum, it) => sum + it.length + 1, 0)
  return start + wanted.length - content.length + Math.max(0, column)
}

/** Where a span of rendered text comes from: the template's characters, or the actions that printed it. */
export function placeInText(text: Text, span: Span, hops = 0): Location | undefined {
  const { segments } = text
  const first = segmentIndex(segments, span.start)
  const composed = placeOfComposed(text, first, span, hops)
  if (composed) return composed
  const start = placeOfSegment(text, first, span.start, hops)
  if (!start || span.end <= span.start) return start
  const last = segmentIndex(segments, span.end - 1)
  const end =
    last === first
      ? placeOfSegment(text, last, span.end, hops)
      : placeOfSegment(text, last, span.end - 1, hops)
  const sameFrame = segments[last]!.piece.frame === segments[first]!.piece.frame
  if (!end || !sameFrame || end.source !== start.source || end.span.start < start.span.start) return start
  return reaching(start, end, segments[last]!.piece.literal && last !== first)
}

/** From one place on to the end of another; a character of literal text is one character long. */
const reaching = ({ source, span }: Location, end: Location, isCharacter: boolean): Location => ({
  source,
  span: { start: span.start, end: Math.max(isCharacter ? end.span.start + 1 : end.span.end, span.end) },
})

/**
 * Of one line that begins in an include and ends outside of it, `{{ include "name" . }}-suffix`, where it is put together:
 * from the call on, or what stands beside it when the include was called elsewhere and kept in a variable.
 */
function placeOfComposed(text: Text, first: number, span: Span, hops: number): Location | undefined {
  const { segments } = text
  const frame = composingFrame(text, first, span)
  const call = frame && callWithin(segments[first]!.piece.frame, frame)
  if (!call) return undefined
  const last = segmentIndex(segments, span.end - 1)
  const ending = segments[last]!.piece
  const start = placeInTemplate(call.template, call.span, hops)
  const endCall = callWithin(ending.frame, frame)
  const end = endCall
    ? placeInTemplate(endCall.template, endCall.span, hops)
    : placeOfSegment(text, last, span.end - 1, hops)
  if (!start || !end) return undefined
  const isCharacter = ending.literal && !endCall
  if (isBeside(start, end)) return reaching(start, end, isCharacter)
  for (let i = first + 1; i <= last; i++) {
    if (segments[i]!.piece.frame !== frame) continue
    const own = placeOfSegment(text, i, segments[i]!.at, hops)
    if (own) return isBeside(own, end) ? reaching(own, end, isCharacter) : own
  }
  return end
}

/** The frame that puts a line together, when the one that printed its beginning is below it. */
function composingFrame({ text, segments }: Text, first: number, { start, end }: Span): Frame | undefined {
  if (first < 0 || end <= start) return undefined
  const { frame } = segments[first]!.piece
  const common = commonFrame(frame, segments[segmentIndex(segments, end - 1)]!.piece.frame)
  return common === frame || text.slice(start, end).includes('\n') ? undefined : common
}

/** On the same line of the same file. */
const isBeside = ({ source, span }: Location, end: Location): boolean =>
  source === end.source &&
  end.span.start >= span.start &&
  !source.text.slice(span.start, end.span.start).includes('\n')

/** The innermost frame that two pieces have in common; none when different files of the chart printed them. */
function commonFrame(a: Frame, b: Frame): Frame | undefined {
  if (a === b) return a
  const above = new Set<Frame>()
  for (let it: Frame | undefined = a; it; it = it.parent) above.add(it)
  for (let it: Frame | undefined = b; it; it = it.parent) if (above.has(it)) return it
  return undefined
}

/** The call in a frame that led to a frame below it. */
function callWithin(below: Frame, frame: Frame): Frame['call'] {
  for (let it: Frame | undefined = below; it; it = it.parent) if (it.parent === frame) return it.call
  return undefined
}

/** One character of rendered text; an action is one place. */
function placeOfSegment(text: Text, index: number, at: number, hops: number): Location | undefined {
  const segment = text.segments[index]
  if (!segment) return undefined
  const { piece, pad, offset } = segment
  if (!piece.literal || offset < 0) return placeInTemplate(piece.template, piece.span, hops)
  const start = Math.min(piece.span.start + offset + Math.max(0, at - segment.at - pad), piece.span.end)
  return placeInTemplate(piece.template, { start, end: start }, hops)
}

/** A place that explains rendered text, and what it is. */
export interface OriginPlace extends Related {
  readonly kind: 'template' | 'include' | 'values' | 'literal'
  /** Of values, the path in the values file. */
  readonly path?: Path
}

/** All that made a span of rendered text: the template, the values that were printed, the includes on the way. */
export function listOrigins(text: Text, span: Span): OriginPlace[] {
  const { segments } = text
  const first = segmentIndex(segments, span.start)
  if (first < 0) return []
  const places: OriginPlace[] = []
  const template = placeInText(text, span)
  if (template) places.push({ kind: 'template', message: 'rendered here', location: template })
  const seen = new Set<PlainOrigin>()
  for (let i = first; i < segments.length && (i === first || segments[i]!.at < span.end); i++) {
    const { value } = segments[i]!.piece
    if (!value || seen.has(value)) continue
    seen.add(value)
    const place = placeOfOrigin(value)
    if (place) places.push(value.kind === 'values' ? toOriginPlace(value) : { kind: 'literal', ...place })
  }
  const frame = composingFrame(text, first, span) ?? segments[first]!.piece.frame
  for (const it of listCalls(frame)) places.push({ kind: 'include', ...it })
  return places
}

export const toOriginPlace = (value: ValueOrigin): OriginPlace => ({
  kind: 'values',
  path: value.path,
  ...relateValue(value),
})

/** Of templates that include themselves without end nobody wants to see all calls. */
const MAX_CALLS = 20

/** The calls that led to a frame, the nearest first. */
function listCalls(frame: Frame): Related[] {
  const calls: Related[] = []
  for (let it: Frame | undefined = frame; it?.call && calls.length < MAX_CALLS; it = it.parent) {
    const location = placeInTemplate(it.call.template, it.call.span)
    if (location)
      calls.push({ message: it.name === 'gotpl' ? 'evaluated by tpl' : `included as "${it.name}"`, location })
  }
  return calls
}

/** A value's own place. */
function placeOfOrigin(origin: PlainOrigin): Related | undefined {
  if (origin.kind === 'values') return relateValue(origin)
  const location = placeInTemplate(origin.template, origin.span)
  return location && { message: 'literal', location }
}

const relateValue = (origin: ValueOrigin): Related => ({
  message: origin.source.id.startsWith('--')
    ? `value from ${origin.source.id}`
    : `value ${formatPath(origin.path)}`,
  location: { source: origin.source, span: spanOfValue(origin) },
})

/** A map or list below its key begins with its first entry, so that the key is the place of the whole. */
const spanOfValue = ({ source, key, value }: ValueOrigin): Span =>
  key && source.text.slice(key.end, value.start).includes('\n') ? key : value

/** Location and related places of a span of rendered text. */
export function locate(
  text: Text,
  span: Span,
  piece: Piece | undefined,
): Pick<HelmProblem, 'location' | 'related' | 'value'> {
  if (!piece) return { location: undefined, related: [] }
  const { value, frame } = piece
  return {
    location: placeInText(text, span),
    related: listCalls(frame),
    ...(value?.kind === 'values' && { value: placeOfValue(value) }),
  }
}

const placeOfValue = ({ source, value, path }: ValueOrigin): NonNullable<HelmProblem['value']> => ({
  path,
  location: { source, span: value },
})

/** A chart decides what its errors say: without what a terminal would obey. */
const printable = (text: string): string => text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '')

/** An execution error at the place to edit: the innermost template. */
export function problemOf(error: TemplateError, compat: string): HelmProblem {
  const deepest = deepestError(error)
  const cause = innermostCause(error)
  const failed = cause instanceof ChartFailure
  const hint = deepest.help?.hint ?? (cause instanceof GoError ? cause.hint : undefined)
  const words = failed ? cause.message : deepest.detail + (cause === deepest ? '' : cause.message)
  return {
    code: failed ? 'template-fail' : 'template-error',
    message: printable(hint === undefined ? words : `${words}; ${hint}`),
    location: placeInTemplate(deepest.at.source, { start: deepest.at.span.start, end: deepest.at.span.end }),
    helmText: printable(formatHelmError(error, compat === 'helm-3' ? 'line' : 'trace')),
    related: listCalls(deepest.at.frame),
    ...(deepest.help?.origin && { value: placeOfValue(deepest.help.origin) }),
  }
}
