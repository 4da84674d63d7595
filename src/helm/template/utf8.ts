/** Go strings are bytes: a byte that is no UTF-8 is kept as the lone surrogate U+DC00 + byte, so that it survives. */

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes as a string; every byte that is no UTF-8 becomes U+DC80…U+DCFF. */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = decoder.decode(bytes)
  return text.includes('\ufffd') ? decodeExactly(bytes) : text
}

function decodeExactly(bytes: Uint8Array): string {
  let text = ''
  let start = 0
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    if (length > 0) {
      at += length
      continue
    }
    text += decoder.decode(bytes.subarray(start, at)) + String.fromCharCode(0xdc00 + bytes[at]!)
    start = ++at
  }
  return text + decoder.decode(bytes.subarray(start))
}

/** Length of the valid sequence that starts here, or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  if (first < 0x80) return 1
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (length === 0 || at + length > bytes.length) return 0
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0
  const second = bytes[at + 1]!
  const bad =
    (first === 0xe0 && second < 0xa0) ||
    (first === 0xed && second > 0x9f) ||
    (first === 0xf0 && second < 0x90) ||
    (first === 0xf4 && second > 0x8f)
  return bad ? 0 : length
}

const ESCAPED_BYTE = /[\udc80-\udcff]/

/** The bytes of a string, those that were no UTF-8 restored. */
export function encodeUtf8(text: string): Uint8Array {
  if (!ESCAPED_BYTE.test(text)) return encoder.encode(text)
  const bytes: number[] = []
  for (const rune of text) {
    const code = rune.codePointAt(0)!
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00)
    else for (const it of encoder.encode(rune)) bytes.push(it)
  }
  return Uint8Array.from(bytes)
}

/** True when every character is one byte, so that offsets in bytes and in UTF-16 units agree. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}
