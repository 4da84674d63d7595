/**
 * Suppressions as written: `plimsoll-ignore`, `plimsoll-ignore-next`, `plimsoll-ignore-file` in comments of YAML and of
 * templates, and the annotation `plimsoll/ignore`.
 */
import type { Resource } from '../kube/resource.ts'
import { lineStarts, positionAt } from '../text/lines.ts'
import type { Location, Source, Span } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import { EMPTY, END, kindOf, PLAIN, START, STRIDE } from '../yaml/table.ts'

export interface Directive {
  readonly source: Source
  /** What is suppressed: findings on one line (0-based), in a whole file, or about one resource. */
  readonly scope: { readonly line: number } | 'file' | Resource
  readonly names: readonly Name[]
  /** The last day on which it holds: `2027-03-01`. */
  readonly until: string | undefined
  /** The comment, or the value of the annotation; a place in `source`. */
  readonly span: Span
  /** How to shorten it. */
  readonly form: 'comment' | 'annotation'
}

export interface Name {
  readonly text: string
  readonly span: Span
}

export const ignoreAnnotation = 'plimsoll/ignore'

const marker = /plimsoll-ignore(-file|-next-line|-next)?(?![\w-])[ \t:]*/g

/** More names than this are one long name, which no rule has. */
const mostNames = 50

/** All suppressions in the comments of a text, in order. `documents` tell comments from texts that look like them, but for renderings. */
export function listComments(source: Source, documents: readonly Document[]): Directive[] {
  if (documents.length === 0 && !MAY_SUPPRESS.test(source.id)) return []
  const { text } = source
  if (!text.includes('plimsoll-ignore')) return []
  const isQuoted = findScalars(documents)
  const nextContent = listNextContent(source)
  const directives: Directive[] = []
  for (const match of text.matchAll(marker)) {
    const comment = findComment(source, match.index)
    if (!comment || isQuoted(match.index)) continue
    const start = match.index + match[0].length
    const below = comment.alone || match[1] !== undefined
    const { line } = positionAt(source, below ? comment.span.end - 1 : comment.span.start)
    directives.push({
      source,
      scope: match[1] === '-file' ? 'file' : { line: below ? nextContent[line + 1]! : line },
      ...readNames(text.slice(start, comment.contentEnd), start),
      span: comment.span,
      form: 'comment',
    })
  }
  return directives
}

/** YAML, JSON and templates. Other files of charts only show what suppressions look like, and are not even decoded. */
const MAY_SUPPRESS = /\.(?:ya?ml|json|tpl|txt|gotmpl)$|(?:^|\/)templates\//i

/** The annotation of a resource; its place is where the value is written. */
export function findAnnotation(resource: Resource): Directive | undefined {
  const at = resource.root.get('metadata', 'annotations', ignoreAnnotation)
  const value = at?.value
  if (!at || typeof value !== 'string') return undefined
  const { source, span } = at.locate()
  return { source, scope: resource, ...readNames(value, 0), span, form: 'annotation' }
}

/**
 * The lines where a comment allows what is found at an offset: its own, and within an action of several lines, where no
 * comment can stand, the one where the action begins.
 */
export function listAllowingLines(source: Source, offset: number): readonly [line: number, begun?: number] {
  const { line } = positionAt(source, offset)
  const from = Math.max(0, offset - LONGEST_ACTION)
  const before = source.text.slice(from, offset)
  const open = before.lastIndexOf('{{')
  if (open < 0 || before.indexOf('}}', open) >= 0 || !before.includes('\n', open)) return [line]
  return [line, positionAt(source, from + open).line]
}

/** Text is looked through this far for the beginning of an action. */
const LONGEST_ACTION = 2000

interface Comment {
  /** With its opening and closing marks. */
  readonly span: Span
  readonly contentEnd: number
  /** Nothing else stands on its line. */
  readonly alone: boolean
}

/** The comment whose first word is at `offset`. */
function findComment(source: Source, offset: number): Comment | undefined {
  const { text } = source
  const { line } = positionAt(source, offset)
  const lineStart = lineStarts(source)[line]!
  const rest = /[^\r\n]*/y
  rest.lastIndex = offset
  const lineEnd = offset + rest.exec(text)![0].length
  const before = text.slice(lineStart, offset)
  const hash = /(?:^|\s)(#+\s*)$/.exec(before)
  if (hash) {
    const start = offset - hash[1]!.length
    return {
      span: { start, end: lineEnd },
      contentEnd: lineEnd,
      alone: text.slice(lineStart, start).trim() === '',
    }
  }
  return findTemplateComment(source, offset, lineEnd)
}

/** A comment of a template, which may go on over several lines; the rules stand on its first one that is not blank. */
function findTemplateComment({ text }: Source, offset: number, lineEnd: number): Comment | undefined {
  const from = Math.max(0, offset - MOST_BLANKS)
  const open = /\{\{-?\s*\/\*\s*$/.exec(text.slice(from, offset))
  const closeAt = open ? text.indexOf('*/', offset) : -1
  const close = /^\*\/\s*-?\}\}/.exec(text.slice(closeAt, closeAt + MOST_BLANKS))
  if (!open || closeAt < 0 || !close) return undefined
  const start = from + open.index
  const end = closeAt + close[0].length
  const before = text.slice(text.lastIndexOf('\n', start) + 1, start)
  const after = /^[^\r\n]*/.exec(text.slice(end))![0]
  const contentEnd = Math.min(lineEnd, closeAt)
  return { span: { start, end }, contentEnd, alone: (before + after).trim() === '' }
}

/** White space within the marks of a comment is looked through this far. */
const MOST_BLANKS = 200

/** For each line, and the one behind the last, itself or the next one that is neither empty nor a comment alone. */
function listNextContent(source: Source): Uint32Array {
  const starts = lineStarts(source)
  const next = new Uint32Array(starts.length + 1).fill(starts.length)
  for (let line = starts.length - 1; line >= 0; line--) {
    const text = source.text.slice(starts[line], starts[line + 1])
    const isContent = !/^\s*(?:#|$|\{\{-?\s*\/\*.*\*\/\s*-?\}\}\s*$)/.test(text)
    next[line] = isContent ? line : next[line + 1]!
  }
  return next
}

/** Whether an offset is inside a quoted or block scalar, where a hash begins no comment. */
function findScalars(documents: readonly Document[]): (offset: number) => boolean {
  const spans: [start: number, end: number][] = []
  for (const { table, source } of documents) {
    if (table.text !== source.text) continue
    const { nodes } = table
    for (let node = 0; node < nodes.length; node += STRIDE) {
      const kind = kindOf(table, node)
      if (kind > PLAIN && kind !== EMPTY) spans.push([nodes[node + START]!, nodes[node + END]!])
    }
  }
  spans.sort((a, b) => a[0] - b[0])
  return offset => {
    let low = 0
    let high = spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (spans[middle]![0] <= offset) low = middle + 1
      else high = middle
    }
    return low > 0 && offset < spans[low - 1]![1]
  }
}

/** `a-rule, other-rule until 2027-03-01 -- reason`, where `offset` is that of the text. */
function readNames(text: string, offset: number): { names: Name[]; until: string | undefined } {
  const body = text.split(/(?:^|\s)--(?:\s|$)/, 1)[0]!
  const until = /(?:^|\s)until\s+(\S+)\s*$/.exec(body)
  const list = until ? body.slice(0, until.index) : body
  const names: Name[] = []
  for (const match of list.matchAll(/[^,]+/g)) {
    const name = (names.length === mostNames ? list.slice(match.index) : match[0]).trim()
    if (name === '') continue
    const start = offset + match.index + match[0].indexOf(name)
    names.push({ text: name, span: { start, end: start + name.length } })
    if (names.length > mostNames) break
  }
  return { names, until: until?.[1] }
}

/** The place of a name that findings about it point to. */
export const placeOf = ({ source, span, form }: Directive, name?: Name): Location => ({
  source,
  span: form === 'comment' && name ? name.span : span,
})
