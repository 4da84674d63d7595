/** Colons that end an unquoted text for the `yaml` package and not for kubectl. */
import { Lexer } from 'yaml'
import type { Problem } from './document.ts'

/**
 * `[fe80::]` holds one text for go-yaml, where a colon ends a text only before a blank (yaml_parser_scan_plain_scalar).
 * The package gets a letter in its place, at equal length; offsets of problems count from `base`.
 */
export function hideColons(source: string, base: number): { source: string; problems: Problem[] } {
  if (!SUSPECT.test(source)) return { source, problems: [] }
  const colons = listColons(source)
  const problems = colons.map(
    (at): Problem => ({
      code: 'ambiguous',
      message:
        'kubectl takes this colon for a part of the text, other readers for the end of a key; quote the text',
      span: { start: base + at, end: base + at + 1 },
    }),
  )
  const units = source.split('')
  for (const at of colons) units[at] = '_'
  return { source: units.join(''), problems }
}

const SUSPECT = /:[,[\]{}]/

/** Offsets of colons directly between an unquoted text and a bracket or comma, inside of brackets. */
function listColons(source: string): number[] {
  const found: number[] = []
  let offset = 0
  let depth = 0
  let isText = false
  let wasText = false
  for (const lexeme of new Lexer().lex(source)) {
    if (lexeme === SCALAR) {
      isText = true
      continue
    }
    if (lexeme === DOCUMENT || lexeme === FLOW_END) continue
    if (lexeme === ':' && wasText && depth > 0 && /[,[\]{}]/.test(source.charAt(offset + 1)))
      found.push(offset)
    if (lexeme === '[' || lexeme === '{') depth++
    else if (lexeme === ']' || lexeme === '}') depth--
    wasText = isText
    isText = false
    offset += lexeme.length
  }
  return found
}

/** What the lexer puts between the pieces of the source. */
const SCALAR = '\u001f'
const DOCUMENT = '\u0002'
const FLOW_END = '\u0018'
