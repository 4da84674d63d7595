/** Texts that are written indented within code, brought to the margin. */

/** Drops a first and a last line that are blank, and the indentation that all other lines share. */
export function dedent(text: string): string {
  const lines = text
    .replace(/^[ \t]*\n/, '')
    .replace(/\n[ \t]*$/, '\n')
    .split('\n')
  let indent = Number.POSITIVE_INFINITY
  for (const line of lines) {
    const width = line.search(/\S/)
    if (width >= 0) indent = Math.min(indent, width)
  }
  return lines.map(it => it.slice(Math.min(indent, it.length))).join('\n')
}
