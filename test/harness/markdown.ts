/** Literate cases: a page of prose and YAML blocks, where prose begins a case and its blocks are one project. */

export interface Block {
  readonly file: string
  readonly text: string
  /** Offsets of the text in the page. */
  readonly start: number
  readonly end: number
}

export interface Case {
  /** The prose before the blocks. */
  readonly title: string
  readonly files: readonly Block[]
  /** What fixes make of the file of the same name. */
  readonly fixed: readonly Block[]
}

const FENCE = /^```(\w+)?([^\n]*)\n([\s\S]*?)^```[ \t]*$/gm

/** `file=name` in the line of the fence names a block, `fixed` makes it an expected result; others are `manifest.yaml`. */
export function readCases(page: string): Case[] {
  const cases: { title: string; files: Block[]; fixed: Block[] }[] = []
  let at = 0
  for (const match of page.matchAll(FENCE)) {
    const prose = page.slice(at, match.index).replaceAll(/^#.*$/gm, '').trim()
    at = match.index + match[0].length
    if (prose !== '' || cases.length === 0)
      cases.push({ title: prose.replaceAll(/\s+/g, ' ') || 'first case', files: [], fixed: [] })
    const info = match[2]!.trim()
    const start = match.index + match[0].indexOf('\n') + 1
    const block: Block = {
      file: /(?:^|\s)file=(\S+)/.exec(info)?.[1] ?? 'manifest.yaml',
      text: match[3]!,
      start,
      end: start + match[3]!.length,
    }
    const { files, fixed } = cases.at(-1)!
    if (/(?:^|\s)fixed(?:\s|$)/.test(info)) fixed.push(block)
    else files.push(block)
  }
  return cases
}
