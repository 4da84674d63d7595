/** JSON as `encoding/json` reads it, with its words for what is wrong. */
import { quote } from './go-text.ts'

/** The value, or Go's message. Never throws. */
export function parseGoJson(text: string): { readonly value: unknown } | string {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return findFault(text)
  }
}

/** Go names the first character that cannot stand where it is. */
function findFault(text: string): string {
  const trimmed = text.trimStart()
  if (trimmed === '') return 'unexpected end of JSON input'
  for (let end = 1; end <= trimmed.length; end++) {
    if (isPrefix(trimmed.slice(0, end))) continue
    return `invalid character ${quoteChar(trimmed[end - 1]!)} ${findContext(trimmed.slice(0, end - 1))}`
  }
  return 'unexpected end of JSON input'
}

const quoteChar = (char: string): string =>
  char === "'" ? "'\\''" : char === '"' ? "'\"'" : `'${quote(char).slice(1, -1)}'`

/** Whether some text that begins so is JSON, as far as a scanner of tokens can tell. */
function isPrefix(text: string): boolean {
  const stack: string[] = []
  let rest = text
  let expects: 'value' | 'key' | 'colon' | 'comma' = 'value'
  while ((rest = rest.trimStart()) !== '') {
    const match = TOKEN.exec(rest)
    if (!match) return PARTIAL.test(rest) && (expects === 'value' || (expects === 'key' && rest[0] === '"'))
    const token = match[0]
    rest = rest.slice(token.length)
    if (token === ':') {
      if (expects !== 'colon') return false
      expects = 'value'
    } else if (token === ',') {
      if (expects !== 'comma' || stack.length === 0) return false
      expects = stack.at(-1) === '{' ? 'key' : 'value'
    } else if (token === '}' || token === ']') {
      if (stack.pop() !== (token === '}' ? '{' : '[')) return false
      expects = 'comma'
    } else if (expects === 'key') {
      if (token[0] !== '"') return false
      expects = 'colon'
    } else if (expects !== 'value') return false
    else if (token === '{' || token === '[') {
      stack.push(token)
      expects = token === '{' ? 'key' : 'value'
    } else expects = 'comma'
  }
  return true
}

const TOKEN =
  /^(?:"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,])/
const PARTIAL =
  /^(?:"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{0,4})?)*|-|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/

function findContext(before: string): string {
  const trimmed = before.trimEnd()
  if (trimmed === '') return 'looking for beginning of value'
  const last = trimmed.at(-1)!
  if (last === '{') return 'looking for beginning of object key string'
  if (last === ':' || last === '[' || last === ',') return 'looking for beginning of value'
  return isPrefix(`${trimmed},`) ? 'after array element' : 'after top-level value'
}
