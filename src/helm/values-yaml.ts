/**
 * YAML as charts read it (sigs.k8s.io/yaml): text to values whose slots know where they are written. The one place where
 * the helm layer meets the YAML reader.
 */
import type { Source, Span } from '../text/source.ts'
import type { Chunk, Parsed } from '../yaml/chunk.ts'
import { scalarValue } from '../yaml/decode.ts'
import { keyText } from '../yaml/keys.ts'
import { type FullParser, parseSource } from '../yaml/parse.ts'
import { Scanner } from '../yaml/scan.ts'
import {
  AUX,
  EMPTY,
  END,
  FOLDED,
  KIND_MASK,
  LITERAL,
  MAP,
  NEXT,
  SEQ,
  START,
  STRIDE,
  type Table,
} from '../yaml/table.ts'
import { jsonKind } from './functions/json.ts'
import { findGoYamlProblem } from './go-yaml/problem.ts'
import { NotLoaded } from './on-demand.ts'
import type { Origin } from './template/origin.ts'
import { type Dict, dict, list, setEntry, type Value } from './template/value.ts'
import { type WrittenDocument, WrittenOrigin } from './written-origin.ts'

export interface YamlProblem {
  readonly message: string
  /** What sigs.k8s.io/yaml says. */
  readonly helmText: string
  readonly span: Span
}

export interface YamlValue {
  /** Undefined when the text holds no document; null when it holds the null document. */
  readonly value: Value
  /** The span of the root. */
  readonly span: Span | undefined
  readonly problems: readonly YamlProblem[]
}

/**
 * The first document of a text. Never throws. `originOf` says where a value comes from that stands from `start` to `end`;
 * `onFull` is told of texts for the full parser, as `parseDocument` does.
 */
export function parseYaml(
  text: string,
  originOf: (start: number, end: number) => Origin | undefined,
  onFull?: (characters: number) => void,
): YamlValue {
  const parsed = parseDocument(text, onFull)
  const originAt: OriginAt = ({ nodes }, _above, step, slot) => {
    const value = typeof step === 'string' ? slot + STRIDE : slot
    return originOf(nodes[value + START]!, nodes[value + END]!)
  }
  return toYamlValue(text, parsed, originAt, 'as-written')
}

/** The first document of a file. */
export const parseFile = (source: Source): YamlValue =>
  toYamlValue(source.text, readFile(source), writtenIn(source, 0), 'as-written')

/** The origin of a slot, the key or the item at a node, below that of what holds it. */
type OriginAt = (
  table: Table,
  above: Origin | undefined,
  step: string | number,
  slot: number,
) => Origin | undefined

/** Of slots of a part of a file that begins at `offset`. */
function writtenIn(source: Source, offset: number): OriginAt {
  let document: WrittenDocument | undefined
  return (table, above, step, slot) => {
    document ??= { source, table, offset }
    return new WrittenOrigin(document, above, step, slot)
  }
}

/** What others have read of a file is not read again, where helm takes the text for one document as kubectl does. */
function readFile(source: Source): Parsed | undefined {
  const { text } = source
  const isOther = text.startsWith('---') || text.includes('\n---') || /^\s*\{/.test(text)
  if (isOther) return parseDocument(text)
  const documents = parseSource(source, fullParser && readFully)
  return documents ? documents[0] : parseDocument(text)
}

/** Whether the last line gets a line break that the text does not have, as from what reads files line by line. */
type LastLine = 'as-written' | 'ended'

function toYamlValue(
  text: string,
  parsed: Parsed | undefined,
  originAt: OriginAt,
  lastLine: LastLine,
): YamlValue {
  if (!parsed) return { value: undefined, span: undefined, problems: [] }
  const endsLine = text.endsWith('\n')
  const problems = listSyntaxProblems(lastLine === 'ended' && !endsLine ? `${text}\n` : text, parsed)
  if (problems.length > 0) return { value: undefined, span: undefined, problems }
  const { nodes } = parsed.table
  const value = toValue(
    { table: parsed.table, originAt, endsLine: endsLine || lastLine === 'ended' },
    0,
    undefined,
  )
  return { value, span: { start: nodes[START]!, end: nodes[END]! }, problems: [] }
}

/** A line of blanks with a tab among them, which go-yaml refuses outside of texts. */
const findTabLine = (text: string): RegExpExecArray | null =>
  text.includes('\t') ? /^ *\t[ \t]*$/m.exec(text) : null

/** What keeps helm from reading a document, where we see it, in the words of both. Directives are read by helm alone. */
export function listSyntaxProblems(text: string, { problems }: Parsed): YamlProblem[] {
  const broken = problems.filter(it => it.code === 'syntax')
  const tab = broken.length === 0 ? findTabLine(text) : null
  if (broken.length === 0 && !tab) return []
  const words = findGoYamlProblem(text)
  if (words === undefined && (tab || broken.every(it => text[it.span.start] === '%'))) return []
  const helmText = `error converting YAML to JSON: ${words ?? `yaml: ${broken[0]!.message}`}`
  if (broken.length > 0) return broken.map(({ message, span }) => ({ message, helmText, span }))
  const start = tab!.index
  const message = 'A tab stands where indentation is expected; use spaces'
  return [{ message, helmText, span: { start, end: start + tab![0].length } }]
}

let fullParser: FullParser | undefined
/** Charts may hold any YAML, and templates make more of it: what the scanner declines needs the full parser. */
export const setFullParser = (parser: FullParser): void => {
  fullParser = parser
}

const scanner = new Scanner()

/**
 * The table of the first document; undefined when there is none. `onFull` is told, before, of how many characters the full
 * parser reads, which takes a hundred times as long.
 */
export function parseDocument(text: string, onFull?: (characters: number) => void): Parsed | undefined {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0
  if (hasDirectives(text)) return parseFully(text, start, onFull)
  scanner.load(text)
  while (start < text.length) {
    start = skipSeparator(text, start)
    const scanned = scanner.scan(start)
    if (!scanned) return parseFully(text, start, onFull)
    const { nodes, aliases, problems } = scanned
    if (nodes) return { table: { text, nodes, ...(aliases && { aliases }) }, problems }
    if (scanned.end <= start) return undefined
    start = scanned.end
  }
  return undefined
}

/** Whether lines with `%` stand in front of the dashes that begin the document. */
function hasDirectives(text: string): boolean {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  while (at < text.length && text[at] !== '%') {
    while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r') at++
    if (text[at] === '#') at = text.indexOf('\n', at)
    if (text[at] !== '\n') return false
    at++
  }
  return at < text.length
}

function parseFully(
  text: string,
  start: number,
  onFull: ((characters: number) => void) | undefined,
): Parsed | undefined {
  let end = endOfDocument(text, start)
  if (hasDirectives(text)) end = endOfDocument(text, end)
  onFull?.(end - start)
  return readFully({ text, span: { start, end } })
}

function readFully(chunk: Chunk): Parsed | undefined {
  if (!fullParser) throw new NotLoaded('full-parser')
  const { text, span } = chunk
  const { start, end } = span
  if (end - start > MOST_READ)
    return unread(text, start, start, 'Too long for YAML with tags, tabs, `? ` keys or mistakes; split it')
  const deep = findDeepFlow(text, start)
  if (deep !== undefined) return unread(text, start, deep, 'Brackets are nested too deeply')
  return fullParser(chunk)
}

/** Characters that the full parser reads: it takes microseconds and hundreds of bytes for each. */
const MOST_READ = 1_000_000

function unread(text: string, start: number, at: number, message: string): Parsed {
  const problem = { code: 'syntax', message, span: { start: at, end: at + 1 } } as const
  return { table: { text, nodes: Int32Array.of(EMPTY, start, start, STRIDE, 0) }, problems: [problem] }
}

/** More brackets than this are not open at once in anything that means something. */
const MAX_OPEN = 5000

/** The bracket at which too many are open. The full parser takes memory for each, and texts are not asked for quotes. */
function findDeepFlow(text: string, start: number): number | undefined {
  let open = 0
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 91 || unit === 123) {
      if (++open > MAX_OPEN) return at
    } else if (unit === 93 || unit === 125) open = Math.max(0, open - 1)
  }
  return undefined
}

function skipSeparator(text: string, start: number): number {
  if (!text.startsWith('---', start) || !/\s|^$/.test(text[start + 3] ?? '')) return start
  return start + 3
}

function endOfDocument(text: string, start: number): number {
  for (let at = text.indexOf('\n---', start); at >= 0; at = text.indexOf('\n---', at + 1))
    if (/\s|^$/.test(text[at + 4] ?? '')) return at + 1
  return text.length
}

interface Reading {
  readonly table: Table
  readonly originAt: OriginAt
  /** There is a line break behind the last line. */
  readonly endsLine: boolean
}

function toValue(reading: Reading, node: number, above: Origin | undefined): Value {
  const { table, originAt } = reading
  const { nodes } = table
  const end = nodes[node + NEXT]!
  switch (nodes[node]! & KIND_MASK) {
    case MAP: {
      const made = dict()
      for (let key = node + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!) {
        const name = keyText(nodes[key + AUX]!)
        const origin = originAt(table, above, name, key)
        setEntry(made, name, toValue(reading, key + STRIDE, origin), origin)
      }
      return made
    }
    case SEQ: {
      const items: Value[] = []
      const origins: (Origin | undefined)[] = []
      for (let item = node + STRIDE; item < end; item = nodes[item + NEXT]!) {
        const origin = originAt(table, above, items.length, item)
        origins.push(origin)
        items.push(toValue(reading, item, origin))
      }
      return list(items, origins)
    }
    default:
      return withoutLastBreak(reading, node, scalarValue(table, node))
  }
}

/** To go-yaml a block scalar that the end of the text ends has no line break there. */
function withoutLastBreak({ table, endsLine }: Reading, node: number, value: Value): Value {
  if (endsLine) return value
  const kind = table.nodes[node]! & KIND_MASK
  if ((kind !== LITERAL && kind !== FOLDED) || typeof value !== 'string' || !value.endsWith('\n'))
    return value
  return table.nodes[node + END]! >= table.text.length ? value.slice(0, -1) : value
}

/** A values file: several documents are merged, later ones winning (helm 4). */
export function parseValuesFile(source: Source): {
  readonly values: Dict
  readonly problems: readonly YamlProblem[]
} {
  let values = dict()
  const problems: YamlProblem[] = []
  const cut = listChunks(source.text)
  for (const { start, end } of cut.chunks) {
    const isWhole = start === 0 && end === source.text.length
    const text = isWhole ? source.text : source.text.slice(start, end)
    const document = isWhole ? readFile(source) : parseDocument(text)
    const parsed = toYamlValue(text, document, writtenIn(source, start), 'ended')
    for (const it of parsed.problems)
      problems.push({
        message: it.message,
        helmText: `cannot unmarshal yaml document: ${it.helmText}`,
        span: { start: it.span.start + start, end: it.span.end + start },
      })
    const { value } = parsed
    if (typeof value === 'object' && value?.tag === 'dict') values = mergeMaps(values, value)
    else if (value !== undefined && value !== null)
      problems.push({
        message: 'values must be a map of keys',
        helmText: `cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`,
        span: { start: parsed.span!.start + start, end: parsed.span!.end + start },
      })
  }
  if (cut.problem) problems.push(cut.problem)
  return { values, problems }
}

/** Documents as apimachinery's YAMLReader cuts them: a separator belongs to what follows only where nothing precedes it. */
function listChunks(text: string): { readonly chunks: Span[]; readonly problem: YamlProblem | undefined } {
  const chunks: Span[] = []
  let start = 0
  for (let at = text.startsWith('---') ? 0 : text.indexOf('\n---') + 1; at > 0 || start === 0; ) {
    if (!text.startsWith('---', at)) break
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline + 1
    const behind = text.slice(at + 3, end).trim()
    if (behind !== '' && !behind.startsWith('#')) {
      const message = `invalid Yaml document separator: ${behind}`
      const problem = {
        message,
        helmText: `error reading yaml document: ${message}`,
        span: { start: at, end: at + 3 },
      }
      return { chunks, problem }
    }
    if (at > start) {
      chunks.push({ start, end: at })
      start = end
    }
    const next = text.indexOf('\n---', end - 1)
    if (next < 0) break
    at = next + 1
  }
  chunks.push({ start, end: text.length })
  return { chunks, problem: undefined }
}

/** Helm's MergeMaps: a new map; `over` wins, maps are merged. */
export function mergeMaps(under: Dict, over: Dict): Dict {
  if (under.entries.size === 0) return over
  const merged = dict(new Map(under.entries), new Map(under.origins))
  for (const [key, value] of over.entries) {
    const below = merged.entries.get(key)
    const both = isMap(value) && isMap(below) ? mergeMaps(below, value) : value
    setEntry(merged, key, both, over.origins.get(key))
  }
  return merged
}

const isMap = (value: Value): value is Dict =>
  typeof value === 'object' && value !== null && value.tag === 'dict'
