/**
 * Texts to documents, split as kubectl splits them. The scanner reads what it can; documents that it declines need
 * the full parser, which is loaded only when the first of them is met.
 */
import type { Location, Source, Span } from '../text/source.ts'
import type { Chunk, Parsed } from './chunk.ts'
import { toJson } from './decode.ts'
import type { Document, Lowered, Part, Patch, Problem } from './document.ts'
import type { Json, Path } from './json.ts'
import { partSpan, walkPath } from './locate.ts'
import { lowerPatch } from './patch.ts'
import { type Scanned, Scanner } from './scan.ts'
import { JsonScanner } from './scan-json.ts'
import { EMPTY, STRIDE, type Table } from './table.ts'

/** Reads one chunk, whatever is in it; undefined when there is nothing in it but comments. */
export type FullParser = (chunk: Chunk) => Parsed | undefined

/** The parser of `compose.ts` and with it the `yaml` package. */
export async function loadFullParser(): Promise<FullParser> {
  const { composeChunk } = await import('./compose.ts')
  return composeChunk
}

/**
 * The documents of a text in order; chunks without content are none. Undefined when one of them needs the full parser
 * and none is given: load it and call again.
 */
export function parseSource(source: Source, full?: FullParser): readonly Document[] | undefined {
  knownParser ??= full
  const known = read.get(source)
  if (known) return known
  const documents = copyDocuments(source) ?? readDocuments(source, full)
  if (!documents) return undefined
  read.set(source, documents)
  if (source.text.length >= LONG) rememberLong(source)
  return documents
}

/** Files of charts are read as files, and again as parts of the chart. */
const read = new WeakMap<Source, readonly Document[]>()

/** By length, the last long text that was read: charts hold the same definitions, and so do charts in charts. */
const longSources = new Map<number, WeakRef<Source>>()
const LONG = 2000
const MOST_LENGTHS = 20_000

function rememberLong(source: Source): void {
  // An editor makes a text of another length with each letter.
  if (longSources.size >= MOST_LENGTHS) longSources.clear()
  longSources.set(source.text.length, new WeakRef(source))
}

/** The documents of a text that was read from another file share its tables, and what is remembered by them. */
function copyDocuments(source: Source): readonly Document[] | undefined {
  const twin = longSources.get(source.text.length)?.deref()
  if (!twin || twin.text !== source.text) return undefined
  return read.get(twin)?.map(it => createDocument(source, it.table, it.span, it.problems))
}

function readDocuments(source: Source, full: FullParser | undefined): readonly Document[] | undefined {
  const { text } = source
  const documents: Document[] = []
  const first = text.charCodeAt(0) === 0xfeff ? 1 : 0
  const json = JSON_START.test(text) ? readJson(source, first, documents) : { end: first }
  if (json.end < text.length) scanner.load(text)
  for (let at = json.end; at < text.length; ) {
    const separator = at === json.end && json.problem ? json : readSeparator(text, at)
    const start = separator.end
    const scanned = separator.problem ? undefined : scanner.scan(start)
    if (!scanned && !full) return undefined
    const end = scanned ? scanned.end : findSeparator(text, start)
    const span = { start, end }
    const parsed = scanned ? toParsed(text, scanned) : full!({ text, span })
    const problems = separator.problem ? [separator.problem] : []
    if (parsed) problems.push(...parsed.problems)
    if (parsed || problems.length > 0)
      documents.push(createDocument(source, parsed?.table ?? emptyTable(text, start), span, problems))
    at = end
  }
  return documents
}

/** The full parser once it was needed: documents that it has read are tried with it again after edits. */
let knownParser: FullParser | undefined

const scanner = new Scanner()
const jsonScanner = new JsonScanner()

/** kubectl tries its JSON decoder first when the text begins like this. */
const JSON_START = /^\ufeff?\s*\{/

/**
 * JSON values one after the other, and the offset from which on the text is YAML: `YAMLOrJSONDecoder.Decode` in
 * k8s.io/apimachinery/pkg/util/yaml, which goes over to YAML unless it has read several values.
 */
function readJson(source: Source, first: number, documents: Document[]): Separator {
  const { text } = source
  jsonScanner.load(text)
  for (let at = first; ; ) {
    const scanned = jsonScanner.scan(at)
    if (scanned?.nodes) {
      const table = { text, nodes: scanned.nodes }
      documents.push(createDocument(source, table, { start: at, end: scanned.end }, scanned.problems))
      at = scanned.end
    }
    const gap = /^[^\S\n]*/.exec(text.slice(at, at + 1000))![0].length + at
    const rest = text[gap] === '\n' ? gap + 1 : gap
    const isBlank = text.slice(rest, rest + 1000).trim() === '' && text.slice(rest).trim() === ''
    if (scanned && !isBlank) continue
    // The decoder goes over to YAML only where four more bytes follow.
    if (isBlank || (documents.length < 2 && text.length - gap > 3)) return { end: rest }
    return { end: rest, problem: noJson(rest, text.length) }
  }
}

const noJson = (start: number, end: number): Problem => ({
  code: 'syntax',
  message: 'kubectl takes this for JSON, since JSON stands before it; put `---` between documents',
  span: { start, end },
})

interface Separator {
  /** Where the document begins. */
  readonly end: number
  readonly problem?: Problem
}

/** `---` and nothing but a comment behind it, or the beginning of the first document. */
function readSeparator(text: string, start: number): Separator {
  if (!text.startsWith('---', start)) return { end: start }
  const newline = text.indexOf('\n', start)
  const lineEnd = newline < 0 ? text.length : newline
  const rest = text.slice(start + 3, lineEnd).trim()
  if (rest === '' || rest[0] === '#') return { end: newline < 0 ? lineEnd : lineEnd + 1 }
  const problem: Problem = {
    code: 'syntax',
    message: `Only a comment may follow \`---\`, kubectl refuses ${JSON.stringify(shorten(rest))} here; begin the document on the next line`,
    span: { start, end: start + 3 + text.slice(start + 3, lineEnd).trimEnd().length },
  }
  // `--- {}` is a separator to other readers, `----` is a text.
  return { end: /\s/.test(text[start + 3]!) ? start + 3 : start, problem }
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text)

/** Offset of the next line that begins with `---`, behind one that stands at `start`. */
function findSeparator(text: string, start: number): number {
  const newline = text.indexOf('\n---', start)
  return newline < 0 ? text.length : newline + 1
}

function toParsed(text: string, { nodes, aliases, problems }: Scanned): Parsed | undefined {
  return nodes && { table: { text, nodes, ...(aliases && { aliases }) }, problems }
}

const emptyTable = (text: string, at: number): Table => ({
  text,
  nodes: Int32Array.of(EMPTY, at, at, STRIDE, 0),
})

/** A document whose table's text is the file. */
function createDocument(source: Source, table: Table, span: Span, problems: readonly Problem[]): Document {
  return new FileDocument(source, table, span, problems)
}

class FileDocument implements Document {
  readonly source: Source
  readonly table: Table
  readonly span: Span
  readonly problems: readonly Problem[]
  private known: { readonly value: Json } | undefined

  constructor(source: Source, table: Table, span: Span, problems: readonly Problem[]) {
    this.source = source
    this.table = table
    this.span = span
    this.problems = problems
  }

  get value(): Json {
    this.known ??= { value: toJson(this.table, 0) }
    return this.known.value
  }

  place(span: Span): Location {
    return { source: this.source, span }
  }

  locate(path: Path, part: Part = 'value'): Location {
    const { place, steps } = walkPath(this.table, path)
    // The key of an ancestor is where one looks for what is missing; its value may span pages.
    return this.place(partSpan(this.table, place, steps === path.length ? part : 'key'))
  }

  lower(patch: Patch): Lowered {
    return lowerPatch(this, patch, readAgain)
  }
}

/** The value of an edited document; undefined when it is none, several or broken. */
function readAgain(source: Source): Json | undefined {
  const documents = parseSource(source, knownParser)
  if (documents?.length !== 1 || documents[0]!.problems.some(it => it.code === 'syntax')) return undefined
  return documents[0]!.value
}
