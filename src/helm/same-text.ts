/** Whether two texts were made in the same way: of the same characters by the same places of templates and values. */
import type { Span } from '../text/source.ts'
import type { Frame, Piece, PlainOrigin, TemplateSource } from './template/origin.ts'
import type { Segment, Text } from './template/text.ts'

/**
 * True when every span of both leads to the same places. What else decided about the texts, conditions among it, may
 * differ: that is asked of whole renderings.
 */
export function isSameText(a: Text, b: Text): boolean {
  const { segments } = a
  if (a === b) return true
  if (segments.length !== b.segments.length || a.text !== b.text) return false
  for (let i = 0; i < segments.length; i++) if (!isSameSegment(segments[i]!, b.segments[i]!)) return false
  return true
}

const isSameSegment = (a: Segment, b: Segment): boolean =>
  a.at === b.at && a.pad === b.pad && a.offset === b.offset && isSamePiece(a.piece, b.piece)

const isSamePiece = (a: Piece, b: Piece): boolean =>
  a === b ||
  (isSameSpan(a.span, b.span) &&
    a.literal === b.literal &&
    a.unstable === b.unstable &&
    (a.derived === undefined) === (b.derived === undefined) &&
    isSameTemplate(a.template, b.template) &&
    isSameOrigin(a.value, b.value) &&
    isSameFrame(a.frame, b.frame))

/** Many pieces share a template or a frame: what each was found to be the same as. */
const alike = new WeakMap<Frame | TemplateSource, Frame | TemplateSource>()

function isAlike<T extends Frame | TemplateSource>(a: T, b: T, compare: (a: T, b: T) => boolean): boolean {
  if (a === b || alike.get(a) === b) return true
  if (!compare(a, b)) return false
  alike.set(a, b)
  return true
}

const isSameTemplate = (a: TemplateSource, b: TemplateSource): boolean => isAlike(a, b, isSameSource)

const isSameSource = (a: TemplateSource, b: TemplateSource): boolean =>
  a.name === b.name &&
  a.file === b.file &&
  a.text === b.text &&
  (a.made === b.made || (a.made !== undefined && b.made !== undefined && isSameText(a.made, b.made)))

/** The values of a chart are read once, so that its keys are the same objects in all renderings. */
const isSameOrigin = (a: PlainOrigin | undefined, b: PlainOrigin | undefined): boolean =>
  a === b ||
  (a?.kind === 'literal' &&
    b?.kind === 'literal' &&
    isSameSpan(a.span, b.span) &&
    isSameTemplate(a.template, b.template))

const isSameFrame = (a: Frame | undefined, b: Frame | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && isAlike(a, b, isSameCall))

const isSameCall = (a: Frame, b: Frame): boolean =>
  a.name === b.name &&
  (a.call === b.call ||
    (a.call !== undefined &&
      b.call !== undefined &&
      isSameSpan(a.call.span, b.call.span) &&
      isSameTemplate(a.call.template, b.call.template) &&
      isSameFrame(a.parent, b.parent)))

const isSameSpan = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end
