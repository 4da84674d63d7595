/** Edits that suppress a finding: a comment with the right syntax and indentation, or the annotation where no comment can stand. */
import { ignoreAnnotation, listAllowingLines, listComments } from '../engine/directives.ts'
import type { Finding } from '../engine/finding.ts'
import { resourcesOf } from '../engine/snapshot.ts'
import { formatResource, type Resource } from '../kube/resource.ts'
import { lineStarts } from '../text/lines.ts'
import type { Edit, Source } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import { END, isScalar, START, STRIDE } from '../yaml/table.ts'

/** A way to suppress a finding. */
export interface Ignore {
  readonly title: string
  readonly edits: readonly Edit[]
}

/** `documents` are those of the finding's file. Narrowest first; none where the text is not ours to rewrite. */
export function listIgnores(finding: Finding, documents: readonly Document[]): Ignore[] {
  const { rule, location } = finding
  const { source, span } = location
  const syntax = syntaxOf(source)
  const [own, line = own] = listAllowingLines(source, span.start)
  const written = documents.filter(it => it.table.text === source.text)
  const onLine = syntax && ignoreOnLine(source, line, rule, { syntax, documents: written })
  const found: Ignore[] = []
  if (onLine) found.push({ title: `Ignore ${rule} on this line`, edits: [onLine] })
  else found.push(...ignoreByAnnotation(finding, documents))
  if (syntax)
    found.push({
      title: `Ignore ${rule} in this file`,
      edits: [ignoreInFile(source, rule, { syntax, documents: written })],
    })
  return found
}

interface Writing {
  readonly syntax: Syntax
  /** Those that are written in the file as they stand; the tables of rendered ones have offsets of their own. */
  readonly documents: readonly Document[]
}

/** Above the line, because what stands behind values is often a comment already. Undefined inside of a text. */
function ignoreOnLine(source: Source, line: number, rule: string, writing: Writing): Edit | undefined {
  const { syntax, documents } = writing
  const comments = listComments(source, documents)
  const there = comments.find(({ scope }) => scope !== 'file' && 'line' in scope && scope.line === line)
  const last = there?.names.at(-1)
  if (last) return insert(source, last.span.end, `, ${rule}`)
  const start = startOfLine(source, line)
  if (isInsideScalar(documents, start)) return undefined
  const indent = /[ \t]*/y
  indent.lastIndex = start
  const margin = indent.exec(source.text)![0]
  return insert(source, start, margin + syntax(`plimsoll-ignore ${rule}`) + lineEndOf(source))
}

/** On the first line, or in the comment for the whole file that is there. */
function ignoreInFile(source: Source, rule: string, { syntax, documents }: Writing): Edit {
  const there = listComments(source, documents).find(it => it.scope === 'file')
  const last = there?.names.at(-1)
  if (last) return insert(source, last.span.end, `, ${rule}`)
  return insert(source, startOfLine(source, 0), syntax(`plimsoll-ignore-file ${rule}`) + lineEndOf(source))
}

function ignoreByAnnotation({ rule, resource }: Finding, documents: readonly Document[]): Ignore[] {
  if (!resource) return []
  const isMeant = (it: Resource): boolean =>
    it.kind === resource.kind &&
    it.name === resource.name &&
    it.namespace === resource.namespace &&
    it.apiVersion === resource.apiVersion
  for (const document of documents) {
    const found = resourcesOf(document).find(isMeant)
    if (!found) continue
    const path = ['metadata', 'annotations', ignoreAnnotation]
    const before = found.root.text(...path)
    const value = before === undefined || before.trim() === '' ? rule : `${before}, ${rule}`
    const edits = document.lower({ op: 'set', path: [...found.root.path, ...path], value })
    return edits && edits !== 'untried'
      ? [{ title: `Ignore ${rule} for ${formatResource(found)}`, edits }]
      : []
  }
  return []
}

type Syntax = (directive: string) => string

const yaml: Syntax = directive => `# ${directive}`
/** A comment of the template language is not rendered, and its trim marker takes the line with it. */
const template: Syntax = directive => `{{- /* ${directive} */}}`

/** JSON has no comments, whatever the file is called. */
function syntaxOf({ id, text }: Source): Syntax | undefined {
  if (/\.json$/i.test(id) || /^\ufeff?\s*\{(?!\{)/.test(text)) return undefined
  return /(?:^|\/)templates\/|\.tpl$/.test(id) ? template : yaml
}

/** A line within a block scalar, or a later line of a quoted one: a comment there would be part of the value. */
const isInsideScalar = (documents: readonly Document[], offset: number): boolean =>
  documents.some(({ table, span }) => {
    if (offset <= span.start || offset >= span.end) return false
    const { nodes } = table
    for (let node = 0; node < nodes.length; node += STRIDE)
      if (nodes[node + START]! < offset && offset < nodes[node + END]! && isScalar(table, node)) return true
    return false
  })

/** Behind a byte order mark, which stays first. */
function startOfLine(source: Source, line: number): number {
  const start = lineStarts(source)[line]!
  return start === 0 && source.text.charCodeAt(0) === 0xfeff ? 1 : start
}

/** As the file has it: the end of its first line. */
const lineEndOf = ({ text }: Source): string => /\r\n|\n|\r/.exec(text)?.[0] ?? '\n'

const insert = (source: Source, at: number, text: string): Edit => ({
  source,
  span: { start: at, end: at },
  text,
})
