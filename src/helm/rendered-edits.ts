/**
 * Patches of rendered manifests to edits of what people write: the text of a template, or the key of values.yaml that is
 * printed as it stands. There are none where an edit would change other output too, or would not come out as meant: in
 * loops, in what is included several times, in sub-charts, in text that functions have changed.
 */
import { memo } from '../text/memo.ts'
import type { Edit, Source, Span } from '../text/source.ts'
import { scalarValue, toJson } from '../yaml/decode.ts'
import type { Document, Lowered, Patch } from '../yaml/document.ts'
import type { Json } from '../yaml/json.ts'
import { walkPath } from '../yaml/locate.ts'
import { lowerPatch } from '../yaml/patch.ts'
import { EMPTY, END, isScalar, kindOf, PLAIN, START } from '../yaml/table.ts'
import type { Rendering } from './render-chart.ts'
import type { RenderedDocument } from './rendered.ts'
import type { Node } from './template/ast.ts'
import { listDependencies } from './template/derivation.ts'
import type { Frame, Part, Piece, TemplateSource, ValueOrigin } from './template/origin.ts'
import { parseTemplate } from './template/parser.ts'
import { type Segment, segmentIndex } from './template/text.ts'
import { parseDocument } from './values-yaml.ts'

export interface PatchPlace {
  readonly document: RenderedDocument
  /** All renderings that have the document: an edit changes each of them. */
  readonly renderings: readonly Printed[]
  /** Values files as documents: their text is ours to rewrite when it is that of the chart. */
  readonly valuesFile: (source: Source) => Document | undefined
}

/** What edits ask of a rendering. It is kept as long as the documents are, which all else that made them need not be. */
export type Printed = Pick<Rendering, 'files'>

export const toPrinted = memo(({ files }: Rendering): Printed => ({ files }))

export function lowerRenderedPatch(place: PatchPlace, patch: Patch): Lowered {
  const scalar = findPrinted(place, patch)
  if (scalar) return editPrinted(place, patch, scalar)
  const edits = lowerPatch(toPlain(place.document), patch, readAgain)
  if (edits === 'untried') return edits
  const lowered = edits?.map(edit => editLiteral(place, edit))
  return lowered?.every(it => it !== undefined) ? lowered : undefined
}

/** The document as if its rendered text were a file. */
const toPlain = memo((document: RenderedDocument): Document => {
  const { text } = document.manifest.content
  const source: Source = { id: '', text }
  return {
    source,
    span: { start: 0, end: text.length },
    table: document.table,
    problems: document.problems,
    value: document.value,
    place: span => ({ source, span }),
    locate: path => document.locate(path),
    lower: () => undefined,
  }
})

function readAgain({ text }: Source): Json | undefined {
  const parsed = parseDocument(text)
  return parsed && !parsed.problems.some(it => it.code === 'syntax') ? toJson(parsed.table, 0) : undefined
}

/** How often what begins at an offset of a file stands in the output. */
type Counts = Map<string, Map<number, number>>

/** Counts pieces of templates and values in the output of all files; notes for people do not count. */
const countPieces = memo((rendering: Printed): { readonly pieces: Counts; readonly values: Counts } => {
  const pieces: Counts = new Map()
  const values: Counts = new Map()
  for (const [name, { segments }] of rendering.files) {
    if (name.endsWith('NOTES.txt')) continue
    let last: Segment | undefined
    for (const segment of segments) {
      const { piece } = segment
      const { value } = piece
      // Lines of one text that `nindent` moved are segments of their own, in order.
      const goesOn = last?.piece === piece && piece.literal && segment.offset > last.offset
      if (!goesOn) count(pieces, piece.template.file?.id ?? '', piece.span.start)
      if (!piece.literal && value?.kind === 'values') count(values, value.source.id, value.value.start)
      last = segment
    }
  }
  return { pieces, values }
})

function count(counts: Counts, id: string, start: number): void {
  const inFile = counts.get(id) ?? new Map<number, number>()
  counts.set(id, inFile.set(start, (inFile.get(start) ?? 0) + 1))
}

const countOfPiece = (rendering: Printed, { template, span }: Piece): number | undefined =>
  countPieces(rendering)
    .pieces.get(template.file?.id ?? '')
    ?.get(span.start)

/** Values that conditions, comparisons and checksums look at: an edit of one would change more than its own text. */
const listDeciding = memo((rendering: Printed): ReadonlySet<ValueOrigin> => {
  const parts = new Set<Part>()
  for (const { segments, text } of rendering.files.values())
    segments.forEach(({ piece, at }, i) => {
      if (piece.guard) parts.add(piece.guard)
      // Blanks that `nindent` puts before a text are derived from that text.
      if (piece.derived && text.slice(at, segments[i + 1]?.at).trim() !== '') parts.add(piece.derived)
    })
  return listDependencies(parts).values
})

/** The bodies of loops in a template file: a loop may run once here and several times with other values. */
const listLoops = memo((file: Source): readonly Span[] => {
  const loops: Span[] = []
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (!('body' in node)) continue
      const [first, last] = [node.body[0], node.body.at(-1)]
      if (node.kind === 'range' && first && last) loops.push({ start: first.start, end: last.end })
      visit(node.body)
      if (node.otherwise) visit(node.otherwise)
    }
  }
  // Few fixes are asked for, so that the file is parsed again rather than its tree kept.
  const { main, defined } = parseTemplate(
    { name: file.id, text: file.text, file, made: undefined },
    () => true,
  )
  for (const { body } of [main, ...defined]) visit(body)
  return loops
})

function isInLoop({ template, span, frame }: Piece): boolean {
  const isWithin = ({ file }: TemplateSource, { start }: Span): boolean =>
    file !== undefined && listLoops(file).some(it => it.start <= start && start < it.end)
  if (isWithin(template, span)) return true
  for (let it: Frame | undefined = frame; it?.call; it = it.parent)
    if (isWithin(it.call.template, it.call.span)) return true
  return false
}

/** True where a place of a template has part in what is rendered. */
export const isRendered = (rendering: Printed, source: Source, offset: number): boolean =>
  [...(listSpans(rendering).get(source.id)?.values() ?? [])].some(
    it => it.start <= offset && offset <= it.end,
  )

/** What of each template file stands in the output, by its first character. */
const listSpans = memo((rendering: Printed): ReadonlyMap<string, ReadonlyMap<number, Span>> => {
  const byFile = new Map<string, Map<number, Span>>()
  for (const [name, { segments }] of rendering.files)
    for (const { piece } of name.endsWith('NOTES.txt') ? [] : segments) {
      const { id } = piece.template.file ?? { id: '' }
      const spans = byFile.get(id) ?? new Map<number, Span>()
      byFile.set(id, spans.set(piece.span.start, piece.span))
    }
  return byFile
})

/** A template of the outermost chart whose text stands in the output once. */
function isOwnAndOnce({ document, renderings }: PatchPlace, piece: Piece): boolean {
  const { path } = document.manifest
  const root = path.slice(0, path.indexOf('/') + 1)
  return (
    piece.template.file !== undefined &&
    piece.template.name.startsWith(`${root}templates/`) &&
    renderings.every(it => countOfPiece(it, piece) === 1) &&
    !isInLoop(piece)
  )
}

// Literal text.

function editLiteral(place: PatchPlace, { span, text }: Edit): Edit | undefined {
  const { segments } = place.document.manifest.content
  const inserts = span.start === span.end
  // Of an insertion the characters on both sides tell the place, or the line break that the template has there.
  const first = inserts && span.start > 0 && !text.endsWith('\n') ? span.start - 1 : span.start
  const segment = segments[segmentIndex(segments, first)]
  const last = segments[segmentIndex(segments, Math.max(first, span.end - 1))]
  if (!segment || segment !== last || !segment.piece.literal || segment.offset < 0) return undefined
  const { piece, at, pad, offset } = segment
  if ((pad > 0 && text.includes('\n')) || first < at + pad || !isOwnAndOnce(place, piece)) return undefined
  const start = piece.span.start + offset + span.start - at - pad
  const source = piece.template.file!
  const edit = { source, span: { start, end: start + span.end - span.start }, text }
  return !inserts || isSureInsertion(edit, piece, segments[segmentIndex(segments, span.start)] === segment)
    ? edit
    : undefined
}

function isSureInsertion({ source, span: { start }, text }: Edit, piece: Piece, isInside: boolean): boolean {
  const isEnd = start >= source.text.length || /[\r\n]/.test(source.text[start]!)
  if (text.startsWith('\n') || text.startsWith('\r\n')) return isEnd
  if (text.endsWith('\n')) return start > piece.span.start && source.text[start - 1] === '\n'
  return isInside || isEnd
}

// Values that are printed.

interface PrintedScalar {
  readonly piece: Piece
  /** The text in the rendering. */
  readonly text: string
  readonly isPlain: boolean
  /** More than it is the work of the same action. */
  readonly isPart: boolean
}

/** The scalar at the path of a patch, when one action prints all of it. */
function findPrinted({ document }: PatchPlace, { op, path }: Patch): PrintedScalar | undefined {
  if (op !== 'set') return undefined
  const { table } = document
  const { segments, text } = document.manifest.content
  const { place, steps } = walkPath(table, path)
  if (steps < path.length || !isScalar(table, place.node) || kindOf(table, place.node) === EMPTY)
    return undefined
  const isPlain = kindOf(table, place.node) === PLAIN
  const start = table.nodes[place.node + START]! + (isPlain ? 0 : 1)
  const end = table.nodes[place.node + END]! - (isPlain ? 0 : 1)
  const index = segmentIndex(segments, start)
  const segment = segments[index]
  if (!segment || segment.piece.literal || (segments[index + 1]?.at ?? text.length) !== end) return undefined
  const before = text.slice(segment.at + segment.pad, start)
  if (before !== '' && !isEntry(segment.piece, before, path.at(-1)!)) return undefined
  return { piece: segment.piece, text: text.slice(start, end), isPlain, isPart: before !== '' }
}

/** `toYaml` prints a key and its value as one. */
function isEntry({ value }: Piece, before: string, key: string | number): boolean {
  return value?.kind === 'values' && value.path.at(-1) === key && /^(?:[^\s:]+:|-) $/.test(before)
}

function editPrinted(
  place: PatchPlace,
  { value }: Patch,
  { piece, text, isPlain, isPart }: PrintedScalar,
): Lowered {
  // What shall be the same text, but a text: the template has to quote it.
  if (value === text && isPlain && !isPart) return isOwnAndOnce(place, piece) ? quoteAction(piece) : undefined
  const origin = piece.value
  if (origin?.kind !== 'values' || piece.derived || value === undefined || typeof value === 'object')
    return undefined
  const isFree = (it: Printed): boolean =>
    countPieces(it).values.get(origin.source.id)?.get(origin.value.start) === 1 &&
    !listDeciding(it).has(origin)
  if (!place.renderings.every(isFree)) return undefined
  const file = place.valuesFile(origin.source)
  if (!file) return undefined
  const slot = walkPath(file.table, origin.path)
  if (slot.steps < origin.path.length || !isScalar(file.table, slot.place.node)) return undefined
  const written = scalarValue(file.table, slot.place.node)
  // What is printed in another form than it is written would not come out as meant.
  return String(written) === text ? file.lower({ op: 'set', path: origin.path, value }) : undefined
}

/** `{{ .Values.text }}` to `{{ .Values.text | quote }}`. */
function quoteAction({ template: { file, text }, span }: Piece): readonly Edit[] | undefined {
  const action = actionAround(text, span)
  const inner = action && text.slice(action.start, action.end)
  if (!file || !inner || /:?=|\b(?:template|include|toYaml|nindent|indent)\b/.test(inner)) return undefined
  const end = action.end - /\s*-?\}\}$/.exec(inner)![0].length
  return [{ source: file, span: { start: end, end }, text: ' | quote' }]
}

/** The braces around a place of a template. */
function actionAround(text: string, { start, end }: Span): Span | undefined {
  const open = text.lastIndexOf('{{', start + 1)
  const close = text.indexOf('}}', end - 2)
  return open < 0 || close < 0 || text.slice(open + 2, close).includes('{{')
    ? undefined
    : { start: open, end: close + 2 }
}
