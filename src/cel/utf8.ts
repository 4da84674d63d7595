/** Texts as bytes and back. */

export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Undefined when the bytes are no text. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
