/** What is wrong with an expression before it runs, in the form that cel-go prints. */

export interface Issue {
  /** Offset in the source. */
  readonly at: number
  readonly message: string
}

/**
 * All issues as cel-go prints them, in order of their places:
 * ```
 * ERROR: <input>:1:5: undefined field 'zz'
 *  | self.zz > 1
 *  | ....^
 * ```
 */
export function formatIssues(source: string, issues: readonly Issue[]): string {
  return [...issues]
    .sort((a, b) => a.at - b.at)
    .map(it => formatIssue(source, it))
    .join('\n')
}

function formatIssue(source: string, { at, message }: Issue): string {
  const lineStart = source.lastIndexOf('\n', at - 1) + 1
  const newline = source.indexOf('\n', at)
  const line = source.slice(lineStart, newline < 0 ? source.length : newline)
  const number = source.slice(0, lineStart).split('\n').length
  const before = [...source.slice(lineStart, at)]
  // An empty text has no place.
  const column = source === '' ? 0 : before.length + 1
  const head = `ERROR: <input>:${number}:${column}: ${message}`
  // Wide characters are marked by wide dots and carets.
  const dots = before.map(it => (isWide(it) ? '．' : '.')).join('')
  const marked = source.codePointAt(at)
  const caret = marked !== undefined && isWide(String.fromCodePoint(marked)) ? '＾' : '^'
  return `${head}\n | ${line.replaceAll('\t', ' ')}\n | ${dots}${caret}`
}

const isWide = (character: string): boolean => character.codePointAt(0)! > 0x7f
