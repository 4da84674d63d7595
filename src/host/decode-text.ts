/** Bytes of a file to text: UTF-8, or UTF-16 with a byte order mark, as the YAML readers of kubectl take them. */
import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import type { Reading } from './host.ts'

/** `bytes` may be a view of a buffer that is used again. */
export function decodeText(bytes: Buffer): Reading {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.toString('utf16le', 2) }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: bigEndian(bytes.subarray(2)) }
  const nul = bytes.indexOf(0)
  if (nul >= 0)
    return {
      text: undefined,
      bytes: Uint8Array.from(bytes),
      problem: problemAt(bytes, nul, 'a NUL byte: a binary file'),
    }
  if (isAscii(bytes)) return { text: bytes.toString('latin1') }
  const text = bytes.toString('utf8')
  if (isUtf8(bytes)) return { text }
  const problem = problemAt(bytes, findInvalidByte(bytes), 'not valid UTF-8')
  return { text, bytes: Uint8Array.from(bytes), problem }
}

/** Whether `decodeText` would take the bytes for UTF-8 and find nothing wrong with them. */
export const isPlainUtf8 = (bytes: Buffer): boolean => isUtf8(bytes) && !bytes.includes(0)

const problemAt = (bytes: Buffer, offset: number, reason: string) => ({
  reason,
  before: bytes.subarray(0, offset).toString('utf8'),
})

/** An odd last byte is no character. */
const bigEndian = (bytes: Buffer): string =>
  Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le')

/** Offset of the first byte that no UTF-8 sequence explains (RFC 3629: no overlong forms, no surrogates). */
function findInvalidByte(bytes: Buffer): number {
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at]!, bytes[at + 1] ?? 0)
    if (length === 0) return at
    for (let i = 1; i < length; i++) if ((bytes[at + i] ?? 0) >> 6 !== 0b10) return at
    at += length
  }
  return bytes.length
}

/** 0 when no sequence starts with these two bytes. */
function sequenceLength(first: number, second: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  if (first < 0xe0) return 2
  if (first < 0xf0) {
    if (first === 0xe0 && second < 0xa0) return 0
    return first === 0xed && second >= 0xa0 ? 0 : 3
  }
  if (first === 0xf0 && second < 0x90) return 0
  return first === 0xf4 && second >= 0x90 ? 0 : 4
}
