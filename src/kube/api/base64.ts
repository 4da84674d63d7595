/** Fields of type `[]byte`. */

/** A character a byte; nothing for what is no base64, which decoding has reported before. */
export function decodeBase64(encoded: string): string {
  try {
    return atob(encoded)
  } catch {
    return ''
  }
}
