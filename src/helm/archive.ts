/** Packaged charts: gzip and tar, with Helm's checks of names and sizes (pkg/chart/loader/archive). */
import { Gunzip } from 'fflate'
import { quote } from '../text/go-quote.ts'
import { ChartError } from './chart.ts'
import { cleanPath } from './functions/paths.ts'
import { decodeUtf8 } from './template/utf8.ts'

export const MAX_FILE_SIZE = 5 * 1024 * 1024
export const MAX_CHART_SIZE = 100 * 1024 * 1024

/** Files of an archive by path inside the chart, in order. Throws `ChartError`. */
export function readArchive(data: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  let remaining = MAX_CHART_SIZE
  for (const { name, content } of listEntries(unzip(data))) {
    const path = checkedName(name)
    if (content.length > MAX_FILE_SIZE)
      fail(`decompressed chart file ${quote(name)} is larger than the maximum file size ${MAX_FILE_SIZE}`)
    remaining -= content.length
    if (remaining <= 0) fail(`decompressed chart is larger than the maximum size ${MAX_CHART_SIZE}`)
    files.set(path, content)
  }
  if (files.size === 0) fail('no files in chart archive')
  return files
}

function fail(message: string): never {
  throw new ChartError('chart-invalid', message)
}

/** Tar puts 512 bytes before each file, so that the archive may be a little larger than what is in it. */
const MAX_ARCHIVE_SIZE = MAX_CHART_SIZE + 32 * 1024 * 1024

function unzip(data: Uint8Array): Uint8Array {
  if (data.length < 10) fail(data.length === 0 ? 'EOF' : 'unexpected EOF')
  if (data[0] !== 0x1f || data[1] !== 0x8b) fail('gzip: invalid header')
  const chunks: Uint8Array[] = []
  let size = 0
  const gunzip = new Gunzip(chunk => {
    size += chunk.length
    if (size > MAX_ARCHIVE_SIZE) fail(`decompressed chart is larger than the maximum size ${MAX_CHART_SIZE}`)
    chunks.push(chunk)
  })
  try {
    // In slices, so that a bomb is noticed long before it is unpacked.
    for (let at = 0; at < data.length; at += SLICE)
      gunzip.push(data.subarray(at, at + SLICE), at + SLICE >= data.length)
  } catch (error) {
    if (error instanceof ChartError) throw error
    fail(`gzip: ${error instanceof Error ? error.message : String(error)}`)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

const SLICE = 16 * 1024
const BLOCK = 512

interface Entry {
  readonly name: string
  readonly content: Uint8Array
}

/** Files of a tar archive, without folders. To helm, links and devices are empty files. */
function* listEntries(tar: Uint8Array): Generator<Entry> {
  let longName: string | undefined
  let longSize: number | undefined
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + BLOCK)
    const size = longSize ?? readSize(header)
    longSize = undefined
    const start = at + BLOCK
    if (size < 0 || start + size > tar.length) fail('archive/tar: unexpected end of archive')
    const content = tar.subarray(start, start + size)
    at = start + Math.ceil(size / BLOCK) * BLOCK
    const type = String.fromCharCode(header[156]!)
    if (type === 'L') longName = decodeUtf8(content).replace(/\0+$/, '')
    else if (type === 'x') {
      const records = decodeUtf8(content)
      longName = paxRecord(records, 'path') ?? longName
      longSize = toSize(paxRecord(records, 'size'))
    } else if (type !== 'g' && type !== 'K') {
      const name = longName ?? headerName(header)
      longName = undefined
      if (type === 'S') fail(`archive/tar: ${quote(name)} is a sparse file`)
      const isLink = HEADER_ONLY.has(type)
      if (type !== '5' && !name.endsWith('/')) yield { name, content: isLink ? NOTHING : content }
    }
  }
}

/** Hard and symbolic links, devices, pipes. */
const HEADER_ONLY: ReadonlySet<string> = new Set(['1', '2', '3', '4', '6'])
const NOTHING = new Uint8Array()

function field(header: Uint8Array, start: number, length: number): string {
  const bytes = header.subarray(start, start + length)
  const end = bytes.indexOf(0)
  return decodeUtf8(end < 0 ? bytes : bytes.subarray(0, end))
}

function readSize(header: Uint8Array): number {
  const text = field(header, 124, 12).trim()
  return /^[0-7]*$/.test(text) ? Number.parseInt(text || '0', 8) : -1
}

function headerName(header: Uint8Array): string {
  const name = field(header, 0, 100)
  const prefix = field(header, 257, 6).startsWith('ustar') ? field(header, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Records of a pax header are `LENGTH key=value\n`. */
function paxRecord(text: string, key: 'path' | 'size'): string | undefined {
  return new RegExp(`(?:^|\\n)[0-9]+ ${key}=([^\\n]*)\\n`).exec(text)?.[1]
}

const toSize = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : /^[0-9]+$/.test(text) ? Number(text) : -1

/** The path without the first folder; what leaves the chart is refused. */
function checkedName(name: string): string {
  const separator = name.includes('\\') ? '\\' : '/'
  const parts = name.split(separator)
  const path = parts.slice(1).join('/')
  if (path.startsWith('/')) fail('chart illegally contains absolute paths')
  const clean = cleanPath(path)
  if (clean === '.') fail(`chart illegally contains content outside the base directory: ${quote(name)}`)
  if (clean.startsWith('..')) fail('chart illegally references parent directory')
  if (/^[a-zA-Z]:\//.test(clean)) fail('chart contains illegally named files')
  if (parts[0] === 'Chart.yaml') fail('chart yaml not in base directory')
  return clean
}
