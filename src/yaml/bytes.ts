/** A text as bytes for the scanners: one byte a UTF-16 unit, so that byte offsets are text offsets; and classes of bytes. */
import {
  BACKSLASH,
  COLON,
  COMMA,
  CR,
  DOUBLE_QUOTE,
  HASH,
  LEFT_BRACE,
  LEFT_BRACKET,
  LF,
  NUL,
  RIGHT_BRACE,
  RIGHT_BRACKET,
  SINGLE_QUOTE,
  SPACE,
  TAB,
} from '../text/characters.ts'

/** One byte stands for each UTF-16 unit, so that byte offsets are text offsets. */
export const NON_ASCII = 0x80
/** Units that kubectl refuses or takes for line breaks. */
const ODD = 0x81

/** What a byte is inside unquoted text: 0 text, 1 to be looked at, 2 not allowed anywhere. */
export const TEXT = new Uint8Array(256)
/** The same inside quotes, comments and block scalars. */
export const VERBATIM = new Uint8Array(256)
/** Blanks, line breaks and the end of the text. */
export const GAP = new Uint8Array(256)
/** What may begin an unquoted text: 0 any, 1 if no blank follows, 2 never. */
export const FIRST = new Uint8Array(256)
/** Digits behind a double-quoted escape plus one; 0 for no escape. */
export const ESCAPE = new Uint8Array(256)

for (let byte = 0; byte < 32; byte++) TEXT[byte] = VERBATIM[byte] = 2
for (const byte of [0x7f, ODD]) TEXT[byte] = VERBATIM[byte] = 2
TEXT[TAB] = VERBATIM[TAB] = 0
for (const byte of [NUL, LF, CR, COLON, HASH]) TEXT[byte] = 1
for (const byte of [NUL, LF, CR, DOUBLE_QUOTE, SINGLE_QUOTE, BACKSLASH]) VERBATIM[byte] = 1
for (const byte of [NUL, TAB, LF, CR, SPACE]) GAP[byte] = 1
for (const char of ',[]{}#&*!|>\'"%@`\x7f\x81') FIRST[char.charCodeAt(0)] = 2
for (let byte = 0; byte < 32; byte++) FIRST[byte] = 2
for (const char of '-?:') FIRST[char.charCodeAt(0)] = 1
for (const char of '0abtnvfre "\'\\N_LP\t') ESCAPE[char.charCodeAt(0)] = 1
for (const [char, digits] of [
  ['x', 2],
  ['u', 4],
  ['U', 8],
] as const)
  ESCAPE[char.charCodeAt(0)] = digits + 1

/** What ends an unquoted text inside a flow collection. */
export const FLOW_END = new Uint8Array(256)
for (const byte of [COMMA, LEFT_BRACKET, RIGHT_BRACKET, LEFT_BRACE, RIGHT_BRACE]) FLOW_END[byte] = 1

export function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

const ENCODER = new TextEncoder()

/** The bytes of a text with NULs behind it, in `buffer` if that is large enough. */
export function toBytes(text: string, buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes =
    buffer.length < text.length + SENTINELS ? new Uint8Array((text.length + SENTINELS) * 2) : buffer
  // The encoder is several times faster than a loop, and its result is what we want when the text is ASCII.
  const { read, written } = ENCODER.encodeInto(text, bytes)
  if (read !== text.length || written !== text.length) markUnits(text, bytes)
  return bytes.fill(NUL, text.length, text.length + SENTINELS)
}

/** Scanners look this far ahead without asking for the end. */
const SENTINELS = 16

function markUnits(text: string, bytes: Uint8Array): void {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    bytes[at] = unit < NON_ASCII ? unit : isOdd(unit) ? ODD : NON_ASCII
  }
}

/** C1 controls, line breaks of YAML 1.1, byte order marks and non-characters. */
const isOdd = (unit: number): boolean =>
  unit < 0xa0 || unit === 0x2028 || unit === 0x2029 || unit === 0xfeff || unit >= 0xfffe
