/** A short stable hash of text for fingerprints; not for security. */

/** 64 bits of two FNV-1a-like lanes, as 16 hexadecimal digits. */
export function hashText(text: string): string {
  let a = 0x811c9dc5
  let b = 0x1b873593
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0x85ebca6b)
    b ^= b >>> 13
  }
  a ^= b >>> 16
  b ^= a >>> 15
  return hex(a) + hex(b)
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
