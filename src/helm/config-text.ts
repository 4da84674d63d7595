/** What `.Files.AsConfig` prints: files as YAML, whose lines know where in the files they are written. */
import { type ChartFile, sourceOf } from './chart.ts'
import { basePath } from './functions/paths.ts'
import { formatYaml } from './functions/yaml-emit.ts'
import type { Piece } from './template/origin.ts'
import { type Segment, type Text, textOfFile } from './template/text.ts'
import { dict, type Value } from './template/value.ts'

/** Base names to contents; a plain string where nothing corresponds. */
export function textOfConfig(files: Iterable<ChartFile>): string | Text {
  const contents = new Map<string, Value>()
  const byName = new Map<string, ChartFile>()
  for (const file of files) {
    const name = basePath(file.name)
    contents.set(name, sourceOf(file).text)
    byName.set(name, file)
  }
  const text = formatYaml(dict(contents))
  const segments: Segment[] = []
  for (let at = 0; at < text.length; ) {
    const end = endOfEntry(text, at)
    const file = byName.get(keyAt(text, at))
    if (!file) return text
    addEntry(segments, text, { at, end, file })
    at = end
  }
  return segments.length === 0 ? text : { tag: 'text', text, segments }
}

/** Behind the line break that precedes the next line without indentation. */
function endOfEntry(text: string, start: number): number {
  for (let at = text.indexOf('\n', start); at >= 0; at = text.indexOf('\n', at + 1)) {
    const next = text[at + 1]
    if (next !== undefined && next !== ' ' && next !== '\n') return at + 1
  }
  return text.length
}

function keyAt(text: string, start: number): string {
  const key = text.slice(start, text.indexOf(':', start))
  return /^(['"]).*\1$/.test(key) ? key.slice(1, -1) : key
}

interface Entry {
  readonly at: number
  readonly end: number
  readonly file: ChartFile
}

/** Indentation of the lines of a block. */
const INDENT = '  '

function addEntry(segments: Segment[], text: string, { at, end, file }: Entry): void {
  const { piece } = textOfFile(file.name, sourceOf(file)).segments[0]!
  const whole: Piece = { ...piece, literal: false }
  segments.push({ at, pad: 0, offset: -1, piece: whole })
  const newline = text.indexOf('\n', at)
  const content = piece.template.text
  if (newline < 0 || !/: \|[-+]?$/.test(text.slice(at, newline))) return
  let offset = 0
  for (let line = newline + 1; line < end; ) {
    const found = text.indexOf('\n', line)
    const behind = found < 0 || found >= end ? end : found + 1
    const pad = text.startsWith(INDENT, line) ? INDENT.length : 0
    const length = behind - line - pad
    if (!content.startsWith(text.slice(line + pad, behind).trimEnd(), offset)) return
    segments.push({ at: line, pad, offset, piece })
    offset += length
    line = behind
  }
}
