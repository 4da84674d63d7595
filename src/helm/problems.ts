/** Places of rendered text and of template errors, followed back to the files of the chart. */
import type { Location, Span } from '../text/source.ts'
import { formatPath } from '../yaml/json.ts'
import type { HelmProblem } from './chart.ts'
import { ChartFailure, deepestError, innermostCause, type TemplateError } from './template/errors.ts'
import type { Frame, Origin, Piece, TemplateSource } from './template/origin.ts'
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
  if (!template.made || hops > MAX_HOPS) return undefined
  return placeInText(template.made, span, hops + 1)
}

/** Where a span of rendered text comes from: the template's characters, or the action that printed it. */
export function placeInText(text: Text, span: Span, hops = 0): Location | undefined {
  const segment = text.segments[segmentIndex(text.segments, span.start)]
  if (!segment) return undefined
  const { piece, at, pad, offset } = segment
  if (!piece.literal || offset < 0) return placeInTemplate(piece.template, piece.span, hops)
  const start = piece.span.start + offset + Math.max(0, span.start - at - pad)
  const end = Math.min(piece.span.end, start + Math.max(0, span.end - span.start))
  return placeInTemplate(piece.template, { start: Math.min(start, piece.span.end), end }, hops)
}

/** The calls that led to a frame, the nearest first. */
export function listCalls(frame: Frame): Related[] {
  const calls: Related[] = []
  for (let it: Frame | undefined = frame; it?.call; it = it.parent) {
    const location = placeInTemplate(it.call.template, it.call.span)
    if (location)
      calls.push({ message: it.name === 'gotpl' ? 'evaluated by tpl' : `included as "${it.name}"`, location })
  }
  return calls
}

/** A value's own place. */
export function placeOfOrigin(origin: Origin): Related | undefined {
  if (origin.kind === 'values')
    return {
      message: origin.source.id.startsWith('--')
        ? `value from ${origin.source.id}`
        : `value ${formatPath(origin.path)}`,
      location: { source: origin.source, span: origin.value },
    }
  const location = placeInTemplate(origin.template, origin.span)
  return location && { message: 'literal', location }
}

/** Location and related places of a span of rendered text. */
export function locate(
  text: Text,
  span: Span,
  piece: Piece | undefined,
): { readonly location: Location | undefined; readonly related: readonly Related[] } {
  if (!piece) return { location: undefined, related: [] }
  const value = piece.value && placeOfOrigin(piece.value)
  return {
    location: placeInText(text, span),
    related: [...(value ? [value] : []), ...listCalls(piece.frame)],
  }
}

/** An execution error at the place to edit: the innermost template. */
export function problemOf(error: TemplateError): HelmProblem {
  const deepest = deepestError(error)
  const cause = innermostCause(error)
  const failed = cause instanceof ChartFailure
  return {
    code: failed ? 'template-fail' : 'template-error',
    message: failed ? cause.message : deepest.detail + (cause === deepest ? '' : cause.message),
    location: placeInTemplate(deepest.at.source, { start: deepest.at.span.start, end: deepest.at.span.end }),
    related: listCalls(deepest.at.frame),
  }
}
