/** Text of users made harmless in the languages that reports are written in. */

/** Control characters, and marks that change the direction of text: a terminal would obey them. */
const unprintable = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

/** Text on one line of a terminal or a log: what a terminal would obey is shown as an escape. */
export const toLine = (text: string): string => text.replaceAll(unprintable, showUnit)

function showUnit(unit: string): string {
  const code = unit.charCodeAt(0)
  if (unit === '\n') return '\\n'
  if (unit === '\t') return '\\t'
  if (unit === '\r') return '\\r'
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

/** A line of a file for a code frame: one column a unit where the original has one, so that carets stand right. */
export const toFrameLine = (text: string): string =>
  text.replaceAll(unprintable, it => (it === '\t' ? ' ' : '\ufffd'))

/** Indented JSON that is safe to print: strings hold what they held, as escapes. */
export const toJsonText = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replaceAll(unprintable, it =>
    it === '\n' ? it : `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** JSON on one line. */
export const toJsonLine = (value: unknown): string =>
  JSON.stringify(value).replaceAll(unprintable, it => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`)

const xmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** For XML 1.0 attributes and content; characters that XML cannot hold become U+FFFD. */
export const toXml = (text: string): string =>
  toWellFormed(text)
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"'\n\r\t]/g, it => xmlEntities[it]!)
    .replaceAll(unprintable, it => `&#${it.charCodeAt(0)};`)

/** Prose in GitHub and GitLab Markdown: no markup, mention, reference or line end survives. */
export const toMarkdown = (text: string): string =>
  text.replaceAll(unprintable, ' ').replaceAll(/[\\`*_{}[\]<>()#+\-!|~&@:]/g, it => `\\${it}`)

/** A code span in a table: the fence is longer than any run of backticks inside. */
export function toMarkdownCode(text: string): string {
  const line = text.replaceAll(unprintable, ' ').replaceAll('|', '\\|')
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(it => it[0].length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}

/** The message of a workflow command. */
export const toCommandMessage = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

/** A property of a workflow command. */
export const toCommandProperty = (text: string): string =>
  toCommandMessage(toLine(text)).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** A relative reference: what is no path character is percent-encoded, and nothing reads as a scheme. */
export function toUri(path: string): string {
  const uri = toWellFormed(path).split('/').map(encodeURIComponent).join('/')
  return path.startsWith('/') ? `file://${uri}` : uri
}

/** A lone half of a character cannot be encoded. */
const toWellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd')
