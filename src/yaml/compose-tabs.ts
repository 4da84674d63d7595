/** Tabs where go-yaml wants blanks: YAML 1.2 lets some of them pass, on blank lines above all. */
import type { CST } from 'yaml'
import type { Problem } from './document.ts'

/** A stretch of text in which tabs have rules of their own. */
interface Region {
  readonly start: number
  readonly end: number
  /** Tabs must stand behind this many blanks; 0 where they may stand anywhere. */
  readonly indent: number
  /** An unquoted text, whose rule reaches over the blank lines behind it. */
  readonly isPlain: boolean
}

/**
 * The first tab that is refused; kubectl looks no further either. `source` is the text that the tokens count in, `base`
 * is where it begins in the file.
 */
export function checkTabs(tokens: readonly CST.Token[], source: string, base: number): Problem[] {
  if (!source.includes('\t')) return []
  const { regions, afterMark } = listRegions(tokens)
  const first = Math.min(findIndentTab(regions, source), ...afterMark.slice(0, 1))
  if (first === Number.POSITIVE_INFINITY) return []
  const message = 'kubectl refuses a tab here; use blanks'
  return [{ code: 'syntax', message, span: { start: base + first, end: base + first + 1 } }]
}

/** Goes through the lines that begin with a tab, and through the regions beside them. */
function findIndentTab(regions: readonly Region[], source: string): number {
  let region: Region | undefined
  let next = 0
  /** Behind the region everything up to here is blank. */
  let blankTo = 0
  for (const match of source.matchAll(/^( *)\t/gm)) {
    const blanks = match[1]!.length
    const at = match.index + blanks
    for (; next < regions.length && regions[next]!.start < at; next++) {
      region = regions[next]!
      blankTo = region.end
    }
    const isInside = region !== undefined && at < region.end
    if (!isInside && region?.isPlain && blankTo <= at && source.slice(blankTo, at).trim() === '') blankTo = at
    // Behind an unquoted text the reader is still looking for more of it.
    const isRuled = isInside || (region?.isPlain && blankTo === at)
    if (!isRuled || blanks < region!.indent) return at
  }
  return Number.POSITIVE_INFINITY
}

/** In text order, and the tabs behind the dashes of lists and the question marks of keys. */
function listRegions(tokens: readonly CST.Token[]): { regions: Region[]; afterMark: number[] } {
  const regions: Region[] = []
  const afterMark: number[] = []
  const pending: { readonly token: CST.Token; readonly parent: number }[] = []
  for (const token of tokens)
    if (token.type === 'document' && token.value) pending.push({ token: token.value, parent: -1 })
  for (let it = pending.pop(); it; it = pending.pop()) {
    const { token, parent } = it
    const region = toRegion(token, parent)
    if (region) regions.push(region)
    if (!('items' in token) || token.type === 'flow-collection') continue
    for (const item of token.items) {
      afterMark.push(...listTabsBehindMarks(item.start))
      for (const child of [item.key, item.value])
        if (child) pending.push({ token: child, parent: token.indent })
    }
  }
  return { regions: regions.sort((a, b) => a.start - b.start), afterMark: afterMark.sort((a, b) => a - b) }
}

/** `parent` is the column of the collection around the token. */
function toRegion(token: CST.Token, parent: number): Region | undefined {
  switch (token.type) {
    case 'scalar':
      if (token.source === '') return undefined
      return {
        start: token.offset,
        end: token.offset + token.source.length,
        indent: parent + 1,
        isPlain: true,
      }
    case 'single-quoted-scalar':
    case 'double-quoted-scalar':
      return { start: token.offset, end: token.offset + token.source.length, indent: 0, isPlain: false }
    case 'flow-collection': {
      const close = token.end[0]
      const end = close ? close.offset : Number.POSITIVE_INFINITY
      return { start: token.start.offset, end, indent: 0, isPlain: false }
    }
    case 'block-scalar': {
      const header = token.props.find(it => it.type === 'block-scalar-header')
      const last = token.props.at(-1)!
      const start = last.offset + ('source' in last ? last.source.length : 0) - 1
      const digit = header && 'source' in header ? Number(/[1-9]/.exec(header.source)?.[0] ?? 0) : 0
      const indent = digit > 0 ? Math.max(parent, 0) + digit : firstIndent(token.source, parent + 1)
      return { start, end: start + 1 + token.source.length, indent, isPlain: false }
    }
    default:
      return undefined
  }
}

/** Blanks before the first line that is not blank. While they are counted, no tab may stand among them. */
function firstIndent(source: string, least: number): number {
  const [all = '', blanks = ''] = /^(?: *\r?\n)*( *)/.exec(source) ?? []
  return source[all.length] === '\t' ? Number.POSITIVE_INFINITY : Math.max(blanks.length, least)
}

function listTabsBehindMarks(start: readonly CST.SourceToken[]): number[] {
  const tabs: number[] = []
  start.forEach((token, i) => {
    const mark = start[i - 1]?.type
    if (token.type !== 'space' || (mark !== 'seq-item-ind' && mark !== 'explicit-key-ind')) return
    const tab = token.source.indexOf('\t')
    if (tab >= 0) tabs.push(token.offset + tab)
  })
  return tabs
}
