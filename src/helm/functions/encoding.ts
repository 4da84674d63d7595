/** sprig's encodings and checksums. Strings are bytes there: what is no UTF-8 goes in and comes out unharmed. */

import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { type FunctionTable, fn } from '../template/call.ts'
import { decodeUtf8, encodeUtf8 } from '../template/utf8.ts'
import { adler32 } from './adler.ts'

export const encodingFunctions: FunctionTable = {
  b64enc: fn(['string'], (call, text) => {
    call.charge(text.length * 4)
    return encodeBase64(encodeUtf8(text))
  }),
  b64dec: fn(['string'], (call, text) => {
    call.charge(text.length * 4)
    const decoded = decodeBase64(text)
    return typeof decoded === 'number' ? `illegal base64 data at input byte ${decoded}` : decodeUtf8(decoded)
  }),
  b32enc: fn(['string'], (call, text) => {
    call.charge(text.length * 4)
    return encodeBase32(encodeUtf8(text))
  }),
  b32dec: fn(['string'], (call, text) => {
    call.charge(text.length * 4)
    const decoded = decodeBase32(text)
    return typeof decoded === 'number' ? `illegal base32 data at input byte ${decoded}` : decodeUtf8(decoded)
  }),
  sha1sum: digest(sha1),
  sha256sum: digest(sha256),
  sha512sum: digest(sha512),
  adler32sum: fn(['string'], (_, text) => String(adler32(encodeUtf8(text)))),
}

function digest(hash: (bytes: Uint8Array) => Uint8Array) {
  return fn(['string'], (call, text) => {
    call.charge(text.length * 4)
    return bytesToHex(hash(encodeUtf8(text)))
  })
}

const ascii = new TextDecoder()
const PAD = 61
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function encodeBase64(bytes: Uint8Array): string {
  const units = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  let at = 0
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    units[at++] = BASE64.charCodeAt(word >> 18)
    units[at++] = BASE64.charCodeAt((word >> 12) & 63)
    units[at++] = i + 1 < bytes.length ? BASE64.charCodeAt((word >> 6) & 63) : PAD
    units[at++] = i + 2 < bytes.length ? BASE64.charCodeAt(word & 63) : PAD
  }
  return ascii.decode(units)
}

/** The bytes, or the offset at which Go's decoder stops. Line breaks are skipped. */
export function decodeBase64(text: string): Uint8Array | number {
  return decodeBits(text, BASE64, 6, 4)
}

function encodeBase32(bytes: Uint8Array): string {
  let text = ''
  let word = 0
  let bits = 0
  for (const byte of bytes) {
    word = ((word << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      text += BASE32[(word >> (bits - 5)) & 31]!
      bits -= 5
    }
  }
  if (bits > 0) text += BASE32[(word << (5 - bits)) & 31]!
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=')
}

const decodeBase32 = (text: string): Uint8Array | number => decodeBits(text, BASE32, 5, 8)

/** Reads groups of `size` characters of `width` bits, the last one padded by `=`. */
function decodeBits(text: string, alphabet: string, width: number, size: number): Uint8Array | number {
  const bytes: number[] = []
  let word = 0
  let bits = 0
  let count = 0
  let at = 0
  for (; at < text.length; at++) {
    const char = text[at]!
    if (char === '\n' || char === '\r') continue
    if (char === '=') break
    const digit = alphabet.indexOf(char)
    if (digit < 0) return at
    word = ((word << width) | digit) & 0xffff
    bits += width
    count++
    if (bits >= 8) {
      bits -= 8
      bytes.push((word >> bits) & 0xff)
    }
  }
  const open = count % size
  const wanted = open === 0 ? 0 : size - open
  const allowed = size === 4 ? [0, 2, 3] : [0, 2, 4, 5, 7]
  if (!allowed.includes(open)) return at >= text.length ? text.length - open : at
  for (let missing = wanted; missing > 0; at++) {
    const char = text[at]
    if (char === '\n' || char === '\r') continue
    if (char !== '=') return at >= text.length ? text.length - open : at
    missing--
  }
  while (text[at] === '\n' || text[at] === '\r') at++
  return at < text.length ? at : Uint8Array.from(bytes)
}
