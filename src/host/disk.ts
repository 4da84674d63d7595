/** The host of the command line: files below a working directory. */
import { Buffer } from 'node:buffer'
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { decodeText, isPlainUtf8 } from './decode-text.ts'
import { type Host, largestFile, type Reading } from './host.ts'
import { listFiles } from './list-files.ts'
import { formatSystemError } from './system-error.ts'

export const diskHost = (cwd: string): Host => ({
  list: paths => listFiles(cwd, paths),
  read: id => readText(resolve(cwd, id)),
  readBytes: id => readUtf8(resolve(cwd, id)),
  exists: id => existsSync(resolve(cwd, id)),
})

/** Most files fit, and one buffer for all of them spares an allocation and a `stat` each. */
const buffer = Buffer.allocUnsafeSlow(256 * 1024)

/** Text of the file at an absolute path. */
function readText(path: string): Reading {
  const bytes = readFile(path)
  return typeof bytes === 'string' ? unreadable(bytes) : decodeText(bytes)
}

function readUtf8(path: string): Uint8Array | undefined {
  const bytes = readFile(path)
  return typeof bytes !== 'string' && isPlainUtf8(bytes) ? new Uint8Array(bytes) : undefined
}

/** Bytes, in a buffer that is used again; or why there are none. */
function readFile(path: string): Buffer | string {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    return formatSystemError(error)
  }
  try {
    const size = readSync(file, buffer, 0, buffer.length, 0)
    if (size < buffer.length) return buffer.subarray(0, size)
    const whole = fstatSync(file).size
    return whole > largestFile ? `larger than 64 MiB (${Math.ceil(whole / 2 ** 20)} MiB)` : readFileSync(file)
  } catch (error) {
    return formatSystemError(error)
  } finally {
    closeSync(file)
  }
}

/** What is left of standard input, under the same limits as files. */
export function readStandardInput(): Reading {
  const chunks: Buffer[] = []
  let size = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(64 * 1024)
    const length = readChunk(chunk)
    if (length === 0) return decodeText(Buffer.concat(chunks))
    size += length
    if (size > largestFile) return unreadable('larger than 64 MiB')
    chunks.push(chunk.subarray(0, length))
  }
}

/** Terminals and pipes that others have made non-blocking answer EAGAIN while there is nothing yet. */
function readChunk(chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(0, chunk, 0, chunk.length, null)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

const unreadable = (reason: string): Reading => ({ text: undefined, problem: { reason, before: '' } })
