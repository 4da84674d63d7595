/** Codes of the characters that scanners look for. Bundled code has the numbers in their place. */

export const NUL = 0
export const TAB = 9
export const LF = 10
export const CR = 13
export const SPACE = 32
export const EXCLAMATION = 33
export const DOUBLE_QUOTE = 34
export const HASH = 35
export const AMPERSAND = 38
export const SINGLE_QUOTE = 39
export const ASTERISK = 42
export const PLUS = 43
export const COMMA = 44
export const DASH = 45
export const DOT = 46
export const SLASH = 47
const ZERO = 48
export const NINE = 57
export const COLON = 58
export const LESS = 60
export const GREATER = 62
export const QUESTION = 63
export const LEFT_BRACKET = 91
export const BACKSLASH = 92
export const RIGHT_BRACKET = 93
export const LEFT_BRACE = 123
export const PIPE = 124
export const RIGHT_BRACE = 125

export const isDigit = (code: number): boolean => code >= ZERO && code <= NINE

/** What YAML calls a blank; line breaks are none. */
export const isBlank = (code: number): boolean => code === SPACE || code === TAB
