/** JSON inventories of any size: read item by item, each cut down at once, with the way back to places in the file. */
import { reduceObject } from '../schedule/inventory-snapshot.ts'
import { readRecord, readString } from '../schedule/json-fields.ts'
import { LF } from '../text/characters.ts'
import { type Position, positionAt } from '../text/lines.ts'
import type { Source } from '../text/source.ts'
import type { Path } from '../yaml/json.ts'
import { type FullParser, parseSource } from '../yaml/parse.ts'
import { type JsonFault, JsonSplitter, type Range } from './json-splitter.ts'

/** A file of any size, as a host opens it. */
export interface InventoryFile {
  readonly id: string
  /** In bytes. */
  readonly size: number
  /** From the beginning; a chunk is good until the next one is asked for. */
  chunks(): Iterable<Uint8Array>
  slice(start: number, end: number): Uint8Array
  /** The whole as a text, or why it is none. */
  read(): { readonly text: string | undefined; readonly problem?: { readonly reason: string } }
}

/** A value at the top of a file, cut down, and where its parts are. */
export interface InventoryDocument {
  readonly value: unknown
  /** The object that a path leads into, and what of the path is left below it. */
  find(path: Path): { readonly range: Range; readonly below: Path }
}

export interface JsonInventory {
  readonly documents: readonly InventoryDocument[]
  readonly fault: JsonFault | undefined
}

/** What is said of an object that `JSON.parse` refuses. */
export const NO_JSON = 'this is no JSON'

/** Stops at the first fault. */
export function readJsonInventory(file: InventoryFile): JsonInventory {
  const documents: InventoryDocument[] = []
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let items: unknown[] = []
  let ranges: Range[] = []
  let fault: JsonFault | undefined
  const parse = (bytes: Uint8Array, start: number): unknown => {
    try {
      return JSON.parse(decoder.decode(bytes))
    } catch {
      fault ??= { offset: start, message: NO_JSON }
      return undefined
    }
  }
  const splitter = new JsonSplitter({
    item(bytes, range) {
      const value = parse(bytes, range.start)
      items.push(isSelfNamed(value) ? reduceObject(value) : value)
      ranges.push(range)
    },
    value(bytes, range) {
      documents.push(toDocument({ frame: bytes && parse(bytes, range.start), items, ranges, range }))
      items = []
      ranges = []
    },
  })
  for (const chunk of file.chunks()) {
    splitter.feed(chunk)
    if (fault ?? splitter.fault) break
  }
  if (fault === undefined) splitter.end()
  return { documents, fault: fault ?? splitter.fault }
}

/** What says no kind is cut down once its list has said one, which may be at its end. */
const isSelfNamed = (value: unknown): boolean => readString(readRecord(value).kind) !== ''

interface Value {
  /** What stands around the items; undefined for an array. */
  readonly frame: unknown
  readonly items: readonly unknown[]
  readonly ranges: readonly Range[]
  readonly range: Range
}

function toDocument({ frame, items, ranges, range }: Value): InventoryDocument {
  const isArray = frame === undefined
  const record = readRecord(frame)
  const isList = isArray || Array.isArray(record.items)
  const kind = readString(record.kind)
  const itemKind = kind === 'List' || !kind.endsWith('List') ? '' : kind.slice(0, -4)
  const reduced = items.map(it => (isSelfNamed(it) ? it : reduceObject(it, itemKind)))
  const depth = isArray ? 1 : 2
  return {
    value: isArray ? reduced : isList ? { ...record, items: reduced } : reduceObject(frame),
    find(path) {
      const isItem = isArray || path[0] === 'items'
      const index = path[depth - 1]
      const item = isItem && typeof index === 'number' ? ranges[index] : undefined
      return item ? { range: item, below: path.slice(depth) } : { range, below: path }
    },
  }
}

/** Where paths of a document are written: lines and columns from 0, in the order of the paths. */
export function locatePaths(
  file: InventoryFile,
  places: readonly { readonly document: InventoryDocument; readonly path: Path }[],
  full: FullParser,
): Position[] {
  const found = places.map(({ document, path }) => document.find(path))
  const starts = findPositions(
    file,
    found.map(it => it.range.start),
  )
  return found.map(({ range, below }, i) => {
    const start = starts[i]!
    if (below.length === 0 || range.end - range.start > LARGEST_OBJECT) return start
    const source = { id: file.id, text: new TextDecoder().decode(file.slice(range.start, range.end)) }
    const within = findInText(source, below, full)
    return addPositions(start, within)
  })
}

/** Objects are read again for a place in them; a whole list is not. */
const LARGEST_OBJECT = 16 * 1024 * 1024

function findInText(source: Source, path: Path, full: FullParser): Position {
  const [document] = parseSource(source, full) ?? []
  return positionAt(source, document?.locate(path).span.start ?? 0)
}

export const addPositions = (start: Position, within: Position): Position =>
  within.line === 0
    ? { line: start.line, column: start.column + within.column }
    : { line: start.line + within.line, column: within.column }

/** Lines and columns of byte offsets; one pass through the file, and none when nothing is asked. */
export function findPositions(file: InventoryFile, offsets: readonly number[]): Position[] {
  const order = offsets.map((_, i) => i).sort((a, b) => offsets[a]! - offsets[b]!)
  const positions: Position[] = offsets.map(() => ({ line: 0, column: 0 }))
  let [line, column, base, next] = [0, 0, 0, 0]
  for (const chunk of next < order.length ? file.chunks() : []) {
    for (let at = 0; at < chunk.length; at++) {
      while (next < order.length && offsets[order[next]!] === base + at)
        positions[order[next++]!] = { line, column }
      if (next === order.length) return positions
      const byte = chunk[at]!
      if (byte === LF) {
        line++
        column = 0
      } else column += countUnits(byte)
    }
    // A byte order mark takes no column.
    if (base === 0 && line === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) column--
    base += chunk.length
  }
  while (next < order.length) positions[order[next++]!] = { line, column }
  return positions
}

/** UTF-16 units that the UTF-8 sequence which begins with a byte takes; none for a byte that goes on. */
const countUnits = (byte: number): number => (byte < 0x80 ? 1 : byte < 0xc0 ? 0 : byte < 0xf0 ? 1 : 2)
