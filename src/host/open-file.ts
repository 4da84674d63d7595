/** Files too large for one text, read in pieces: Node's strings end at 512 MiB. */
import { Buffer } from 'node:buffer'
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { decodeText } from './decode-text.ts'
import { largestFile, type Reading } from './host.ts'
import { formatSystemError } from './system-error.ts'
import { UserError } from './user-error.ts'

/** A file of any size. A file that cannot be read is a `UserError`, whenever that shows. */
export interface OpenFile {
  readonly id: string
  /** In bytes. */
  readonly size: number
  /** From the beginning; a chunk is a view of a buffer that the next one may use again. */
  chunks(): Iterable<Uint8Array>
  /** Bytes from an offset up to another one. */
  slice(start: number, end: number): Uint8Array
  /** The whole as a text, under the limits of manifests. */
  read(): Reading
}

const CHUNK = 1 << 20

/** The file at a path; `-` is standard input. Pipes cannot be read twice and are kept in memory. */
export function openFile(cwd: string, id: string): OpenFile {
  return id === '-' ? keepBytes(id, readWhole(0, id)) : openPath(resolve(cwd, id), id)
}

function openPath(path: string, id: string): OpenFile {
  const read = <Result>(work: (file: number) => Result): Result => {
    let file: number | undefined
    try {
      file = openSync(path, 'r')
      return work(file)
    } catch (error) {
      throw unreadable(id, error)
    } finally {
      if (file !== undefined) closeSync(file)
    }
  }
  const { size, bytes } = read(file => {
    const stat = fstatSync(file)
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    return { size: stat.size, bytes: stat.isFile() ? undefined : readWhole(file, id) }
  })
  if (bytes) return keepBytes(id, bytes)
  return {
    id,
    size,
    chunks: () => listChunks(path, id),
    slice: (start, end) =>
      read(file => {
        const some = new Uint8Array(Math.max(0, end - start))
        return some.subarray(0, readSync(file, some, 0, some.length, start))
      }),
    read: () => (size > largestFile ? tooLarge(size) : decodeText(read(file => readFileSync(file)))),
  }
}

function* listChunks(path: string, id: string): Iterable<Uint8Array> {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const buffer = new Uint8Array(CHUNK)
    for (;;) {
      const length = readSync(file, buffer, 0, CHUNK, null)
      if (length === 0) return
      yield buffer.subarray(0, length)
    }
  } catch (error) {
    throw unreadable(id, error)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function readWhole(file: number, id: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw unreadable(id, error)
  }
}

/** A file whose bytes are in memory. */
const keepBytes = (id: string, bytes: Uint8Array): OpenFile => ({
  id,
  size: bytes.length,
  chunks: () => [bytes],
  slice: (start, end) => bytes.subarray(start, end),
  read: () => (bytes.length > largestFile ? tooLarge(bytes.length) : decodeText(Buffer.from(bytes))),
})

const tooLarge = (size: number): Reading => ({
  text: undefined,
  problem: { reason: `larger than 64 MiB (${Math.ceil(size / 2 ** 20)} MiB)`, before: '' },
})

const unreadable = (id: string, error: unknown): UserError =>
  new UserError(`cannot read ${id === '-' ? 'standard input' : id}: ${formatSystemError(error)}`)
