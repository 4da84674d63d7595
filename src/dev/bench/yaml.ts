/** Benchmarks of reading YAML: plimsoll's first and later passes beside `js-yaml` and `yaml` on the same files. */
import { loadAll } from 'js-yaml'
import { parseAllDocuments } from 'yaml'
import { composeChunk } from '../../yaml/compose.ts'
import { parseSource } from '../../yaml/parse.ts'
import { median } from './process.ts'

export interface YamlFile {
  readonly path: string
  readonly text: string
}

export interface YamlRow {
  readonly name: string
  readonly value: number
  readonly unit: 'MB/s' | '%'
}

const ROUNDS = 7

/**
 * Megabytes of UTF-16 units a second, and the share of files that the scanner reads alone. The first pass is cold only
 * when nothing was parsed in this process before.
 */
export function rows(files: readonly YamlFile[]): YamlRow[] {
  const size = files.reduce((sum, it) => sum + it.text.length, 0) / 1e6
  const speed = (milliseconds: number): number => size / (milliseconds / 1000)
  const parse = (): void => {
    for (const { path: id, text } of files) parseSource({ id, text }, composeChunk)
  }
  const scan = (): number => files.filter(({ path: id, text }) => parseSource({ id, text })).length
  const cold = time(scan)
  const scanned = scan()
  return [
    { name: 'scan, first pass', value: speed(cold), unit: 'MB/s' },
    { name: 'scan, warm', value: speed(repeat(scan)), unit: 'MB/s' },
    { name: 'parse with the full parser where needed, warm', value: speed(repeat(parse)), unit: 'MB/s' },
    { name: 'values of all documents, warm', value: speed(repeat(() => readValues(files))), unit: 'MB/s' },
    { name: 'files that the scanner reads', value: (scanned / files.length) * 100, unit: '%' },
    { name: 'yardstick: js-yaml', value: speed(repeat(() => loadEach(files))), unit: 'MB/s' },
    {
      name: 'yardstick: yaml',
      value: speed(time(() => files.forEach(it => void parseAllDocuments(it.text)))),
      unit: 'MB/s',
    },
  ]
}

function readValues(files: readonly YamlFile[]): void {
  for (const { path: id, text } of files) for (const it of parseSource({ id, text }) ?? []) void it.value
}

/** js-yaml throws at the first error; such files cost it what they cost. */
function loadEach(files: readonly YamlFile[]): void {
  for (const { text } of files) {
    try {
      loadAll(text)
    } catch {}
  }
}

function time(run: () => unknown): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

const repeat = (run: () => unknown): number => median(Array.from({ length: ROUNDS }, () => time(run)))
