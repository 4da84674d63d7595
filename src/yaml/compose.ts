/**
 * The full producer: what the scanner declines goes through the `yaml` package, which recovers from errors. The only
 * file, with its neighbours `compose-*.ts`, that knows the package; loaded when the first such document is met.
 */
import { Composer, type CST, isScalar, type ParsedNode, Parser, type YAMLParseError } from 'yaml'
import type { Chunk, Parsed } from './chunk.ts'
import { hideColons } from './compose-colons.ts'
import { cutDeep } from './compose-depth.ts'
import { checkDialect } from './compose-dialect.ts'
import { toProblems } from './compose-errors.ts'
import { createLexer } from './compose-lexer.ts'
import { TreeWriter } from './compose-nodes.ts'
import { checkTabs } from './compose-tabs.ts'
import type { Problem } from './document.ts'

/** Scalars stay texts: their meaning is decided by `scalars.ts`. */
const OPTIONS = {
  schema: 'failsafe',
  uniqueKeys: false,
  prettyErrors: false,
  keepSourceTokens: true,
  logLevel: 'silent',
} as const

/** The document in a chunk; undefined when there is nothing in it but comments. */
export function composeChunk({ text, span }: Chunk): Parsed | undefined {
  const { source, problems } = readable(text.slice(span.start, span.end), span.start)
  const tokens = listTokens(source)
  const { own, dropped } = splitAtDots(tokens, span.start)
  problems.push(...cutDeep(own, span.start), ...dropped, ...listDirectives(own, span.start))
  const [document] = [...new Composer(OPTIONS).compose(own)]
  const contents = document?.contents
  const place = { text, base: span.start, rootEnd: contents ? rootEnd(contents, span.start) : undefined }
  const errors = document ? toProblems(document.errors as YAMLParseError[], place) : []
  const isEmpty =
    !contents ||
    (isScalar(contents) &&
      contents.type === 'PLAIN' &&
      contents.source === '' &&
      !contents.tag &&
      !contents.anchor)
  if (isEmpty && errors.length === 0 && problems.length === 0) return undefined
  const parsed = new TreeWriter(text, span.start).write(contents)
  const found = [
    ...problems,
    ...errors,
    ...parsed.problems,
    ...checkDialect(own, text, span.start),
    ...checkTabs(own, source, span.start),
  ]
  return { table: parsed.table, problems: sortProblems(found) }
}

function listTokens(source: string): CST.Token[] {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  for (const lexeme of createLexer().lex(source)) tokens.push(...parser.next(lexeme))
  tokens.push(...parser.end())
  return tokens
}

/**
 * The text as the `yaml` package has to see it: of equal length, with the line breaks of YAML 1.1 as line feeds, without the
 * characters that kubectl refuses and the colons that it reads otherwise.
 */
function readable(chunk: string, base: number): { source: string; problems: Problem[] } {
  const problems: Problem[] = []
  const first = FORBIDDEN.exec(chunk)
  if (first) {
    const code = chunk.charCodeAt(first.index).toString(16).toUpperCase().padStart(4, '0')
    const start = base + first.index
    problems.push({
      code: 'syntax',
      message: `Control character U+${code}: kubectl refuses the file; remove it or write it as an escape in double quotes`,
      span: { start, end: start + 1 },
    })
  }
  const clean = first ? chunk.replace(new RegExp(FORBIDDEN, 'g'), '\ufffd') : chunk
  const lines = clean.replace(/\r(?!\n)|[\x85\u2028\u2029]/g, '\n').replace(/^\ufeff/, ' ')
  const { source, problems: colons } = hideColons(lines, base)
  return { source, problems: [...problems, ...colons] }
}

/** What go-yaml's reader does not let through (`yaml_parser_update_buffer` in readerc.go). */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/

/** kubectl reads nothing behind `...` up to the next `---`. */
function splitAtDots(tokens: readonly CST.Token[], base: number): { own: CST.Token[]; dropped: Problem[] } {
  const dots = tokens.findIndex(it => it.type === 'doc-end')
  if (dots < 0) return { own: [...tokens], dropped: [] }
  const own = tokens.slice(0, dots)
  const at = base + tokens[dots]!.offset
  const span = { start: at, end: at + 3 }
  if (!own.some(hasContent))
    return {
      own,
      dropped: [{ code: 'syntax', message: 'No document stands before these dots; remove them', span }],
    }
  if (!tokens.slice(dots + 1).some(hasContent)) return { own, dropped: [] }
  const message = 'kubectl reads nothing behind these dots; begin the next document with `---`'
  return { own, dropped: [{ code: 'ambiguous', message, span }] }
}

const hasContent = (token: CST.Token): boolean =>
  token.type === 'error' ||
  token.type === 'directive' ||
  (token.type === 'document' && token.value !== undefined)

function listDirectives(tokens: readonly CST.Token[], base: number): Problem[] {
  return tokens
    .filter(it => it.type === 'directive')
    .map(({ offset, source }) => ({
      code: 'syntax',
      message: 'kubectl refuses directives; remove this line',
      span: { start: base + offset, end: base + offset + source.trimEnd().length },
    }))
}

/**
 * Where go-yaml stops reading: behind a scalar, a closing bracket, or a block whose lines do not begin at the margin.
 * Undefined where everything that follows must belong to the document.
 */
function rootEnd(root: ParsedNode, base: number): number | undefined {
  const token = root.srcToken
  const end = base + root.range[1]
  switch (token?.type) {
    case 'flow-collection':
      return token.end.some(it => it.type === 'flow-map-end' || it.type === 'flow-seq-end') ? end : undefined
    case 'block-map':
    case 'block-seq':
      return token.indent > 0 ? end : undefined
    case 'scalar':
    case 'block-scalar':
      return end
    default:
      return undefined
  }
}

/** In text order, each once: copies of an anchor repeat what is wrong with it. */
function sortProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>()
  return [...problems]
    .sort((a, b) => a.span.start - b.span.start)
    .filter(({ message, span }) => {
      const key = `${span.start} ${span.end} ${message}`
      return !seen.has(key) && seen.add(key)
    })
}
