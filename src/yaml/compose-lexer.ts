/** The lexer of the `yaml` package, for which quoted text goes on in lines of any indentation, as it does for go-yaml. */
import { Lexer } from 'yaml'

/** What the package keeps to itself; tests see it when that changes. */
interface Inner {
  readonly buffer: string
  readonly pos: number
  /** Columns of indentation without which a text ends. */
  indentNext: number
  parseQuotedScalar(): Generator<string, unknown>
}

/**
 * `yaml_parser_scan_flow_scalar` looks at no indentation. Text that is not closed, or closed where nothing can end, lacks a
 * quote: there the package finds the likely place.
 */
export function createLexer(): Lexer {
  const lexer = new Lexer()
  const inner = lexer as unknown as Inner
  const { parseQuotedScalar } = inner
  inner.parseQuotedScalar = function* () {
    const { indentNext } = inner
    if (isClosedAt(inner.buffer, inner.pos)) inner.indentNext = 0
    const next = yield* parseQuotedScalar.call(inner)
    inner.indentNext = indentNext
    return next
  }
  return lexer
}

const DOUBLE = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"(?=[\s,\]}:]|$)/y
const SINGLE = /'[^']*(?:''[^']*)*'(?=[\s,\]}:]|$)/y

function isClosedAt(text: string, at: number): boolean {
  const closed = text[at] === '"' ? DOUBLE : SINGLE
  closed.lastIndex = at
  return closed.test(text)
}
